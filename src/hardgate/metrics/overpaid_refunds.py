"""Orders that were paid back more than they took: how many, and which, so that somebody can correct them.

What such an order left is not known, so that no sum with it is. Wrong where a refund pays for another order, too.

>>> worded(1, ("A7 of 2026-07-22 in nanjing",))
'1 refund is larger than its order (A7 of 2026-07-22 in nanjing): correct it in orders'
>>> worded(3, ("A7 of 2026-07-22 in nanjing",))
'3 refunds are larger than their order (A7 of 2026-07-22 in nanjing and others): correct them in orders'
"""

from collections.abc import Collection
from datetime import date

from hardgate.core.terms import Evidence, Rows
from hardgate.metrics.columns import cells, dates

NAMED = 3
Place = tuple[str, date | None]
"""A city, "" where none is known, and a day."""


def places(rows: Rows) -> dict[Place, int]:
    """Return how many refunds of each city and day of city_day are larger than their order."""
    columns = (cells(rows, "city"), dates(rows, "day"), cells(rows, "overpaid_refunds"))
    return {(str(city or ""), day): int(count) for city, day, count in zip(*columns, strict=True) if count}


def orders_at(evidence: Evidence, at: Collection[Place]) -> tuple[str, ...]:
    """Name one such order of each of some cities and days, in the order of the days."""
    rows = evidence.rows("overpaid_refund")
    columns = (dates(rows, "day"), cells(rows, "city"), cells(rows, "order_id"))
    found = sorted(
        (day, str(city or ""), str(order))
        for day, city, order in zip(*columns, strict=True)
        if day is not None and order is not None and (str(city or ""), day) in at
    )
    return tuple(f"{order} of {day} in {city or 'no city'}" for day, city, order in found)


def worded(count: int, orders: Collection[str]) -> str:
    """Write how many refunds are too large, naming some of their orders."""
    named = ", ".join(list(orders)[:NAMED]) + (" and others" if min(len(orders), NAMED) < count else "")
    told = f" ({named})" if orders else ""
    if count == 1:
        return f"1 refund is larger than its order{told}: correct it in orders"
    return f"{count:,} refunds are larger than their order{told}: correct them in orders"


def overpaid(evidence: Evidence, rows: Rows) -> str:
    """Return what is wrong with the refunds of some rows of city_day, in words; nothing is an empty text."""
    found = places(rows)
    return worded(sum(found.values()), orders_at(evidence, found)) if found else ""
