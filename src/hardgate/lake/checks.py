"""What the lake holds and what it lacks, table by table: rows, rejects, how fresh it is, and the days that are missing.

A day is missing where a table speaks of every day (or month) and of none between two that it speaks of. Freshness is
against the last day that should be known by a date: the day before it, or earlier by as much as the table is said to
become known late. Wrong as a check of completeness: a day with one row of a thousand is not missing here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hardgate.core.days import add_months, month_of
from hardgate.lake.batches import Lake
from hardgate.sources.source import tables


@dataclass(frozen=True, slots=True)
class Check:
    """The state of one table as of a date. `late` is how many days its last day is behind the one expected."""

    table: str
    batches: int
    rows: int
    rejected: int
    first_day: date | None
    last_day: date | None
    expected_day: date
    late: int | None
    gaps: tuple[tuple[date, date], ...]

    @property
    def missing(self) -> int:
        """How many days (or months) are missing."""
        every = tables()[self.table].every
        step = _each_month if every == "month" else _each_day
        return sum(len(list(step(first, last))) for first, last in self.gaps)


def checks(lake: Lake, as_of: date, known_after: Mapping[str, int] | None = None) -> list[Check]:
    """Return the state of every table that has batches, as of a date."""
    return [_check(lake, table, as_of, (known_after or {}).get(table, 0)) for table in lake.tables()]


def _check(lake: Lake, table: str, as_of: date, lag: int) -> Check:
    known = [day for day in lake.days(table) if day.known <= as_of]
    days = sorted({day.day for day in known if day.rows})
    schema = tables()[table]
    expected = as_of - timedelta(days=max(1, lag))
    if schema.every == "month":
        # The last month that has ended by then.
        expected = add_months(month_of(expected + timedelta(days=1)), -1)
    # What a table says of the future, or only when something happens, cannot be late.
    late = max(0, (expected - days[-1]).days) if days and schema.every else None
    return Check(
        table=table,
        batches=len({day.batch for day in known}),
        rows=sum(day.rows for day in known),
        rejected=sum(day.rejected for day in known),
        first_day=days[0] if days else None,
        last_day=days[-1] if days else None,
        expected_day=expected,
        late=late,
        gaps=tuple(_gaps(days, schema.every)),
    )


def _gaps(days: list[date], every: str | None) -> Iterator[tuple[date, date]]:
    """Yield the first and the last day of every gap."""
    if every is None or not days:
        return
    have = set(days)
    first: date | None = None
    last = days[0]
    for day in (_each_month if every == "month" else _each_day)(days[0], days[-1]):
        if day in have:
            if first is not None:
                yield first, last
            first = None
        else:
            first = first or day
            last = day


def _each_day(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + timedelta(days=offset)


def _each_month(first: date, last: date) -> Iterator[date]:
    month = month_of(first)
    while month <= last:
        yield month
        month = add_months(month, 1)
