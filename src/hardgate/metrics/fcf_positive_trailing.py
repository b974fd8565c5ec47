"""For how many quarters in a row free cash flow of four quarters is above nothing: the inflection of METHODS 15.

Below it is nothing, and unknown where one of the last four quarters is. Wrong when a year's seasons are not in four
quarters.

Source: METHODS glossary, FCF inflection.

>>> metric.unit
'quarters'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.free_cash_flow import free_cash_flow, positive_run
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Count the quarters."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    count, last, value = positive_run(free_cash_flow(evidence, company), trailing=True)
    if last is None:
        return nothing_of(company, ("free cash flow", "operating cash flow with capex"))
    if value is None:
        return Lacking(f"{company}: one of the four quarters of free cash flow up to {last.end} is not known")
    facts = (("quarters", float(count)), ("free_cash_flow", value))
    return Found(float(count), facts, last.end, last.cited, last.status, last.restated)


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
