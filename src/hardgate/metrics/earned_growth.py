"""How much more customers order who were there before, without being paid for it: growth that discounts do not buy.

Orders without a discount of ours, of customers who first ordered more than eight weeks before, over the same of the
eight weeks before. It is taken from these customers' own orders. What newcomers order does not count, at a discount or
at the full price, and a discount to an old customer takes an order away: a team cannot buy it. A newcomer counts from
the ninth week on, by what is then ordered in full. Wrong for a city younger than half a year, where the discount is
hidden in the price, and where orders do not say their customer: those do not count.

The interval is that of two counts of orders that come independently, at the policy's confidence.

Source: METHODS 9; paid usage, order frequency and retention against active users.

>>> metric.formula(1_100.0, 1_000.0)
0.1
>>> band(0.1, (1_100.0, 1_000.0), 0.9)
(0.0209, 0.1791)
"""

from collections.abc import Sequence
from datetime import timedelta
from math import sqrt
from statistics import NormalDist

from hardgate.core.days import Window, week_of
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked
from hardgate.metrics.cohorts import LAPSE, panel, week_number
from hardgate.metrics.unplaced_orders import unplaced

NONE_EARNED = "no row is missing, and growth from nothing has no rate"


def growth(now: float, before: float) -> float:
    """Return the growth over a period, of the one before."""
    return round(now / before - 1, 4)


def band(value: float, earned: Sequence[float], confidence: float) -> tuple[float, float]:
    """Return the ends of the interval of a growth between two counts, as unsteady as independent orders are."""
    z = NormalDist().inv_cdf(0.5 + confidence / 2)
    wide = round(z * (1 + value) * sqrt(sum(1 / max(one, 1.0) for one in earned)), 4)
    return round(value - wide, 4), round(value + wide, 4)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth of earned orders between two windows of eight weeks."""
    end = week_of(window.end)
    halves = tuple(Window(end - timedelta(weeks=LAPSE * at), end - timedelta(weeks=LAPSE * (at - 1))) for at in (1, 2))
    found = panel(evidence, scope)
    if found is None:
        return nothing(metric, scope, window, f"no whole week of orders in {scope}", ORDERS)
    earned = []
    for half in halves:
        inside = found.of((found.week >= week_number(half.start)) & (found.week < week_number(half.end)))
        unknown = [told for one in inside.gaps(evidence).values() for told in one]
        if unknown or not inside.orders.sum():
            return nothing(metric, scope, half, "; ".join(unknown) or f"no orders from {half}", ORDERS)
        earned.append(float(inside.paid_orders[inside.age > LAPSE].sum()))
    if earned[1] <= 0:
        return nothing(
            metric,
            scope,
            window,
            f"no undiscounted order of a customer older than {LAPSE} weeks from {halves[1]}",
            NONE_EARNED,
        )
    value = growth(*earned)
    low, high = band(value, earned, evidence.confidence)
    both = Window(halves[1].start, halves[0].end)
    loose = unplaced(evidence, scope, both)
    return Reading(
        metric.name, scope, both, metric.unit, value, low, high,
        facts=(("earned_orders", earned[0]), ("earned_orders_before", earned[1])),
        missing=loose.share,
        gaps=loose.gaps,
        because="; ".join(loose.gaps),
        status=metric.status,
        sql=asked(metric, scope, both),
        batches=tuple(sorted({*evidence.batches("cohort_week", both), *evidence.batches("city_day", both)})),
    )  # fmt: skip


metric = Metric(
    name="earned_growth",
    meaning="growth of undiscounted orders of customers older than eight weeks, over eight weeks",
    unit="share",
    better=Better.HIGHER,
    denominator="the same orders of the eight weeks before",
    facts=(Fact("cohort_week", "paid_orders"),),
    formula=growth,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
