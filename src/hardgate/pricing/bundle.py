"""What a bundle of AI, compute and storage should cost, from what segments would pay, above the floors.

Every segment takes the offer that leaves it the most; the best prices are exact (see models). Components, one bundle
of everything, and every bundle at its own price stand beside today's list; what segments pay less than today is the
revenue that the bundle eats. Profit is what prices leave above cost, the floor without the margin that policy adds to
it; it is shown over 2,000 draws of what segments might really pay, not at one point. Wrong when a segment is not one:
split it.

Source: Hanson & Martin 1990; Stigler 1963; METHODS 6.

>>> exhibit.question
'What should a bundle cost, who takes it, and what does it eat?'
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hardgate.core.money import CENT, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Scope, Table
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
PLANS = ("today", "components", "one bundle", "mixed", "for doubt")


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


def build(evidence: Evidence) -> Table:
    """Build the offers, who takes them, and the plans beside today."""
    market = _market(evidence)
    if isinstance(market, str):
        return Table("", missing=market)
    inputs = market.inputs()
    found = evidence.kept("pricing.bundle", inputs, lambda: solve(inputs))
    rows = [*_offers(market, found), *_choices(market, found), *_plans(found)]
    best, today = found["mixed"], found["today"]
    eaten = found["eaten"]
    closing = (
        f"revenue today {today['revenue']:,.2f} - eaten {eaten['lost']:,.2f} + new {eaten['gained']:,.2f}"
        f" = {best['revenue']:,.2f} {evidence.currency} a month"
    )
    closes = abs(today["revenue"] - eaten["lost"] + eaten["gained"] - best["revenue"]) <= float(CENT)
    worst = max(found[name]["profit"] for name in PLANS[1:3])
    return Table(
        sentence=_sentence(found, evidence.currency),
        headings=_headings(),
        rows=tuple(rows),
        closing=closing,
        closes=closes and best["profit"] >= worst - float(CENT),
        notes=(
            f"the best prices take {_taken(market, found['mixed'], found)}",
            f"profit over {DRAWS:,} draws of what segments would pay: mean, and from 5 % to 95 % of them",
            f"the prices for doubt have the best mean of those tried on {SEARCHED} other draws",
            "the floors are those of pricing.floor; no offer is below them, and none above the sum of its parts",
        ),
        batches=tuple(sorted({*evidence.batches("reservation_price"), *evidence.batches("list_price")})),
    )


def solve(inputs: dict[str, Any]) -> dict[str, Any]:
    """Return the plans with their prices, choices, revenue and profit, over draws as well."""
    import numpy as np

    from hardgate.models.bundle import Segment, at_prices, best_components, best_mixed, best_pure, bundles_of, profits
    from hardgate.models.bundle_doubt import best_over

    sizes, products = inputs["sizes"], len(inputs["floors"])
    segments = [Segment(size, tuple(row)) for size, row in zip(sizes, inputs["values"], strict=True)]
    costs, floors, needs = inputs["costs"], inputs["floors"], inputs["gpu_hours"]
    names = bundles_of(products)
    terms: dict[str, Any] = {"needs": needs, "capacity": inputs["capacity"], "products": products}
    listed = [sum(inputs["prices"][i] for i in one) for one in names]
    plans = {
        "today": at_prices(segments, costs, listed, products=products),
        "components": best_components(segments, costs, floors, **terms),
        "one bundle": best_pure(segments, costs, floors, **terms),
        "mixed": best_mixed(segments, costs, floors, **terms),
    }
    spent, least, hours = ([sum(each[i] for i in one) for one in names] for each in (costs, floors, needs))
    # Priced on some draws and judged on others.
    values, others = (_drawn(inputs, names, inputs["seed"] + at, draws) for at, draws in enumerate((DRAWS, SEARCHED)))
    starts = [one.prices for one in plans.values()]
    doubted = best_over(
        others, sizes, spent, starts, bundles=names, floors=least, needs=hours, capacity=inputs["capacity"]
    )
    plans["for doubt"] = at_prices(segments, costs, [round(one, 4) for one in doubted], products=products)
    told: dict[str, Any] = {}
    for name, plan in plans.items():
        drawn = profits(values, sizes, spent, plan.prices)
        told[name] = {
            "prices": [None if one is None else round(one, 4) for one in plan.prices],
            "choices": list(plan.choices), "profit": round(plan.profit, 2), "revenue": round(plan.revenue, 2),
            "mean": round(float(drawn.mean()), 2), "low": round(float(np.quantile(drawn, 0.05)), 2),
            "high": round(float(np.quantile(drawn, 0.95)), 2),
        }  # fmt: skip
    paid = [
        [0.0 if at is None else plans[name].prices[at] or 0.0 for at in plans[name].choices]
        for name in ("today", "mixed")
    ]
    change = [round(n * (new - old), 6) for n, old, new in zip(sizes, *paid, strict=True)]
    told["eaten"] = {
        "lost": abs(sum(one for one in change if one < 0)),
        "gained": sum(one for one in change if one > 0),
    }
    told["bundles"] = [list(one) for one in names]
    return told


def _drawn(inputs: dict[str, Any], names: Sequence[Sequence[int]], seed: int, draws: int) -> Any:  # noqa: ANN401  an array
    """Return what segments would pay for every bundle, shape (draws, segments, bundles)."""
    import numpy as np

    noise = np.random.default_rng(seed).normal(size=(draws, len(inputs["values"]), len(inputs["floors"])))
    single = np.maximum(np.array(inputs["values"]) + noise * np.array(inputs["deviations"]), 0.0)
    return np.stack([single[..., list(one)].sum(axis=-1) for one in names], axis=-1)


def _market(evidence: Evidence) -> Market | str:
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


def _name(market: Market, bundle: Sequence[int]) -> str:
    words = []
    for i in bundle:
        many = market.quantities[i]
        words.append(market.products[i] if many == 1 else f"{many:g} {market.products[i]}")
    return " + ".join(words)


def _offers(market: Market, found: dict[str, Any]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for at, bundle in enumerate(found["bundles"]):
        taken = [
            sum(n for n, choice in zip(market.sizes, found[name]["choices"], strict=True) if choice == at)
            for name in ("today", "mixed")
        ]
        today, price, doubted = (found[name]["prices"][at] for name in ("today", "mixed", "for doubt"))
        floor = round(sum(market.floors[i] for i in bundle), 4)
        money = [_cents(n * (p or 0.0)) for n, p in zip(taken, (today, price), strict=True)]
        rows.append((_name(market, bundle), today, price, doubted, floor, taken[0], taken[1], *money, "", ""))
    return rows


def _choices(market: Market, found: dict[str, Any]) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for k, segment in enumerate(market.segments):
        cells_: list[Cell] = []
        for name in ("today", "mixed"):
            at = found[name]["choices"][k]
            cells_.append("nothing" if at is None else _name(market, found["bundles"][at]))
        paid = [
            0.0 if found[n]["choices"][k] is None else found[n]["prices"][found[n]["choices"][k]]
            for n in ("today", "mixed")
        ]
        size = market.sizes[k]
        rows.append(
            (
                f"{segment}: {cells_[0]} -> {cells_[1]}",
                *paid,
                "",
                "",
                size,
                size,
                *(_cents(size * one) for one in paid),
                "",
                "",
            )
        )
    return rows


def _plans(found: dict[str, Any]) -> list[tuple[Cell, ...]]:
    return [
        (f"plan: {name}", "", "", "", "", "", "", "", _cents(found[name]["revenue"]), _cents(found[name]["profit"]),
         f"{found[name]['mean']:,.0f} [{found[name]['low']:,.0f}, {found[name]['high']:,.0f}]")
        for name in PLANS
    ]  # fmt: skip


def _cents(amount: float) -> Decimal:
    return Decimal(repr(float(amount))).quantize(CENT)


def _sentence(found: dict[str, Any], currency: str) -> str:
    best, today = found["mixed"], found["today"]
    more = short(_cents(best["profit"] - today["profit"]), currency)
    surest = max(PLANS, key=lambda name: float(found[name]["mean"]))
    if surest == "today":
        return (
            f"The best prices bring {more} a month more if segments pay what they said, but none over what they might."
        )
    over = short(_cents(found[surest]["mean"] - today["mean"]), currency)
    said = "prices for doubt" if surest == "for doubt" else surest
    return (
        f"The best prices bring {more} a month more than today's if segments pay what they said; "
        f"over what they might pay, {said} bring most, {over} more on average."
    )


def _taken(market: Market, plan: dict[str, Any], found: dict[str, Any]) -> str:
    taken = {at for at in plan["choices"] if at is not None}
    return " and ".join(_name(market, found["bundles"][at]) for at in sorted(taken)) or "nothing"


def _headings() -> tuple[Heading, ...]:
    return (
        Heading("offer, segment or plan"),
        Heading("price today", "currency", 2),
        Heading("best price", "currency", 2),
        Heading("price for doubt", "currency", 2),
        Heading("floor", "currency", 2),
        Heading("customers today", "", 0),
        Heading("customers", "", 0),
        Heading("revenue today", "currency", 2),
        Heading("revenue", "currency", 2),
        Heading("profit", "currency", 2),
        Heading("profit over draws"),
    )


exhibit = Exhibit(
    name="pricing.bundle",
    question="What should a bundle cost, who takes it, and what does it eat?",
    build=build,
)
