"""DuckDB with Spark beside it: what a build asks of the engine is asked of both, and what a rollup's SELECT gives is compared.

DuckDB answers, so that a build goes on as it would alone; Spark gets the same relations (the lake's Parquet files, the
views over them, the small tables) and runs the same text. `gone` says of each rollup how many rows were equal, or what
was not.
"""

import math
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hardgate.core.terms import Cell
from hardgate.engine.connect import DuckDB

Row = tuple[Any, ...]
KINDS = {"string": "varchar", "int": "integer", "timestamp_ntz": "timestamp"}
"""DuckDB's names of Spark's types, where they differ."""
SPARKS = {theirs: name for name, theirs in KINDS.items()}


@dataclass
class Compared:
    """What came of one rollup: rows that were equal, and what was not."""

    rows: int = 0
    runs: int = 0
    differences: list[str] = field(default_factory=list)


class Beside(DuckDB):
    """DuckDB in this process, and a SparkSession that is told all that it is told."""

    def __init__(self, spark: Any, folder: Path) -> None:
        super().__init__(memory="1GB", threads=2)
        self.spark = spark
        self.folder = folder
        self.rollup = ""
        self.compared: dict[str, Compared] = {}
        self._files = 0

    def progress(self, name: str, *_: int) -> None:
        """Note which rollup is made next: what `build` calls."""
        self.rollup = name

    def files(self, name: str, paths: Sequence[Path]) -> None:
        super().files(name, paths)
        if name != "already_there":
            self._read(name, paths)

    def _read(self, name: str, paths: Sequence[Path]) -> None:
        """Read files with the columns that DuckDB finds in them: one that a file lacks is null, as it is there."""
        columns = ", ".join(
            f"`{column}` {SPARKS.get(kind, kind)}" for column, kind in self.columns(f"select * from {name}")
        )
        self.spark.read.schema(columns).parquet(*map(str, paths)).createOrReplaceTempView(name)

    def view(self, name: str, sql: str) -> None:
        super().view(name, sql)
        if "read_parquet" not in sql:
            self.spark.sql(sql).createOrReplaceTempView(name)

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> None:
        super().table(name, columns, rows)
        self._copy(name)

    def keep(self, name: str, sql: str) -> int:
        count = super().keep(name, sql)
        if sql.startswith("select r.*, p.known_to from ("):
            self._compare(name, sql)
        elif name != "made":
            self.spark.sql(sql).createOrReplaceTempView(name)
        return count

    def _copy(self, name: str) -> None:
        self._files += 1
        path = self.folder / f"{self._files}.parquet"
        self.save(f"select * from {name}", path)
        self._read(name, [path])

    def _compare(self, name: str, sql: str) -> None:
        told = self.compared.setdefault(self.rollup, Compared())
        told.runs += 1
        self._files += 1
        written = self.folder / f"{self._files}"
        try:
            frame = self.spark.sql(sql)
            frame.write.parquet(str(written))
        except Exception as error:  # noqa: BLE001  py4j's or Spark's: what it says is the finding
            told.differences.append(f"Spark refuses: {_said(error)}")
            return
        here = self.columns(f"select * from {name}")
        there = [(column, KINDS.get(kind, kind)) for column, kind in frame.dtypes]
        if there != here:
            told.differences.append(
                f"types: DuckDB {sorted(set(here) - set(there))}, Spark {sorted(set(there) - set(here))}"
            )
            return
        super().files("theirs", sorted(written.glob("*.parquet")))
        told.rows += self.rows(f"select count(*) from {name}")[0][0]
        mine = sorted(self.rows(f"select * from {name} except all select * from theirs"), key=_order)
        theirs = sorted(self.rows(f"select * from theirs except all select * from {name}"), key=_order)
        if len(mine) != len(theirs) or not all(map(_equal, mine, theirs)):
            told.differences.append(_difference(mine, theirs))


def _order(row: Row) -> tuple[list[tuple[bool, Any]], list[tuple[bool, Any]]]:
    """Sort by what has to be equal first, and by numbers with a point among rows that are equal in all else."""
    cells = [(cell is None, "" if cell is None else cell, isinstance(cell, float)) for cell in row]
    return [cell[:2] for cell in cells if not cell[2]], [cell[:2] for cell in cells if cell[2]]


def _equal(one: Row, other: Row) -> bool:
    """Tell whether two rows are equal; a mean of doubles depends in its last digit on the order in which they came."""
    return all(
        math.isclose(a, b, rel_tol=1e-13) if isinstance(a, float) and isinstance(b, float) else a == b
        for a, b in zip(one, other, strict=True)
    )


def _difference(mine: list[Row], theirs: list[Row]) -> str:
    pairs = [(one, other) for one, other in zip(mine, theirs, strict=False) if not _equal(one, other)]
    first = pairs[0] if pairs else (mine[:1], theirs[:1])
    return f"{len(mine)} rows of DuckDB's alone, {len(theirs)} of Spark's alone, such as {first[0]} and {first[1]}"


def _said(error: Exception) -> str:
    """Return the line of Spark's error that names what is wrong; its first lines may speak of jobs only."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    named = [line[line.index("[") :] for line in lines if re.search(r"\[[A-Z_.]{6,}\]", line)]
    caused = [line for line in lines if line.startswith("Caused by")]
    return (named + caused + lines)[0]
