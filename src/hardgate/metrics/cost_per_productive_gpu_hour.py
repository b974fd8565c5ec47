"""What one productive GPU-hour costs to own, by the declared cost source.

The cost of a pool for the last complete months, over the GPU-hours that did work which was kept; what was not seen
lies between idle and productive, and so the cost lies between two bounds. Wrong when a pool's charges are not given to
it: read the unallocated row of the ladder first.

Source: METHODS 1; unit economics of the FinOps Foundation, cost over useful output.

>>> metric.formula(5_000.0, 2_500.0)
2.0
"""

from datetime import date

import numpy as np

from hardgate.core.days import Window, month_of
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import HOUR_MS, days, share, whole
from hardgate.metrics.cost_source import SOURCES, Cost, cost, months_paid
from hardgate.metrics.ratio import FEWEST_BLOCKS, sql
from hardgate.metrics.rungs import AVAILABLE, PRODUCTIVE, spans

MONTHS = 12


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the cost of a productive GPU-hour over the last complete months, in the reporting currency."""
    source = evidence.cost_source
    paid = months_paid(evidence, source, MONTHS)
    if paid is None:
        return nothing(metric, scope, window, f"no {SOURCES[source].words}", f"bring {source}")
    spent = cost(evidence, source, paid, scope)
    rows = evidence.rows("pool_day", scope, paid)
    if spent.total is None or rows.count == 0:
        why = "; ".join(spent.gaps) or f"no cost or no live pool in {scope} from {paid}"
        return nothing(metric, scope, paid, why, f"bring {source} and capacity of the same months")
    return _read(evidence, scope, paid, spent, rows)


def _read(evidence: Evidence, scope: Scope, window: Window, spent: Cost, rows: Rows) -> Reading:
    span, available = spans(rows, PRODUCTIVE), whole(rows, AVAILABLE).values
    money = _by_month(spent)
    low, high = (_hours(rows, each) for each in (span.low, span.high))
    total, least, most = sum(money.values()), sum(low.values()), sum(high.values())
    missing = float(span.missing.sum() / available.sum()) if available.sum() else 1.0
    exact = span.bounded.all() and least == most and least > 0
    interval = _interval(money, high, low, evidence.confidence) if span.bounded.all() else (None, None)
    words = [f"{source} {window}" for source in (SOURCES[spent.source].words,)]
    if interval == (None, None):
        words.append(f"{len(money)} months with known bounds, at least {FEWEST_BLOCKS} are needed")
    return Reading(
        metric.name, scope, window, metric.unit,
        round(total / least, metric.digits) if exact else None,
        *interval,
        facts=(("cost", round(total, 2)), ("productive_gpu_hours", round(least, 3))),
        missing=round(missing, 6),
        status=metric.status,
        sql=sql(metric, scope, window),
        batches=tuple(
            sorted({*evidence.batches("pool_day", window), *evidence.batches(SOURCES[spent.source].rollup, window)})
        ),
        because="; ".join(words),
        bounds=(round(total / most, metric.digits), round(total / least, metric.digits)) if missing and least else None,
    )  # fmt: skip


def _by_month(spent: Cost) -> dict[date, float]:
    found: dict[date, float] = {}
    for pool in spent.by_pool.values():
        for day, amount in pool.items():
            found[month_of(day)] = found.get(month_of(day), 0.0) + float(amount)
    return found


def _hours(rows: Rows, milliseconds: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> dict[date, float]:
    months, block = np.unique(days(rows).astype("datetime64[M]"), return_inverse=True)
    sums = np.zeros(len(months), np.int64)
    np.add.at(sums, block, milliseconds)
    return {m.astype("datetime64[D]").item(): int(s) / HOUR_MS for m, s in zip(months, sums, strict=True)}


def _interval(
    money: dict[date, float], most: dict[date, float], least: dict[date, float], confidence: float
) -> tuple[float | None, float | None]:
    """Return the cost per hour if all that was not seen was productive, and if none of it was; open where none is."""
    from hardgate.models import intervals

    months = sorted(set(money) & set(most))
    paid = [money[month] for month in months]
    ends = [intervals.ratio(paid, [hours[month] for month in months], confidence) for hours in (most, least)]
    low, high = ends
    return (
        None if low is None else round(max(low.low, 0.0), metric.digits),
        None if high is None else round(high.high, metric.digits),
    )


metric = Metric(
    name="cost_per_productive_gpu_hour",
    meaning="cost of a productive GPU-hour",
    unit="currency per productive GPU-hour",
    better=Better.LOWER,
    denominator="productive GPU-hours",
    digits=4,
    facts=(Fact("cost_day", "effective_cost"), Fact("pool_day", "productive_gpu_ms")),
    formula=share,
    compute=compute,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    status=Status.DERIVED,
)
