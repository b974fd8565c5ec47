"""Orders that say no city: how much of what is read of a city they may be.

Any of them may be any city's. So of each city as many are missing as there are, beside those that it has: the most that
can be. Wrong where the operator knows that they are of no city at all (a warehouse that sells at the door): give those
a city of their own.

>>> share(1_000.0, 250.0)
0.2
"""

from dataclasses import dataclass
from datetime import date

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.columns import cells, dates


@dataclass(frozen=True, slots=True)
class Unplaced:
    """Orders without a city in a window: how many, of how many in all, on which days, and each city's orders."""

    orders: int
    whole: int
    days: tuple[date, ...]
    of_city: dict[str, int]


@dataclass(frozen=True, slots=True)
class Loose:
    """Which share of a city's orders may be missing, and why."""

    share: float
    gaps: tuple[str, ...]


def share(placed: float, loose: float) -> float:
    """Return the most that may be missing of a city's orders."""
    return round(loose / (placed + loose), 6) if loose else 0.0


def orders_without_city(evidence: Evidence, window: Window) -> Unplaced:
    """Return the orders of a window that say no city."""
    return evidence.once(("orders without a city", window), lambda: _counted(evidence, window))


def _counted(evidence: Evidence, window: Window) -> Unplaced:
    rows = evidence.rows("city_day", EVERYTHING, window)
    of_city: dict[str, int] = {}
    days: set[date] = set()
    for city, day, count in zip(cells(rows, "city"), dates(rows, "day"), cells(rows, "orders"), strict=True):
        of_city[str(city or "")] = of_city.get(str(city or ""), 0) + int(count or 0)
        if city is None and day is not None and count:
            days.add(day)
    whole = sum(of_city.values())
    return Unplaced(of_city.pop("", 0), whole, tuple(sorted(days)), of_city)


def unplaced(evidence: Evidence, scope: Scope, window: Window) -> Loose:
    """Return how much of a city's orders may be missing; of all cities together none is."""
    city = scope.as_mapping().get("city")
    found = orders_without_city(evidence, window)
    if city is None or not found.orders:
        return Loose(0.0, ())
    told = f"{worded(found)} and may be of {city}; bring the city of these orders"
    return Loose(share(found.of_city.get(city, 0), found.orders), (told,))


def worded(found: Unplaced) -> str:
    """Write how many orders say no city, and since when."""
    have = "order has" if found.orders == 1 else "orders have"
    when = " to ".join(dict.fromkeys(str(one) for one in (found.days[0], found.days[-1])))
    return f"{found.orders:,} {have} no city ({when})"


def noted(evidence: Evidence, window: Window) -> tuple[str, ...]:
    """Return a note for what is read by city in a window; none where every order says its city."""
    found = orders_without_city(evidence, window)
    if not found.orders:
        return ()
    part = 100 * found.orders / found.whole
    return (f"{worded(found)}, {part:.1f} % of all: no city has them; bring the city of these orders",)
