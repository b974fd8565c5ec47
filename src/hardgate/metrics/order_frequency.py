"""How often a customer who orders in a week does so: orders of weekly active customers.

Read by weekly blocks. Monthly active users are not asked for: they can be bought. Wrong as loyalty in a city that is
young: new customers order once in their first week.

Source: METHODS 9 and its glossary, "order frequency".

>>> metric.formula(130.0, 100.0)
1.3
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.cohorts import weekly
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read orders per customer and week."""
    return weekly(evidence, scope, window, metric, lambda panel: (panel.orders, panel.customers))


metric = Metric(
    name="order_frequency",
    meaning="orders of customers who ordered in the week",
    unit="orders per customer and week",
    better=Better.HIGHER,
    denominator="customers who ordered in the week",
    digits=3,
    facts=(Fact("cohort_week", "orders"), Fact("cohort_week", "customers")),
    formula=share,
    compute=compute,
)
