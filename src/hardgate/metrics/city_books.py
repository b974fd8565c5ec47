"""One month of the cities: orders by amount, the books by account, and what each level of the cost stack comes to.

Amounts that orders hold are taken from orders, and what was spent to win customers from its table where the stack says
which account that is; all others come from the books. What the books say otherwise of the former is a row of its own,
and so is what no level claims, so that cities, centre and rest add up to the ledger. A city of which an amount is not
known is not read: all that the books hold of it is one sum, and the other cities stand. Wrong when orders are booked in
another month than the one they were placed in: then the difference swings from month to month.

>>> bridge(1_000.0, 100, 1_320.0, 120)
(200.0, 120.0)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
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
    """One month in the reporting currency; cities by name, "" is what has none. `gaps` say what is not known of all.

    `unread` are the cities of which an amount is not known, with what is to be done; `unread_books` is what the books
    hold of them, and no other figure but orders has them.
    """

    window: Window
    orders: Mapping[str, int]
    value: Mapping[str, Decimal]
    levels: Mapping[tuple[str, str], Decimal]
    centre: Decimal
    difference: Decimal
    unallocated: Decimal
    unread: Mapping[str, tuple[str, ...]]
    unread_books: Decimal
    ledger: Decimal
    unmapped: tuple[str, ...]
    gaps: tuple[str, ...]

    @property
    def cities(self) -> tuple[str, ...]:
        """Every city with orders or books, sorted; what has none comes last."""
        found = sorted({city for city, _ in self.levels} | set(self.orders) | set(self.unread))
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
    for city, count in zip(_cities(rows), cells(rows, "orders"), strict=True):
        orders[city] = orders.get(city, 0) + int(count or 0)
    value, lacking = _by_city(evidence, rows, "value")
    sums = {name: _by_city(evidence, rows, name) for name in SIGNS}
    tables = [(rows, ("value", *SIGNS))]
    if SPEND in stack.accounts:
        spend = evidence.rows("acquisition_day", EVERYTHING, window)
        gaps += [] if spend.count else [f"no acquisition spend from {window}; bring acquisition_spend"]
        sums[SPEND] = _by_city(evidence, spend, "amount")
        tables.append((spend, ("amount",)))
    lacking = lacking.union(*(blind for _, blind in sums.values()))
    unread = {city: tuple(_why(evidence, tables, city)) for city in sorted(lacking)}
    levels: dict[tuple[str, str], Decimal] = {}
    of_orders = centre = ZERO
    for name, (amounts, _) in sums.items():
        level = stack.levels[stack.accounts[name]]
        for city, amount in amounts.items():
            if city in unread:
                continue
            signed = SIGNS.get(name, -1) * amount
            of_orders += signed
            if level in LEVELS:
                levels[city, level] = levels.get((city, level), ZERO) + signed
            else:
                centre += signed
    so_far = Month(window, orders, value, levels, centre, ZERO, ZERO, unread, ZERO, ZERO, (), tuple(gaps))
    return _with_books(evidence, stack, so_far, of_orders)


def _cities(rows: Rows) -> list[str]:
    return [str(one or "") for one in cells(rows, "city")]


def _by_city(evidence: Evidence, rows: Rows, column: str) -> tuple[dict[str, Decimal], set[str]]:
    """Return a column by city in the reporting currency, and the cities that it is not known of, which are left out."""
    found: dict[str, Decimal] = {}
    lacking: set[str] = set()
    for city, amount in zip(_cities(rows), converted(evidence, rows, column).amounts, strict=True):
        if amount is None:
            lacking.add(city)
        else:
            found[city] = found.get(city, ZERO) + amount
    return {city: amount for city, amount in found.items() if city not in lacking}, lacking


def _why(evidence: Evidence, tables: Sequence[tuple[Rows, Sequence[str]]], city: str) -> Iterator[str]:
    """Yield what is missing of a city; of a refund that is larger than its order, which order to correct."""
    for rows, columns in tables:
        mine = _only(rows, [one == city for one in _cities(rows)])
        told = overpaid(evidence, mine) if "refund" in columns else ""
        if told:
            yield told
        for name in columns:
            good = _only(mine, [not one for one in cells(mine, "overpaid_refunds")]) if name == "refund" else mine
            yield from converted(evidence, good, name).gaps


def _only(rows: Rows, keep: Sequence[bool]) -> Rows:
    """Return the rows that are kept."""
    at = [i for i, kept in enumerate(keep) if kept]
    return Rows({name: [values[i] for i in at] for name, values in rows.columns.items()}, len(at))


def _with_books(evidence: Evidence, stack: Stack, so_far: Month, of_orders: Decimal) -> Month:
    """Add what only the books hold, and what they say otherwise of what orders hold."""
    rows = evidence.rows("city_ledger_month", EVERYTHING, so_far.window)
    found = converted(evidence, rows, "amount")
    booked_by_orders = set(stack.accounts.values())
    levels = dict(so_far.levels)
    centre, unallocated, unread, ledger, booked = so_far.centre, ZERO, ZERO, ZERO, ZERO
    unmapped: set[str] = set()
    columns = (cells(rows, "city"), cells(rows, "account"), found.amounts)
    for place, name, amount in zip(*columns, strict=True):
        city, account, signed = str(place or ""), str(name), amount or ZERO
        ledger += signed
        level = stack.levels.get(account)
        if level is None:
            unallocated += signed
            unmapped.add(account)
        elif city in so_far.unread and (account in booked_by_orders or level in LEVELS):
            unread += signed
        elif account in booked_by_orders:
            booked += signed
        elif level in LEVELS:
            levels[city, level] = levels.get((city, level), ZERO) + signed
        else:
            centre += signed
    return replace(
        so_far, levels=levels, centre=centre, difference=booked - of_orders, unallocated=unallocated,
        unread_books=unread, ledger=ledger, unmapped=tuple(sorted(unmapped)), gaps=(*so_far.gaps, *found.gaps),
    )  # fmt: skip


def bridge(before: float, orders_before: int, now: float, orders_now: int) -> tuple[float, float]:
    """Return how much of a change came from the number of orders, and how much from what an order leaves."""
    if not orders_before or not orders_now:
        return 0.0, round(now - before, 2)
    volume = (orders_now - orders_before) * before / orders_before
    return round(volume, 2), round(now - before - volume, 2)
