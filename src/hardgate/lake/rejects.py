"""Rows that could not be used: where each stands, what was found there and what was expected.

A reject is a fact about the evidence and stays as long as its batch: the report counts them, `hardgate doctor` lists
them, and a day with rejects is not called complete.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.batches import Lake

COLUMNS = (
    ("file", "text"), ("line", "integer"), ("table", "text"), ("column", "text"), ("value", "text"), ("reason", "text"),
    ("day", "date"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reject:
    """One row that could not be used. `line` is the row's number where the file has no lines (Parquet)."""

    file: str
    line: int
    table: str
    column: str
    value: str | None
    reason: str
    day: date | None

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}: {self.table}"
        found = "nothing" if self.value is None else repr(self.value)
        return (
            f"{where}.{self.column}: found {found}, {self.reason}"
            if self.column
            else f"{where}: {self.reason}: {found}"
        )


def rejects(lake: Lake, engine: Engine, table: str | None = None, limit: int | None = None) -> list[Reject]:
    """Return the rejected rows of the batches in use, of one table or of all, by file and line."""
    paths = [path for batch in lake.batches(table) if batch.rejected and (path := lake.rejects(batch)).exists()]
    if not paths:
        return []
    listed = ", ".join(literal(str(path)) for path in paths)
    cut = "" if limit is None else f" limit {int(limit)}"
    names = ", ".join(f'"{name}"' for name, _ in COLUMNS)
    sql = f'select {names} from read_parquet([{listed}]) order by file, line, "table", "column"{cut}'
    return [Reject(*row) for row in engine.rows(sql)]


def save(engine: Engine, selects: Sequence[str], path: Path) -> int:
    """Write rejects, given as SELECTs of the columns in their order, and return how many there are."""
    names = ", ".join(f'"{name}"' for name, _ in COLUMNS)
    parts = " union all ".join(f"select * from ({select}) t({names})" for select in selects)
    count = engine.save(f'select {names} from ({parts}) order by line, "column"', path)
    if not count:
        path.unlink()
    return count


def days(engine: Engine, path: Path) -> Iterator[tuple[date | None, int]]:
    """Yield how many rows were rejected on each day, and on none."""
    yield from engine.rows(
        f"select day, count(*) from read_parquet({literal(str(path))}) group by day order by day nulls last"
    )
