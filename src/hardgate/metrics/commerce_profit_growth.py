"""Whether the profit of commerce grows with its revenue: adjusted EBITA over the same period a year before.

Wrong when the segment was cut anew between the two periods.

Source: METHODS 15.

>>> round(196232 / 194827 - 1, 4)
0.0072
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.grown import grown
from hardgate.metrics.signal import answer

MEASURES = ("commerce_adjusted_ebita", "ttg_adjusted_ebita")


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth."""
    return answer(metric, evidence, scope, window, grown(evidence, scope, MEASURES))


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
