"""Amounts in the reporting currency, by the last rate dated on or before their day.

An amount without a rate, and an amount that is null, stays missing. Wrong when rates are monthly averages and amounts
are dated: then the rate of the month before is used until the new one's day.

>>> amount = Decimal("10.00")
>>> rates = {("USD", "RMB"): {date(2026, 8, 1): Decimal("7.2")}}
>>> str(rate_on(rates, "USD", "RMB", date(2026, 8, 15)) * amount)
'72.000'
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

from hardgate.core.money import rate_on
from hardgate.core.terms import Evidence, Rows
from hardgate.metrics.columns import amounts, cells, dates

Rates: TypeAlias = Mapping[tuple[str, str], Mapping[date, Decimal]]


@dataclass(frozen=True, slots=True)
class Converted:
    """Amounts in the reporting currency, one a row; None where the amount or its rate is missing, `gaps` say which."""

    amounts: tuple[Decimal | None, ...]
    gaps: tuple[str, ...]

    @property
    def total(self) -> Decimal | None:
        """The sum, or None where any amount is missing: a missing amount never makes it smaller."""
        return sum((one for one in self.amounts if one is not None), Decimal(0)) if not self.gaps else None


def rates_of(evidence: Evidence) -> Rates:
    """Return the dated exchange rates that are known."""
    return evidence.once("exchange rates", lambda: _rates(evidence))


def _rates(evidence: Evidence) -> Rates:
    rows = evidence.rows("exchange_rate")
    found: dict[tuple[str, str], dict[date, Decimal]] = {}
    columns = (cells(rows, "from_currency"), cells(rows, "to_currency"), dates(rows, "day"), amounts(rows, "rate"))
    for source, target, day, rate in zip(*columns, strict=True):
        if day is not None and rate is not None:
            found.setdefault((source, target), {})[day] = rate
    return found


def converted(evidence: Evidence, rows: Rows, column: str, *, currency: str = "currency") -> Converted:
    """Return a column of money of some rows in the reporting currency."""
    return convert(evidence, zip(amounts(rows, column), cells(rows, currency), dates(rows, "day"), strict=True), column)


def convert(
    evidence: Evidence, items: Iterable[tuple[Decimal | None, str | None, date | None]], column: str
) -> Converted:
    """Return amounts with their currencies and days in the reporting currency."""
    target, rates = evidence.currency, rates_of(evidence)
    found: list[Decimal | None] = []
    gaps: set[str] = set()
    nulls: set[date | None] = set()
    at: dict[tuple[str | None, date | None], Decimal | None] = {}
    for amount, source, day in items:
        if (source, day) not in at:
            at[source, day] = None if source is None else rate_on(rates, source, target, day or evidence.as_of)
        rate = at[source, day]
        if amount is None:
            nulls.add(day)
        elif source is None:
            gaps.add(f"{column} has no currency on {day}; set the input's currency in hardgate.toml")
        elif rate is None:
            gaps.add(f"no rate from {source} to {target} on or before {day}; bring exchange_rates")
        found.append(None if amount is None or rate is None else amount * rate)
    if nulls:
        gaps.add(f"{column} is null on {_listed(nulls)}")
    return Converted(tuple(found), tuple(sorted(gaps)))


def _listed(days: Iterable[date | None]) -> str:
    """Name the first of some days, and how many more there are."""
    known = sorted(day for day in days if day is not None)
    if not known:
        return "an unknown day"
    return f"{known[0]}" + (f" and {len(known) - 1} more dates up to {known[-1]}" if len(known) > 1 else "")
