"""Of the customers who order in a week, those who had ordered in an earlier one.

Read by weekly blocks. Buying new customers lowers it, and so does losing old ones. Wrong where few are new: then it is
near one whatever happens.

Source: METHODS 9 and its glossary, "repeat rate".

>>> metric.formula(75.0, 100.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.cohorts import weekly
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of customers who came back."""
    return weekly(evidence, scope, window, metric, lambda panel: (panel.customers * (panel.age > 0), panel.customers))


metric = Metric(
    name="repeat_rate",
    meaning="customers with an order in an earlier week of customers who ordered in the week",
    unit="share",
    better=Better.HIGHER,
    denominator="customers who ordered in the week",
    facts=(Fact("cohort_week", "customers"), Fact("cohort_week", "orders")),
    formula=share,
    compute=compute,
    at_most_one=True,
)
