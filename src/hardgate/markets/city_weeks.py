"""What an order leaves in each city, week by week: the same levels as the month's P&L, before the books are closed.

The last eight whole weeks, each with its orders and what an order leaves at each level of the declared cost stack.
Wrong as a trend where a week holds a holiday.

Source: METHODS 9, city P&L.

>>> WEEKS
8
"""

from datetime import timedelta

from hardgate.core.days import Window, week_of
from hardgate.core.terms import EVERYTHING, Cell, Chart, Evidence, Exhibit, Heading, Scope, Table
from hardgate.metrics.city_days import counts, money
from hardgate.metrics.columns import cells
from hardgate.metrics.cost_stack import BRING, LEVELS, Stack, stack

WEEKS = 8


def build(evidence: Evidence) -> Table:
    """Build one row a city and week."""
    declared = stack(evidence)
    if declared is None or declared.problems:
        why = "; ".join(declared.problems) if declared else "no cost stack is declared"
        return Table("", missing=f"{why}: {BRING}")
    end = week_of(evidence.last_complete("city_day") + timedelta(days=1))
    window = Window(end - timedelta(weeks=WEEKS), end)
    whole = evidence.rows("city_day", EVERYTHING, window)
    cities = sorted({str(one) for one in cells(whole, "city") if one is not None})
    if not cities:
        return Table("", missing=f"no orders with a city from {window}: bring orders")
    rows: list[tuple[Cell, ...]] = []
    gaps: list[str] = []
    for city in cities:
        for at in range(WEEKS):
            week = Window(window.start + timedelta(weeks=at), window.start + timedelta(weeks=at + 1))
            row, lacking = _row(evidence, declared, city, week)
            rows.append(row)
            gaps += lacking
    orders = sum(int(row[2]) for row in rows if isinstance(row[2], int))
    everything, more = counts(whole, "orders")
    nobody = sum(one for one, city in zip(everything, cells(whole, "city"), strict=True) if city is None)
    return Table(
        sentence=f"{len(cities)} cities over {WEEKS} weeks to {window.end - timedelta(days=1)}: {orders:,} orders.",
        headings=_headings(evidence.currency),
        rows=tuple(rows),
        closing=f"orders of cities {orders:,} + of no city {nobody:,.0f} = {sum(everything):,.0f}",
        closes=orders + nobody == sum(everything),
        notes=tuple(dict.fromkeys((*gaps, *more))),
        batches=evidence.batches("city_day", window),
    )


def _row(evidence: Evidence, declared: Stack, city: str, week: Window) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    rows = evidence.rows("city_day", Scope.of(city=city), week)
    orders, gaps = counts(rows, "orders")
    total = sum(orders)
    each: list[Cell] = []
    for level in LEVELS:
        earned, lacking = money(evidence, rows, declared.columns(level))
        each.append(None if lacking or not total else round(sum(earned) / total, 3))
        gaps += lacking
    return (city, str(week.start), int(total), *each), gaps


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("week"),
        Heading("orders", "", 0),
        *(Heading(f"{level} of an order", currency, 2) for level in LEVELS),
    )


exhibit = Exhibit(
    name="markets.city_weeks",
    question="What does an order leave in each city, week by week?",
    build=build,
    chart=Chart("lines", "week", ("CM2 of an order",)),
)
