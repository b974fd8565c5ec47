"""How many GPU-hours of each pool and day stand on each rung of the ladder, at least and at most.

The rungs are installed, available, allocated, active and productive; each lies within the one before. A GPU-hour
without telemetry lies anywhere between idle and productive, so the two rungs that need telemetry are intervals.
Where a pool was never measured, the most that can be productive is what was allocated; where nobody records how
workloads end, what was active. Lost work whose last checkpoint nobody recorded lies between nothing and all of it.

Source: METHODS 1; goodput and effective training time ratio, Kokolis et al. 2025.

>>> day = Rows({"available_gpu_ms": [24], "active_gpu_ms": [12], "unlabelled_gpu_ms": [4]}, 1)
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
    active, unlabelled = whole(rows, ACTIVE), whole(rows, UNLABELLED)
    blind = np.where(unlabelled.known, unlabelled.values, 0)
    most = np.minimum(active.values + blind, available.values)
    seen = _span(active, most, blind)
    if column == PRODUCTIVE:
        productive = whole(rows, PRODUCTIVE)
        doubt = np.minimum(whole(rows, LOST_UNKNOWN).values, productive.values)
        kept = Numbers(productive.values - doubt, productive.known)
        sure = _span(kept, np.minimum(productive.values + blind, available.values), blind + doubt)
        # Where nobody records how workloads end, what was active may have been lost, all of it or none.
        seen = _either(productive.known, sure, _unended(most, available))
    never = np.zeros_like(available.values)
    unseen = Span(never, allocated.high, available.values, available.known, np.ones_like(available.known))
    return _either(active.known, _bounded(seen, available), unseen)


def _unended(most: Whole, available: Numbers) -> Span:
    return Span(np.zeros_like(most), most, most, available.known, np.ones_like(available.known))


def _span(low: Numbers, high: Whole, missing: Whole) -> Span:
    return Span(low.values, np.maximum(high, low.values), missing, low.known, ~low.known)


def _bounded(span: Span, available: Numbers) -> Span:
    return Span(span.low, span.high, np.minimum(span.missing, available.values), available.known, span.never)


def _either(use: Mask, one: Span, other: Span) -> Span:
    """Take rows of the first span where `use` is true, of the second elsewhere."""
    return Span(
        np.where(use, one.low, other.low),
        np.where(use, one.high, other.high),
        np.where(use, one.missing, other.missing),
        np.where(use, one.bounded, other.bounded),
        np.where(use, one.never, other.never),
    )
