"""What a product is sold by and for: its unit, its list prices, and what one unit comes to at the mix that is used.

A product has one unit: a seat for a month, a GPU-hour, a call, or tokens. Tokens of several kinds have one price a
million at the mix that was used; a kind without a price of its own has that of its sort, as in serving_cost. Wrong when
a price by volume is meant: state the price of the tier that is used.

>>> offer = Offer("chat", "tokens", {"input": 1e-6, "output": 4e-6}, None, None)
>>> offer.price(np.array([3e6, 1e6, 0, 0, 0]))
1.75
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.ai_usage import KINDS, Floats
from hardgate.metrics.columns import absent, amounts, cells, dates
from hardgate.metrics.reporting_currency import convert
from hardgate.metrics.serving_cost import per_kind

UNITS = {
    "seat_month": "seat and month",
    "gpu_hour": "GPU-hour",
    "call": "call",
    "tokens": "million tokens",
    "gb_month": "GB and month",
}
"""What a product may be sold by, in words."""
MILLION = 1e6


@dataclass(frozen=True, slots=True)
class Offer:
    """A product's unit and list prices of one seat, hour, call or token, in the reporting currency."""

    product: str
    unit: str
    prices: Mapping[str, float]
    included_tokens: float | None
    pool: str | None

    def price(self, tokens: Floats) -> float | None:
        """Return the price of one unit: of a million tokens at a mix, else of the unit; None where it has no price."""
        if self.unit != "tokens":
            return self.prices.get(self.unit)
        kinds, total = per_kind(self.prices), float(tokens.sum())
        if kinds is None or not total > 0:
            return None
        return float((tokens * np.array(kinds)).sum()) / total * MILLION


def offer(evidence: Evidence, product: str, day: date) -> Offer | str:
    """Return what a product is sold by and for on a day, or what is missing."""
    found = offers(evidence, day)
    if product not in found:
        return f"no list price of {product} on {day}; bring price_list"
    return found[product]


def offers(evidence: Evidence, day: date, scope: Scope | None = None) -> dict[str, Offer | str]:
    """Return every product on the price list on a day."""
    rows = evidence.rows("list_price") if scope is None else evidence.rows("list_price", scope)
    newest: dict[str, dict[str, tuple[date, int]]] = {}
    columns = zip(cells(rows, "product"), cells(rows, "unit"), dates(rows, "day"), dates(rows, "valid_to"), strict=True)
    for i, (product, unit, start, end) in enumerate(columns):
        if start is not None and start <= day and (end is None or end > day):
            mine = newest.setdefault(str(product), {})
            if str(unit) not in mine or mine[str(unit)][0] < start:
                mine[str(unit)] = (start, i)
    money, per, currency = amounts(rows, "price"), cells(rows, "per"), cells(rows, "currency")
    included, pool = cells(rows, "included_tokens"), cells(rows, "pool")
    found: dict[str, Offer | str] = {}
    for product, units in sorted(newest.items()):
        priced: dict[str, float] = {}
        gaps: list[str] = []
        for unit, (_, i) in sorted(units.items()):
            worth = convert(evidence, [(money[i], currency[i], min(day, evidence.as_of))], "price")
            if worth.total is None or absent(per[i]) or not per[i]:
                gaps += worth.gaps or (f"{product}: the price has no number of units",)
            else:
                priced[unit] = float(worth.total / Decimal(str(per[i])))
        at = [i for _, i in units.values()]
        quota = next((float(included[i]) for i in at if not absent(included[i])), None)
        place = next((str(pool[i]) for i in at if not absent(pool[i])), None)
        unit = _unit(units)
        wrong = "; ".join(gaps) or (
            f"{product}: sold by {', '.join(sorted(units))}, expected one of {', '.join(UNITS)}, or kinds of tokens"
            if unit is None
            else ""
        )
        found[product] = wrong or Offer(product, str(unit), priced, quota, place)
    return found


def _unit(units: Mapping[str, object]) -> str | None:
    """Return the one unit of a product; kinds of tokens are one."""
    if set(units) <= set(KINDS):
        return "tokens"
    return next(iter(units)) if len(units) == 1 and set(units) <= set(UNITS) else None
