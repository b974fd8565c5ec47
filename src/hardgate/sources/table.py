"""Any CSV, Parquet or SELECT with a column map: a name or an SQL expression for each of our columns.

Columns of the same name need no entry. An entry that is the name of a column means that column; any other is SQL over
the columns (`total_gpu_num / 60.0`, `date_trunc('month', d)`, `'AWS'`). Wrong when one row of the file speaks of
several of our rows: give such a file a SELECT.
"""

import re
from collections.abc import Mapping, Sequence

from hardgate.core.errors import BadInput, Misconfigured, nearest
from hardgate.core.terms import Column, Schema
from hardgate.engine.portable import literal
from hardgate.sources.source import COMMON_OPTIONS, Extract, Input, RawColumns, Source, quoted, tables

_NAMES = re.compile(r"'(?:[^']|'')*'|\"((?:[^\"]|\"\")+)\"|([A-Za-z_]\w*)")


def _detect(columns: Sequence[str]) -> bool:
    """Never: a column map has to be asked for."""
    del columns
    return False


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    schema = schema_of(given)
    mapped: dict[str, str] = {}
    guess: set[str] = set()
    for column in schema.columns:
        written = given.columns.get(column.name, column.name)
        name = _same(written, raw)
        if name is not None:
            mapped[column.name] = quoted(name)
        elif column.name in given.columns:
            mapped[column.name] = written
            guess |= set(names_in(written, raw))
        elif column.name == "currency" and "currency" in given.options:
            mapped[column.name] = literal(given.options["currency"])
        elif not column.nullable:
            raise BadInput(_absent(schema, column, raw))
    return {schema.name: Extract(mapped, guess=tuple(sorted(guess)))}


def schema_of(given: Input) -> Schema:
    """Return the schema that an input of this source fills.

    Raises:
        Misconfigured: it names no table, or one or a column that does not exist; all mistakes at once.

    """
    known = tables()
    if given.table is None:
        message = 'an input with source = "table" needs table = ...; ' + nearest("", known)
        raise Misconfigured(message)
    if given.table not in known:
        message = f"table {given.table!r} is not known; {nearest(given.table, known)}"
        raise Misconfigured(message)
    schema = known[given.table]
    names = [column.name for column in schema.columns]
    wrong = [name for name in given.columns if name not in names]
    if wrong:
        message = "\n".join(f"table {schema.name} has no column {name!r}; {nearest(name, names)}" for name in wrong)
        raise Misconfigured(message)
    return schema


def names_in(expression: str, raw: RawColumns) -> list[str]:
    """Return the columns of the file that an expression names.

    >>> names_in("date_trunc('month', d)", RawColumns((("month", "varchar"), ("D", "varchar"))))
    ['D']

    """
    words = [(match[1] or match[2]).replace('""', '"') for match in _NAMES.finditer(expression) if match[1] or match[2]]
    found = [_same(word, raw) for word in words]
    return list(dict.fromkeys(name for name in found if name is not None))


def _same(written: str, raw: RawColumns) -> str | None:
    return next((name for name in raw.names if name.lower() == written.strip().lower()), None)


def _absent(schema: Schema, column: Column, raw: RawColumns) -> str:
    return (
        f"table {schema.name} needs {column.name} ({column.meaning}); found the columns {', '.join(raw.names)}; "
        f'write columns = {{{column.name} = "..."}} in this input, a column\'s name or an SQL expression'
    )


source = Source(
    name="table",
    meaning="any CSV, Parquet or SELECT with a column map",
    tables=(),
    detect=_detect,
    extract=_extract,
    options=COMMON_OPTIONS,
)
