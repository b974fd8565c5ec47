"""How many stated targets that are due were missed.

A promise that is due and of which no figure is known leaves the count unknown. Wrong when a target was taken back.

Source: METHODS 15.

>>> metric.unit
'promises'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.promised import MISSED, OPEN, UNKNOWN, misread, promises
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of

BRING = "bring promises: who promised what, by when, said on which day"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Count the promises missed."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    found = promises(evidence, company)
    if wrong := misread(evidence, company):
        return Lacking("; ".join(wrong), BRING)
    due = [one for one in found if one.state != OPEN]
    if not found:
        return Lacking(f"{company}: no promise is known", BRING)
    unknown = [one for one in due if one.state == UNKNOWN]
    missed = [one for one in due if one.state == MISSED]
    if unknown:
        return Lacking(f"{company}: {unknown[0].name}, {unknown[0].cited}", "bring the figures of the day it was due")
    facts = (("missed", float(len(missed))), ("due", float(len(due))), ("promised", float(len(found))))
    cited = "; ".join(f"{one.name} due {one.due}: {one.cited}" for one in missed)
    return Found(float(len(missed)), facts, evidence.as_of, cited, Status.DERIVED, rollup="promise")


metric = Metric(
    name="promises_missed",
    meaning="stated targets that are due and were missed",
    unit="promises",
    better=Better.LOWER,
    digits=0,
    facts=(Fact("promise", "target"), Fact("published", "value")),
    compute=compute,
    interval="exact",
    status=Status.DERIVED,
)
