"""What the parts of hardgate.toml must be to each other: tables, columns and options that exist, days that fit."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import combinations

from hardgate.core.errors import nearest
from hardgate.core.terms import Schema
from hardgate.lake.identities import KINDS
from hardgate.review.places import Path
from hardgate.review.quantities import shown
from hardgate.review.settings_file import Dated, File, IdentityRow, InputRow, PoolRow, ProductRow
from hardgate.review.slips import Slip
from hardgate.sources.source import COMMON_OPTIONS, Source, sources, tables

ANY = "auto"
"""The source of files whose format is to be found out."""


def slips(model: File) -> Iterator[Slip]:
    """Yield every slip of a file whose shape is right."""
    schemas = tables()
    yield from _inputs(model, sources(), schemas)
    yield from _identities(model, schemas)
    yield from _days(model)
    yield from _twice("pools", [(one.pool, one) for one in model.pools])
    yield from _twice("products", [(one.product, one) for one in model.products])
    for name in model.tables:
        if name not in schemas:
            yield Slip(("tables", name), f"no table is called {name!r}", nearest(name, schemas), key=True)


def _inputs(model: File, known: Mapping[str, Source], schemas: Mapping[str, Schema]) -> Iterator[Slip]:
    for i, row in enumerate(model.inputs):
        path: Path = ("inputs", i)
        if row.source not in {*known, ANY}:
            yield Slip((*path, "source"), f"no source is called {row.source!r}", nearest(row.source, [*known, ANY]))
            continue
        if (row.files is None) == (row.select is None):
            hint = "remove one of the two" if row.files else 'add files = ["data/*.csv"]'
            yield Slip(path, "an input is read from files or by a select", hint)
        yield from _table(path, row, schemas)
        yield from _options(path, row, known.get(row.source))


def _table(path: Path, row: InputRow, schemas: Mapping[str, Schema]) -> Iterator[Slip]:
    if row.source != "table":
        for name in ("table", "columns"):
            if getattr(row, name) is not None:
                message = f"the source {row.source} knows its own {name}"
                yield Slip((*path, name), message, 'remove it, or write source = "table"', key=True)
        return
    if row.table is None:
        yield Slip(path, "the source table fills the table that is named", 'add table = "sales"')
    elif row.table not in schemas:
        yield Slip((*path, "table"), f"no table is called {row.table!r}", nearest(row.table, schemas))
    else:
        names = [column.name for column in schemas[row.table].columns]
        for name in row.columns or {}:
            if name not in names:
                message = f"{row.table} has no column {name!r}"
                yield Slip((*path, "columns", name), message, nearest(name, names), key=True)


def _options(path: Path, row: InputRow, source: Source | None) -> Iterator[Slip]:
    taken = sorted({*COMMON_OPTIONS, *(source.options if source else ())})
    keys = [info.alias or name for name, info in InputRow.model_fields.items()]
    for name, value in (row.model_extra or {}).items():
        if name not in taken:
            yield Slip((*path, name), f"unknown key {name!r}", nearest(name, [*keys, *taken]), key=True)
        elif isinstance(value, list | dict):
            yield Slip((*path, name), f"expected one value, found {shown(value)}", "write a text or a number")


def _identities(model: File, schemas: Mapping[str, Schema]) -> Iterator[Slip]:
    for i, row in enumerate(model.identities):
        path: Path = ("identities", i)
        if row.table not in schemas:
            yield Slip((*path, "table"), f"no table is called {row.table!r}", nearest(row.table, schemas))
        else:
            names = [column.name for column in schemas[row.table].columns]
            if row.column not in names:
                yield Slip((*path, "column"), f"{row.table} has no column {row.column!r}", nearest(row.column, names))
        given = [kind for kind in KINDS if getattr(row, kind) is not None]
        if len(given) != 1:
            hint = "keep one of them" if given else 'add pool = "..."'
            yield Slip(path, f"a rule names one entity: {', '.join(KINDS)}", hint)
        yield from _match(path, row)


def _match(path: Path, row: IdentityRow) -> Iterator[Slip]:
    if row.rule == "regex":
        try:
            re.compile(row.match)
        except re.error as error:
            yield Slip((*path, "match"), f"this is no regular expression: {error}", "see the syntax of Python's re")
    if row.rule == "tag" and "=" not in row.match:
        yield Slip((*path, "match"), f"a tag has a key and a value, found {row.match!r}", 'write it like "team=infra"')


def _days(model: File) -> Iterator[Slip]:
    rows: list[tuple[Path, Dated]] = []
    for section in ("pools", "products", "identities"):
        rows += [((section, i), one) for i, one in enumerate(getattr(model, section))]
    for path, row in rows:
        if row.first is not None and row.last is not None and row.last <= row.first:
            message = f"it begins on {row.first} and ends on {row.last}: it holds on no day"
            yield Slip((*path, "to"), message, "to is the day after the last")


def _twice(section: str, rows: list[tuple[str, PoolRow]] | list[tuple[str, ProductRow]]) -> Iterator[Slip]:
    """Yield rows of one name whose days overlap: nobody could tell which of them holds."""
    for (i, (name, first)), (j, (other, second)) in combinations(enumerate(rows), 2):
        del i
        if name == other and _begin(first) < _end(second) and _begin(second) < _end(first):
            message = f"{name!r} stands here again for the same days"
            yield Slip((section, j), message, "give the first a to and this one a from, or keep one")


def _begin(row: Dated) -> date:
    return row.first or date.min


def _end(row: Dated) -> date:
    return row.last or date.max
