"""What an order is worth before discounts and fees: the average order value.

Read by daily blocks in the reporting currency. Wrong as growth when discounts buy larger baskets.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, Days, by_day, counts, lost_days, money, of_days
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    rows = evidence.rows("city_day", scope, window)
    if not rows.count:
        return nothing(metric, scope, window, f"no orders in {scope} from {window}", ORDERS)
    top, gaps = money(evidence, rows, ("value",))
    orders, more = counts(rows, "orders")
    days = Days(by_day(rows, window, top), by_day(rows, window, orders), (*gaps, *more), lost_days(evidence, window))
    return of_days(evidence, scope, window, metric, days, names=("value", "orders"), status_rollup="city_day")


metric = Metric(
    name="basket_value",
    meaning="value of the baskets of orders",
    unit="currency per order",
    better=Better.HIGHER,
    denominator="orders",
    facts=(Fact("city_day", "value"), Fact("city_day", "orders")),
    formula=share,
    compute=compute,
)
