"""One month of the cities: orders by amount, the books by account, and what each level of the cost stack comes to.

Amounts that orders hold are taken from orders, and what was spent to win customers from its table where the stack says
which account that is; all others come from the books. What the books say otherwise of the former is a row of its own,
and so is what no level claims, so that cities, centre and rest add up to the ledger. Wrong when orders are booked in
another month than the one they were placed in: then the difference swings from month to month.

>>> bridge(1_000.0, 100, 1_320.0, 120)
(200.0, 120.0)
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.days import Window, add_months
from hardgate.core.terms import EVERYTHING, Evidence, Rows
from hardgate.metrics.columns import cells
from hardgate.metrics.cost_stack import LEVELS, SIGNS, SPEND, Stack
from hardgate.metrics.overpaid_refunds import overpaid
from hardgate.metrics.reporting_currency import converted

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Month:
    """One month in the reporting currency; cities by name, "" is what has none. `gaps` say what is not known."""

    window: Window
    orders: Mapping[str, int]
    value: Mapping[str, Decimal]
    levels: Mapping[tuple[str, str], Decimal]
    centre: Decimal
    difference: Decimal
    unallocated: Decimal
    ledger: Decimal
    unmapped: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def cities(self) -> tuple[str, ...]:
        """Every city with orders or books, sorted; what has none comes last."""
        found = sorted({city for city, _ in self.levels} | set(self.orders))
        return (*(one for one in found if one), *(one for one in found if not one))

    def upto(self, city: str, level: str) -> Decimal:
        """Return the contribution of a city up to a level."""
        return sum((self.levels.get((city, one), ZERO) for one in LEVELS[: LEVELS.index(level) + 1]), ZERO)


def last_month(evidence: Evidence) -> date | None:
    """Return the last month that is in the books and over."""
    months = sorted({day for day in _months(evidence) if add_months(day, 1) <= evidence.as_of})
    return months[-1] if months else None


def _months(evidence: Evidence) -> list[date]:
    from hardgate.metrics.columns import dates

    return [day for day in dates(evidence.rows("city_ledger_month"), "day") if day is not None]


def month(evidence: Evidence, first: date, stack: Stack) -> Month:
    """Return one month of the cities."""
    window = Window(first, add_months(first, 1))
    rows = evidence.rows("city_day", EVERYTHING, window)
    gaps: list[str] = []
    orders: dict[str, int] = {}
    value: dict[str, Decimal] = {}
    levels: dict[tuple[str, str], Decimal] = {}
    of_orders: dict[tuple[str, str], Decimal] = {}
    centre = ZERO
    cities = [str(one or "") for one in cells(rows, "city")]
    for city, count in zip(cities, cells(rows, "orders"), strict=True):
        orders[city] = orders.get(city, 0) + int(count or 0)
    for city, amount in zip(cities, _known(evidence, rows, "value", gaps), strict=True):
        value[city] = value.get(city, ZERO) + amount
    columns = [(name, cities, _known(evidence, rows, name, gaps)) for name in SIGNS]
    if told := overpaid(evidence, rows):
        gaps.append(told)
    if SPEND in stack.accounts:
        spend = evidence.rows("acquisition_day", EVERYTHING, window)
        gaps += [] if spend.count else [f"no acquisition spend from {window}; bring acquisition_spend"]
        places = [str(one or "") for one in cells(spend, "city")]
        columns.append((SPEND, places, _known(evidence, spend, "amount", gaps)))
    for name, places, amounts in columns:
        account = stack.accounts[name]
        level = stack.levels[account]
        for city, amount in zip(places, amounts, strict=True):
            signed = SIGNS.get(name, -1) * amount
            of_orders[city, account] = of_orders.get((city, account), ZERO) + signed
            if level in LEVELS:
                levels[city, level] = levels.get((city, level), ZERO) + signed
            else:
                centre += signed
    so_far = Month(window, orders, value, levels, centre, ZERO, ZERO, ZERO, (), tuple(gaps))
    return _with_books(evidence, stack, so_far, of_orders)


def _known(evidence: Evidence, rows: Rows, column: str, gaps: list[str]) -> list[Decimal]:
    """Return a column in the reporting currency, and add to the gaps what is missing of it."""
    found = converted(evidence, rows, column)
    gaps += found.gaps
    return [amount or ZERO for amount in found.amounts]


def _with_books(evidence: Evidence, stack: Stack, so_far: Month, of_orders: Mapping[tuple[str, str], Decimal]) -> Month:
    """Add what only the books hold, and what they say otherwise of what orders hold."""
    rows = evidence.rows("city_ledger_month", EVERYTHING, so_far.window)
    found = converted(evidence, rows, "amount")
    booked_by_orders = set(stack.accounts.values())
    levels = dict(so_far.levels)
    centre, unallocated, ledger, booked = so_far.centre, ZERO, ZERO, ZERO
    unmapped: set[str] = set()
    columns = (cells(rows, "city"), cells(rows, "account"), found.amounts)
    for place, name, amount in zip(*columns, strict=True):
        city, account, signed = str(place or ""), str(name), amount or ZERO
        ledger += signed
        level = stack.levels.get(account)
        if level is None:
            unallocated += signed
            unmapped.add(account)
        elif account in booked_by_orders:
            booked += signed
        elif level in LEVELS:
            levels[city, level] = levels.get((city, level), ZERO) + signed
        else:
            centre += signed
    difference = booked - sum(of_orders.values(), ZERO)
    return Month(
        so_far.window, so_far.orders, so_far.value, levels, centre, difference, unallocated, ledger,
        tuple(sorted(unmapped)), (*so_far.gaps, *found.gaps),
    )  # fmt: skip


def bridge(before: float, orders_before: int, now: float, orders_now: int) -> tuple[float, float]:
    """Return how much of a change came from the number of orders, and how much from what an order leaves."""
    if not orders_before or not orders_now:
        return 0.0, round(now - before, 2)
    volume = (orders_now - orders_before) * before / orders_before
    return round(volume, 2), round(now - before - volume, 2)
