"""How many accelerators are in demand: allocated, and asked for and not served.

What a full pool serves is demand cut off at what it has. Above 85 % of the available GPU-hours allocated, demand is
read as open above unless queued and denied requests are known; below it, nobody is taken to be turned away. Monthly
counts are carried to the last month by their own growth. Wrong when the queue holds the same work several times.

Source: METHODS 1 (censored demand) and 3; intervals METHODS 12.

>>> metric.formula(9_000.0, 100.0)
90.0
"""

from datetime import date

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.percent import percent
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope, Status
from hardgate.metrics.absence import BRING, lost_days, nothing, rowless, rowless_gaps
from hardgate.metrics.columns import DAY_MS, HOUR_MS, Mask, Whole, days, share, whole
from hardgate.metrics.ratio import FEWEST_BLOCKS, sql, window_of
from hardgate.metrics.rungs import ALLOCATED, AVAILABLE, QUEUED, spans

CENSORED = 0.85
"""Above this share allocated, demand that was not served must be counted too (METHODS 1)."""
LONGEST = 36
"""Months of demand that are read."""
KNOWN_SHARE = 0.9
"""The share of a month's pool-days that must be known for the month to count."""


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the mean demand over a window, in GPUs."""
    rows, window, monthly_counts = window_of(evidence, scope, window)
    if rows.count == 0:
        return nothing(metric, scope, window, f"no live pool in {scope} from {window}", BRING["pool_day"])
    allocated, queued, available = spans(rows, ALLOCATED), whole(rows, QUEUED), whole(rows, AVAILABLE)
    censored = ~queued.known & (allocated.high > CENSORED * available.values)
    gaps, missing_days = lost_days(rows, ~allocated.bounded, allocated.never, ALLOCATED)
    gone = rowless(evidence, scope, window)
    gaps += rowless_gaps(gone)
    if censored.any():
        gaps += (
            f"queued GPU-hours of a pool more than {percent(CENSORED, 0)} allocated are not known; {BRING[QUEUED]}",
        )
    low, high = (
        _series(rows, each + queued.values, monthly=monthly_counts) for each in (allocated.low, allocated.high)
    )
    interval = None if not allocated.bounded.all() or gone else _interval(low, high, evidence.confidence)
    total = int(available.values.sum())
    words = [f"whole months {window}"] if monthly_counts else []
    if interval is None:
        words.append(f"{len(low)} blocks of evidence, at least {FEWEST_BLOCKS} are needed")
    value, bottom, top = interval or (None, None, None)
    return Reading(
        metric.name, scope, window, metric.unit, value, bottom, None if censored.any() else top,
        facts=(
            ("allocated_gpu_hours", round(int(allocated.low.sum()) / HOUR_MS, 3)),
            ("queued_gpu_hours", round(int(queued.values.sum()) / HOUR_MS, 3)),
        ),
        missing=round(int(allocated.missing.sum()) / total, 6) if total else 0.0,
        gaps=gaps,
        whole_days_missing=missing_days,
        status=metric.status,
        sql=sql(metric, scope, window),
        batches=evidence.batches("pool_day", window),
        because="; ".join([*words, *gaps]),
        bounds=_bounds(low, high) if allocated.missing.any() and interval else None,
    )  # fmt: skip


def _series(rows: Rows, demand: Whole, *, monthly: bool) -> NDArray[np.float64]:
    """Return mean GPUs of each block; months are carried to the last of them by their own growth."""
    keys = days(rows).astype("datetime64[M]") if monthly else days(rows)
    found, block = np.unique(keys, return_inverse=True)
    sums = np.zeros(len(found), np.int64)
    np.add.at(sums, block, demand)
    if not monthly:
        return sums / DAY_MS
    lengths = ((found + 1).astype("datetime64[D]") - found.astype("datetime64[D]")).astype(np.int64)
    return _carried(sums / (lengths * DAY_MS))


def _carried(series: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(series) < FEWEST_BLOCKS or (series <= 0).any():
        return series
    ahead = np.arange(len(series) - 1, -1, -1.0)
    slope = np.polyfit(-ahead, np.log(series), 1)[0]
    return np.asarray(series * np.exp(slope * ahead))


def _interval(
    low: NDArray[np.float64], high: NDArray[np.float64], confidence: float
) -> tuple[float, float, float] | None:
    from hardgate.models import intervals

    bottom, top = intervals.mean(low, confidence), intervals.mean(high, confidence)
    if bottom is None or top is None:
        return None
    value, lowest, highest = ((bottom.value + top.value) / 2, max(bottom.low, 0.0), top.high)
    return round(value, metric.digits), round(lowest, metric.digits), round(highest, metric.digits)


def _bounds(low: NDArray[np.float64], high: NDArray[np.float64]) -> tuple[float, float]:
    return round(float(low.mean()), metric.digits), round(float(high.mean()), metric.digits)


def months(evidence: Evidence, scope: Scope, end: date) -> list[tuple[date, float]]:
    """Return mean GPUs in demand of each complete month before a day, back to the first that is not known.

    A month counts where at least 90 % of its pool-days are known; what is missing of it is taken to be like the rest.
    """
    last = month_of(end)
    rows = evidence.rows("pool_day", scope, Window(add_months(last, -LONGEST), last))
    if rows.count == 0:
        return []
    known, total = _by_month(rows)
    found: list[tuple[date, float]] = []
    month = add_months(last, -1)
    while month in known and known[month][1] >= KNOWN_SHARE * total[month][1] and total[month][2] >= _days_of(month):
        milliseconds, seen, _ = known[month]
        found.append((month, milliseconds * total[month][1] / seen / (_days_of(month) * DAY_MS)))
        month = add_months(month, -1)
    return found[::-1]


def _days_of(month: date) -> int:
    return (add_months(month, 1) - month).days


def _by_month(rows: Rows) -> tuple[dict[date, tuple[int, int, int]], dict[date, tuple[int, int, int]]]:
    """Return (GPU-milliseconds, pool-days, days) of each month: of the known rows, and of all."""
    allocated, queued = whole(rows, ALLOCATED), whole(rows, QUEUED)
    demand = np.where(allocated.known, allocated.values, 0) + queued.values
    return _sums(rows, demand, allocated.known), _sums(rows, demand, np.ones(rows.count, np.bool_))


def _sums(rows: Rows, demand: Whole, keep: Mask) -> dict[date, tuple[int, int, int]]:
    when = days(rows)[keep]
    found, block = np.unique(when.astype("datetime64[M]"), return_inverse=True)
    sums, counts = np.zeros(len(found), np.int64), np.bincount(block, minlength=len(found))
    np.add.at(sums, block, demand[keep])
    calendar = np.unique(when)
    each = np.bincount(np.searchsorted(found, calendar.astype("datetime64[M]")), minlength=len(found))
    return {
        month.item(): (int(s), int(n), int(d))
        for month, s, n, d in zip(found.astype("datetime64[D]"), sums, counts, each, strict=True)
    }


metric = Metric(
    name="demand",
    meaning="GPUs allocated and queued",
    unit="GPUs",
    better=Better.NEITHER,
    digits=1,
    facts=(Fact("pool_day", ALLOCATED), Fact("pool_day", QUEUED)),
    formula=share,
    compute=compute,
    status=Status.REPORTED,
)
