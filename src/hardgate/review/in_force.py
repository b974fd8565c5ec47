"""What the lake holds of each table that is in force: rows that a later statement replaced are counted apart.

A file that came again keeps its earlier batch, so that old packets can be repeated; of a key both speak of, the later
row holds on a date, and one that says the same again adds nothing. A file that came with other bytes answers for its
own rejects alone. Wrong as a list of changes: a row that was said again unchanged is counted with those replaced.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from hardgate.engine.connect import Engine
from hardgate.engine.portable import literal
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.checks import Check
from hardgate.sources.source import tables


@dataclass(frozen=True, slots=True)
class Superseded:
    """How much of a table came in and is no longer in force."""

    table: str
    rows: int
    rejected: int


def in_force(
    lake: Lake, engine: Engine, found: Sequence[Check], as_of: date
) -> tuple[tuple[Check, ...], tuple[Superseded, ...]]:
    """Return the state of tables by what is in force on a date, and what was superseded by then."""
    now = tuple(
        replace(one, rows=_rows(lake, engine, one, as_of), rejected=one.rejected - _replaced(lake, one.table, as_of))
        for one in found
    )
    gone = (
        Superseded(one.table, all_.rows - one.rows, all_.rejected - one.rejected)
        for all_, one in zip(found, now, strict=True)
    )
    return now, tuple(one for one in gone if one.rows or one.rejected)


def _rows(lake: Lake, engine: Engine, found: Check, as_of: date) -> int:
    if found.batches < 2 and not tables()[found.table].known:  # noqa: PLR2004  one statement supersedes nothing
        return found.rows
    relation(lake, engine, found.table)
    day = literal(as_of)
    ((rows,),) = engine.rows(f"select count(*) from {found.table} where known_from <= {day} and {day} < known_to")  # noqa: S608  our own table
    return int(rows)


def _replaced(lake: Lake, table: str, as_of: date) -> int:
    """Return how many rejected rows were in files that had come again with other bytes."""
    known = [day for day in lake.days(table) if day.known <= as_of]
    came = {day.batch for day in known}
    # A batch that only takes keys back says nothing in place of its file.
    told = [one for one in lake.batches(table) if one.name in came and (one.rows or one.rejected)]
    now = {one.file: one.name for one in told}.values()
    return sum(day.rejected for day in known if day.batch not in now)
