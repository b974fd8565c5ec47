"""How many GPU-hours of each pool and day stand on each rung of the ladder, at least and at most.

The rungs are installed, available, allocated, active and productive; each lies within the one before. A GPU-hour
without telemetry lies anywhere between idle and productive, so the two rungs that need telemetry are intervals.
Where a pool was never measured, the most that can be productive is what was allocated. Lost work whose last checkpoint
nobody recorded lies between nothing and all of it.

Source: METHODS 1; goodput and effective training time ratio, Kokolis et al. 2025.

>>> day = Rows({"available_gpu_ms": [24], "allocated_gpu_ms": [20], "active_gpu_ms": [12], "unlabelled_gpu_ms": [4]}, 1)
>>> span = spans(day, "active_gpu_ms")
>>> span.low.tolist(), span.high.tolist(), span.missing.tolist()
([12], [16], [4])
"""

from dataclasses import dataclass

import numpy as np

from hardgate.core.terms import Rows
from hardgate.metrics.columns import Mask, Numbers, Whole, whole

INSTALLED, AVAILABLE, ALLOCATED = "installed_gpu_ms", "available_gpu_ms", "allocated_gpu_ms"
ACTIVE, PRODUCTIVE, UNLABELLED = "active_gpu_ms", "productive_gpu_ms", "unlabelled_gpu_ms"
QUEUED, LOST_UNKNOWN = "queued_gpu_ms", "lost_unknown_gpu_ms"
MEASURED = (ACTIVE, PRODUCTIVE)


@dataclass(frozen=True, slots=True)
class Span:
    """GPU-milliseconds of one rung, one a row: at least `low`, at most `high`, of which `missing` was not seen.

    `bounded` is false where not even the most is known. `never` marks rows of pools without any such evidence.
    """

    low: Whole
    high: Whole
    missing: Whole
    bounded: Mask
    never: Mask


def spans(rows: Rows, column: str) -> Span:
    """Return the span of one rung on each row of pool_day."""
    if column in {INSTALLED, AVAILABLE}:
        return _seen(whole(rows, column))
    available = whole(rows, AVAILABLE)
    allocated = _allocated(whole(rows, ALLOCATED), available)
    if column == ALLOCATED:
        return allocated
    if column == UNLABELLED:
        return _unlabelled(whole(rows, UNLABELLED), available)
    if column in MEASURED:
        return _measured(rows, column, available, allocated)
    return _seen(whole(rows, column))


def _seen(numbers: Numbers) -> Span:
    nothing = np.zeros_like(numbers.values)
    return Span(numbers.values, numbers.values, nothing, numbers.known, ~numbers.known)


def _allocated(allocated: Numbers, available: Numbers) -> Span:
    low = np.where(allocated.known, allocated.values, 0)
    high = np.where(allocated.known, allocated.values, available.values)
    missing = np.where(allocated.known, 0, available.values)
    return Span(low, high, missing, allocated.known | available.known, ~allocated.known)


def _unlabelled(unlabelled: Numbers, available: Numbers) -> Span:
    """Without telemetry every available GPU-hour is unlabelled: that much is known."""
    values = np.where(unlabelled.known, unlabelled.values, available.values)
    return Span(values, values, np.zeros_like(values), unlabelled.known | available.known, ~unlabelled.known)


def _measured(rows: Rows, column: str, available: Numbers, allocated: Span) -> Span:
    found, unlabelled = whole(rows, column), whole(rows, UNLABELLED)
    blind = np.where(unlabelled.known, unlabelled.values, np.where(found.known, 0, available.values))
    doubt = np.minimum(whole(rows, LOST_UNKNOWN).values, found.values) if column == PRODUCTIVE else np.zeros_like(blind)
    low = np.where(found.known, found.values - doubt, 0)
    high = np.where(found.known, np.minimum(found.values + blind, available.values), allocated.high)
    missing = np.where(found.known, np.minimum(blind + doubt, available.values), available.values)
    return Span(low, np.maximum(high, low), missing, available.known, ~found.known)
