"""A column map over a file's rows: the foreign value of each of our columns, and what is doubtful in it.

An expression sees text as the numbers and times that nine in ten of its cells are; a cell that is none of them is a
doubt, and becomes a reject. Codes with leading zeros stay text. Wrong for a column that is text in its first 20,000
rows and numbers after them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from hardgate.core.errors import Fault, Misconfigured
from hardgate.core.terms import Column, Schema
from hardgate.engine import Engine
from hardgate.lake.reading import Raw
from hardgate.sources.source import LINE, Extract, quoted
from hardgate.sources.values import cleaned, typed

_SAMPLE = 20_000
_AGREE = 0.9
"""A text column is taken as numbers or times when this share of its first rows is."""


@dataclass(frozen=True, slots=True)
class Reason:
    """One way in which a row can be unusable: the column, the condition in SQL, and what to tell."""

    column: str
    condition: str
    cell: str
    text: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """A SELECT of `line`, `raw_0` and so on, the types of these, and what may turn out to be wrong with its source."""

    sql: str
    kinds: tuple[str, ...]
    doubts: tuple[Reason, ...]


def select(engine: Engine, raw: Raw, extract: Extract, schema: Schema, dates: str) -> Mapped:
    """Select the foreign value of each of our columns from `ingest_raw`.

    Raises:
        Misconfigured: an expression is not SQL over the file's columns.

    """
    expressions = {column.name: extract.columns.get(column.name, "null") for column in schema.columns}
    source, doubts = _guessed(engine, raw, extract, dates)
    try:
        return _tried(engine, source, extract, expressions, doubts)
    except Fault:
        # Perhaps an expression takes as text what looks like a number.
        source = f"({extract.rows.replace('{raw}', 'ingest_raw')})" if extract.rows else "ingest_raw"
    try:
        return _tried(engine, source, extract, expressions, [])
    except Fault as error:
        raise Misconfigured(_unreadable(engine, raw, source, expressions) or str(error)) from error


def _tried(
    engine: Engine, source: str, extract: Extract, expressions: dict[str, str], doubts: Sequence[Reason]
) -> Mapped:
    told = ", ".join(f"{expression} as raw_{i}" for i, expression in enumerate(expressions.values()))
    asked = "".join(f", {one.condition} as doubt_{i}, {one.cell} as text_{i}" for i, one in enumerate(doubts))
    where = f" where {extract.where}" if extract.where else ""
    sql = f"select {LINE} as line, {told}{asked} from {source}{where}"
    kinds = [kind for _, kind in engine.columns(sql)]
    return Mapped(sql, tuple(kinds[1 : len(expressions) + 1]), tuple(doubts))


def _guessed(engine: Engine, raw: Raw, extract: Extract, dates: str) -> tuple[str, list[Reason]]:
    """Return what to select from, with text columns that the expressions count on as what they seem to be."""
    if extract.rows:
        return f"({extract.rows.replace('{raw}', 'ingest_raw')})", []
    texts = [name for name in extract.guess if raw.columns.type_of(quoted(name)) == "varchar"]
    kinds = {name: kind for name in texts if (kind := _guess(engine, name, dates))}
    if not kinds:
        return "ingest_raw", []
    kept = ", ".join(f"{cleaned(quoted(name), 'varchar')} as hardgate_text_{at}" for at, name in enumerate(kinds))
    read = (
        f"{_as(kind, f'hardgate_text_{at}', dates)} as {quoted(name)}" for at, (name, kind) in enumerate(kinds.items())
    )
    engine.view("ingest_guessed", f"select * replace ({', '.join(read)}) from (select *, {kept} from ingest_raw)")
    reasons = [
        Reason(name, f"(hardgate_text_{at} is not null and {quoted(name)} is null)", f"hardgate_text_{at}",
               f"expected {_KINDS[kind]}, as the column has elsewhere")
        for at, (name, kind) in enumerate(kinds.items())
    ]  # fmt: skip
    return "ingest_guessed", reasons


_KINDS = {"integer": "a whole number", "number": "a number", "date": "a date", "timestamp": "a time"}


def _guess(engine: Engine, name: str, dates: str) -> str | None:
    """Return what most of a text column's first cells are, or None for text; codes with leading zeros are text."""
    cell = cleaned(quoted(name), "varchar")
    counts = ", ".join(f"count({_as(kind, 'cell', dates)})" for kind in _KINDS)
    codes = "count(*) filter (where regexp_full_match(cell, '0\\d+'))"
    sample = f"select {cell} as cell from ingest_raw limit {_SAMPLE}"
    total, coded, *found = engine.rows(f"select count(cell), {codes}, {counts} from ({sample})")[0]
    if not total or coded:
        return None
    fits = [kind for kind, count in zip(_KINDS, found, strict=True) if count >= _AGREE * total]
    whole_or_not = found[0] < found[1]
    return next((kind for kind in fits if not (kind == "integer" and whole_or_not)), None)


def _as(kind: str, cell: str, dates: str) -> str:
    return typed(Column("", kind, ""), cell, "varchar", dates).value


def _unreadable(engine: Engine, raw: Raw, source: str, expressions: dict[str, str]) -> str:
    """Name the expressions that do not hold, and the columns that there are."""
    wrong = []
    for name, expression in expressions.items():
        try:
            engine.columns(f"select {expression} as x from {source}")
        except Fault as error:
            wrong.append(f"columns.{name} = {expression!r} cannot be read: {str(error).splitlines()[0]}")
    return "\n".join([*wrong, f"the file has the columns {', '.join(raw.columns.names)}"]) if wrong else ""
