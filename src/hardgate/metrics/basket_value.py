"""What an order is worth before discounts and fees: the average order value.

Read by daily blocks in the reporting currency. Wrong as growth when discounts buy larger baskets.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.city_days import by_order, money
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    return by_order(evidence, scope, window, metric, lambda rows: money(evidence, rows, ("value",)))


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
