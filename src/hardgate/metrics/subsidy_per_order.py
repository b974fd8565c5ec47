"""What the platform gives away on an order; what merchants give away is theirs.

Read by daily blocks in the reporting currency. Wrong when vouchers are booked when they are handed out.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, Days, by_day, counts, lost_days, money, of_days
from hardgate.metrics.columns import share


def _given(evidence: Evidence, rows: Rows) -> tuple[list[float], tuple[str, ...]]:
    cost, gaps = money(evidence, rows, ("discount_platform",))
    return [-one for one in cost], gaps


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    rows = evidence.rows("city_day", scope, window)
    if not rows.count:
        return nothing(metric, scope, window, f"no orders in {scope} from {window}", ORDERS)
    top, gaps = _given(evidence, rows)
    orders, more = counts(rows, "orders")
    days = Days(by_day(rows, window, top), by_day(rows, window, orders), (*gaps, *more), lost_days(evidence, window))
    return of_days(
        evidence, scope, window, metric, days, names=("discount_platform", "orders"), status_rollup="city_day"
    )


metric = Metric(
    name="subsidy_per_order",
    meaning="platform-funded discounts of orders",
    unit="currency per order",
    better=Better.LOWER,
    denominator="orders",
    facts=(Fact("city_day", "discount_platform"), Fact("city_day", "orders")),
    formula=share,
    compute=compute,
)
