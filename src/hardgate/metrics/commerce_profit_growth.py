"""Whether the profit of commerce grows with its revenue: adjusted EBITA over the same period a year before.

Of the period of which customer management revenue was last read, and no other. Wrong when the segment was cut anew.

Source: METHODS 15.

>>> round(196232 / 194827 - 1, 4)
0.0072
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.grown import grown
from hardgate.metrics.signal import Found, Lacking, answer

MEASURES = ("commerce_adjusted_ebita", "ttg_adjusted_ebita")
SLACK_DAYS = 10


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth of profit in the period that revenue was last read of."""
    revenue, profit = grown(evidence, scope, ("customer_management_revenue",)), grown(evidence, scope, MEASURES)
    if isinstance(revenue, Found) and isinstance(profit, Found) and abs((revenue.end - profit.end).days) > SLACK_DAYS:
        profit = Lacking(f"profit of commerce in the period to {revenue.end} is not known: the last is of {profit.end}")
    return answer(metric, evidence, scope, window, profit)


metric = Metric(
    name="commerce_profit_growth",
    meaning="growth of commerce adjusted EBITA over a year",
    unit="share",
    better=Better.HIGHER,
    denominator="commerce adjusted EBITA of the same period a year before",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
