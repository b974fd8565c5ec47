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
from hardgate.metrics.city_days import counts, money, spent_by_day
from hardgate.metrics.columns import cells
from hardgate.metrics.cost_stack import BRING, LEVELS, SPREAD, Stack, stack
from hardgate.metrics.unplaced_orders import noted

WEEKS = 8
DRAWN = 4
"""The column of CM2, whatever it is called."""


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
    headings = _headings(evidence.currency, declared)
    nobody = sum(one for one, city in zip(everything, cells(whole, "city"), strict=True) if city is None)
    return Table(
        sentence=f"{len(cities)} cities over {WEEKS} weeks to {window.end - timedelta(days=1)}: {orders:,} orders.",
        headings=headings,
        rows=tuple(rows),
        closing=f"orders of cities {orders:,} + of no city {nobody:,.0f} = {sum(everything):,.0f}",
        closes=orders + nobody == sum(everything),
        notes=tuple(dict.fromkeys((*gaps, *more, *_left_out(declared), *noted(evidence, window)))),
        batches=evidence.batches("city_day", window),
        chart=Chart("lines", "week", (headings[DRAWN].name,), by="city"),
    )


def _row(evidence: Evidence, declared: Stack, city: str, week: Window) -> tuple[tuple[Cell, ...], tuple[str, ...]]:
    rows = evidence.rows("city_day", Scope.of(city=city), week)
    orders, gaps = counts(rows, "orders")
    total = sum(orders)
    each: list[Cell] = []
    for level in LEVELS:
        earned, lacking = money(evidence, rows, declared.columns(level))
        spent, unspent = spent_by_day(evidence, declared, level, Scope.of(city=city), week)
        known = not (lacking or unspent) and total
        each.append(round((sum(earned) - sum(spent)) / total, 3) if known else None)
        gaps = (*gaps, *lacking, *unspent)
    return (city, str(week.start), int(total), *each), gaps


def _left_out(declared: Stack) -> tuple[str, ...]:
    """Say which accounts of a level no day is known of, so that the month's figure of that name is another one."""
    missing = [(level, declared.outside(level)) for level in LEVELS]
    return tuple(
        f"{level} is before {', '.join(accounts)}, known by the books of the month alone (markets.city_pnl): {SPREAD}"
        for level, accounts in missing
        if accounts
    )


def _headings(currency: str, declared: Stack) -> tuple[Heading, ...]:
    def named(level: str) -> str:
        outside = declared.outside(level)
        return f"{level} before {', '.join(outside)}" if outside else level

    return (
        Heading("city"),
        Heading("week"),
        Heading("orders", "", 0),
        *(Heading(f"{named(level)} of an order", currency, 2) for level in LEVELS),
    )


exhibit = Exhibit(
    name="markets.city_weeks",
    question="What does an order leave in each city, week by week?",
    build=build,
)
