"""Why the margin of all revenue moved between two quarters, and whether it is the rising share of AI in it.

The margin is what is left of all revenue after serving, as a share of it: AI and everything else that is sold. Each
factor gets its mean effect over every order in which the six may change, so that no order is preferred and the parts
add up exactly. Price is the list price at the mix of its quarter (of other products what was charged), subsidy what AI
was charged below it. Mix is first how much of AI and of the rest is sold, then what is sold inside each. The share of
hours used is the productive one for AI and the sold one for the rest; unit cost is the GPU-hours of a unit with the
cost of an installed hour and all that is priced beside. Wrong as a statement of cause: it splits a formula.

Source: Shapley 1953 and Shorrocks 2013 for the split; METHODS 5.

>>> exhibit.question
'Why did the margin move, and is it the rising share of AI?'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window, add_months
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.ai_revenue import units_of
from hardgate.metrics.cost_source import SOURCES, cost
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import Offer, offer
from hardgate.metrics.product_cost import Served, batches, served
from hardgate.pricing.margin_state import AI, FACTORS, OTHER, State, paired, whole
from hardgate.pricing.other_products import BRING, others

DIGITS = 6
MONTHS = 3


@dataclass(frozen=True, slots=True)
class Quarter:
    """All that was sold in one quarter, by group and product."""

    window: Window
    products: Mapping[tuple[str, str], State]

    def revenue(self, group: str | None = None) -> float:
        """What was charged, of all or of one group."""
        return sum(one.revenue for key, one in self.products.items() if group in {None, key[0]})

    def cost(self, group: str | None = None) -> float:
        """What it cost, of all or of one group."""
        return sum(one.cost for key, one in self.products.items() if group in {None, key[0]})

    def margin(self, group: str) -> float | None:
        """What is left of the revenue of a group, as a share of it."""
        revenue = self.revenue(group)
        return round(1.0 - self.cost(group) / revenue, DIGITS) if revenue > 0 else None

    @property
    def share(self) -> float | None:
        """The share of AI in revenue; None where nothing else is known."""
        known = any(group == OTHER for group, _ in self.products)
        return round(self.revenue(AI) / self.revenue(), DIGITS) if known and self.revenue() > 0 else None


def build(evidence: Evidence) -> Table:
    """Build the bridge between the last three months and the three before."""
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    now = served(evidence, EVERYTHING, end, as_billed, billed=True)
    if isinstance(now, str):
        return Table("", missing=f"{now}: bring usage_events and {evidence.cost_source}")
    then = served(evidence, EVERYTHING, now.window.start, as_billed, billed=True)
    if isinstance(then, str) or then.window.start < add_months(now.window.start, -MONTHS):
        return Table("", missing="no quarter before the last one: bring usage_events of six months")
    quarters = [_quarter(evidence, one) for one in (then, now)]
    lacking = [one for one in quarters if isinstance(one, str)]
    if lacking:
        return Table("", missing=f"{lacking[0]}: bring what is named")
    before, after = (one for one in quarters if not isinstance(one, str))
    if (before.share is None) != (after.share is None):
        bare = before if before.share is None else after
        return Table("", missing=f"no sales beside AI from {bare.window}: {BRING} of six months")
    return _bridge(evidence, before, after, batches(evidence, Window(then.window.start, now.window.end), now.rates))


def _bridge(evidence: Evidence, before: Quarter, after: Quarter, behind: tuple[str, ...]) -> Table:
    from hardgate.models.shapley import parts, rounded

    pairs = paired(before.products, after.products)
    old, new = (whole(pairs, (which,) * len(FACTORS)) for which in (False, True))
    if old is None or new is None:
        return Table("", missing="nothing was charged in one of the quarters: bring what was paid")
    split = parts(lambda state: whole(pairs, state) or 0.0, len(FACTORS))
    first, last = (Decimal(repr(round(one, DIGITS))) for one in (old, new))
    points = tuple(one or Decimal(0) for one in rounded(split, last - first, DIGITS))
    steps = tuple((name, "", float(one), "", "", "") for name, one in zip(FACTORS, points, strict=True))
    total = first + sum(points, Decimal(0))
    said = " + ".join(f"{name} {100 * one:+.4f}" for name, one in zip(FACTORS, points, strict=True))
    sold = evidence.batches("sales_month", Window(before.window.start, after.window.end))
    return Table(
        sentence=_sentence(before, after, first, last, points),
        headings=(
            Heading("step"), Heading("margin", "share", 2), Heading("change", "share", 2),
            Heading("AI of revenue", "share", 2), Heading("margin of AI", "share", 2),
            Heading("margin of the rest", "share", 2),
        ),
        rows=(_row(before, first), *steps, _row(after, last)),
        closing=f"{100 * first:.4f} % + {said} points = {100 * total:.4f} %; margin {100 * last:.4f} %",
        closes=total == last,
        notes=(
            *(_note(evidence, one) for one in (before, after)),
            "the parts are means over every order of change (Shapley)",
        ),
        batches=tuple(sorted({*behind, *sold})),
    )  # fmt: skip


def _row(one: Quarter, margin: Decimal) -> tuple[Cell, ...]:
    alone = one.share is None
    return (
        f"margin, {one.window}", float(margin), "", "" if alone else one.share, one.margin(AI),
        "" if alone else one.margin(OTHER),
    )  # fmt: skip


def _note(evidence: Evidence, one: Quarter) -> str:
    """Say what was charged and what it cost, and what of the bill no product took."""
    money = f"{one.window}: revenue of AI {one.revenue(AI):,.2f} + of the rest {one.revenue(OTHER):,.2f}"
    said = f"{money} = {one.revenue():,.2f} {evidence.currency}"
    if one.share is None:
        return f"{money.partition(' + ')[0]} {evidence.currency}; nothing is known of other products: {BRING}"
    spent = cost(evidence, evidence.cost_source, one.window)
    if spent.total is None:
        return said
    of_pools = sum(
        state.units * sum(hours * paid / share for hours, paid, share in state.pools.values())
        for state in one.products.values()
    )
    rest = float(spent.total) - of_pools
    words = SOURCES[evidence.cost_source].words
    return f"{said}; of the {words} {rest:,.2f} is of no product: pools that sold nothing, and what no rule allocates"


def _quarter(evidence: Evidence, found: Served) -> Quarter | str:
    """Return all that was sold in the quarter of some usage, or what is missing for it."""
    mine = _states(evidence, found)
    if isinstance(mine, str):
        return mine
    hours = {pool: float(found.taken.gpu_hours[found.usage.of("pool", pool)].sum()) for pool in sorted(found.rates)}
    rest = others(evidence, found.window, frozenset(mine), hours)
    if isinstance(rest, str):
        return rest
    every = {**{(AI, name): one for name, one in mine.items()}, **{(OTHER, name): one for name, one in rest.items()}}
    return Quarter(found.window, every)


def _states(evidence: Evidence, found: Served) -> dict[str, State] | str:
    """Return every product of a quarter, or what is missing for one."""
    if found.gaps or found.brought.gaps:
        return "; ".join((*found.gaps, *found.brought.gaps)[:2])
    names = {*found.usage.names("product"), *(product for _, product in found.brought.seats)}
    made: dict[str, State] = {}
    for name in sorted(names):
        one = offer(evidence, name, min(found.window.end - timedelta(days=1), evidence.as_of))
        if isinstance(one, str):
            return one
        state = _state(found, name, one)
        if state is None:
            return f"{name}: no units, no price, or a charge that is not known"
        made[name] = state
    return made


def _state(found: Served, name: str, one: Offer) -> State | None:
    usage, taken = found.usage, found.taken
    mask = usage.of("product", name)
    seats = {key: fee for key, fee in found.brought.seats.items() if key[1] == name}
    hours = {pool: float(taken.gpu_hours[mask & usage.of("pool", pool)].sum()) for pool in sorted(found.rates)}
    tokens = usage.tokens[mask].sum(axis=0)
    units = units_of(usage.calls[mask], usage.tokens[mask], seats, one.unit, sum(hours.values()))
    price = one.price(tokens)
    charged = float(found.brought.by_row[mask].sum()) + sum(fee.fee for fee in seats.values())
    beside = float((taken.hosted + taken.beside.sum(axis=1))[mask].sum())
    if price is None or not units > 0 or np.isnan(charged) or np.isnan(beside):
        return None
    pools = {p: (hours[p] / units, found.rates[p].used, found.rates[p].share.value) for p in hours if hours[p] > 0}
    return State(units, price, price - charged / units, beside / units, pools)


def _sentence(before: Quarter, after: Quarter, first: Decimal, last: Decimal, points: tuple[Decimal, ...]) -> str:
    moved, at = last - first, max(range(len(points)), key=lambda i: abs(points[i]))
    went = f"went from {100 * first:.2f} % to {100 * last:.2f} %, by {100 * moved:+.2f} points"
    most = f"most of it is {FACTORS[at]}, {100 * points[at]:+.2f}"
    if before.share is None or after.share is None:
        return f"The margin of AI alone {went}; {most}."
    share = f"AI's share of revenue from {100 * before.share:.2f} % to {100 * after.share:.2f} %"
    return f"The margin {went}, {share}; {most}."


exhibit = Exhibit(
    name="pricing.margin_bridge",
    question="Why did the margin move, and is it the rising share of AI?",
    build=build,
    chart=Chart("bars", "step", ("change",)),
)
