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
from typing import Any

from hardgate.core.money import CENT, cents, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.pricing.bundle_market import DRAWS, SEARCHED, Market, market_of
from hardgate.pricing.bundle_plans import PLANS, solve


def build(evidence: Evidence) -> Table:
    """Build the offers, who takes them, and the plans beside today."""
    market = market_of(evidence)
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
        money = [cents(n * (p or 0.0)) for n, p in zip(taken, (today, price), strict=True)]
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
                *(cents(size * one) for one in paid),
                "",
                "",
            )
        )
    return rows


def _plans(found: dict[str, Any]) -> list[tuple[Cell, ...]]:
    return [
        (f"plan: {name}", "", "", "", "", "", "", "", cents(found[name]["revenue"]), cents(found[name]["profit"]),
         f"{found[name]['mean']:,.0f} [{found[name]['low']:,.0f}, {found[name]['high']:,.0f}]")
        for name in PLANS
    ]  # fmt: skip


def _sentence(found: dict[str, Any], currency: str) -> str:
    best, today = found["mixed"], found["today"]
    more = short(cents(best["profit"] - today["profit"]), currency)
    surest = max(PLANS, key=lambda name: float(found[name]["mean"]))
    if surest == "today":
        return (
            f"The best prices bring {more} a month more if segments pay what they said, but none over what they might."
        )
    over = short(cents(found[surest]["mean"] - today["mean"]), currency)
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
