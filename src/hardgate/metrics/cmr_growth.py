"""How fast customer management revenue grows, over the same period a year before.

Wrong when a fee is booked in it that was booked elsewhere a year before: then the line grows, and not the trade.

Source: METHODS 15.

>>> round(322346 / 304009 - 1, 4)
0.0603
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.grown import grown
from hardgate.metrics.signal import answer

MEASURES = ("customer_management_revenue",)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth."""
    return answer(metric, evidence, scope, window, grown(evidence, scope, MEASURES))


metric = Metric(
    name="cmr_growth",
    meaning="growth of customer management revenue over a year",
    unit="share",
    better=Better.HIGHER,
    denominator="customer management revenue of the same period a year before",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
