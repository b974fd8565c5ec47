"""The pods as a Kubernetes export has them: one CSV a quarter, ISO times, empty where there is none."""

from collections.abc import Iterator, Mapping
from pathlib import Path

from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.files import PODS, write_csv
from hardgate.sample.holding import DONE, FAILED, PREEMPTED, RUNNING, WAITED, Pods
from hardgate.sample.operator import CUSTOMERS, NODE, Pool

HEAD = (
    "name", "namespace", "node", "cluster", "gpu_model", "num_gpu", "pod_phase", "reason", "creation_time",
    "scheduled_time", "deletion_time", "last_checkpoint_time", "restart_seconds",
)  # fmt: skip

_PHASES = {
    DONE: ("Succeeded", "Completed"),
    FAILED: ("Failed", "Error"),
    PREEMPTED: ("Failed", "Preempted"),
    RUNNING: ("Running", ""),
    WAITED: ("Pending", "Unschedulable"),
}
_TRAINS, _SERVES = 4, 1


def pod_names(pool: Pool, pods: Pods) -> list[str]:
    """Return the name of every pod; no two are equal."""
    return [
        f"{CUSTOMERS[customer].account}-{kind_of(width)}-{pool.code}-{at:06d}"
        for at, (customer, width) in enumerate(zip(pods.customer.tolist(), pods.width.tolist(), strict=True))
    ]


def kind_of(width: int) -> str:
    """Return what a pod of so many GPUs does."""
    if width >= _TRAINS:
        return "train"
    return "infer" if width == _SERVES else "batch"


def write_pods(draft: Draft, pools: Mapping[str, tuple[Pool, Pods]]) -> list[Path]:
    """Write the pods of every pool by the quarter in which they were created."""
    quarters: dict[str, list[tuple[str, ...]]] = {}
    for pool, pods in pools.values():
        for created, row in _rows(pool, pods, draft.span):
            quarters.setdefault(created, []).append(row)
    at = HEAD.index("creation_time")
    return [
        write_csv(draft.folder / PODS / f"pods-{quarter}.csv", HEAD, sorted(rows, key=lambda row: (row[at], row[0])))
        for quarter, rows in sorted(quarters.items())
    ]


def _rows(pool: Pool, pods: Pods, span: Span) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the quarter and the line of every pod."""
    columns = (getattr(pods, name).tolist() for name in Pods.__slots__)
    for name, (first, width, customer, created, started, ended, outcome, checkpoint, restart) in zip(
        pod_names(pool, pods), zip(*columns, strict=True), strict=True
    ):
        when = span.at(created)
        phase, reason = _PHASES[outcome]
        yield (
            f"{when.year}Q{(when.month + 2) // 3}",
            (
                name,
                CUSTOMERS[customer].account,
                f"{pool.code}-n{first // NODE + 1:04d}" if first >= 0 else "",
                pool.cluster,
                pool.accelerator.model,
                str(width),
                phase,
                reason,
                *(_iso(span, seconds) for seconds in (created, started, ended, checkpoint)),
                str(restart) if restart else "",
            ),
        )


def _iso(span: Span, seconds: int) -> str:
    return f"{span.at(seconds).isoformat()}Z" if seconds >= 0 else ""
