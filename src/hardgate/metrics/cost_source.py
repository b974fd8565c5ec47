"""What ownership cost in a window, by one cost source: the invoice, the general ledger or the asset register.

The workspace declares which source its ladder closes to; the others are equal and print their difference. A charge that
no rule gives to a pool stays in the unallocated row. Money that is null, or has no exchange rate, makes the total
missing and not smaller. Wrong when two sources overlap and are added: they never are.

Source: METHODS 1; FOCUS 1.2 for EffectiveCost.

>>> SOURCES["cost_and_usage"].column
'effective_cost'
"""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import EVERYTHING, Evidence, Rows, Scope
from hardgate.metrics.columns import cells, dates
from hardgate.metrics.reporting_currency import converted
from hardgate.rollups.definition import definition


@dataclass(frozen=True, slots=True)
class Source:
    """Where a cost source stands: its rollup, the column that is summed, and what people call that sum."""

    rollup: str
    column: str
    words: str


SOURCES = {
    "cost_and_usage": Source("cost_day", "effective_cost", "effective cost of the invoices"),
    "general_ledger": Source("ledger_month", "amount", "amounts booked in the general ledger"),
    "asset_register": Source("asset_month", "depreciation", "depreciation of the asset register"),
}
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cost:
    """Cost by pool and day (or month), in the reporting currency; what no rule gave to a pool is unallocated.

    `total` is the sum of all rows, made without regard to pools, so that the parts can be held against it; None where
    an amount is missing or there are no rows.
    """

    source: str
    total: Decimal | None
    by_pool: dict[str, dict[date, Decimal]]
    unallocated: Decimal
    gaps: tuple[str, ...]
    rows: int
    own: dict[str, Decimal]
    """The total by the currency it was paid in, before conversion."""

    def of(self, pool: str) -> Decimal:
        """Return the cost of one pool; a pool that no charge names cost nothing."""
        return sum(self.by_pool.get(pool, {}).values(), ZERO)


def cost(evidence: Evidence, source: str, window: Window, scope: Scope = EVERYTHING) -> Cost:
    """Return what a source says was paid in a window and scope. In a narrower scope nothing is unallocated."""
    known = SOURCES[source]
    rows = evidence.rows(known.rollup, scope, window)
    money = converted(evidence, rows, known.column)
    by_pool: dict[str, dict[date, Decimal]] = {}
    unallocated = ZERO
    for pool, day, amount in zip(cells(rows, "pool"), dates(rows, "day"), money.amounts, strict=True):
        if amount is None or day is None:
            continue
        if pool is None:
            unallocated += amount
        else:
            mine = by_pool.setdefault(str(pool), {})
            mine[day] = mine.get(day, ZERO) + amount
    return Cost(
        source,
        money.total if rows.count else None,
        by_pool,
        unallocated,
        money.gaps,
        rows.count,
        _own(rows, known.column),
    )


def _own(rows: Rows, column: str) -> dict[str, Decimal]:
    from hardgate.metrics.columns import amounts

    found: dict[str, Decimal] = {}
    for currency, amount in zip(cells(rows, "currency"), amounts(rows, column), strict=True):
        if amount is not None:
            found[str(currency)] = found.get(str(currency), ZERO) + amount
    return found


def present(evidence: Evidence) -> tuple[str, ...]:
    """Return the cost sources that have rows, the declared one first."""
    have = [name for name, source in SOURCES.items() if evidence.rows(source.rollup).count]
    return tuple(sorted(have, key=lambda name: (name != evidence.cost_source, name)))


def months_paid(evidence: Evidence, source: str, most: int) -> Window | None:
    """Return the last complete months, `most` at the most, that a source has rows of; None where it has none.

    The month that is running counts only where no complete month has rows.
    """
    rollup = SOURCES[source].rollup
    last = evidence.last_complete(rollup)
    if definition(rollup).grain == "month":  # a row of a month is dated on its first day and speaks of all of it
        last = add_months(month_of(last), 1) - timedelta(days=1)
    end = min(last, evidence.last_complete("pool_day"))
    paid = {month_of(day) for day in set(dates(evidence.rows(rollup), "day")) if day is not None and day <= end}
    complete = sorted(month for month in paid if (add_months(month, 1) - end).days <= 1)
    have = complete or sorted(paid)
    if not have:
        return None
    first = have[-1]
    while first in have and (have[-1].year - first.year) * 12 + have[-1].month - first.month < most:
        first = add_months(first, -1)
    return Window(add_months(first, 1), add_months(have[-1], 1))
