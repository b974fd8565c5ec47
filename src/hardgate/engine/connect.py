"""The one seam: what hardgate asks of an analytical database, and DuckDB's answer in process.

An engine holds named relations (views over Parquet, SQL, small tables) for as long as it is open, and nothing on disk
but what `save` writes and what spills beyond `memory`. Results come out as plain cells: dates are `date`, amounts are
`Decimal`, nothing is `None`. Wrong when two threads share one engine: each takes its own.

>>> with connect() as engine:
...     engine.rows("select 1 as one, cast('2.50' as decimal(38,10)) as amount")
[(1, Decimal('2.5000000000'))]
"""

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self

from hardgate.core.errors import BadInput, Fault, Misconfigured
from hardgate.core.terms import Cell
from hardgate.engine.collect import cells
from hardgate.engine.portable import MACROS, TYPES, identifier, literal

if TYPE_CHECKING:
    import duckdb
    import numpy as np

INTERRUPTED = "Query interrupted"
"""What DuckDB says in a RuntimeError where Ctrl-C stopped a query."""


class Engine(Protocol):
    """What an analytical database has to do. A SparkSession can do all of it."""

    @property
    def version(self) -> str:
        """The engine's name and version."""
        ...

    def files(self, name: str, paths: Sequence[Path]) -> None:
        """Make `name` a view over Parquet files; columns are matched by name, and one that a file lacks is null."""
        ...

    def view(self, name: str, sql: str) -> None:
        """Make `name` a view of a SELECT."""
        ...

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> None:
        """Make `name` a small table of the rows given; a column's type is a schema's type or SQL."""
        ...

    def keep(self, name: str, sql: str) -> int:
        """Make `name` a table of what a SELECT gives now, and return its number of rows."""
        ...

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the columns of a SELECT with their SQL types, in lower case, without running it."""
        ...

    def rows(self, sql: str, params: Sequence[Cell] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT; `?` stands for a parameter."""
        ...

    def arrays(self, sql: str, days: Sequence[str] = ()) -> "dict[str, np.ndarray[Any, Any]]":
        """Return a SELECT column by column.

        Integers, numbers and booleans without nulls are arrays of int64, float64 and bool; everything else is an array
        of objects: `date`, `datetime`, `str`, `Decimal`, and `None` for null in a column of any type. Dates without
        nulls of the columns named in `days` are an array of days, which is compared many times faster.
        """
        ...

    def save(self, sql: str, path: Path) -> int:
        """Write a SELECT to one Parquet file and return its number of rows; the file appears whole or not at all."""
        ...

    def close(self) -> None:
        """Let go of everything held."""
        ...


def connect(
    address: str = "duckdb", *, memory: str = "4GB", threads: int | None = None, temp: Path | None = None
) -> "DuckDB":
    """Open the engine at an address; `temp` is the folder for what does not fit into `memory`.

    Raises:
        Misconfigured: no engine has this address.

    """
    if address != "duckdb":
        message = f'engine address {address!r} is not known: expected "duckdb"'
        raise Misconfigured(message)
    return DuckDB(memory=memory, threads=threads, temp=temp)


class DuckDB:
    """DuckDB in this process."""

    def __init__(self, *, memory: str = "4GB", threads: int | None = None, temp: Path | None = None) -> None:
        """Open an empty database in memory.

        Raises:
            Misconfigured: memory is not a size, or threads not a positive number.

        """
        import duckdb

        settings: dict[str, Any] = {
            "memory_limit": memory,
            "preserve_insertion_order": False,
            "autoinstall_known_extensions": False,
            "autoload_known_extensions": False,
            "python_enable_replacements": False,
        }
        if threads is not None:
            settings["threads"] = threads
        # Without a folder nothing spills: DuckDB's default would be a folder in the current directory.
        settings["temp_directory"] = "" if temp is None else str(temp)
        try:
            self._connection: duckdb.DuckDBPyConnection = duckdb.connect(":memory:", config=settings)
        except duckdb.Error as error:
            message = f"[engine] memory = {memory!r}, threads = {threads!r} is not accepted: {_first_line(error)}"
            raise Misconfigured(message) from error
        self._error = duckdb.Error
        self._out_of_reach = (duckdb.IOException, duckdb.OutOfMemoryException)
        self._kinds: dict[str, str] = {}
        self.version = f"duckdb {duckdb.__version__}"
        for head, body in MACROS.items():
            self._run(f"create or replace macro {head} as ({body})")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def files(self, name: str, paths: Sequence[Path]) -> None:
        """Make `name` a view over Parquet files, in the order given.

        Raises:
            BadInput: there are none, one is missing, or one is not Parquet.

        """
        if not paths:
            message = f"no files for {name}: an empty relation needs its columns, so make it with table()"
            raise BadInput(message)
        listed = ", ".join(literal(str(path)) for path in paths)
        try:
            self.view(name, f"select * from read_parquet([{listed}], union_by_name = true)")
        except Fault as error:
            raise BadInput(str(error)) from error

    def view(self, name: str, sql: str) -> None:
        """Make `name` a view of a SELECT, in place of what had the name."""
        self._drop(name, "view")
        self._run(f"create view {identifier(name)} as {sql}")

    def table(self, name: str, columns: Sequence[tuple[str, str]], rows: Iterable[Sequence[Cell]]) -> None:
        """Make `name` a small table, in place of what had the name."""
        self._drop(name, "table")
        typed = [(identifier(column), TYPES.get(kind, kind)) for column, kind in columns]
        self._run(f"create table {identifier(name)} ({', '.join(f'{column} {kind}' for column, kind in typed)})")
        by_column = [list(cells) for cells in zip(*rows, strict=True)]
        if by_column:
            unnested = ", ".join(f"cast(unnest(${at}) as {kind})" for at, (_, kind) in enumerate(typed, start=1))
            self._run(f"insert into {name} select {unnested}", [_sendable(cells) for cells in by_column])

    def keep(self, name: str, sql: str) -> int:
        """Make `name` a table of what a SELECT gives now, in place of what had the name."""
        new = f"{identifier(name)}_being_made"
        self._run(f"create or replace table {new} as {sql}")
        self._drop(name, "table")
        self._run(f"alter table {new} rename to {name}")
        return int(self.rows(f"select count(*) from {name}")[0][0])

    def columns(self, sql: str) -> list[tuple[str, str]]:
        """Return the columns of a SELECT with their types, in lower case."""
        return [(row[0], str(row[1]).lower()) for row in self.rows(f"describe {sql}")]

    def rows(self, sql: str, params: Sequence[Cell] = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a SELECT."""
        return self._run(sql, params).fetchall()

    def arrays(self, sql: str, days: Sequence[str] = ()) -> "dict[str, np.ndarray[Any, Any]]":
        """Return a SELECT column by column; the dates of the columns named in `days` as an array of days."""
        types = self.columns(sql)
        # numpy has no decimals: amounts travel as text and become Decimal here.
        chosen = ", ".join(
            f"cast({_quoted(name)} as varchar) as {_quoted(name)}" if kind.startswith("decimal") else _quoted(name)
            for name, kind in types
        )
        fetched = self._run(f"select {chosen} from ({sql})").fetchnumpy()
        return {name: cells(fetched[name], kind, as_day=name in days) for name, kind in types}

    def save(self, sql: str, path: Path) -> int:
        """Write a SELECT to one zstd Parquet file, in the order of its ORDER BY, through a neighbour and a rename."""
        new = path.with_name(f"{path.name}.{os.getpid()}.new")
        try:
            count = self._run(f"copy ({sql}) to {literal(str(new))} (format parquet, compression zstd)").fetchall()[0][
                0
            ]
            new.replace(path)
        finally:
            new.unlink(missing_ok=True)
        return int(count)

    def close(self) -> None:
        """Let go of everything held."""
        self._connection.close()

    def _run(self, sql: str, params: Sequence[Any] = ()) -> "duckdb.DuckDBPyConnection":
        try:
            return self._connection.execute(sql, params) if params else self._connection.execute(sql)
        except self._out_of_reach as error:
            raise Fault(_first_line(error)) from error
        except self._error as error:
            message = f"{_first_line(error)}\n    in: {' '.join(sql.split())[:400]}"
            raise Fault(message) from error
        except RuntimeError as error:
            if str(error) == INTERRUPTED:
                raise KeyboardInterrupt from error
            raise

    def _drop(self, name: str, kind: str) -> None:
        """Drop what has a name, and note what kind of relation will have it; the catalogue takes longer to ask."""
        before = self._kinds.get(identifier(name))
        if before is not None:
            self._run(f"drop {before} if exists {name}")
        self._kinds[name] = kind


def _sendable(cells: list[Cell]) -> list[Any]:
    """Return cells that DuckDB reads as one list type: amounts go as text, since each has its own precision."""
    from decimal import Decimal

    return [str(cell) if isinstance(cell, Decimal) else cell for cell in cells]


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _first_line(error: BaseException) -> str:
    return str(error).strip().partition("\n")[0]
