"""Customers of a city by the week they came in: who is still there at each age, what they bring, what they cost to win.

A customer who has not ordered for eight weeks has gone, and is dated back to the last order; the youngest eight weeks
of each cohort therefore say nothing of leaving yet, and count as watched up to there. Wrong where customers come less
often by habit: they are counted as gone.

>>> lost_and_watched(np.array([[10.0, 2.0, 1.0]]), np.array([3]), 2)
(array([2., 0.]), array([10.,  0.]))
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, week_of
from hardgate.core.money import rate_on
from hardgate.core.terms import EVERYTHING, Evidence, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked
from hardgate.metrics.cohort_gaps import AMOUNTS, lacking
from hardgate.metrics.columns import cells, days, whole
from hardgate.metrics.ratio import FEWEST_BLOCKS
from hardgate.metrics.reporting_currency import converted, rates_of
from hardgate.metrics.unplaced_orders import unplaced

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]
LAPSE = 8
"""Weeks without an order after which a customer has gone, as in the rollup cohort_week."""
EARLY = 4
"""Weeks in which a customer brings something else than later: the welcome is over after them."""
RECENT = 26
"""Weeks of which what a customer brings and costs is taken."""
PARTS = 10_000
COMPLETE = "bring every amount of orders, or correct it"


@dataclass(frozen=True, slots=True)
class Panel:
    """Rows of cohort_week as arrays: one a week, cohort, city, segment and product. Money in the reporting currency."""

    week: NDArray[np.int64]
    age: NDArray[np.int64]
    city: NDArray[np.object_]
    segment: NDArray[np.object_]
    product: NDArray[np.object_]
    orders: Floats
    paid_orders: Floats
    customers: Floats
    lapsed: Floats
    contribution: Floats
    subsidy: Floats
    lacks: NDArray[np.int64]
    """What is not known of each row: a bit for each of WHAT in cohort_gaps."""

    def of(self, keep: Mask) -> "Panel":
        """Return some of the rows."""
        return Panel(
            self.week[keep], self.age[keep], self.city[keep], self.segment[keep], self.product[keep], self.orders[keep],
            self.paid_orders[keep], self.customers[keep], self.lapsed[keep], self.contribution[keep],
            self.subsidy[keep], self.lacks[keep],
        )  # fmt: skip

    def gaps(self, evidence: Evidence) -> dict[str, tuple[str, ...]]:
        """Return what is not known of each city, in words; cities of which all is known are not among the keys."""
        return lacking(evidence, self.city, self.week, self.lacks)

    @property
    def new(self) -> Floats:
        """The customers of each row who came in that week."""
        return np.where(self.age == 0, self.customers, 0.0)


def panel(evidence: Evidence, scope: Scope = EVERYTHING) -> Panel | None:
    """Return the cohorts of a scope up to the last week that has ended, or None where there are none."""
    return evidence.once(("cohorts", scope), lambda: _panel(evidence, scope))


def _panel(evidence: Evidence, scope: Scope) -> Panel | None:
    rows = evidence.rows("cohort_week", scope)
    if not rows.count:
        return None
    when = days(rows).astype(np.int64)
    cohort = np.asarray(rows.columns["cohort"], "datetime64[D]")
    born = np.where(np.isnat(cohort), days(rows), cohort).astype(np.int64)
    counted = [whole(rows, name) for name in AMOUNTS]
    rate, rated = _rates(evidence, np.asarray(rows.columns.get("currency", [None] * rows.count), object).tolist(), when)
    lack = [*(~one.known for one in counted), np.isnat(cohort), ~rated]
    lacks = np.asarray(sum(one.astype(np.int64) << at for at, one in enumerate(lack)), np.int64)
    city, segment, product = (
        np.asarray(rows.columns.get(name, [None] * rows.count), object) for name in ("city", "segment", "product")
    )
    orders, paid, customers, lapsed, contribution, subsidy = (one.values.astype(np.float64) for one in counted)
    return Panel(
        when // 7, (when - born) // 7, city, segment, product, orders, paid, customers, lapsed,
        contribution / PARTS * rate, subsidy / PARTS * rate, lacks,
    )  # fmt: skip


def _rates(evidence: Evidence, currencies: list[str | None], when: NDArray[np.int64]) -> tuple[Floats, Mask]:
    """Return each row's rate to the reporting currency, and whether it is known.

    A row of leavers alone has no currency and no money.
    """
    rate, known = np.ones(len(when)), np.ones(len(when), np.bool_)
    foreign = {one for one in currencies if one is not None} - {evidence.currency}
    if foreign:
        rates, epoch = rates_of(evidence), date(1970, 1, 1)
        for at, one in enumerate(currencies):
            if one in foreign:
                found: Decimal | None = rate_on(rates, one, evidence.currency, epoch + timedelta(days=int(when[at])))
                rate[at], known[at] = float(found or 0), found is not None
    return rate, known


def week_number(day: date) -> int:
    """Return the number of a day's week, as a panel counts them (a Monday's days since 1970, in sevens)."""
    return (week_of(day) - date(1970, 1, 1)).days // 7


def lost_and_watched(by_cohort: Floats, ages: NDArray[np.int64], lapse: int) -> tuple[Floats, Floats]:
    """Return how many left after each age and how many were watched through it, over cohorts.

    Args:
        by_cohort: size of each cohort, then how many left after age 0, 1, ..., shape (cohorts, 1 + ages).
        ages: how many weeks of each cohort have ended, shape (cohorts,).
        lapse: weeks without an order that make a customer gone.

    """
    size, left = by_cohort[:, :1], by_cohort[:, 1:]
    there = size - np.concatenate([np.zeros_like(size), np.cumsum(left, axis=1)[:, :-1]], axis=1)
    seen = np.arange(left.shape[1])[None, :] < (ages - lapse)[:, None]
    watched = np.where(seen, np.maximum(there, 0), 0).sum(axis=0)
    return np.minimum(np.where(seen, left, 0).sum(axis=0), watched), watched


@dataclass(frozen=True, slots=True)
class Life:
    """What is counted of one market up to a week: leaving by age, what those there bring by age, and who came."""

    lost: Floats
    watched: Floats
    each_week: Floats
    error: float
    recent_new: float
    customers: float


def life(found: Panel, end: int, weeks: int) -> Life | None:
    """Count a market's customers up to a week's end; None where none was watched long enough.

    `each_week` has what a customer who is there brings in each of so many weeks: early ones apart, then one level.
    """
    from hardgate.models import intervals

    rows = found.of((found.week < end) & (found.week - found.age < end - LAPSE))
    if not rows.week.size:
        return None
    cohort = rows.week - rows.age
    born, place = np.unique(cohort, return_inverse=True)
    ages = end - born
    width = int(ages.max()) + 1
    size, left, brought = (np.zeros((len(born), width)) for _ in range(3))
    np.add.at(size[:, 0], place, rows.new)
    np.add.at(left, (place, np.maximum(rows.age - LAPSE, 0)), rows.lapsed)
    np.add.at(brought, (place, rows.age), rows.contribution)
    lost, watched = lost_and_watched(np.concatenate([size[:, :1], left], axis=1), ages, LAPSE)
    there = np.maximum(size[:, :1] - np.cumsum(left, axis=1) + left, 0)
    seen = np.arange(width)[None, :] < (ages - LAPSE)[:, None]
    calendar = born[:, None] + np.arange(width)[None, :]
    recent = seen & (calendar >= end - LAPSE - RECENT)
    later = recent & (np.arange(width)[None, :] >= EARLY)
    if not (there * later).sum() or not watched.sum():
        return None
    at = calendar[later] - calendar[later].min()
    money, heads = (np.bincount(at, weights=one[later]) for one in (brought, there))
    interval = intervals.ratio(money, heads, 0.6827)
    level = float(money.sum() / heads.sum())
    error = (interval.high - interval.low) / 2 if interval else abs(level)
    flows = np.full(weeks, level)
    for age in range(min(EARLY, width, weeks)):
        if heads_at := float((there * recent)[:, age].sum()):
            flows[age] = float((brought * recent)[:, age].sum()) / heads_at
    new = found.of((found.week < end) & (found.week >= end - RECENT)).new.sum()
    keep = watched > 0
    return Life(lost[keep], watched[keep], flows, float(error), float(new), float(size.sum()))


def spend(evidence: Evidence, window: Window) -> tuple[dict[str, float], tuple[str, ...]]:
    """Return what was spent to win customers in a window by city, with what is missing of it."""
    rows = evidence.rows("acquisition_day", EVERYTHING, window)
    found = converted(evidence, rows, "amount")
    total: dict[str, float] = {}
    for city, amount in zip(cells(rows, "city"), found.amounts, strict=True):
        total[str(city or "")] = total.get(str(city or ""), 0.0) + float(amount or 0)
    if not rows.count:
        return {}, (f"no acquisition spend from {window}; bring acquisition_spend",)
    return total, found.gaps


def weekly(
    evidence: Evidence, scope: Scope, window: Window, metric: Metric, parts: Callable[[Panel], tuple[Floats, Floats]]
) -> Reading:
    """Read a ratio of two weekly sums of cohorts, by weekly blocks."""
    from hardgate.models import intervals

    found = panel(evidence, scope)
    first, end = week_number(window.start), week_number(window.end)
    inside = None if found is None else found.of((found.week >= first) & (found.week < end))
    if inside is None or not inside.week.size:
        return nothing(metric, scope, window, f"no whole week of orders in {scope} from {window}", ORDERS)
    if gaps := inside.gaps(evidence):
        return nothing(metric, scope, window, "; ".join(told for one in gaps.values() for told in one), COMPLETE)
    top, bottom = (
        np.bincount(inside.week - first, weights=one, minlength=end - first).astype(np.float64) for one in parts(inside)
    )
    if bottom.sum() <= 0:
        return nothing(metric, scope, window, f"no {metric.denominator} in {scope} from {window}", ORDERS)
    interval = intervals.ratio(top, bottom, evidence.confidence)
    low, high = (
        (None, None) if interval is None else (round(one, metric.digits) for one in (interval.low, interval.high))
    )
    if metric.at_most_one and low is not None and high is not None:
        low, high = max(low, 0.0), min(high, 1.0)
    few = "" if interval else f"{end - first} weeks of orders, at least {FEWEST_BLOCKS} are needed"
    loose = unplaced(evidence, scope, window)
    return Reading(
        metric.name, scope, window, metric.unit, round(float(top.sum() / bottom.sum()), metric.digits), low, high,
        facts=((metric.facts[0].column, float(top.sum())), (metric.facts[1].column, float(bottom.sum()))),
        missing=loose.share,
        gaps=loose.gaps,
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=evidence.batches("cohort_week", window),
        because="; ".join((*((few,) if few else ()), *loose.gaps)),
    )  # fmt: skip
