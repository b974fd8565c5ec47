"""A file that says other things of what was said before: that becomes known on the day it came in, and not before.

Where a table does not say when its rows became known, a day is assumed for them (`known_after`). That holds for what a
key was first said to be. Were it to hold for a later statement too, a file edited in place would change what a past
meeting is held to have known. So a row that differs from what is believed of its key is known from the day of the
ingest on; the lines of one statement together. So is a key that was withdrawn and is said again, and all that a file
says anew after it said something else. A row that dates itself is taken at its word where it names a day after all that
was said of its key, or says again what was believed on its day. Where a file has several rows of a key, the last of
them is what it says now: one before it that was edited changes neither the past nor the present.

Wrong when somebody says on which day all rows became known (`known_at`): then that day is taken, and nothing compared.
The same bytes read in another way are compared with what was there before them: they became known when they came in.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from hardgate.core.days import Window
from hardgate.core.terms import Schema
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.as_of import FOREVER, columns, relation, said
from hardgate.lake.batches import Lake
from hardgate.lake.duplicates import scan
from hardgate.lake.normalising import Known

NOW = f"o.known_to = {literal(FOREVER)}"


@dataclass(frozen=True, slots=True)
class Statement:
    """What is compared: a written batch, when its rows became known, and its place among what a file said.

    `anew` are bytes that the file said before and not last, `before` is the first batch that does not count, and
    `earlier` is a SELECT of the rows that the file said before, where it is a register that says itself when.
    """

    written: Path
    known: Known
    anew: bool = False
    before: int | None = None
    earlier: str = ""

    @property
    def rows(self) -> str:
        """A SELECT of what was written."""
        return scan(self.written)

    @property
    def since(self) -> date:
        """The day from which on it is known: of the ingest, or on which the same bytes first came in."""
        return self.known.on or self.known.seen or self.known.today


def find(engine: Engine, lake: Lake, schema: Schema, one: Statement) -> int:
    """Make `ingest_restated` of what a written batch says otherwise than the lake, and return how much that is.

    Its columns are the key and `known`, the day on which the batch would have it known.
    """
    if one.known.on is not None:
        return 0
    first, last = engine.rows(f"select min(day), max(day) from ({one.rows})")[0]
    if first is None or not _meet(lake, schema, first, last):
        return 0
    window = Window(first, last + timedelta(days=1))
    believed = relation(lake, engine, schema.name, name="ingest_believed", window=window, before=one.before)
    key, last = ", ".join(f"n.{name}" for name in schema.key), "max(o.known_to)"
    engine.view("ingest_said", _statements(schema, one.rows, "known") + (_newest(schema) if one.anew else ""))
    if schema.known and not one.anew:
        then = "o.known_from <= n.known and n.known < o.known_to"
        otherwise = f"bool_or(o.known_from >= n.known) and not bool_or(n.said = o.said and {then})"
        # A key that was withdrawn does not come back by what was said of it before.
        otherwise = f"({otherwise}) or ({last} < {literal(FOREVER)} and n.known < {last})"
    else:
        otherwise = f"not bool_or(n.said = o.said and {NOW})"
    found = (
        f"select {key}, n.known from ingest_said as n"
        f" join ({_statements(schema, believed, 'known_from, known_to')}) as o on {same(schema, 'n', 'o')}"
        f" group by {key}, n.known having {otherwise}"
    )
    if one.earlier:
        found += f" union {_cut_short(schema, one, believed)}"
    return engine.keep("ingest_restated", found)


def dated(schema: Schema, one: Statement) -> str:
    """Return a SELECT of the written rows, with what restates something known from the day of the ingest on."""
    since = literal(one.since)
    if one.anew:
        return f"select * replace ({since} as known) from ({one.rows}) as w"
    marked = (
        f"select w.*, t.known is not null as otherwise from ({one.rows}) as w"
        f" left join ingest_restated as t on {same(schema, 'w', 't')} and w.known = t.known"
    )
    known = f"case when otherwise then {since} else known end"
    if schema.known:
        of_key = f"over (partition by {', '.join(schema.key)})"
        marked = f"select *, max(known) {of_key} as newest from ({marked}) as m"
        marked = f"select *, bool_or(otherwise and known = newest) {of_key} as at_last from ({marked}) as m"
        known = f"case when not otherwise then known when at_last then {since} else newest end"
    extra = "otherwise, newest, at_last" if schema.known else "otherwise"
    return f"select * exclude ({extra}) replace ({known} as known) from ({marked}) as m"


def _cut_short(schema: Schema, one: Statement, believed: str) -> str:
    """Return the last row of each key whose later row, the one that is believed now, has left the file."""
    own, key = schema.known, ", ".join(f"n.{name}" for name in schema.key)
    there = f"{same(schema, 'e', 'w')} and e.{own} is not distinct from w.{own}"
    left = _statements(schema, f"select e.* from ({one.earlier}) as e anti join ({one.rows}) as w on {there}", "known")
    return (
        f"select {key}, n.known from (select * from ingest_said{_newest(schema)}) as n"
        f" join ({_statements(schema, believed, 'known_from, known_to')}) as o on {same(schema, 'n', 'o')}"
        f" semi join ({left}) as g on {same(schema, 'o', 'g')} and o.said = g.said"
        f" where {NOW} and n.said <> o.said"
    )


def _newest(schema: Schema) -> str:
    """Return what keeps the last row of each key."""
    return f" qualify row_number() over (partition by {', '.join(schema.key)} order by known desc) = 1"


def _meet(lake: Lake, schema: Schema, first: date, last: date) -> bool:
    """Tell whether the lake may speak of keys of these days already."""
    days = [one for one in lake.days(schema.name) if one.rows]
    return any(first <= one.day <= last for one in days) if schema.day in schema.key else bool(days)


def _statements(schema: Schema, rows: str, since: str) -> str:
    """Return one row a statement: its key, since when it holds, and all that it says."""
    key = ", ".join(schema.key)
    told = f"select *, {said([name for name in columns(schema) if name not in schema.key])} as said from ({rows}) as r"
    if not schema.lines:
        return f"select {key}, {since}, said from ({told}) as s"
    # Lines come in any order, and one may stand twice.
    return (
        f"select {key}, {since}, string_agg(said, ' ' order by said) as said from ({told}) as s group by {key}, {since}"
    )


def same(schema: Schema, one: str, other: str) -> str:
    """Return the condition that two rows have the same key; nothing is equal to nothing."""
    return " and ".join(f"{one}.{name} is not distinct from {other}.{name}" for name in schema.key)
