"""What share of a company's cities are at or above break-even: an order there pays for its own delivery.

As the company publishes it (`cities_at_breakeven` over `cities`). For the operator's own company, which policy.yaml
marks by the assumption `own_cities`, from its own market data where there are any: a city counts whose contribution an
order after delivery is at least nothing on the lower end of its interval. Wrong where a published city is a region.

Source: METHODS 9 and 15.

>>> metric.denominator
'cities that are read'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.cm2_per_order import metric as cm2_per_order
from hardgate.metrics.columns import cells
from hardgate.metrics.margins import margins
from hardgate.metrics.signal import Found, Lacking, answer, company_of, nothing_of
from hardgate.metrics.stated import WHOLE

CITY_DAY = "city_day"
BRING = "bring orders and the city ledger of your own markets, or cities and cities_at_breakeven as facts"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of cities at break-even."""
    company = company_of(scope)
    if company is None:
        return answer(metric, evidence, scope, window, nothing_of(None, ()))
    owned = evidence.assumption("own_cities", scope)
    found = _of_markets(evidence, window) if owned is not None and owned.value else _published(evidence, company)
    return answer(metric, evidence, scope, window, found)


def _published(evidence: Evidence, company: str) -> Found | Lacking:
    ratios = margins(evidence, company, ("cities_at_breakeven", WHOLE), ("cities", WHOLE))
    if not ratios:
        return Lacking(f"{company}: no city at break-even is published", BRING)
    one = ratios[-1]
    facts = (("cities_at_breakeven", float(one.profit.value)), ("cities", float(one.revenue.value)))
    return Found(one.value, facts, one.end, one.cited, one.status, one.restated)


def _of_markets(evidence: Evidence, window: Window) -> Found | Lacking:
    cities = sorted({str(one) for one in cells(evidence.rows(CITY_DAY), "city") if one})
    read = [evidence.reading(cm2_per_order, Scope.of(city=city), window) for city in cities]
    known = [one for one in read if one.low is not None]
    if not known:
        return Lacking("no city has a contribution that is known" if read else "no market data of our own", BRING)
    paying = sum(one.low is not None and one.low >= 0 for one in known)
    facts = (
        ("cities_at_breakeven", float(paying)),
        ("cities", float(len(known))),
        ("not_read", float(len(read) - len(known))),
    )
    return Found(paying / len(known), facts, window.end, cm2_per_order.name, Status.DERIVED, rollup=CITY_DAY)


metric = Metric(
    name="city_breakeven",
    meaning="share of cities at or above break-even",
    unit="share",
    better=Better.HIGHER,
    denominator="cities that are read",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
