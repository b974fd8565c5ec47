"""Of all orders, those that nobody was paid for: no discount of the platform on them.

Users that are bought show up as a falling share. Wrong when everyone has a standing discount: then it is zero.

Source: METHODS 9 and its glossary.

>>> metric.formula(30.0, 40.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.city_days import by_order, counts
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it by daily blocks."""
    return by_order(evidence, scope, window, metric, lambda rows: counts(rows, "paid_orders"))


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
