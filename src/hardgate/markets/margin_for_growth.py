"""Where are we trading margin for growth: every market with what it bought, what that cost, and whether it comes back.

The last half year by city, region, segment and product, each adding up to the same total: new customers bought, spend
to win them, discounts given, when they pay back and how many never do. Spend is booked by city, and payback is known by
city: segments and products bear both by the new customers they got in each. Wrong where a segment costs more to win, or
brings less, than another of the same city.

Source: METHODS 9.

>>> exhibit.question
'Where are we trading margin for growth?'
"""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, week_of
from hardgate.core.terms import EVERYTHING, Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.cohort_gaps import COUNTS
from hardgate.metrics.cohorts import RECENT, Panel, panel, spend, week_number
from hardgate.metrics.orders_per_km2 import regions
from hardgate.metrics.payback import markets
from hardgate.metrics.payback_risk import GATE
from hardgate.metrics.unplaced_orders import noted

if TYPE_CHECKING:  # the mathematics loads when it is used
    from hardgate.models.payback import Course

NOBODY = "none"
HALF = 0.5
"""More likely than not; and half a unit of currency, below which a sum closes."""
ROUNDING = 0.11
"""What a count of one digit may be off in each row."""
KINDS = ("city", "region", "segment", "product")


def build(evidence: Evidence) -> Table:
    """Build one row a market, all together last."""
    found, rate = panel(evidence), evidence.assumption("discount_rate")
    end = week_of(evidence.last_complete("cohort_week") + timedelta(days=1))
    window = Window(end - timedelta(weeks=RECENT), end)
    spent, gaps = spend(evidence, window)
    unknown = {} if found is None else found.gaps(evidence)
    told = tuple(one for mine in unknown.values() for one in mine)
    uncounted = ("no whole week of orders",) if found is None else told if (found.lacks & COUNTS).any() else ()
    lacking = (*uncounted, *gaps)
    if found is None or lacking or rate is None:
        why = "; ".join(lacking) or "no discount_rate"
        return Table("", missing=f"{why}: bring orders and acquisition_spend, and set discount_rate")
    inside = (found.week >= week_number(window.start)) & (found.week < week_number(end))
    if not inside.any():
        return Table("", missing=f"no whole week of orders from {window}: bring orders")
    paid = _paybacks(evidence, found, spent, set(unknown), week_number(end), rate.value)
    rows: list[tuple[Cell, ...]] = []
    total = (float(found.new[inside].sum()), sum(spent.values()), float(found.subsidy[inside].sum()))
    whole = _back(found, inside, paid)
    closes = True
    for kind in KINDS:
        mine = _of_kind(found, _names(evidence, found, kind), inside, spent, paid)
        rows += [(kind, *row) for row in mine]
        closes &= all(abs(_added(mine, at) - one) < HALF for at, one in zip((1, 2, 3), total, strict=True))
        closes &= whole[-1] is None or abs(_added(mine, 8) - whole[-1]) < ROUNDING * len(mine)
    money = (round(total[1], 2), round(total[2], 2), round(total[1] + total[2], 2))
    rows.append(("all", "all", round(total[0]), *money, *whole))
    lost = "" if whole[-1] is None else f" {whole[-1]:,.1f} of them never to pay back,"
    return Table(
        sentence=_sentence(evidence, rows),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=(
            f"each of {', '.join(KINDS)} adds up to {total[0]:,.0f} new customers,{lost} {total[1]:,.2f} spent and "
            f"{total[2]:,.2f} given away"
        ),
        closes=closes,
        notes=(
            *told,
            *noted(evidence, window),
            f"{window}; payback of a city is the shifted beta-geometric's projection, and its window 90 % of the draws",
            "of all else it is that of the new customers, each as in their city",
            "segments and products bear the spend of a city by their new customers in it",
        ),
        batches=tuple(sorted({*evidence.batches("cohort_week"), *evidence.batches("acquisition_day", window)})),
    )


def _paybacks(  # noqa: PLR0913  what a payback rests on
    evidence: Evidence, found: Panel, spent: Mapping[str, float], unknown: AbstractSet[str], end: int, rate: float
) -> dict[str, "Course"]:
    """Return in which week how many draws of each city's next customer pay back, where that is known."""
    cities = sorted({str(one) for one in found.city if one is not None} - unknown)
    weeks = int(evidence.limits(GATE, EVERYTHING).payback_weeks)
    groups = {city: found.city == city for city in cities}
    known = markets(evidence, found, groups, spent, end, dict.fromkeys(cities, weeks), rate)
    return {city: one.course for city, one in known.items()}


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


def _of_kind(
    found: Panel,
    named: NDArray[np.object_],
    inside: NDArray[np.bool_],
    spent: Mapping[str, float],
    paid: Mapping[str, "Course"],
) -> list[tuple[Cell, ...]]:
    """Return the rows of one kind of market, dearest first."""
    groups = {name: named == name for name in sorted(set(named.tolist()))}
    costs = _spread(found, groups, inside, spent)
    rows: list[tuple[Cell, ...]] = []
    for name, keep in groups.items():
        new, given = (float(one[keep & inside].sum()) for one in (found.new, found.subsidy))
        money = (round(costs[name], 2), round(given, 2), round(costs[name] + given, 2))
        rows.append((name, round(new), *money, *_back(found, keep & inside, paid)))
    left = round(sum(spent.values()) - sum(costs.values()), 2)
    if abs(left) >= HALF:
        rows.append(("unallocated", 0, left, 0.0, left, "", "", "", 0.0))
    return sorted(rows, key=lambda row: (-_added([row], 4), str(row[0])))


def _back(
    found: Panel, keep: NDArray[np.bool_], paid: Mapping[str, "Course"]
) -> tuple[int | str | None, str | None, float | None, float | None]:
    """Return when the new customers of some rows pay back, the window that holds 90 % of them, and how many never do.

    Each customer is as likely to pay back by a week as the next one of the same city; unknown where one city's is.
    """
    from hardgate.models.payback import mixed, never, reached

    new, cities = found.new[keep], found.city[keep]
    parts = [(str(city), float(new[cities == city].sum())) for city in sorted(set(cities[new > 0].tolist()), key=str)]
    if not parts or any(city not in paid for city, _ in parts):
        return None, None, None, None
    course = mixed([(count, paid[city]) for city, count in parts])
    first, middle, last = ("never" if at is None else at for at in (reached(course, q) for q in (0.05, 0.5, 0.95)))
    lost = sum(count * never(paid[city]) for city, count in parts)
    return middle, f"{first} to {last}" if first != last else str(first), never(course), round(lost, 1)


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
        Heading("customers who never do", "", 1),
    )


exhibit = Exhibit(
    name="markets.margin_for_growth",
    question="Where are we trading margin for growth?",
    build=build,
)
