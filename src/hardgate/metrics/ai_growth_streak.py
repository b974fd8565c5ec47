"""For how many quarters in a row AI revenue has at least doubled within a year; none once the streak has ended.

As the issuer counts it (`ai_doubling_quarters`) where that is the newest word, else counted from the growth of each
quarter. Wrong when a quarter within the streak is not known: the count is then of those after it.

Source: METHODS 15.

>>> streak([0.8, 1.1, 1.4, 1.2]), streak([1.1, 1.4, 0.9])
(3, 0)
"""

from collections.abc import Sequence

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.growth import Growth, growths
from hardgate.metrics.published import QUARTER, series
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of
from hardgate.metrics.stated import WHOLE

DOUBLED = 1.0
COUNTED = "ai_doubling_quarters"
_APART_DAYS = 110


def streak(values: Sequence[float]) -> int:
    """Return how many of the last values in a row are at least a doubling."""
    count = 0
    for one in reversed(values):
        if one < DOUBLED:
            break
        count += 1
    return count


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Count the streak."""
    return answer(metric, evidence, scope, window, _found(evidence, company_of(scope)))


def _found(evidence: Evidence, company: str | None) -> Found | Lacking:
    if company is None:
        return nothing_of(None, ())
    counted = series(evidence, company, COUNTED, WHOLE, QUARTER).good
    quarters = growths(evidence, company, "ai_revenue")
    if counted and (not quarters or counted[-1].end >= quarters[-1].end):
        last = counted[-1]
        return Found(
            float(last.value), ((COUNTED, float(last.value)),), last.end, last.cited, last.status, last.restated
        )
    if not quarters:
        return nothing_of(company, ("growth of AI revenue", "count of quarters"))
    newest = quarters[-1]
    if newest.value is None:
        return Lacking(f"{company} ai_revenue to {newest.end}: {newest.why}")
    unbroken = _unbroken(quarters)
    facts = (("growth", newest.value), ("quarters_known", float(len(unbroken))))
    return Found(float(streak(unbroken)), facts, newest.end, newest.cited, newest.status, newest.restated)


def _unbroken(quarters: Sequence[Growth]) -> list[float]:
    """Return the growth of the last quarters that follow each other without a gap, oldest first."""
    found: list[float] = []
    after = None
    for one in reversed(quarters):
        if one.value is None or (after is not None and (after - one.end).days > _APART_DAYS):
            break
        found.insert(0, one.value)
        after = one.end
    return found


metric = Metric(
    name="ai_growth_streak",
    meaning="quarters in a row in which AI revenue at least doubled within a year",
    unit="quarters",
    better=Better.HIGHER,
    digits=0,
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
