"""How much more customers order who were there before, without being paid for it: growth that discounts do not buy.

Orders of customers who came more than eight weeks ago, times the share of orders without a discount of ours, over the
same of the eight weeks before. Orders of new customers do not count, and buying users with discounts lowers the share.
The share is that of all orders of the city, since cohorts are not counted by discount: newcomers who pay the full price
raise it, and with it the score. Wrong for a city younger than half a year, and where many such newcomers came at once.

Source: METHODS 9; paid usage, order frequency and retention against active users.

>>> metric.formula(1_100.0, 1_000.0)
0.1
"""

from datetime import timedelta

import numpy as np

from hardgate.core.days import Window, week_of
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked, counts
from hardgate.metrics.cohorts import LAPSE, panel, week_number
from hardgate.metrics.unplaced_orders import unplaced

NONE_EARNED = "no row is missing, and growth from nothing has no rate"


def growth(now: float, before: float) -> float:
    """Return the growth over a period, of the one before."""
    return round(now / before - 1, 4)


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
        old = float(inside.orders[inside.age > LAPSE].sum())
        rows = evidence.rows("city_day", scope, half)
        (paid, gaps), (orders, more) = (counts(rows, name) for name in ("paid_orders", "orders"))
        unknown = tuple(told for one in inside.gaps(evidence).values() for told in one)
        if gaps or more or unknown or not sum(orders):
            why = "; ".join((*unknown, *gaps, *more)) or f"no orders from {half}"
            return nothing(metric, scope, half, why, ORDERS)
        earned.append(old * sum(paid) / sum(orders))
    if earned[1] <= 0:
        return nothing(
            metric,
            scope,
            window,
            f"no undiscounted order of a customer older than {LAPSE} weeks from {halves[1]}",
            NONE_EARNED,
        )
    value = growth(*earned)
    # Counts of orders: as unsteady as independent ones would be.
    wide = round(1.645 * (1 + value) * float(np.sqrt(sum(1 / max(one, 1.0) for one in earned))), 4)
    both = Window(halves[1].start, halves[0].end)
    loose = unplaced(evidence, scope, both)
    return Reading(
        metric.name, scope, both, metric.unit, value, round(value - wide, 4), round(value + wide, 4),
        facts=(("earned_orders", round(earned[0], 2)), ("earned_orders_before", round(earned[1], 2))),
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
    facts=(Fact("cohort_week", "orders"), Fact("city_day", "paid_orders")),
    formula=growth,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
