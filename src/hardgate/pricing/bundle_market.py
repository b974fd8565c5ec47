"""The market of a bundle: what segments would pay for which products, and what those cost by list and at least.

Every segment must have been asked about every product, and money is a month's in the reporting currency. Wrong when
the newest survey asked other people than the one before: only its own answers count.

>>> MOST_PRODUCTS, MOST_SEGMENTS
(4, 10)
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from hardgate.core.terms import Evidence, Scope
from hardgate.gates.judge import window_of
from hardgate.metrics.columns import absent, amounts, cells, dates
from hardgate.metrics.offers import Offer, offers
from hardgate.metrics.price_floor import margin
from hardgate.metrics.price_floor import metric as price_floor
from hardgate.metrics.reporting_currency import converted
from hardgate.metrics.selling_price import metric as selling_price
from hardgate.pricing.floor import gate as floor_gate

MOST_PRODUCTS, MOST_SEGMENTS = 4, 10


DRAWS, SEARCHED, SEED = 2000, 400, 20260907


@dataclass(frozen=True, slots=True)
class Market:
    """Segments and products as plain numbers, in the reporting currency and per month."""

    segments: tuple[str, ...]
    sizes: tuple[float, ...]
    products: tuple[str, ...]
    quantities: tuple[float, ...]
    values: tuple[tuple[float, ...], ...]
    deviations: tuple[tuple[float, ...], ...]
    prices: tuple[float, ...]
    costs: tuple[float, ...]
    floors: tuple[float, ...]
    gpu_hours: tuple[float, ...]
    capacity: float | None

    def inputs(self) -> dict[str, Any]:
        """Return everything that the answer depends on."""
        return {
            "sizes": self.sizes, "values": self.values, "deviations": self.deviations, "prices": self.prices,
            "costs": self.costs, "floors": self.floors, "gpu_hours": self.gpu_hours, "capacity": self.capacity,
            "draws": [DRAWS, SEARCHED], "seed": SEED,
        }  # fmt: skip


def market_of(evidence: Evidence) -> Market | str:
    """Return the market as the newest survey has it, or what is missing of it."""
    rows = evidence.rows("reservation_price")
    if not rows.count:
        return "no reservation prices of segments: bring reservation_prices"
    newest = max((day for day in dates(rows, "day") if day is not None), default=evidence.as_of)
    money, spread = (converted(evidence, rows, name).amounts for name in ("value", "deviation"))
    answers: dict[tuple[str, str], tuple[float, float | None, float, float]] = {}
    columns = zip(cells(rows, "segment"), cells(rows, "product"), dates(rows, "day"), strict=True)
    customers, quantity = cells(rows, "customers"), cells(rows, "quantity")
    stated = amounts(rows, "deviation")
    for i, (segment, product, day) in enumerate(columns):
        if day == newest and segment is not None and product is not None:
            worth = money[i]
            if (
                worth is None
                or absent(customers[i])
                or absent(quantity[i])
                or (stated[i] is not None and spread[i] is None)
            ):
                return f"{segment} has no value of {product}, no customers or no rate: bring reservation_prices"
            answers[str(segment), str(product)] = (
                float(worth),
                float(spread[i] or 0),
                float(customers[i]),
                float(quantity[i]),
            )
    segments, products = (tuple(sorted({key[at] for key in answers})) for at in (0, 1))
    if not 0 < len(segments) <= MOST_SEGMENTS or not 0 < len(products) <= MOST_PRODUCTS:
        most = f"the exact answer takes up to {MOST_PRODUCTS} and {MOST_SEGMENTS}; bring fewer"
        return f"{len(products)} products and {len(segments)} segments: {most}"
    holes = [key for key in ((s, p) for s in segments for p in products) if key not in answers]
    if holes:
        return f"{holes[0][0]} was not asked about {holes[0][1]}: bring reservation_prices of every segment and product"
    return _apart(answers, segments, products) or _priced(evidence, answers, segments, products, newest)


def _apart(
    answers: dict[tuple[str, str], tuple[float, float | None, float, float]],
    segments: tuple[str, ...],
    products: tuple[str, ...],
) -> str:
    """Say where segments were asked about different quantities of a product, or one has two numbers of customers."""
    for product in products:
        many = {answers[one, product][3]: one for one in segments}
        if len(many) > 1:
            said = " and ".join(f"{quantity:g} to {segment}" for quantity, segment in sorted(many.items())[:2])
            return f"{product} was offered by {said}: bring reservation_prices of one quantity for every segment"
    for segment in segments:
        firms = sorted({answers[segment, one][2] for one in products})
        if len(firms) > 1:
            return f"{segment} has {firms[0]:g} and {firms[1]:g} customers: bring reservation_prices with one number"
    return ""


def _priced(
    evidence: Evidence,
    answers: dict[tuple[str, str], tuple[float, float | None, float, float]],
    segments: tuple[str, ...],
    products: tuple[str, ...],
    day: date,
) -> Market | str:
    """Add what the products cost by list, and their floors."""
    listed = offers(evidence, evidence.as_of)
    prices, costs, floors, hours, quantities = [], [], [], [], []
    for product in products:
        one, many = listed.get(product), answers[segments[0], product][3]
        floor = evidence.reading(price_floor, Scope.of(product=product), window_of(floor_gate, price_floor, evidence))
        if not isinstance(one, Offer) or floor.value is None:
            return f"{product}: {floor.because or one}; asked for on {day}"
        price = one.prices.get(one.unit) or evidence_price(evidence, product)
        if price is None:
            return f"{product} has no price of one unit: bring price_list"
        prices.append(price * many)
        floors.append(floor.value * many)
        costs.append(floor.value * many * (1 - margin(evidence, Scope.of(product=product))))
        hours.append(dict(floor.facts).get("gpu_hours_per_unit", 1.0 if one.unit == "gpu_hour" else 0.0) * many)
        quantities.append(many)
    cap = evidence.assumption("bundle_gpu_hours")
    every = [[answers[s, p] for p in products] for s in segments]
    return Market(
        segments, tuple(answers[s, products[0]][2] for s in segments), products, tuple(quantities),
        tuple(tuple(a for a, *_ in row) for row in every),
        tuple(tuple(float(b or 0) for _, b, *_ in row) for row in every),
        _rounded(prices), _rounded(costs), _rounded(floors), _rounded(hours),
        None if cap is None else cap.value,
    )  # fmt: skip


def _rounded(numbers: Sequence[float]) -> tuple[float, ...]:
    return tuple(round(one, 6) for one in numbers)


def evidence_price(evidence: Evidence, product: str) -> float | None:
    """Return the price of a million tokens at the mix that is used."""
    return evidence.reading(
        selling_price, Scope.of(product=product), window_of(floor_gate, selling_price, evidence)
    ).value
