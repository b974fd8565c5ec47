"""An export of Kubernetes pods: one row a pod, with its GPUs, and when it was created, scheduled and deleted.

Times are ISO or counted since 1970; a trace that counts seconds from zero says epoch = "2023-01-01" for its zero. A
share of one GPU is num_gpu x gpu_milli / 1000. A pod that never got a node has no start: its wait is demand that was
not served. How it ended comes from its phase and reason, and stays unknown where the phase does not say: a pod that was
running when it was deleted may have done its work or not. Wrong where a later export leaves out pods of an earlier one.

>>> source.detect(["name", "creation_time", "num_gpu", "pod_phase"])
True
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from hardgate.core.errors import Misconfigured
from hardgate.engine.portable import literal
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source

_NAME = ("name", "pod", "pod_name", "metadata.name")
_GPUS = ("gpus", "num_gpu", "num_gpus", "gpu_request", "nvidia.com/gpu", "requests_nvidia_com_gpu", "gpu_num")
_CREATED = (
    "creation_time", "creation_timestamp", "created_at", "created", "queued_at", "submit_time", "submitted_at",
    "metadata.creationTimestamp",
)  # fmt: skip
_STARTED = ("scheduled_time", "scheduled_at", "start_time", "started_at", "start_at", "status.startTime")
_ENDED = (
    "deletion_time", "deletion_timestamp", "deleted_at", "end_time", "ended_at", "end_at", "finished_at",
    "completion_time", "metadata.deletionTimestamp",
)  # fmt: skip

# Phases and reasons, in lower case: what they say of how the pod ended.
_REASONS = {"preempted": ("preempted", "preempting", "evicted"), "restarted": ("restarted", "restart")}
_PHASES = {
    "done": ("succeeded", "completed", "done"),
    "failed": ("failed", "error", "oomkilled"),
    "preempted": ("preempted", "evicted"),
    "restarted": ("restarted",),
    "denied": ("denied", "rejected"),
}


def _detect(columns: Sequence[str]) -> bool:
    raw = RawColumns(tuple((name, "") for name in columns))
    return all(raw.first(*names) is not None for names in (_NAME, _GPUS, _CREATED))


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    zero = _zero(given)
    name, namespace = raw.require("the pod's name", *_NAME), raw.first("namespace", "metadata.namespace")
    started, ended = _time(raw.first(*_STARTED), zero), _time(raw.first(*_ENDED), zero)
    columns = {
        "workload": name if namespace is None else f"concat_ws('/', nullif(trim({namespace}), ''), trim({name}))",
        "tenant": raw.first("tenant", "user", "queue") or namespace or "null",
        "cluster": raw.first("cluster", "cluster_name") or "null",
        "node": raw.first("node", "node_name", "nodeName", "spec.nodeName", "host") or "null",
        "model": raw.first("gpu_model", "model", "gpu_spec", "gpu_type", "accelerator") or "null",
        "pool": raw.first("pool", "node_pool") or "null",
        "gpus": _gpus(raw),
        "queued_at": _time(raw.require("the time of creation", *_CREATED), zero),
        "start_at": started,
        "end_at": ended,
        "outcome": _outcome(raw, started, ended),
        "last_checkpoint_at": _time(raw.first("last_checkpoint_time", "last_checkpoint_at", "last_checkpoint"), zero),
        "restart_seconds": raw.first("restart_seconds") or "null",
    }
    return {"workload_allocations": Extract(columns)}


def _zero(given: Input) -> date | None:
    written = given.options.get("epoch")
    try:
        return None if written is None else date.fromisoformat(written)
    except ValueError as error:
        message = f'epoch = {written!r} is not a date: write the day that the trace counts from, such as "2023-01-01"'
        raise Misconfigured(message) from error


def _time(column: str | None, zero: date | None) -> str:
    """Return a time as it stands, or counted in seconds from the trace's own zero."""
    if column is None:
        return "null"
    if zero is None:
        return column
    start = literal(datetime(zero.year, zero.month, zero.day))
    return f"{start} + to_microseconds(cast(round(try_cast({column} as double) * 1000000) as bigint))"


def _gpus(raw: RawColumns) -> str:
    count, share = raw.require("the number of GPUs", *_GPUS), raw.first("gpu_milli")
    if share is None:
        return count
    # A GPU that is not shared may leave its share empty.
    return f"try_cast({count} as double) * coalesce(try_cast({share} as double), 1000) / 1000"


def _outcome(raw: RawColumns, started: str, ended: str) -> str:
    phase = raw.first("pod_phase", "phase", "status", "state", "status.phase")
    reason = raw.first("reason", "status_reason", "status.reason")
    cases = []
    for column, words in ((reason, _REASONS), (phase, _PHASES)):
        if column is not None:
            said = f"lower(trim(cast({column} as varchar)))"
            cases += [
                f"when {said} in ({', '.join(map(literal, synonyms))}) then {literal(outcome)}"
                for outcome, synonyms in words.items()
            ]
    gone, never = f"cast({ended} as varchar) <> ''", f"coalesce(cast({started} as varchar), '') = ''"
    cases += [f"when {never} and {gone} then 'denied'", f"when not ({never}) and {gone} is not true then 'running'"]
    return f"case {' '.join(cases)} end"


source = Source(
    name="kubernetes",
    meaning="an export of Kubernetes pods",
    tables=("workload_allocations",),
    detect=_detect,
    extract=_extract,
    options=(*COMMON_OPTIONS, "epoch"),
)
