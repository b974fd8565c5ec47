"""The figures of printed tables: quarterly releases and results announcements that nobody tagged.

A table counts when one of its columns names a period. It must say its units, and each of its columns one currency and a
period of its own (or a segment of its own); a printed percentage must recompute from the two figures that it compares,
to the digits that it prints. What does not hold is told with its place, and is not used.

Wrong for a table whose heads stand in an image, and for one that runs over two pages as two tables without heads.

>>> page = html_page.read(b'''<p>(in millions)</p><table><tr><td></td><td>Quarter ended June 30, 2025<br>RMB</td></tr>
... <tr><td>Revenue</td><td>247,652</td></tr></table>''')
>>> [(one.measure, one.start, one.end, str(one.value)) for one in read(page)[0]]
[('revenue', '2025-04-01', '2025-06-30', '247652000000')]
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from hardgate.sources.html_page import Cell, Grid, Page
from hardgate.sources.measures import measure_of_row
from hardgate.sources.segments import ELIMINATIONS, UNALLOCATED
from hardgate.sources.source import Unread
from hardgate.sources.table_heads import Head, currencies, head, scale

_NUMBER = re.compile(
    r"^[(\-\u2212]?\s*(?:(?:rmb|us\$|hk\$|[$\u00a5\u20ac\u00a3])\s*)?\(?\s*(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?\s*\)?\s*(%?)\s*\)?$",
    re.IGNORECASE,
)
_SPECIAL = (
    (UNALLOCATED, re.compile(r"unallocated")),
    (ELIMINATIONS, re.compile(r"eliminat")),
    ("", re.compile(r"^(consolidated|total)\b")),
)
_PER_SHARE = re.compile(r"per (ads|share|ordinary share)")
_TITLE = ("revenue", "adjusted ebita", "operating income", "income from operations", "adjusted ebitda")


@dataclass(frozen=True, slots=True)
class Printed:
    """One printed figure, in whole units of its currency or as a share, with the place where it stands."""

    label: str
    measure: str | None
    segment: str | None
    start: str | None
    end: str
    value: Decimal
    unit: str
    currency: str | None
    rounding: Decimal
    table: Grid
    column: str


@dataclass(frozen=True, slots=True)
class _Column:
    first: int
    last: int
    head: Head
    text: str


@dataclass(frozen=True, slots=True)
class _Entry:
    """One number in a row: the column it begins in, its value, its last printed place, and whether a percentage."""

    at: int
    value: Decimal
    place: Decimal
    percent: bool


def read(page: Page) -> tuple[list[Printed], list[Unread]]:
    """Return the figures of all tables that speak of periods, and what could not be used."""
    found: list[Printed] = []
    unread: list[Unread] = []
    for grid in page.tables:
        made, wrong = _table(grid)
        found += made
        unread += wrong
    return found, unread


def _table(grid: Grid) -> tuple[list[Printed], list[Unread]]:
    rows = [(_label(row), _entries(row)) for row in grid.rows]
    begins = next((at for at, (label, entries) in enumerate(rows) if label and _figures(entries)), None)
    if begins is None:
        return [], []
    columns = _columns(grid.rows[:begins], rows[begins:])
    if not any(one.head.end for one in columns):
        return [], []
    told = " ".join(one.text for row in grid.rows[:begins] for one in row)
    around = f"{told} {grid.before}"
    units, money = scale(told) or scale(grid.before), currencies(told) or currencies(grid.before)
    wrong = _misfits(grid, columns, units, money)
    if wrong:
        return [], [Unread(grid.number, one, grid.rows[begins][0].text if grid.rows[begins] else "") for one in wrong]
    return _figures_of(grid, rows[begins:], columns, units or 1, money[0] if money else None, around)


def _label(row: Sequence[Cell]) -> str:
    return row[0].text if row and _NUMBER.match(row[0].text) is None else ""


def _entries(row: Sequence[Cell]) -> list[_Entry]:
    """Return the numbers of a row; brackets and percent signs may stand in cells of their own."""
    found = []
    for at, cell in enumerate(row[1:], start=1):
        match = _NUMBER.match(cell.text)
        if match is None:
            continue
        after = "".join(one.text for one in row[at + 1 : at + 3] if one.text in {")", "%", ")%", "%)"})
        size = Decimal(match[1].replace(",", "") + (match[2] or ""))
        negative = cell.text.lstrip("$ ").startswith(("(", "-", "\u2212")) or "(" in cell.text
        percent = bool(match[3]) or "%" in after
        place = Decimal(1).scaleb(-(len(match[2]) - 1 if match[2] else 0))
        found.append(_Entry(cell.first, -size if negative else size, place, percent))
    return found


def _figures(entries: Sequence[_Entry]) -> bool:
    """A row of years is a head."""
    return any(not (1990 <= one.value <= 2100 and one.place == 1) for one in entries)  # noqa: PLR2004  years


def _columns(heads: Sequence[Sequence[Cell]], rows: Sequence[tuple[str, Sequence[_Entry]]]) -> list[_Column]:
    """Return the columns that numbers stand in, each with all that stands above it."""
    places = sorted({one.at for _, entries in rows for one in entries})
    found = []
    for at in places:
        over = [
            cell.text for row in heads for cell in row if cell.first <= at <= cell.last and cell.text and cell.last > 0
        ]
        text = " ".join(over)
        found.append(_Column(at, at, head(text), text))
    return found


def _misfits(grid: Grid, columns: Sequence[_Column], units: int | None, money: Sequence[str]) -> list[str]:
    """Return what keeps a table from being used."""
    where = f"table {grid.number}"
    values = [one for one in columns if one.head.end and not one.head.percent and not one.head.share]
    wrong = []
    if units is None:
        wrong.append(f"{where} has no units: expected words such as (in millions) in its head or just above it")
    seen: dict[tuple[object, ...], str] = {}
    for one in values:
        if one.head.mixed:
            wrong.append(f"{where}, column {one.text!r}: two currencies in one column")
        if one.head.currency is None and len(money) != 1:
            found = " and ".join(money) or "none"
            wrong.append(f"{where}, column {one.text!r}: no currency of its own, and the table names {found}")
        key = (one.head.period, one.head.currency, one.head.rest)
        if key in seen:
            wrong.append(f"{where}: two columns claim the period to {one.head.end}: {seen[key]!r} and {one.text!r}")
        seen[key] = one.text
    return list(dict.fromkeys(wrong))


def _figures_of(  # noqa: PLR0913  a table and what holds for all of it
    grid: Grid, rows: Sequence[tuple[str, Sequence[_Entry]]], columns: Sequence[_Column], units: int,
    money: str | None, around: str,
) -> tuple[list[Printed], list[Unread]]:  # fmt: skip
    found: list[Printed] = []
    unread: list[Unread] = []
    title = _title(around)
    for label, entries in rows:
        if not entries:
            title = _title(label) or title
            continue
        if not label:
            continue
        named, segment = _named(label, title)
        mine = list(_of_row(grid, label, entries, columns, (named, segment), units, money))
        found += mine
        for at, percent in _percents(entries, columns):
            told = _percentage(grid, label, percent, columns, at, mine)
            if isinstance(told, Unread):
                unread.append(told)
            elif told is not None:
                found.append(told)
    return found, unread


def _title(text: str) -> str | None:
    """Return the measure that a table or a part of it is about."""
    said = text.lower()
    return next((measure_of_row(one) for one in _TITLE if one in said and len(said) < 400), None)  # noqa: PLR2004


def _named(label: str, title: str | None) -> tuple[str | None, str | None]:
    """Return the measure and the segment that a row is about."""
    own = measure_of_row(label)
    if own is not None:
        return own, None
    if title is None:
        return None, None
    special = next((name for name, pattern in _SPECIAL if pattern.search(label.lower())), None)
    return title, (label if special is None else special or None)


def _of_row(  # noqa: PLR0913  a row and what holds for its table
    grid: Grid, label: str, entries: Sequence[_Entry], columns: Sequence[_Column], named: tuple[str | None, str | None],
    units: int, money: str | None,
) -> Iterator[Printed]:  # fmt: skip
    measure, segment = named
    for one in entries:
        column = next(c for c in columns if c.first == one.at)
        if one.percent or column.head.percent or column.head.share or column.head.end is None:
            continue
        per_share = _PER_SHARE.search(label.lower()) is not None
        factor = Decimal(1 if per_share else units)
        whose = segment or column.head.rest or None
        yield Printed(
            label, measure, whose, column.head.start, column.head.end, one.value * factor,
            "per share" if per_share else "currency", column.head.currency or money, one.place * factor, grid,
            column.text,
        )  # fmt: skip


def _percents(entries: Sequence[_Entry], columns: Sequence[_Column]) -> Iterator[tuple[_Column, _Entry]]:
    for one in entries:
        column = next(c for c in columns if c.first == one.at)
        if column.head.percent and not column.head.share:
            yield column, one


def _percentage(  # noqa: PLR0913  a percentage and what it compares
    grid: Grid, label: str, entry: _Entry, columns: Sequence[_Column], column: _Column, mine: Sequence[Printed]
) -> Printed | Unread | None:
    """Return a printed year-on-year percentage as a share, or what it should have been."""
    del columns
    pair = _compared(mine)
    if pair is None:
        return None
    now, before = pair
    if before.value <= 0:
        return None
    exact = (now.value - before.value) / before.value * 100
    slack = entry.place / 2 + 100 * (now.rounding + before.rounding) / 2 / before.value
    if abs(exact - entry.value) > slack:
        again = exact.quantize(entry.place, ROUND_HALF_UP)
        return Unread(
            grid.number,
            f"table {grid.number}, row {label!r}, column {column.text!r}: {entry.value} % does not recompute: "
            f"{now.value:f} over {before.value:f} is {again} %",
            str(entry.value),
        )
    name = f"{now.measure}_yoy" if now.measure else None
    return replace(now, label=f"{label} year-on-year", measure=name, value=entry.value / 100, unit="ratio",
                   currency=None, rounding=entry.place / 100, column=column.text)  # fmt: skip


def _compared(mine: Sequence[Printed]) -> tuple[Printed, Printed] | None:
    """Return the newest figure of a row, and that of a year before in the same currency."""
    for now in sorted(mine, key=lambda one: one.end, reverse=True):
        for one in mine:
            same = (one.currency, one.segment, one.start is None) == (now.currency, now.segment, now.start is None)
            if same and one.end[:4] == str(int(now.end[:4]) - 1) and one.end[5:7] == now.end[5:7]:
                return now, one
    return None
