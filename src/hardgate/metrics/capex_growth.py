"""How capital expenditure moves over a year; below nothing it is cut.

Wrong for an issuer whose leases take the place of purchases.

Source: METHODS 15.

>>> round(12.98 / 17.1 - 1, 2)
-0.24
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.grown import grown
from hardgate.metrics.signal import answer

MEASURES = ("capex",)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth."""
    return answer(metric, evidence, scope, window, grown(evidence, scope, MEASURES))


metric = Metric(
    name="capex_growth",
    meaning="growth of capital expenditure over a year",
    unit="share",
    better=Better.NEITHER,
    denominator="capital expenditure of the same quarter a year before",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
