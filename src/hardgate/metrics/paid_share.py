"""Of all orders, those that nobody was paid for: no discount of the platform on them.

Users that are bought show up as a falling share. Wrong when everyone has a standing discount: then it is zero.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, Days, by_day, counts, lost_days, of_days
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    rows = evidence.rows("city_day", scope, window)
    if not rows.count:
        return nothing(metric, scope, window, f"no orders in {scope} from {window}", ORDERS)
    top, gaps = counts(rows, "paid_orders")
    orders, more = counts(rows, "orders")
    days = Days(by_day(rows, window, top), by_day(rows, window, orders), (*gaps, *more), lost_days(evidence, window))
    return of_days(evidence, scope, window, metric, days, names=("paid_orders", "orders"), status_rollup="city_day")


metric = Metric(
    name="paid_share",
    meaning="orders without a platform-funded discount",
    unit="share",
    better=Better.HIGHER,
    denominator="orders",
    facts=(Fact("city_day", "paid_orders"), Fact("city_day", "orders")),
    formula=share,
    compute=compute,
    at_most_one=True,
)
