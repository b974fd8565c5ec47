"""The growth of one published measure as a signal's reading: by quarter, else by year.

>>> from hardgate.metrics.signal import nothing_of
>>> nothing_of("Acme", ("capex",)).found
'Acme: no capex is known'
"""

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.growth import Growth, growths
from hardgate.metrics.published import QUARTER, YEAR
from hardgate.metrics.signal import Found, Lacking, company_of, nothing_of
from hardgate.metrics.stated import WHOLE


def grown(evidence: Evidence, scope: Scope, measures: tuple[str, ...]) -> Found | Lacking:
    """Return the newest growth of the first of some measures that has one."""
    company = company_of(scope)
    if company is None:
        return nothing_of(None, ())
    why = ""
    for measure in measures:
        for months in (QUARTER, YEAR):
            found = growths(evidence, company, measure, WHOLE, months)
            if found and found[-1].value is not None:
                return _found(measure, found[-1], found[-1].value, months)
            why = why or (f"{company} {measure} to {found[-1].end}: {found[-1].why}" if found else "")
    return Lacking(why) if why else nothing_of(company, measures)


def _found(measure: str, one: Growth, value: float, months: int) -> Found:
    pairs = ((measure, one.now), (f"{measure}_year_before", one.before), ("printed", one.printed))
    facts = tuple((name, float(point.value)) for name, point in pairs if point is not None)
    return Found(value, facts, one.end, one.cited, one.status, one.restated, months=months)
