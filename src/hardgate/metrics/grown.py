"""The growth of one published measure as a signal's reading: by quarter, else by year.

>>> from hardgate.metrics.signal import nothing_of
>>> nothing_of("Acme", ("capex",)).found
'Acme: no capex is known'
"""

from datetime import date, timedelta

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.growth import Growth, growths
from hardgate.metrics.published import QUARTER, YEAR
from hardgate.metrics.signal import Found, Lacking, company_of, nothing_of
from hardgate.metrics.stated import WHOLE

BEHIND = timedelta(days=100)


def grown(evidence: Evidence, scope: Scope, measures: tuple[str, ...]) -> Found | Lacking:
    """Return the newest growth of the first of some measures that has one."""
    company = company_of(scope)
    if company is None:
        return nothing_of(None, ())
    why = ""
    for measure in measures:
        newest: date | None = None
        for months in (QUARTER, YEAR):
            found = growths(evidence, company, measure, WHOLE, months)
            one = found[-1] if found else None
            # A year that ended long before the newest quarter says nothing of it.
            if one is None or (newest is not None and newest - one.end > BEHIND):
                continue
            newest = newest or one.end
            if one.value is not None:
                return _found(measure, one, one.value, months)
            why = why or f"{company} {measure} to {one.end}: {one.why}"
    return Lacking(why) if why else nothing_of(company, measures)


def _found(measure: str, one: Growth, value: float, months: int) -> Found:
    pairs = ((measure, one.now), (f"{measure}_year_before", one.before), ("printed", one.printed))
    facts = tuple((name, float(point.value)) for name, point in pairs if point is not None)
    return Found(value, facts, one.end, one.cited, one.status, one.restated, months=months)
