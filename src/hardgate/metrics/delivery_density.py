"""Orders that a courier delivers in an hour: what makes delivery cheap.

Read by daily blocks over the zones whose hours are known. A zone-hour quantity: an experiment on it randomises zone by
time and never customers. Wrong when hours hold waiting that other work would fill.

Source: METHODS 9 and 10, and its glossary, "delivery density".

>>> metric.formula(84.0, 40.0)
2.1
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import Days, by_day, counts, lost_days, of_days
from hardgate.metrics.columns import share

BRING = "bring couriers with hours by zone and day, and zones in orders"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read orders per courier hour."""
    rows = evidence.rows("zone_day", scope, window)
    if not rows.count:
        return nothing(metric, scope, window, f"no courier hours in {scope} from {window}", BRING)
    (orders, gaps), (hours, more) = (counts(rows, name) for name in ("orders", "courier_milli_hours"))
    bottom = by_day(rows, window, [one / 1000 for one in hours])
    lost = lost_days(evidence, window, "zone_day")
    days = Days(by_day(rows, window, orders), bottom, (*gaps, *more), lost)
    return of_days(evidence, scope, window, metric, days, names=("orders", "courier_hours"), status_rollup="zone_day")


metric = Metric(
    name="delivery_density",
    meaning="orders of courier hours",
    unit="orders per courier hour",
    better=Better.HIGHER,
    denominator="courier hours",
    digits=3,
    facts=(Fact("zone_day", "orders"), Fact("zone_day", "courier_milli_hours")),
    formula=share,
    compute=compute,
)
