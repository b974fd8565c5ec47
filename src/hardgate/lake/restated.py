"""A file that says other things of what was said before: that becomes known on the day it came in, and not before.

Where a table does not say when its rows became known, a day is assumed for them (`known_after`). That holds for what a
key was first said to be. Were it to hold for a later statement too, a file edited in place would change what a past
meeting is held to have known. So a row that differs from what is believed of its key is known from the day of the
ingest on; the lines of one statement together. A row that dates itself is taken at its word where it names a day after
all that was said of its key, or says again what was believed on its day.

Wrong when somebody says on which day all rows became known (`known_at`): then that day is taken, and nothing compared.
The same bytes read in another way are no restatement either: they became known when they first came in.
"""

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


def find(engine: Engine, lake: Lake, schema: Schema, written: Path, known: Known) -> int:
    """Make `ingest_restated` of what a written batch says otherwise than the lake, and return how much that is.

    Its columns are the key and `known`, the day on which the batch would have it known.
    """
    if known.on is not None or known.seen is not None:
        return 0
    rows = scan(written)
    first, last = engine.rows(f"select min(day), max(day) from ({rows})")[0]
    if first is None or not _meet(lake, schema, first, last):
        return 0
    window = Window(first, last + timedelta(days=1))
    believed = relation(lake, engine, schema.name, name="ingest_believed", window=window)
    key, same = ", ".join(f"n.{name}" for name in schema.key), _same(schema, "n", "o")
    now, then = f"o.known_to = {literal(FOREVER)}", "o.known_from <= n.known and n.known < o.known_to"
    spoken, holds = ("o.known_from >= n.known", then) if schema.known else (now, now)
    return engine.keep(
        "ingest_restated",
        f"select {key}, n.known from ({_statements(schema, rows, 'known')}) as n"
        f" join ({_statements(schema, believed, 'known_from, known_to')}) as o on {same} group by {key}, n.known"
        f" having bool_or({spoken}) and not bool_or(n.said = o.said and {holds})",
    )


def dated(schema: Schema, written: str, known: Known) -> str:
    """Return a SELECT of the written rows, with what restates something known from the day of the ingest on."""
    return (
        f"select w.* replace (case when t.known is null then w.known else {literal(known.today)} end as known)"
        f" from ({written}) as w left join ingest_restated as t on {_same(schema, 'w', 't')} and w.known = t.known"
    )


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


def _same(schema: Schema, one: str, other: str) -> str:
    return " and ".join(f"{one}.{name} is not distinct from {other}.{name}" for name in schema.key)
