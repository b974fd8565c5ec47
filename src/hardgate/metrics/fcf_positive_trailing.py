"""For how many quarters in a row free cash flow of four quarters is above nothing: the inflection of METHODS 15.

Below it is nothing, and unknown where one of the last four quarters is. Wrong when a year's seasons are not in four
quarters.

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
    return answer(metric, evidence, scope, window, inflection(evidence, company_of(scope), trailing=True))


metric = Metric(
    name="fcf_positive_trailing",
    meaning="quarters in a row with free cash flow of four quarters above nothing",
    unit="quarters",
    better=Better.HIGHER,
    digits=0,
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.DERIVED,
)
