"""Orders of a day on a square kilometre of the zones that are served.

The area is the one of the zones in force at the end of the window. Read by daily blocks. Wrong when zones overlap.

Source: METHODS 9 and its glossary, "delivery density".

>>> metric.formula(420.0, 42.0)
10.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import Days, by_day, counts, lost_days, of_days
from hardgate.metrics.columns import share

BRING = "bring city_zones with km2, and zones in orders"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read orders per square kilometre and day."""
    rows = evidence.rows("zone_day", scope, window)
    areas = areas_of(evidence, scope, window)
    if not rows.count or areas is None:
        return nothing(metric, scope, window, f"no orders by zone, or no area, in {scope} from {window}", BRING)
    orders, gaps = counts(rows, "orders")
    days = Days(by_day(rows, window, orders), (areas,) * window.days, gaps, lost_days(evidence, window, "zone_day"))
    return of_days(evidence, scope, window, metric, days, names=("orders", "km2_days"), status_rollup="zone_day")


def areas_of(evidence: Evidence, scope: Scope, window: Window) -> float | None:
    """Return the area served in a scope, or None where a zone has none."""
    newest: dict[tuple[str, str], float | None] = {}
    for row in sorted(evidence.rows("city_zone", scope).records(), key=lambda one: (one["day"], str(one["zone"]))):
        if row["day"] < window.end:
            newest[str(row["city"]), str(row["zone"])] = None if row["km2"] is None else float(row["km2"])
    known = [one for one in newest.values() if one is not None]
    return sum(known) if known and len(known) == len(newest) else None


def regions(evidence: Evidence) -> dict[str, str]:
    """Return the region of each city, as its zones say it."""
    rows = sorted(evidence.rows("city_zone", EVERYTHING).records(), key=lambda one: (one["day"], str(one["zone"])))
    return {
        str(row["city"]): str(row["region"]) for row in rows if row["city"] is not None and row["region"] is not None
    }


metric = Metric(
    name="orders_per_km2",
    meaning="orders a day of the area served",
    unit="orders per km2 and day",
    better=Better.HIGHER,
    denominator="km2 served, each day",
    digits=3,
    facts=(Fact("zone_day", "orders"), Fact("city_zone", "km2")),
    formula=share,
    compute=compute,
)
