"""What each DCGM field says of the same GPU-hours: one may read nearly full while another reads half.

The share of time in which some kernel ran (field 203, "GPU utilization") is near 1 with one small kernel; the share of
multiprocessor time with work (field 1002) is not. They are different rungs and are never mixed. Medians are over
GPU-hours with enough samples, to one point. Wrong when the fields were sampled on different GPUs.

Source: NVIDIA DCGM profiling metrics; METHODS 1.

>>> FIELDS[1002]
'SM activity: share of multiprocessor time with work'
>>> median(np.array([10, 99]), np.array([1, 3]))
0.99
"""

from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import window_ending
from hardgate.core.percent import percent
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.columns import HOUR_MS, Whole, whole

WINDOW = "1w"
EFFECTIVE = 0.8
"""SM activity of at least this is necessary for effective use, and not sufficient (NVIDIA)."""
FIELDS = {
    203: "share of time in which some kernel ran",
    1001: "graphics and compute engine activity",
    1002: "SM activity: share of multiprocessor time with work",
    1003: "SM occupancy: resident warps of the maximum",
    1004: "tensor pipe activity",
    1005: "memory interface activity",
}


def build(evidence: Evidence) -> Table:
    """Build the table of fields over the last week of telemetry."""
    window = window_ending(WINDOW, evidence.last_complete("pool_hour") + timedelta(days=1))
    rows = evidence.rows("pool_hour", window=window)
    bins, fields, sizes = whole(rows, "bin").values, whole(rows, "field").values, whole(rows, "gpu_ms").values
    seen = [int(field) for field in np.unique(fields)] if rows.count else []
    if not seen:
        return Table("", missing=f"no telemetry from {window}: bring accelerator_samples")
    found = [_row(field, bins[fields == field], sizes[fields == field]) for field in seen]
    return Table(
        sentence=_sentence(found),
        headings=(
            Heading("DCGM field", "", 0),
            Heading("what it measures"),
            Heading("GPU-hours with enough samples", "GPU-hours", 0),
            Heading("median of these GPU-hours", "share", 0),
            Heading(f"at or above {percent(EFFECTIVE, 0)} of these GPU-hours", "share"),
        ),
        rows=tuple(found),
        notes=("activity of at least 80 % is necessary for effective work, and not sufficient",),
        batches=evidence.batches("pool_hour", window),
    )


def _row(field: int, bins: Whole, sizes: Whole) -> tuple[Cell, ...]:
    labelled = bins >= 0
    bins, sizes = bins[labelled], sizes[labelled]
    total = int(sizes.sum())
    high = int(sizes[bins >= round(100 * EFFECTIVE)].sum()) / total if total else None
    return (
        str(field), FIELDS.get(field, "not described"), round(total / HOUR_MS, 1),
        median(bins, sizes) if total else None, None if high is None else round(high, 4),
    )  # fmt: skip


def median(bins: NDArray[np.int64], sizes: NDArray[np.int64]) -> float:
    """Return the median of a histogram of one percent bins, as a share."""
    order = np.argsort(bins, kind="stable")
    reached = np.cumsum(sizes[order])
    return int(bins[order][np.searchsorted(2 * reached, reached[-1])]) / 100


def _sentence(rows: list[tuple[Cell, ...]]) -> str:
    known = [(row[0], row[3]) for row in rows if isinstance(row[3], float)]
    if len(known) < 2:  # noqa: PLR2004  two are needed to differ
        return "One field of telemetry is known."
    low, high = (choose(known, key=lambda one: one[1]) for choose in (min, max))
    medians = f"{100 * high[1]:.0f} % and field {low[0]} of {100 * low[1]:.0f} %"
    return f"On the same GPUs field {high[0]} has a median of {medians}."


exhibit = Exhibit(
    name="capacity.activity_fields",
    question="How different are the fields that people call GPU activity?",
    build=build,
)
