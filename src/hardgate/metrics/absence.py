"""What is missing from the evidence of a reading, in words that say what to bring.

>>> from datetime import date
>>> from hardgate.core.terms import EVERYTHING, Better
>>> metric = Metric("demand", "GPUs asked for", "GPUs", Better.NEITHER)
>>> nothing(metric, EVERYTHING, Window(date(2026, 8, 3), date(2026, 8, 10)), "no rows", "bring pool_usage").because
'no rows: bring pool_usage'
"""

from datetime import date

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Reading, Rows, Scope
from hardgate.metrics.columns import Days, Mask, as_dates, cells, day_number, days, ranges, whole

BRING = {
    "pool_day": "bring capacity for what is live, and workload_allocations or pool_usage for what is allocated",
    "active_gpu_ms": "bring accelerator_samples (DCGM field 1002)",
    "productive_gpu_ms": "bring accelerator_samples (DCGM field 1002)",
    "outcome": "bring workload_allocations with outcome",
    "unlabelled_gpu_ms": "bring accelerator_samples (DCGM field 1002)",
    "allocated_gpu_ms": "bring workload_allocations or pool_usage",
    "available_gpu_ms": "bring capacity",
    "installed_gpu_ms": "bring capacity",
    "queued_gpu_ms": "bring workload_allocations with workloads that never started, or queued_gpu_hours of pool_usage",
}
"""What to bring when a rollup or a fact is missing."""


def nothing(metric: Metric, scope: Scope, window: Window, found: str, bring: str) -> Reading:
    """Return the reading of a metric whose evidence is missing: no value, no bounds, and what to bring."""
    return Reading(
        metric.name, scope, window, metric.unit, None, None, None,
        missing=1.0, gaps=(found,), status=metric.status, because=f"{found}: {bring}",
    )  # fmt: skip


def lost_days(rows: Rows, lost: Mask, never: Mask, fact: str) -> tuple[tuple[str, ...], tuple[date, ...]]:
    """Return the gaps by pool, and the days on which some pool was wholly missing.

    `never` marks rows of pools that were never measured: one line names the pool and not its days.
    """
    pools, when = np.asarray(cells(rows, "pool"), dtype=object), days(rows)
    gaps: list[str] = []
    unended = never & whole(rows, "active_gpu_ms").known if fact == "productive_gpu_ms" else np.zeros_like(never)
    kinds = ((never & ~unended, fact), (unended, "outcome"))
    for pool in sorted({str(one) for one in pools[lost | never]}):
        mine = pools == pool
        for kind, what in kinds:
            if (blind := mine & kind).any():
                gaps.append(f"{pool}: no {_plain(what)} on {_share(blind, mine, when)}; {BRING.get(what, 'bring it')}")
        if (gone := mine & lost & ~never).any():
            gaps.append(f"{pool}: no {_plain(fact)} on {ranges(as_dates(when[gone]))}")
    return tuple(gaps), as_dates(when[lost | never])


def _share(part: Mask, whole: Mask, when: Days) -> str:
    return "any day" if part.sum() == whole.sum() else ranges(as_dates(when[part]))


def _plain(fact: str) -> str:
    return {
        "active_gpu_ms": "telemetry", "productive_gpu_ms": "telemetry", "unlabelled_gpu_ms": "telemetry",
        "outcome": "record of how workloads end",
        "allocated_gpu_ms": "allocation", "queued_gpu_ms": "queue", "available_gpu_ms": "availability",
    }.get(fact, fact)  # fmt: skip


def rowless(evidence: Evidence, scope: Scope, window: Window) -> dict[str, list[date]]:
    """Return the days of a window on which a pool has no row of pool_day though it should.

    The inventory says when a pool is live, and a pool that it lists has a row for each such day. A pool that is known
    from counts alone should have a row on every day after its first.
    """
    past = evidence.rows("pool_day", scope, Window(date.min, window.end))
    if past.count == 0:
        return {}
    listed = {str(pool) for pool in cells(evidence.rows("inventory", scope), "pool")}
    pools, when = np.asarray(cells(past, "pool"), dtype=object), days(past)
    absent: dict[str, list[date]] = {}
    for pool in sorted({str(one) for one in pools} - listed):
        mine = when[pools == pool]
        start = max(mine.min(), day_number(window.start))
        expected = np.arange(start, day_number(window.end))
        if gone := list(as_dates(np.setdiff1d(expected, mine))):
            absent[pool] = gone
    return absent


def rowless_gaps(absent: dict[str, list[date]]) -> tuple[str, ...]:
    """Name pools and days without a row."""
    return tuple(
        f"{pool}: no row on {ranges(when)}; bring pool_usage of those days, or its retire date in capacity"
        for pool, when in absent.items()
    )
