"""The figures of printed tables: quarterly releases and results announcements that nobody tagged.

A table counts when one of its columns names a period. It must say its units, and each of its columns one currency and a
period of its own (or a segment of its own); a printed percentage must recompute from the two figures that it compares,
to the digits that it prints. What does not hold is told with its place, and is not used.

Wrong for a table whose heads stand in an image, and for one that runs over two pages as two tables without heads.

>>> from hardgate.sources import html_page
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
)
_WHOLE = re.compile(r"(consolidated|total)\b\s*")
_SIGN = 16
"""Longer cells are words, and a sign in them is no figure's."""
_PER_SHARE = re.compile(r"per (\w+ )?(ads|share)\b|\beps\b")
_SHARES = re.compile(r"weighted[ -]average|\bshares (used|outstanding)|number of (ordinary )?shares")
_RECKONED = re.compile(r"constant|effect|adjust|average|hedg|pro forma|non-gaap")
"""Columns that are reckoned otherwise are no segments."""
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
    months: int | None


@dataclass(frozen=True, slots=True)
class _Column:
    """All places under the same cells of the head: a sign of currency may stand in a place of its own."""

    places: frozenset[int]
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
    units, money = scale(told) or scale(grid.before), currencies(told) or currencies(grid.before) or _signs(grid)
    wrong = _misfits(grid, columns, units, money) or _crowded(grid, rows[begins:], columns)
    if wrong:
        return [], [Unread(grid.number, one, grid.rows[begins][0].text if grid.rows[begins] else "") for one in wrong]
    return _figures_of(grid, rows[begins:], columns, units or 1, money[0] if money else None, around)


def _signs(grid: Grid) -> list[str]:
    """Return the currencies whose signs stand among the figures of a table."""
    return currencies(" ".join(cell.text for row in grid.rows for cell in row if len(cell.text) < _SIGN))


def _crowded(grid: Grid, rows: Sequence[tuple[str, Sequence[_Entry]]], columns: Sequence[_Column]) -> list[str]:
    """Return what is wrong where one row has two figures in one column."""
    for label, entries in rows:
        places = [_of(columns, one) for one in entries if not one.percent]
        twice = next((one for at, one in enumerate(places) if one in places[:at] and one.head.end), None)
        if twice is not None:
            claimed = f"two columns claim the period to {twice.head.end}, both under {twice.text!r}"
            return [f"table {grid.number}: {claimed} (row {label!r})"]
    return []


def _label(row: Sequence[Cell]) -> str:
    """Return the words that a row begins with; a row that begins with a number has none."""
    first = next((cell.text for cell in row if cell.text), "")
    return "" if _NUMBER.match(first) else first


def _entries(row: Sequence[Cell]) -> list[_Entry]:
    """Return the numbers of a row; brackets and percent signs may stand in cells of their own."""
    found = []
    for at, cell in enumerate(row):
        match = _NUMBER.match(cell.text)
        if match is None:
            continue
        after = "".join(one.text for one in row[at + 1 : at + 3] if one.text in {")", "%", ")%", "%)"})
        size = Decimal(match[1].replace(",", "") + (match[2] or ""))
        negative = cell.text.lstrip("$ ").startswith(("(", "-", "\u2212")) or "(" in cell.text
        percent = bool(match[3]) or "%" in after
        place = Decimal(1).scaleb(-(len(match[2]) - 1 if match[2] else 0))
        found.append(_Entry(cell.last, -size if negative else size, place, percent))
    return found


def _figures(entries: Sequence[_Entry]) -> bool:
    """A row of years is a head."""
    return any(not (1990 <= one.value <= 2100 and one.place == 1) for one in entries)  # noqa: PLR2004  years


def _columns(heads: Sequence[Sequence[Cell]], rows: Sequence[tuple[str, Sequence[_Entry]]]) -> list[_Column]:
    """Return the columns that numbers stand in, each with all that stands above it, from left to right."""
    under: dict[tuple[int, ...], list[int]] = {}
    for at in sorted({one.at for _, entries in rows for one in entries}):
        over = tuple(id(cell) for row in heads for cell in row if cell.first <= at <= cell.last and cell.text)
        under.setdefault(over, []).append(at)
    found = []
    for over, places in under.items():
        text = " ".join(cell.text for row in heads for cell in row if id(cell) in over)
        found.append(_Column(frozenset(places), head(text), text))
    return found


def _of(columns: Sequence[_Column], entry: _Entry) -> _Column:
    return next(one for one in columns if entry.at in one.places)


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
    title, section = _title(around), ""
    for label, entries in rows:
        if not entries:
            title, section = _title(label) or title, label or section
            continue
        if not label:
            continue
        named = _named(label, title)
        mine = list(_of_row(grid, label, entries, columns, named, _kind(label, section), units, money))
        found += mine
        for at, percent in _percents(entries, columns):
            told = _percentage(grid, label, percent, at, [one for one in mine if at.head.months in {None, one.months}])
            if isinstance(told, Unread):
                unread.append(told)
            elif told is not None:
                found.append(told)
    return found, unread


def _title(text: str) -> str | None:
    """Return the measure that a table or a part of it is about."""
    said = text.lower()
    return next((measure_of_row(one) for one in _TITLE if one in said and len(said) < 400), None)  # noqa: PLR2004


def _kind(label: str, section: str) -> str:
    """Return what a row counts: money, money a share, or shares."""
    for words in (label.lower(), section.lower()):
        if _SHARES.search(words):
            return "shares"
        if _PER_SHARE.search(words):
            return "per share"
    return "currency"


def _named(label: str, title: str | None) -> tuple[str | None, str | None]:
    """Return the measure and the segment that a row is about."""
    own = measure_of_row(label)
    if own is not None:
        return own, None
    if title is None:
        return None, None
    total = _WHOLE.match(label.lower())
    if total is not None:
        # The total of something else within the table is no total of it.
        rest = label[total.end() :]
        return (title, None) if not rest or measure_of_row(rest) == title else (None, None)
    special = next((name for name, pattern in _SPECIAL if pattern.search(label.lower())), None)
    return title, label if special is None else special


def _of_row(  # noqa: PLR0913  a row and what holds for its table
    grid: Grid, label: str, entries: Sequence[_Entry], columns: Sequence[_Column], named: tuple[str | None, str | None],
    kind: str, units: int, money: str | None,
) -> Iterator[Printed]:  # fmt: skip
    measure, segment = named
    for one in entries:
        column = _of(columns, one)
        if one.percent or column.head.percent or column.head.share or column.head.end is None:
            continue
        factor = Decimal(1 if kind == "per share" else units)
        whose = segment or column.head.rest or None
        yield Printed(
            label, _counted(measure, kind, column), whose, column.head.start, column.head.end,
            one.value * factor, kind, None if kind == "shares" else column.head.currency or money,
            one.place * factor, grid, column.text, column.head.months,
        )  # fmt: skip


def _counted(measure: str | None, kind: str, column: _Column) -> str | None:
    """A measure is of money, and as it was reckoned in the accounts."""
    return measure if kind == "currency" and not _RECKONED.search(column.head.rest) else None


def _percents(entries: Sequence[_Entry], columns: Sequence[_Column]) -> Iterator[tuple[_Column, _Entry]]:
    for one in entries:
        column = _of(columns, one)
        if column.head.percent and not column.head.share and not column.head.rest:
            yield column, one


def _percentage(
    grid: Grid, label: str, entry: _Entry, column: _Column, mine: Sequence[Printed]
) -> Printed | Unread | None:
    """Return a printed year-on-year percentage as a share, or what it should have been."""
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
