"""How guidance on capital expenditure moved: what was last said of a period over what was said of it before.

Guidance is the measure `capex_guidance` of the period that it is about; every statement of it counts from the day it
was filed. Said once, it has not moved. Wrong when guidance of another period takes its place.

Source: METHODS 15.

>>> round(380 / 400 - 1, 2), metric.unit
(-0.05, 'share')
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of
from hardgate.metrics.stated import read

MEASURE = "capex_guidance"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the change of guidance."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    stated, _ = read(evidence, company, (MEASURE,))
    if not stated:
        return nothing_of(company, ("guidance on capital expenditure",))
    newest = max(stated, key=lambda one: (one.filed, one.end))
    mine = [one for one in stated if (one.start, one.end, one.currency) == (newest.start, newest.end, newest.currency)]
    on_last = {one.value for one in mine if one.filed == newest.filed}
    before = [one for one in mine if one.filed < newest.filed and one.value != newest.value]
    if len(on_last) > 1:
        return Lacking(f"{company}: two guidances for {newest.end} are stated on {newest.filed}")
    last = max(before, key=lambda one: one.filed, default=newest)
    if last.value <= 0:
        return Lacking(f"{company}: guidance before was not above nothing")
    facts = (("guidance", float(newest.value)), ("guidance_before", float(last.value)))
    cited = "; ".join(dict.fromkeys((newest.cited, last.cited)))
    return Found(float(newest.value / last.value) - 1, facts, newest.filed, cited, newest.status, months=12)


metric = Metric(
    name="capex_guidance_change",
    meaning="change of guidance on capital expenditure",
    unit="share",
    better=Better.NEITHER,
    denominator="guidance stated before for the same period",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
