"""DCGM samples of accelerator activity, CSV or Parquet, in long form (a field id a row) or wide (a column a field).

Fields are known by their numeric id, since their names changed between releases: 1002 SM activity, 1001 graphics
engine, 203 GPU utilization, and the pipes beside them. 203 and 204 come in percent and become shares. Fields that are
no activity (power, temperature, bytes) are left out, and so are DCGM's blank values, which say that nothing was
measured. Wrong for an exporter that already gives field 203 as a share.

Source: NVIDIA DCGM, dcgm_fields.h.

>>> FIELDS["DCGM_FI_PROF_SM_ACTIVE"]
1002
"""

# ruff: noqa: S608  SQL over the columns of a file, which are quoted.
from collections.abc import Mapping, Sequence

from hardgate.engine.portable import literal, values
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source

FIELDS: Mapping[str, int] = {
    "DCGM_FI_DEV_GPU_UTIL": 203,
    "DCGM_FI_DEV_MEM_COPY_UTIL": 204,
    "DCGM_FI_PROF_GR_ENGINE_ACTIVE": 1001,
    "DCGM_FI_PROF_SM_ACTIVE": 1002,
    "DCGM_FI_PROF_SM_OCCUPANCY": 1003,
    "DCGM_FI_PROF_PIPE_TENSOR_ACTIVE": 1004,
    "DCGM_FI_PROF_DRAM_ACTIVE": 1005,
    "DCGM_FI_PROF_PIPE_FP64_ACTIVE": 1006,
    "DCGM_FI_PROF_PIPE_FP32_ACTIVE": 1007,
    "DCGM_FI_PROF_PIPE_FP16_ACTIVE": 1008,
}
PERCENT = (203, 204)
BLANK = 2147483632
"""DCGM's blank of 32 bits; those of 64 bits and of floating numbers are greater."""

_UUID = ("uuid", "gpu_uuid", "device_uuid", "UUID")
_DEVICE = ("device", "gpu", "gpu_id")
_HOST = ("hostname", "host", "node", "node_name", "instance")
_TIME = ("time", "timestamp", "ts", "sampled_at", "datetime")
_FIELD = ("field", "field_id", "metric", "metric_name", "__name__", "name")
_VALUE = ("value", "val")


def _detect(columns: Sequence[str]) -> bool:
    raw = RawColumns(tuple((name, "") for name in columns))
    timed = raw.first(*_TIME) is not None and raw.first(*_UUID, *_DEVICE) is not None
    long = raw.first(*_FIELD) is not None and raw.first(*_VALUE) is not None
    return timed and (long or bool(_wide(raw)))


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    del given
    columns = {
        "device": _device(raw),
        "host": raw.first(*_HOST) or "null",
        "cluster": raw.first("cluster", "cluster_name", "k8s_cluster") or "null",
        "model": raw.first("modelName", "model", "gpu_model") or "null",
        "time": raw.require("the time", *_TIME),
        "workload": _workload(raw),
    }
    wide = _wide(raw)
    if wide:
        ids = ", ".join(map(str, wide))
        cells = ", ".join(f"try_cast({column} as double)" for column in wide.values())
        rows = f"select *, unnest([{ids}]) as hardgate_field, unnest([{cells}]) as hardgate_value from {{raw}}"
        columns |= {"field": "hardgate_field", "value": _share(raw, "hardgate_field", "hardgate_value")}
        where = f"hardgate_value < {BLANK}"
        return {"accelerator_samples": Extract(columns, rows=rows, where=where, note="DCGM, wide")}
    field, value = _field(raw), raw.require("the value", *_VALUE)
    columns |= {"field": field, "value": _share(raw, field, value)}
    known = f"{field} in {values(sorted(FIELDS.values()))}"
    number = value if raw.type_of(value) == "double" else f"try_cast({value} as double)"
    where = f"{known} and coalesce({number} < {BLANK}, true)"
    return {"accelerator_samples": Extract(columns, where=where, note="DCGM, long")}


def _wide(raw: RawColumns) -> dict[int, str]:
    """Return the columns that are fields, by field id."""
    named = {number: raw.first(name, str(number)) for name, number in FIELDS.items()}
    return {number: column for number, column in named.items() if column is not None}


def _field(raw: RawColumns) -> str:
    """Return the field id, from a number or from a name."""
    field = raw.require("the DCGM field", *_FIELD)
    if raw.type_of(field) != "varchar":
        return field
    cases = " ".join(f"when {literal(name)} then {number}" for name, number in FIELDS.items())
    return f"case upper(trim({field})) {cases} else try_cast({field} as bigint) end"


def _share(raw: RawColumns, field: str, value: str) -> str:
    """Return the value as a share; a text that is no number stays as it is, and is rejected with its line."""
    number = f"try_cast({value} as double)"
    if raw.type_of(value) == "varchar":
        return (
            f"case when {field} in {values(PERCENT)} and {number} is not null then cast({number} / 100 as varchar)"
            f" else {value} end"
        )
    return f"case when {field} in {values(PERCENT)} then {number} / 100 else {number} end"


def _device(raw: RawColumns) -> str:
    """Return the UUID, else the device with its host: nvidia0 stands in every host."""
    uuid = raw.first(*_UUID)
    if uuid is not None:
        return uuid
    device, host = raw.require("the device", *_UUID, *_DEVICE), raw.first(*_HOST)
    if host is None:
        return device
    text = f"cast({device} as varchar)"
    return f"case when starts_with({text}, 'GPU-') then {text} else concat_ws('/', {host}, {text}) end"


def _workload(raw: RawColumns) -> str:
    pod = raw.first("exported_pod", "pod", "pod_name", "workload", "job_id", "job")
    namespace = raw.first("exported_namespace", "namespace")
    if pod is None:
        return "null"
    if namespace is None:
        return pod
    return f"case when trim({pod}) <> '' then concat_ws('/', nullif(trim({namespace}), ''), trim({pod})) end"


source = Source(
    name="dcgm",
    meaning="DCGM samples, long or wide",
    tables=("accelerator_samples",),
    detect=_detect,
    extract=_extract,
    options=COMMON_OPTIONS,
)
