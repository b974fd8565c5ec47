"""What each city earns, level by level of the declared cost stack, closing to the books of the month.

CM1, CM2 and CM3 of each city in money and per order for the last month in the books, the bridge from the month before
(orders and what an order leaves), then the centre, what the books say otherwise than the orders, and what the stack
does not know. Wrong when a shared cost is booked in one city: then that city pays for the others.

Source: METHODS 9, city P&L; CM1 to CM3 are as declared, no standard.

>>> exhibit.question
'What does each city earn, and does it close to the books?'
"""

from decimal import Decimal

from hardgate.core.days import add_months
from hardgate.core.money import CENT, cents
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Table
from hardgate.metrics.city_books import Month, bridge, last_month, month
from hardgate.metrics.cost_stack import BRING, LEVELS, stack
from hardgate.metrics.unplaced_orders import noted

NOBODY = "no city"
ROLLUPS = ("city_day", "city_ledger_month", "acquisition_day")


def build(evidence: Evidence) -> Table:
    """Build one row a city, then the centre and the rest."""
    declared, first = stack(evidence), last_month(evidence)
    if declared is None or declared.problems:
        why = "; ".join(declared.problems) if declared else "no cost stack is declared"
        return Table("", missing=f"{why}: {BRING}")
    if first is None or not evidence.rows("city_day").count:
        return Table("", missing="no month in the books of the cities: bring city_ledger and orders")
    now, before = (month(evidence, one, declared) for one in (first, add_months(first, -1)))
    if now.gaps:
        return Table("", missing=f"{'; '.join(now.gaps[:3])}: bring these amounts, or correct them")
    rows = [_row(now, before, city) for city in now.cities]
    total = sum((now.upto(city, "CM3") for city in now.cities), Decimal(0))
    rest = (("centre", now.centre), ("books less orders", now.difference), ("unallocated", now.unallocated))
    rows += [(name, *([""] * 7), cents(amount), *([""] * 3)) for name, amount in rest]
    whole = total + sum((amount for _, amount in rest), Decimal(0))
    best = max((city for city in now.cities if city), key=lambda city: (now.upto(city, "CM3"), city), default=NOBODY)
    return Table(
        sentence=(
            f"In {first:%Y-%m} the cities left {evidence.currency} {cents(total):,.2f} after all that is given away; "
            f"{best} left most."
        ),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=(
            f"cities {cents(total):,.2f} + centre {cents(now.centre):,.2f} + books less orders "
            f"{cents(now.difference):,.2f} + unallocated {cents(now.unallocated):,.2f} "
            f"= ledger {cents(now.ledger):,.2f}"
        ),
        closes=abs(whole - now.ledger) < CENT,
        notes=(
            declared.printed(),
            *(f"not in the cost stack: {one}; give it a level in cost_stack" for one in now.unmapped),
            *_unbridged(before),
            *noted(evidence, now.window),
        ),
        batches=tuple(sorted({one for name in ROLLUPS for one in evidence.batches(name, now.window)})),
    )


def _unbridged(before: Month) -> tuple[str, ...]:
    return (f"the month before is not known: {before.gaps[0]}",) if before.gaps else ()


def _row(now: Month, before: Month, city: str) -> tuple[Cell, ...]:
    orders = now.orders.get(city, 0)
    levels = [now.upto(city, level) for level in LEVELS]
    each = [round(float(amount) / orders, 3) if orders else None for amount in levels]
    basket = round(float(now.value.get(city, Decimal(0))) / orders, 2) if orders else None
    known = not before.gaps
    was = float(before.upto(city, "CM3"))
    moved = bridge(was, before.orders.get(city, 0), float(levels[-1]), orders) if known else (None, None)
    money = (cents(one) for one in levels)
    return (city or NOBODY, orders, basket, *each, *money, round(was, 2) if known else None, *moved)


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("orders", "", 0),
        Heading("basket", currency, 2),
        *(Heading(f"{level} of an order", currency, 2) for level in LEVELS),
        *(Heading(level, currency, 2) for level in LEVELS),
        Heading("CM3 a month before", currency, 2),
        Heading("by orders", currency, 2),
        Heading("by what an order leaves", currency, 2),
    )


exhibit = Exhibit(
    name="markets.city_pnl",
    question="What does each city earn, and does it close to the books?",
    build=build,
    chart=Chart("bars", "city", ("CM3",)),
)
