"""What a source is: the columns of a foreign format, told as SQL over them for each of our tables.

A source reads no files and checks no values: it names an expression for every column that it can fill, and the lake
reads, types, checks and rejects. A format that is no table (a filing, a JSON document) is laid out as rows first, by a
function over its bytes. Wrong when a format needs more than one SELECT over its own rows.

>>> raw = RawColumns((("GPU UUID", "varchar"), ("ts", "timestamp")))
>>> raw.first("gpu_uuid", "uuid"), raw.first("time", "ts"), raw.first("value")
('"GPU UUID"', '"ts"', None)
"""

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cache
from typing import IO

import hardgate.schemas
import hardgate.sources
from hardgate.core.discover import discover
from hardgate.core.errors import BadInput, NotFound, nearest
from hardgate.core.terms import Schema


@dataclass(frozen=True, slots=True)
class Input:
    """One entry of `[[inputs]]` in hardgate.toml: where rows come from, and how their columns are to be read.

    Either `files` (globs, relative to the workspace) or `select` is given. `table` says which table the source
    "table" fills. `columns` maps our columns to theirs, by name or by SQL expression. `options` are the rest.
    """

    source: str
    table: str | None = None
    files: tuple[str, ...] = ()
    select: str | None = None
    columns: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, str] = field(default_factory=dict)

    def mapping(self, version: int) -> str:
        """Return the digest of how rows are read: a batch is known by its bytes, its table and this."""
        told = [self.source, version, self.table, sorted(self.columns.items()), sorted(self.options.items())]
        return hashlib.sha256(json.dumps(told, ensure_ascii=False).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class RawColumns:
    """The columns of a file as they stand there: name and SQL type, in lower case, in their order."""

    columns: tuple[tuple[str, str], ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names, as written."""
        return tuple(name for name, _ in self.columns)

    def first(self, *names: str) -> str | None:
        """Return the first of some names that the file has, quoted for SQL; case, spaces and signs do not matter."""
        have = {plain(name): name for name in reversed(self.names)}
        return next((quoted(have[plain(name)]) for name in names if plain(name) in have), None)

    def type_of(self, identifier: str | None) -> str:
        """Return the SQL type of a column by its quoted name, or nothing where there is none."""
        return {quoted(name): kind for name, kind in self.columns}.get(identifier or "", "")

    def require(self, what: str, *names: str) -> str:
        """Return the first of some names that the file has, quoted for SQL.

        Raises:
            BadInput: it has none of them.

        """
        found = self.first(*names)
        if found is None:
            message = (
                f"no column for {what}: expected one of {', '.join(names)}, found {', '.join(self.names) or 'none'}; "
                f'rename it, or read the file with source = "table" and a column map'
            )
            raise BadInput(message)
        return found


@dataclass(frozen=True, slots=True)
class Extract:
    """How one table is filled from the rows of a file.

    `columns` holds SQL over the file's columns by our column. `rows`, where given, is a SELECT over `{raw}` that comes
    between (it must keep the column `hardgate_line`); `where` leaves out rows that do not speak of this table.
    `guess` names text columns that the expressions take as numbers or times, so that their type is to be found out.
    `left` says what the rows are that are left out, where a reader should know how many there were.
    """

    columns: Mapping[str, str]
    rows: str = ""
    where: str = ""
    guess: tuple[str, ...] = ()
    note: str = ""
    left: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A file that is no table: its name, the digest of its bytes, and how to open them unpacked."""

    name: str
    digest: str
    open: Callable[[], AbstractContextManager[IO[bytes]]]
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Unread:
    """A place in a document that could not be used, and why; `at` is its line, or the number of its table."""

    at: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Laid:
    """A document laid out as rows of text: names of columns, the rows each with its place, and what is unread."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[int, Sequence[str | None]]]
    unread: tuple[Unread, ...] = ()


def _never(_start: bytes) -> bool:
    """Tell no document by its first bytes."""
    return False


@dataclass(frozen=True, slots=True)
class Source:
    """One foreign format.

    `detect` tells by column names whether a file is of this format; `extract` says how it fills our tables.
    `options` are the keys that an input of this source may set. `version` goes up when the same file would be read
    otherwise than before: the lake then reads it again in place of the earlier reading.
    A format that is no table has `lay`, which makes rows of a document, and `opens`, which tells it by its first bytes;
    `extract` then reads those rows.
    """

    name: str
    meaning: str
    tables: tuple[str, ...]
    detect: Callable[[Sequence[str]], bool]
    extract: Callable[[RawColumns, Input], Mapping[str, Extract]]
    options: tuple[str, ...] = ()
    version: int = 1
    opens: Callable[[bytes], bool] = _never
    lay: Callable[[Document], Laid] | None = None


LINE = "hardgate_line"
"""The column that every relation of raw rows has: the line of a text file, or the row of a Parquet file."""

COMMON_OPTIONS = ("currency", "dates")
"""Options of every source: the currency of a file without one, and mdy or dmy for dates with slashes."""


def plain(name: str) -> str:
    """Return a column name without case, spaces and signs, for comparing."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


def quoted(name: str) -> str:
    """Return a foreign column name as SQL."""
    return '"' + name.replace('"', '""') + '"'


@cache
def sources() -> dict[str, Source]:
    """Return every source by name."""
    return discover(hardgate.sources, "source")


@cache
def tables() -> dict[str, Schema]:
    """Return every table we understand by name."""
    return discover(hardgate.schemas, "schema")


def source_named(name: str) -> Source:
    """Return a source by its name.

    Raises:
        NotFound: there is none of this name.

    """
    known = sources()
    if name not in known:
        message = f"source {name!r} is not known; {nearest(name, known)}"
        raise NotFound(message)
    return known[name]


def layer(name: str, start: bytes) -> Source | None:
    """Return the source that lays out a document: the one named, or for `auto` the one that knows its first bytes."""
    if name != "auto":
        named = source_named(name)
        return named if named.lay is not None else None
    return next((source for source in sources().values() if source.opens(start)), None)


def recognise(columns: Sequence[str]) -> Source:
    """Return the source whose format has these columns.

    Raises:
        BadInput: there is none, or more than one.

    """
    found = [source for source in sources().values() if source.detect(columns)]
    if len(found) != 1:
        what = "no known format" if not found else f"{' and '.join(source.name for source in found)} at once"
        message = (
            f"the columns {', '.join(columns)} are of {what}: say source = ... for this input, with "
            'source = "table", table = ... and a column map for a format of your own'
        )
        raise BadInput(message)
    return found[0]
