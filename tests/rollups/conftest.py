"""An operator whose tables stand in a test's docstring, told as statements: what became known when.

    sales @ 2026-02-03
    account  product  pool  month       net_revenue
    a        gpu      p1    2026-01-01  100

`-` is null. A second block of the same table is a later statement: it replaces rows with the same key.
"""

import hashlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

import hardgate.schemas
from hardgate.core.days import Window
from hardgate.core.discover import discover
from hardgate.core.terms import Schema
from hardgate.engine import Engine, connect
from hardgate.engine.portable import literal
from hardgate.lake.identities import Rule
from hardgate.rollups.build import Built, Pool, RollupSettings, build
from hardgate.rollups.read import rows

SCHEMAS: dict[str, Schema] = discover(hardgate.schemas, "schema")
FOREVER = date(9999, 12, 31)
READ: dict[str, Callable[[str], Any]] = {
    "text": str,
    "integer": int,
    "number": float,
    "money": Decimal,
    "date": date.fromisoformat,
    "timestamp": datetime.fromisoformat,
    "boolean": lambda text: text == "true",
}


@dataclass(frozen=True)
class Statement:
    table: str
    known: date
    rows: tuple[dict[str, Any], ...]

    @cached_property
    def batch(self) -> str:
        return hashlib.sha256(repr(self).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Day:
    day: date
    known: date
    batch: str
    rows: int


def read(text: str) -> list[Statement]:
    """Read statements from a test's docstring."""
    found: list[Statement] = []
    names: list[str] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        head = line.split(" @ ")
        if len(head) == 2 and head[0] in SCHEMAS:
            found.append(Statement(head[0], date.fromisoformat(head[1]), ()))
            names = []
        elif found and not names:
            names = line.split()
        elif found:
            schema = SCHEMAS[found[-1].table]
            cells = {
                name: None if cell == "-" else READ[schema.column(name).type](cell)
                for name, cell in zip(names, line.split(), strict=True)
            }
            found[-1] = replace(found[-1], rows=(*found[-1].rows, cells))
    return found


def day_of(schema: Schema, row: dict[str, Any]) -> date:
    found = row[schema.day]
    return found.date() if isinstance(found, datetime) else found


@dataclass
class HandMade:
    """A lake of hand-made statements; the reading by time is written again here, row by row."""

    statements: list[Statement] = field(default_factory=list)

    def days(self, table: str) -> list[Day]:
        found: dict[tuple[date, date, str], int] = {}
        for one in self.statements:
            for row in one.rows if one.table == table else ():
                key = (day_of(SCHEMAS[table], row), one.known, one.batch)
                found[key] = found.get(key, 0) + 1
        return [Day(*key, count) for key, count in sorted(found.items())]

    def believed(self, table: str) -> Iterator[tuple[dict[str, Any], date, date]]:
        schema = SCHEMAS[table]
        keyed: dict[tuple[Any, ...], dict[date, list[dict[str, Any]]]] = {}
        for one in sorted((one for one in self.statements if one.table == table), key=lambda one: one.known):
            said: dict[tuple[Any, ...], list[dict[str, Any]]] = {}
            for row in one.rows:
                said.setdefault(tuple(row.get(name) for name in schema.key), []).append(row)
            for key, lines in said.items():
                keyed.setdefault(key, {})[one.known] = lines
        for by_known in keyed.values():
            held: list[tuple[date, list[dict[str, Any]]]] = []
            for known, lines in sorted(by_known.items()):
                if not held or held[-1][1] != lines:
                    held.append((known, lines))
            ends = [known for known, _ in held[1:]] + [FOREVER]
            for (known, lines), end in zip(held, ends, strict=True):
                for row in lines:
                    yield row, known, end

    def until(self, as_of: date) -> "HandMade":
        """The lake as it would be without what became known later."""
        return HandMade([one for one in self.statements if one.known <= as_of])


def relation(
    lake: HandMade, engine: Engine, table: str, *, name: str | None = None, window: Window | None = None
) -> str:
    schema = SCHEMAS[table]
    columns = [(column.name, column.type) for column in schema.columns]
    extra = [] if any(column == "day" for column, _ in columns) else [("day", "date")]
    stored = f"{name or table}_statements"
    engine.table(
        stored,
        [*columns, *extra, ("known_from", "date"), ("known_to", "date")],
        [
            (*(row.get(column) for column, _ in columns), *([day_of(schema, row)] if extra else []), known, end)
            for row, known, end in lake.believed(table)
        ],
    )
    sql = f"select * from {stored}"
    if window is not None and schema.day in schema.key:
        sql += f" where day >= {literal(window.start)} and day < {literal(window.end)}"
    engine.view(name or table, sql)
    return sql


@dataclass
class Operator:
    """A lake, an engine and a folder of rollups."""

    lake: HandMade
    engine: Engine
    root: Path
    settings: RollupSettings

    def build(self, *only: str, through: date | None = None) -> Built:
        return build(
            self.lake, self.engine, self.settings, self.root,
            through=through, only=only or None, relation=relation,
        )  # fmt: skip

    def rows(self, name: str, as_of: date | None = None) -> list[dict[str, Any]]:
        found = rows(self.engine, self.root, name, as_of=as_of).records()
        return [{key: cell.item() if hasattr(cell, "item") else cell for key, cell in row.items()} for row in found]

    def table(self, name: str, *columns: str, as_of: date | None = None) -> list[tuple[Any, ...]]:
        return [tuple(row[column] for column in columns) for row in self.rows(name, as_of)]

    def set(self, **settings: Any) -> "Operator":
        self.settings = replace(self.settings, **settings)
        return self

    def also(self, text: str) -> "Operator":
        self.lake.statements += read(text)
        return self


@pytest.fixture
def engine() -> Iterator[Engine]:
    with connect(memory="1GB", threads=2) as opened:
        yield opened


@pytest.fixture
def operator(request: pytest.FixtureRequest, engine: Engine, tmp_path: Path) -> Operator:
    """The operator of the test's docstring."""
    pools = (Pool("p1", "north", "H20"), Pool("p2", "south", "B200"))
    settings = RollupSettings(pools=pools, samples_per_hour=4)
    return Operator(HandMade(read(request.function.__doc__ or "")), engine, tmp_path, settings)


@pytest.fixture
def owned_by() -> Callable[..., Operator]:
    """Give an operator exact identity rules on one column of a table: value = pool."""

    def owned(operator: Operator, table: str, column: str, **pools: str) -> Operator:
        rules = tuple(Rule(table, column, "exact", match, pool) for match, pool in pools.items())
        return operator.set(rules=(*operator.settings.rules, *rules))

    return owned
