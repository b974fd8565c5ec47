"""Why the margin of AI moved between two quarters: price, mix, productive share, unit cost and subsidy.

The margin is what is left of revenue after serving, as a share of it. Each factor gets its mean effect over every order
in which the five may change, so that no order is preferred and the parts add up exactly. Price is the list price at the
mix of its quarter, subsidy what was charged below it, unit cost the GPU-hours of a unit with the cost of an installed
hour and all that is priced beside, and the productive share is that of installed GPU-hours. The volume as a whole
changes no share of revenue, and so has no part. Wrong as a statement of cause: it splits a formula.

Source: Shapley 1953 and Shorrocks 2013 for the split; METHODS 5.

>>> exhibit.question
'Why did the margin of AI move?'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window, add_months
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.ai_revenue import units_of
from hardgate.metrics.gpu_hour import as_billed
from hardgate.metrics.offers import Offer, offer
from hardgate.metrics.product_cost import Served, batches, served
from hardgate.metrics.reporting_currency import converted

FACTORS = ("price", "mix", "productive share", "unit cost", "subsidy")
DIGITS = 6
MONTHS = 3


@dataclass(frozen=True, slots=True)
class State:
    """One product in one quarter: its units and, per unit, list price, subsidy and what is priced beside.

    By pool: the GPU-hours of a unit, the cost of an installed hour, and the productive share.
    """

    units: float
    price: float
    subsidy: float
    beside: float
    pools: Mapping[str, tuple[float, float, float]]


def build(evidence: Evidence) -> Table:
    """Build the bridge between the last three months and the three before."""
    end = evidence.last_complete("ai_usage_month") + timedelta(days=1)
    now = served(evidence, EVERYTHING, end, as_billed, billed=True)
    if isinstance(now, str):
        return Table("", missing=f"{now}: bring usage_events and {evidence.cost_source}")
    then = served(evidence, EVERYTHING, now.window.start, as_billed, billed=True)
    if isinstance(then, str) or then.window.start < add_months(now.window.start, -MONTHS):
        return Table("", missing="no quarter before the last one: bring usage_events of six months")
    quarters = [_states(evidence, one) for one in (then, now)]
    lacking = [one for one in quarters if isinstance(one, str)]
    if lacking:
        return Table("", missing=f"{lacking[0]}: bring what is named")
    before, after = (one for one in quarters if not isinstance(one, str))
    return _bridge(evidence, then, now, before, after)


def _bridge(evidence: Evidence, then: Served, now: Served, before: dict[str, State], after: dict[str, State]) -> Table:
    from hardgate.models.shapley import parts, rounded

    pairs = {
        name: (before.get(name) or _none(after[name]), after.get(name) or _none(before[name]))
        for name in sorted({*before, *after})
    }
    old, new = (_margin(pairs, (which,) * len(FACTORS)) for which in (False, True))
    if old is None or new is None:
        return Table("", missing="nothing was charged in one of the quarters: bring what was paid")
    split = parts(lambda state: _margin(pairs, state) or 0.0, len(FACTORS))
    first, last = (Decimal(repr(round(one, DIGITS))) for one in (old, new))
    points = tuple(one or Decimal(0) for one in rounded(split, last - first, DIGITS))
    rows: list[tuple[Cell, ...]] = [(f"margin, {then.window}", float(first), "")]
    rows += [(name, "", float(one)) for name, one in zip(FACTORS, points, strict=True)]
    rows.append((f"margin, {now.window}", float(last), ""))
    total = first + sum(points, Decimal(0))
    said = " + ".join(f"{name} {100 * one:+.4f}" for name, one in zip(FACTORS, points, strict=True))
    return Table(
        sentence=_sentence(first, last, points),
        headings=(Heading("step"), Heading("margin", "share", 2), Heading("change", "share", 2)),
        rows=tuple(rows),
        closing=f"{100 * first:.4f} % + {said} points = {100 * total:.4f} %; margin {100 * last:.4f} %",
        closes=total == last,
        notes=_shares(evidence, then, now),
        batches=batches(evidence, Window(then.window.start, now.window.end), now.rates),
    )


def _none(other: State) -> State:
    """Return a product that was not sold: no units, and the terms of the other quarter."""
    return State(0.0, other.price, other.subsidy, other.beside, other.pools)


def _margin(pairs: Mapping[str, tuple[State, State]], state: tuple[bool, ...]) -> float | None:
    price, mix, busy, cost, subsidy = state
    revenue = left = 0.0
    for one in pairs.values():
        paid = one[price].price - one[subsidy].subsidy
        shares = {pool: share for pool, (_, _, share) in one[busy].pools.items()}
        spent = one[cost].beside + sum(
            hours * installed / shares.get(pool, share) for pool, (hours, installed, share) in one[cost].pools.items()
        )
        revenue += one[mix].units * paid
        left += one[mix].units * (paid - spent)
    return left / revenue if revenue > 0 else None


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


def _shares(evidence: Evidence, then: Served, now: Served) -> tuple[str, ...]:
    """Say what share of all revenue AI is in both quarters, where sales are known."""
    said = []
    for one in (then, now):
        rows = evidence.rows("sales_month", Scope(), one.window)
        other = converted(evidence, rows, "net_revenue").total if rows.count else None
        mine = one.brought.total
        if other is not None and mine is not None and float(other) + mine > 0:
            said.append(f"{one.window}: AI brought {100 * mine / (mine + float(other)):.2f} % of all revenue")
    return (*said, "the parts are means over every order of change (Shapley)")


def _sentence(first: Decimal, last: Decimal, points: tuple[Decimal, ...]) -> str:
    moved, at = last - first, max(range(len(points)), key=lambda i: abs(points[i]))
    return (
        f"The margin went from {100 * first:.2f} % to {100 * last:.2f} %, by {100 * moved:+.2f} points; most of it is"
        f" {FACTORS[at]}, {100 * points[at]:+.2f}."
    )


exhibit = Exhibit(
    name="pricing.margin_bridge",
    question="Why did the margin of AI move?",
    build=build,
    chart=Chart("bars", "step", ("change",)),
)
