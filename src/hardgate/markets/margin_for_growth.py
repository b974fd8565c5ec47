"""Where are we trading margin for growth: every market with what it bought, what that cost, and whether it comes back.

The last half year by city, region, segment and product, each adding up to the same total: new customers bought, spend
to win them, discounts given, when the next customer pays back and how many never do. Spend is booked by city; segments
and products bear it by the new customers they got in each city. Wrong where a segment costs more to win than another.

Source: METHODS 9.

>>> exhibit.question
'Where are we trading margin for growth?'
"""

from collections.abc import Mapping
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, week_of
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.cohorts import RECENT, Panel, panel, spend, week_number
from hardgate.metrics.orders_per_km2 import regions
from hardgate.metrics.payback import Market, markets
from hardgate.metrics.payback_risk import GATE

NOBODY = "none"
HALF = 0.5
"""More likely than not; and half a unit of currency, below which a sum closes."""
KINDS = ("city", "region", "segment", "product")


def build(evidence: Evidence) -> Table:
    """Build one row a market, all together last."""
    found, rate = panel(evidence), evidence.assumption("discount_rate")
    end = week_of(evidence.last_complete("cohort_week") + timedelta(days=1))
    window = Window(end - timedelta(weeks=RECENT), end)
    spent, gaps = spend(evidence, window)
    lacking = (*(found.gaps if found else ("no whole week of orders",)), *gaps)
    if found is None or lacking or rate is None:
        why = "; ".join(lacking) or "no discount_rate"
        return Table("", missing=f"{why}: bring orders and acquisition_spend, and set discount_rate")
    inside = (found.week >= week_number(window.start)) & (found.week < week_number(end))
    if not inside.any():
        return Table("", missing=f"no whole week of orders from {window}: bring orders")
    rows: list[tuple[Cell, ...]] = []
    total = (float(found.new[inside].sum()), sum(spent.values()), float(found.subsidy[inside].sum()))
    closes = True
    for kind in KINDS:
        named = _names(evidence, found, kind)
        mine = _of_kind(evidence, found, named, inside, spent, week_number(end), rate.value)
        rows += [(kind, *row) for row in mine]
        closes &= all(abs(_added(mine, at) - one) < HALF for at, one in zip((1, 2, 3), total, strict=True))
    money = (round(total[1], 2), round(total[2], 2), round(total[1] + total[2], 2))
    rows.append(("all", "all", round(total[0]), *money, "", "", ""))
    return Table(
        sentence=_sentence(evidence, rows),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=(
            f"each of {', '.join(KINDS)} adds up to {total[0]:,.0f} new customers, {total[1]:,.2f} spent and "
            f"{total[2]:,.2f} given away"
        ),
        closes=closes,
        notes=(
            f"{window}; payback is the shifted beta-geometric's projection",
            "segments and products bear the spend of a city by their new customers in it",
        ),
        batches=tuple(sorted({*evidence.batches("cohort_week"), *evidence.batches("acquisition_day", window)})),
    )


def _added(rows: list[tuple[Cell, ...]], at: int) -> float:
    return sum(one for row in rows if isinstance(one := row[at], int | float))


def _names(evidence: Evidence, found: Panel, kind: str) -> NDArray[np.object_]:
    """Return the market of each row of the panel."""
    column = {"segment": found.segment, "product": found.product}.get(kind, found.city)
    place = regions(evidence) if kind == "region" else None
    known = {
        one: NOBODY if one is None else str(one) if place is None else place.get(str(one), NOBODY)
        for one in set(column.tolist())
    }
    return np.array([known[one] for one in column.tolist()], object)


def _of_kind(  # noqa: PLR0913  what a row rests on
    evidence: Evidence,
    found: Panel,
    named: NDArray[np.object_],
    inside: NDArray[np.bool_],
    spent: Mapping[str, float],
    end: int,
    rate: float,
) -> list[tuple[Cell, ...]]:
    """Return the rows of one kind of market, dearest first."""
    groups = {name: named == name for name in sorted(set(named.tolist()))}
    costs = _spread(found, groups, inside, spent)
    weeks = int(evidence.limits(GATE, EVERYTHING).payback_weeks)
    paid = markets(evidence, found, groups, costs, end, dict.fromkeys(groups, weeks), rate)
    rows = []
    for name, keep in groups.items():
        new, given = (float(one[keep & inside].sum()) for one in (found.new, found.subsidy))
        rows.append(
            (
                name,
                round(new),
                round(costs[name], 2),
                round(given, 2),
                round(costs[name] + given, 2),
                *_paid(paid.get(name)),
            )
        )
    left = round(sum(spent.values()) - sum(costs.values()), 2)
    if abs(left) >= HALF:
        rows.append(("unallocated", 0, left, 0.0, left, "", "", ""))
    return sorted(rows, key=lambda row: (-float(row[4]), str(row[0])))


def _paid(market: Market | None) -> tuple[Cell, ...]:
    if market is None:
        return (None, None, None)
    window = (
        "never" if market.median is None else f"{market.low} to {market.high if market.high is not None else 'never'}"
    )
    return ("never" if market.median is None else market.median, window, market.never)


def _spread(
    found: Panel, groups: Mapping[str, NDArray[np.bool_]], inside: NDArray[np.bool_], spent: Mapping[str, float]
) -> dict[str, float]:
    """Return what each market's new customers cost: each city's spend by where its new customers are."""
    total = dict.fromkeys(groups, 0.0)
    for city, amount in spent.items():
        here = inside & (found.city == city)
        new = float(found.new[here].sum())
        for name, keep in groups.items():
            total[name] += amount * float(found.new[here & keep].sum()) / new if new else 0.0
    return total


def _sentence(evidence: Evidence, rows: list[tuple[Cell, ...]]) -> str:
    cities = [row for row in rows if row[0] == "city" and isinstance(row[8], float)]
    lost = [row for row in cities if isinstance(row[8], float) and row[8] > HALF]
    if not lost:
        return "No city is more likely than not to lose what its growth costs."
    cost = sum(float(row[5]) for row in lost if isinstance(row[5], float))
    return (
        f"{', '.join(str(row[1]) for row in lost)} gave up {evidence.currency} {cost:,.2f} in half a year for "
        "customers who will more likely than not never pay it back."
    )


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("kind"),
        Heading("market"),
        Heading("new customers", "", 0),
        Heading("spent to win them", currency, 2),
        Heading("given away", currency, 2),
        Heading("margin given up", currency, 2),
        Heading("payback", "weeks", 0),
        Heading("payback window", "weeks"),
        Heading("never pays back", "share"),
    )


exhibit = Exhibit(
    name="markets.margin_for_growth",
    question="Where are we trading margin for growth?",
    build=build,
)
