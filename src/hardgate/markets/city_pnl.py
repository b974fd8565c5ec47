"""What each city earns, level by level of the declared cost stack, closing to the books of the month.

CM1, CM2 and CM3 of each city in money and per order for the last month in the books, the bridge from the month before
(orders and what an order leaves), then the centre, what the books say otherwise than the orders, and what the stack
does not know. A city of which an amount is not known is unknown, with what to correct; the others stand, and what the
books hold of it is a row of its own, in no total of the cities. Wrong when a shared cost is booked in one city: then
that city pays for the others.

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
    gaps = now.gaps or tuple(why for said in now.unread.values() for why in said if set(now.cities) <= set(now.unread))
    if gaps:
        return Table("", missing=f"{'; '.join(gaps[:3])}: bring these amounts, or correct them")
    rows = [_row(now, before, city) for city in now.cities]
    total = sum((now.upto(city, "CM3") for city in now.cities if city not in now.unread), Decimal(0))
    rest = [("centre", now.centre), ("books less orders", now.difference), ("unallocated", now.unallocated)]
    if now.unread:
        rest.insert(0, ("cities that are not known, by the books", now.unread_books))
    rows += [(name, *([""] * 7), cents(amount), *([""] * 3)) for name, amount in rest]
    cities = "cities that are known" if now.unread else "cities"
    whole = total + sum((amount for _, amount in rest), Decimal(0))
    parts = " + ".join(f"{name} {cents(amount):,.2f}" for name, amount in [(cities, total), *rest])
    return Table(
        sentence=_sentence(now, total, evidence.currency),
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=f"{parts} = ledger {cents(now.ledger):,.2f}",
        closes=abs(whole - now.ledger) < CENT,
        notes=(
            *(f"{city or NOBODY} is not known: {'; '.join(why)}" for city, why in now.unread.items()),
            declared.printed(),
            *(f"not in the cost stack: {one}; give it a level in cost_stack" for one in now.unmapped),
            *_unbridged(now, before),
            *noted(evidence, now.window),
        ),
        batches=tuple(sorted({one for name in ROLLUPS for one in evidence.batches(name, now.window)})),
    )


def _sentence(now: Month, total: Decimal, currency: str) -> str:
    known = [city for city in now.cities if city not in now.unread]
    best = max((city for city in known if city), key=lambda city: (now.upto(city, "CM3"), city), default=NOBODY)
    left = f"left {currency} {cents(total):,.2f} after all that is given away"
    if not now.unread:
        return f"In {now.window.start:%Y-%m} the cities {left}; {best} left most."
    blind = ", ".join(city or NOBODY for city in now.unread)
    return (
        f"In {now.window.start:%Y-%m} {len(known)} of {len(now.cities)} cities {left}, {best} most; "
        f"what {blind} left is not known and in no total."
    )


def _unbridged(now: Month, before: Month) -> tuple[str, ...]:
    if before.gaps:
        return (f"the month before is not known: {before.gaps[0]}",)
    return tuple(
        f"{city or NOBODY} is not known a month before: {'; '.join(why)}"
        for city, why in before.unread.items()
        if city in now.cities
    )


def _row(now: Month, before: Month, city: str) -> tuple[Cell, ...]:
    orders = now.orders.get(city, 0)
    value = now.value.get(city)
    basket = round(float(value) / orders, 2) if orders and value is not None else None
    there = not before.gaps and city not in before.unread
    was = float(before.upto(city, "CM3"))
    if city in now.unread:
        return (city or NOBODY, orders, basket, *([None] * 6), round(was, 2) if there else None, None, None)
    levels = [now.upto(city, level) for level in LEVELS]
    each = [round(float(amount) / orders, 3) if orders else None for amount in levels]
    moved = bridge(was, before.orders.get(city, 0), float(levels[-1]), orders) if there else (None, None)
    return (city or NOBODY, orders, basket, *each, *map(cents, levels), round(was, 2) if there else None, *moved)


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
