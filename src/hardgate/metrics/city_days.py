"""Sums of orders by day of a city, as arrays in the reporting currency, and a ratio of two of them with its interval.

A day on which no city has an order is a day that the table lacks; a day on which others have some is a quiet day. Where
one row lacks an amount, nothing is known of the days' money, and orders without a city are missing of every city. Wrong
for a business that is closed on some days.

>>> blocks = Days((3.0, 4.0), (1.0, 2.0), ())
>>> sum(blocks.numerators) / sum(blocks.denominators)
2.3333333333333335
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Rows, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import cells, dates, ranges, share
from hardgate.metrics.cost_stack import BRING, SIGNS, SPREAD, Stack, stack
from hardgate.metrics.overpaid_refunds import overpaid
from hardgate.metrics.ratio import FEWEST_BLOCKS, sql
from hardgate.metrics.reporting_currency import converted
from hardgate.metrics.unplaced_orders import unplaced

ORDERS = "bring orders with city, customer, placed_at and value"
PLACES = ("city", "zone")


@dataclass(frozen=True, slots=True)
class Days:
    """Two sums a day, in the order of the days, and what is missing of them."""

    numerators: tuple[float, ...]
    denominators: tuple[float, ...]
    gaps: tuple[str, ...]
    lost: tuple[date, ...] = ()


def asked(metric: Metric, scope: Scope, window: Window) -> str:
    """Return the query over the first rollup of a metric that its sums can be checked with."""
    first = tuple(fact for fact in metric.facts if fact.table == metric.facts[0].table)
    return sql(replace(metric, facts=first), scope, window, PLACES)


def lost_days(evidence: Evidence, window: Window, rollup: str = "city_day") -> tuple[date, ...]:
    """Return the days of a window on which the table has no row at all."""
    seen = set(dates(evidence.rows(rollup, EVERYTHING, window), "day"))
    return tuple(day for day in window.each_day() if day not in seen)


def by_day(rows: Rows, window: Window, values: Sequence[float]) -> tuple[float, ...]:
    """Add values up by day of a window; a day without a row is nothing."""
    at = np.array([(day - window.start).days for day in dates(rows, "day") if day is not None], np.int64)
    return tuple(np.bincount(at, weights=np.asarray(values, np.float64), minlength=window.days).tolist())


def counts(rows: Rows, name: str) -> tuple[list[float], tuple[str, ...]]:
    """Return a column of counts, with what is missing of it."""
    found = cells(rows, name)
    lacking = sorted(
        {day for day, one in zip(dates(rows, "day"), found, strict=True) if one is None and day is not None}
    )
    return [float(one or 0) for one in found], ((f"{name} is null on {ranges(lacking)}",) if lacking else ())


def money(evidence: Evidence, rows: Rows, columns: Sequence[str]) -> tuple[list[float], tuple[str, ...]]:
    """Return the signed sum of some amounts of each row, with what is missing of it."""
    total, gaps = [0.0] * rows.count, []
    for name in columns:
        found = converted(evidence, rows, name)
        gaps += list(found.gaps)
        sign = SIGNS.get(name, 1)
        total = [held + sign * float(one or 0) for held, one in zip(total, found.amounts, strict=True)]
    if "refund" in columns and (told := overpaid(evidence, rows)):
        gaps.append(told)
    return total, tuple(dict.fromkeys(gaps))


def by_order(
    evidence: Evidence,
    scope: Scope,
    window: Window,
    metric: Metric,
    top: Callable[[Rows], tuple[list[float], tuple[str, ...]]],
) -> Reading:
    """Read by daily blocks what an order has of the metric's first fact; `top` gives it for rows, with its gaps."""
    rows = evidence.rows("city_day", scope, window)
    if not rows.count:
        return nothing(metric, scope, window, f"no orders in {scope} from {window}", ORDERS)
    held, gaps = top(rows)
    orders, more = counts(rows, "orders")
    days = Days(by_day(rows, window, held), by_day(rows, window, orders), (*gaps, *more), lost_days(evidence, window))
    names = (metric.facts[0].column, "orders")
    return of_days(evidence, scope, window, metric, days, names=names, status_rollup="city_day")


def per_order(evidence: Evidence, scope: Scope, window: Window, metric: Metric, level: str) -> Reading:
    """Read the contribution of an order up to a level of the declared cost stack."""
    rows, declared = evidence.rows("city_day", scope, window), stack(evidence)
    if not rows.count:
        return nothing(metric, scope, window, f"no orders in {scope} from {window}", ORDERS)
    if declared is None or declared.problems:
        why = "; ".join(declared.problems) if declared else "no cost stack is declared"
        return nothing(metric, scope, window, why, BRING)
    if outside := declared.outside(level):
        why = f"{level} holds {', '.join(outside)}, which is in the books of a month and in no order"
        return nothing(metric, scope, window, why, SPREAD)
    earned, gaps = money(evidence, rows, declared.columns(level))
    orders, more = counts(rows, "orders")
    spent, lacking = spent_by_day(evidence, declared, level, scope, window)
    left = [one - cost for one, cost in zip(by_day(rows, window, earned), spent, strict=True)]
    lost = lost_days(evidence, window)
    days = Days(tuple(left), by_day(rows, window, orders), (*gaps, *more, *lacking), lost)
    return of_days(
        evidence, scope, window, metric, days,
        names=("contribution", "orders"),
        status_rollup="city_day",
        beside=("acquisition_day",) if declared.spends(level) else (),
    )  # fmt: skip


def level_metric(level: str, meaning: str) -> Metric:
    """Return the metric of what an order leaves up to a level of the declared cost stack."""

    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        return per_order(evidence, scope, window, metric, level)

    metric = Metric(
        name=f"{level.lower()}_per_order",
        meaning=meaning,
        unit="currency per order",
        better=Better.HIGHER,
        denominator="orders",
        digits=3,
        facts=(Fact("city_day", "value"), Fact("city_day", "orders"), Fact("stack_account", "level")),
        formula=share,
        compute=compute,
    )
    return metric


def spent_by_day(
    evidence: Evidence, declared: Stack, level: str, scope: Scope, window: Window
) -> tuple[tuple[float, ...], tuple[str, ...]]:
    """Return what was spent to win customers on each day, where it counts up to a level, with what is missing of it."""
    if not declared.spends(level):
        return (0.0,) * window.days, ()
    if not evidence.rows("acquisition_day", EVERYTHING, window).count:
        return (0.0,) * window.days, (f"no acquisition spend from {window}; bring acquisition_spend",)
    rows = evidence.rows("acquisition_day", scope, window)
    found = converted(evidence, rows, "amount")
    return by_day(rows, window, [float(one or 0) for one in found.amounts]), found.gaps


def of_days(  # noqa: PLR0913  a reading has this many parts
    evidence: Evidence,
    scope: Scope,
    window: Window,
    metric: Metric,
    days: Days,
    *,
    names: tuple[str, str],
    status_rollup: str,
    beside: tuple[str, ...] = (),
) -> Reading:
    """Make the reading of a ratio of two daily sums, by daily blocks."""
    from hardgate.models import intervals

    if days.gaps:
        return nothing(metric, scope, window, "; ".join(days.gaps), "bring these amounts, or correct them")
    top, bottom = (np.array(one) for one in (days.numerators, days.denominators))
    if bottom.sum() <= 0:
        return nothing(metric, scope, window, f"no {metric.denominator} in {scope} from {window}", ORDERS)
    found = intervals.ratio(top, bottom, evidence.confidence)
    few = f"{window.days} days of orders, at least {FEWEST_BLOCKS} are needed"
    lost = (f"no orders at all on {ranges(days.lost)}; bring those days",) if days.lost else ()
    loose = unplaced(evidence, scope, window)
    absent = len(days.lost) / window.days
    low, high = (None, None) if found is None else (round(found.low, metric.digits), round(found.high, metric.digits))
    if metric.at_most_one and low is not None and high is not None:
        low, high = max(low, 0.0), min(high, 1.0)
    return Reading(
        metric.name, scope, window, metric.unit, round(float(top.sum() / bottom.sum()), metric.digits), low, high,
        facts=((names[0], round(float(top.sum()), 2)), (names[1], round(float(bottom.sum()), 2))),
        missing=round(absent + (1 - absent) * loose.share, 6),
        gaps=(*lost, *loose.gaps),
        whole_days_missing=days.lost,
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=tuple(sorted({one for name in (status_rollup, *beside) for one in evidence.batches(name, window)})),
        because=few if found is None else "; ".join((*lost, *loose.gaps)),
    )  # fmt: skip
