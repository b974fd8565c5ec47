"""For how many quarters in a row free cash flow is above nothing, each quarter for itself.

For issuers of whom not every quarter is known; seasons turn it. Wrong as an inflection where four quarters are known.

Source: METHODS glossary, FCF inflection.

>>> metric.unit
'quarters'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.free_cash_flow import inflection
from hardgate.metrics.signal import answer, company_of


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Count the quarters."""
    return answer(metric, evidence, scope, window, inflection(evidence, company_of(scope), trailing=False))


metric = Metric(
    name="fcf_positive_quarters",
    meaning="quarters in a row with free cash flow above nothing",
    unit="quarters",
    better=Better.HIGHER,
    digits=0,
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.DERIVED,
)
