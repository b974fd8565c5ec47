"""How fast cloud revenue grows: the last quarter published over the same quarter a year before.

Recomputed where both quarters are known, and then it must agree with what is printed; else as printed. Wrong when the
segment was cut anew: growth across a break of level is not taken.

Source: METHODS 15.

>>> round(39.82 / 29.61 - 1, 4)
0.3448
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics import cloud
from hardgate.metrics.growth import Growth, growths
from hardgate.metrics.published import QUARTER, YEAR
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of


def latest(evidence: Evidence, scope: Scope, back: int = 0) -> Growth | Lacking:
    """Return the growth of the last quarter (or year, where no quarter has any), or of so many before it."""
    company = company_of(scope)
    if company is None:
        return nothing_of(None, ())
    place = cloud.where(evidence, company)
    by_length = [growths(evidence, company, *place, months) for months in (QUARTER, YEAR)]
    found = next((one for one in by_length if any(g.value is not None for g in one)), by_length[0] or by_length[1])
    if len(found) <= back:
        return nothing_of(company, ("cloud revenue" if not found else "cloud growth of an earlier period",))
    one = found[-1 - back]
    return one if one.value is not None else Lacking(f"{company} cloud revenue to {one.end}: {one.why}")


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the growth of cloud revenue."""
    one = latest(evidence, scope)
    if isinstance(one, Growth) and one.value is not None:
        pairs = (("cloud_revenue", one.now), ("cloud_revenue_year_before", one.before), ("printed", one.printed))
        facts = tuple((name, float(point.value)) for name, point in pairs if point is not None)
        found = Found(one.value, facts, one.end, one.cited, one.status, one.restated, months=one.months)
        return answer(metric, evidence, scope, window, found)
    return answer(metric, evidence, scope, window, one if isinstance(one, Lacking) else nothing_of(None, ()))


metric = Metric(
    name="cloud_growth",
    meaning="growth of cloud revenue over a year",
    unit="share",
    better=Better.HIGHER,
    denominator="cloud revenue of the same quarter a year before",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
