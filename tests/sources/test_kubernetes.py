"""Exports of pods."""

from datetime import datetime

import pytest

from tests.sources.conftest import Read

TABLE = {"workload_allocations": "workload, gpus, queued_at, start_at, end_at, outcome"}


def test_pods_with_their_times_and_how_they_ended(read: Read) -> None:
    text = """
    name,namespace,node,gpu_model,num_gpu,pod_phase,reason,creation_time,scheduled_time,deletion_time
    a,x,n1,H20,8,Succeeded,Completed,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z
    b,x,n1,H20,8,Failed,Preempted,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z
    c,x,n1,H20,8,Failed,Error,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z
    d,,n1,H20,8,Running,,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,
    e,x,,H20,8,Pending,Unschedulable,2026-09-01T00:00:00Z,,
    f,x,,H20,8,Pending,,2026-09-01T00:00:00Z,,2026-09-01T02:00:00Z
    g,x,n1,H20,8,Running,,2026-09-01T00:00:00Z,2026-09-01T01:00:00Z,2026-09-01T02:00:00Z
    """
    found, _ = read("kubernetes", text, {"workload_allocations": "workload, outcome, start_at is null, end_at is null"})
    assert found["workload_allocations"] == [
        ("d", "running", False, True),
        ("x/a", "done", False, False),
        ("x/b", "preempted", False, False),
        ("x/c", "failed", False, False),
        ("x/e", None, True, True),
        ("x/f", "denied", True, False),
        ("x/g", None, False, False),
    ]


def test_a_trace_that_counts_from_zero_has_its_epoch(read: Read) -> None:
    text = "name,num_gpu,gpu_milli,creation_time,scheduled_time,deletion_time\np,1,460,0,60,3600.5\nq,2,,0,,"
    found, _ = read("kubernetes", text, TABLE, epoch="2023-01-01")
    zero = datetime(2023, 1, 1)
    assert found["workload_allocations"] == [
        ("p", 0.46, zero, datetime(2023, 1, 1, 0, 1), datetime(2023, 1, 1, 1, 0, 0, 500000), None),
        ("q", 2.0, zero, None, None, None),
    ]


def test_an_epoch_that_is_no_date_is_a_mistake_in_the_settings(read: Read) -> None:
    from hardgate.core.errors import Misconfigured

    with pytest.raises(Misconfigured, match="epoch = 'zero' is not a date"):
        read("kubernetes", "name,num_gpu,creation_time\np,1,0", {}, epoch="zero")
