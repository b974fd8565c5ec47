"""Read what was made: the rows of a rollup in all versions, column by column, and what it was made with.

A row holds from `known` up to but not including `known_to`; both come with it, so that one reading serves every date.
"""

from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import Rows
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.rollups.definition import definition, names
from hardgate.rollups.lasting import VERSION
from hardgate.rollups.stored import Stored


def rows(  # noqa: PLR0913  what to read and how
    engine: Engine,
    root: Path,
    name: str,
    *,
    known_by: date | None = None,
    as_of: date | None = None,
    window: Window | None = None,
    days: Sequence[str] = (),
) -> Rows:
    """Return the rows of a rollup in order of day and known; of one version, in order of day and what they say.

    `known_by` leaves out versions that came later, `as_of` keeps of each day the one version that was known then, and
    `window` leaves out other days. The dates of the columns named in `days` come as an array of days.

    Raises:
        NotFound: no rollup has this name.

    """
    definition(name)
    stored = Stored.open(root, name)
    paths = stored.paths()
    if not paths:
        return Rows({column: () for column, _ in stored.columns}, 0)
    engine.files(f"read_{name}", paths)
    conditions = []
    if known_by is not None:
        conditions.append(f"known <= {literal(known_by)}")
    if as_of is not None:
        conditions.append(f"known <= {literal(as_of)} and known_to > {literal(as_of)}")
    if window is not None:
        conditions.append(f"day >= {literal(window.start)} and day < {literal(window.end)}")
    where = f" where {' and '.join(conditions)}" if conditions else ""
    heads = [column for column, _ in stored.columns]
    order = ", ".join(heads if as_of is None else sorted(heads, key=VERSION.__contains__))
    columns: dict[str, Any] = engine.arrays(f"select * from read_{name}{where} order by {order}", days)
    return Rows(columns, len(next(iter(columns.values()))))


def known_on(as_of: date, folder: Path) -> str:
    """Return the SELECT of the rows in a rollup's folder as they were known on a date."""
    files, day = literal(str(folder / "*.parquet")), literal(as_of)
    held = f"read_parquet({files}, union_by_name = true) where known <= {day} and known_to > {day}"
    return f"select * exclude (known, known_to) from {held}"


def sql_of(name: str) -> tuple[str, str]:
    """Return the SQL of a rollup and its SHA-256."""
    rollup = definition(name)
    return rollup.sql, rollup.digest


@cache
def inputs_of(name: str) -> tuple[str, ...]:
    """Return the tables of the lake that a rollup is made from, directly or through others."""
    rollups = set(names())
    found: set[str] = set()
    for one in definition(name).inputs:
        found |= set(inputs_of(one)) if one in rollups else {one}
    return tuple(sorted(found))
