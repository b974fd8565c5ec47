"""DCGM samples, long and wide."""

from datetime import datetime

from hardgate.sources import dcgm
from tests.sources.conftest import Read

AT = datetime(2026, 9, 1)
TABLE = {"accelerator_samples": "device, field, value, workload"}


def test_a_row_a_field_by_id_or_by_name(read: Read) -> None:
    text = """
    timestamp,UUID,Hostname,field_id,value,pod
    2026-09-01T00:00:00Z,GPU-1,h1,1002,0.5,p
    2026-09-01T00:00:00Z,GPU-1,h1,203,99,p
    2026-09-01T00:00:00Z,GPU-2,h1,DCGM_FI_PROF_SM_ACTIVE,0.25,
    2026-09-01T00:00:00Z,GPU-2,h1,DCGM_FI_DEV_POWER_USAGE,412,
    2026-09-01T00:00:00Z,GPU-3,h1,1002,x,
    2026-09-01T00:00:00Z,GPU-4,h1,1002,1.7,
    """
    found, report = read("dcgm", text, TABLE)
    assert found["accelerator_samples"] == [
        ("GPU-1", 203, 0.99, "p"), ("GPU-1", 1002, 0.5, "p"), ("GPU-2", 1002, 0.25, None),
    ]  # fmt: skip
    assert (report.rows, report.rejected) == (3, 2)


def test_a_column_a_field_and_what_is_blank_is_no_sample(read: Read) -> None:
    text = """
    time,gpu_uuid,DCGM_FI_PROF_SM_ACTIVE,DCGM_FI_DEV_GPU_UTIL,namespace,pod
    2026-09-01T00:00:00Z,GPU-1,0.5,99,ns,p
    2026-09-01T00:01:00Z,GPU-1,,98,,
    2026-09-01T00:02:00Z,GPU-1,140737488355328.0,9223372036854775792,ns,
    """
    found, report = read("dcgm", text, TABLE)
    assert found["accelerator_samples"] == [
        ("GPU-1", 203, 0.98, None), ("GPU-1", 203, 0.99, "ns/p"), ("GPU-1", 1002, 0.5, "ns/p"),
    ]  # fmt: skip
    assert [batch.note for batch in report.added] == ["DCGM, wide"]


def test_a_device_without_uuid_bears_the_name_of_its_host(read: Read) -> None:
    found, _ = read("dcgm", "ts,device,Hostname,field,value\n2026-09-01,nvidia0,h7,1002,0.5", TABLE)
    assert found["accelerator_samples"] == [("h7/nvidia0", 1002, 0.5, None)]


def test_a_null_value_of_a_row_that_is_there_stays(read: Read) -> None:
    found, _ = read("dcgm", "ts,uuid,field,value\n2026-09-01,GPU-1,1002,", TABLE)
    assert found["accelerator_samples"] == [("GPU-1", 1002, None, None)]


def test_times_may_be_counted_since_1970(read: Read) -> None:
    found, _ = read("dcgm", "ts,uuid,field,value\n1788220800,GPU-1,1002,0.5", {"accelerator_samples": "time"})
    assert found["accelerator_samples"] == [(AT,)]


def test_samples_are_recognised_in_either_form() -> None:
    assert dcgm.source.detect(["time", "UUID", "gpu", "modelName", "Hostname", "field_id", "value"])
    assert dcgm.source.detect(["timestamp", "UUID", "1002"])
    assert not dcgm.source.detect(["time", "name", "value"])
