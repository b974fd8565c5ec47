"""What the platform gives away on an order; what merchants give away is theirs.

Read by daily blocks in the reporting currency. Wrong when vouchers are booked when they are handed out.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope
from hardgate.metrics.city_days import by_order, money
from hardgate.metrics.columns import share


def _given(evidence: Evidence, rows: Rows) -> tuple[list[float], tuple[str, ...]]:
    cost, gaps = money(evidence, rows, ("discount_platform",))
    return [-one for one in cost], gaps


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    return by_order(evidence, scope, window, metric, lambda rows: _given(evidence, rows))


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
