"""A table as it was believed on each day: every row with the days between which it was the last word.

The row of a key is what the latest statement says that was known by then: a later one takes its place from the day it
became known, and one that says the same again changes nothing. A key that was withdrawn has no row from that day on,
until it is said again. The lines of a bill are restated together, by key and batch. Only where batches meet (the same
day, and times that overlap) is there anything to compare, so that a day that one batch speaks of costs nothing.

Known days are days: of two statements known on the same day the one that came in later holds, and of two in one file
the one that dates itself later.
"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from pathlib import Path

from hardgate.core.days import Window
from hardgate.core.terms import Schema
from hardgate.engine import Engine
from hardgate.engine.portable import TYPES, literal
from hardgate.lake.batch import Batch, Day
from hardgate.lake.batches import Lake
from hardgate.sources.source import tables

FOREVER = date(9999, 12, 31)
"""`known_to` of a row that is still believed."""

Meeting = tuple[date, datetime | None, datetime | None]
"""A day on which batches meet, and from when to when, where rows have times."""


def relation(  # noqa: PLR0913  what is seen of the table, each by name
    lake: Lake,
    engine: Engine,
    table: str,
    *,
    name: str | None = None,
    window: Window | None = None,
    before: int | None = None,
) -> str:
    """Make `name` (else the table's name) a view of the table with `day`, `known_from` and `known_to`; return its SQL.

    The row is what was believed on day k where known_from <= k < known_to. With a window only batches that touch it are
    opened, and only rows of its days are in the view; where the day is no part of the key it makes no difference.
    `before` leaves out the batches from this one on, by their place in the lake.
    """
    schema = tables()[table]
    if schema.day not in schema.key:
        window = None
    there = [one for one in lake.batches(table) if before is None or one.seq < before]
    batches = [one for one in there if (one.rows or one.withdrawn) and _touches(one, window)]
    if not batches:
        sql = _nothing(schema)
    else:
        opened = {one.name for one in batches}
        days = [day for day in lake.days(table) if day.batch in opened and (window is None or day.day in window)]
        sql = _believed(engine, schema, _files(lake, batches), days, name or table)
        if window is not None:
            last = window.end - timedelta(days=1)
            sql = f"select * from ({sql}) as t where day between {literal(window.start)} and {literal(last)}"
    engine.view(name or table, sql)
    return sql


def columns(schema: Schema) -> list[str]:
    """Return the columns of a table's relation, without the two that say when."""
    names = [column.name for column in schema.columns]
    return names if "day" in names else [*names, "day"]


def _files(lake: Lake, batches: Sequence[Batch]) -> list[tuple[Batch, Path]]:
    """Return every file that has rows of the batches, or keys that they withdraw."""
    rows = [(one, lake.path(one)) for one in batches if one.rows]
    return rows + [(one, lake.withdrawn(one)) for one in batches if one.withdrawn]


def _nothing(schema: Schema) -> str:
    typed = [f"cast(null as {TYPES[column.type]}) as {column.name}" for column in schema.columns]
    days = [
        name for name in (*columns(schema), "known_from", "known_to") if name not in {c.name for c in schema.columns}
    ]
    return f"select {', '.join([*typed, *(f'cast(null as date) as {name}' for name in days)])} where false"


def _believed(
    engine: Engine, schema: Schema, batches: Sequence[tuple[Batch, Path]], days: Sequence[Day], target: str
) -> str:
    rows, order, met = f"{target}_rows", f"{target}_order", f"{target}_met"
    engine.files(rows, [path for _, path in batches])
    if not any(one.withdrawn for one, _ in batches):
        engine.view(f"{rows}_all", f"select *, cast(null as boolean) as withdrawn from {rows}")
        rows = f"{rows}_all"
    places = {one.name: one.seq for one, _ in batches}
    engine.table(order, (("batch", "text"), ("seq", "integer")), list(places.items()))
    if schema.known or (schema.day not in schema.key and len(places) > 1):
        return _restated(schema, rows, order, by_day=False)
    meetings = _meetings(days) if schema.day in schema.key else []
    if not meetings:
        return _plain(schema, rows)
    engine.table(met, (("met_day", "date"), ("first_at", "timestamp"), ("last_at", "timestamp")), meetings)
    meets = f"{met} m on r.day = m.met_day"
    if meetings[0][1] is not None:
        meets += f" and r.{schema.day} >= m.first_at and r.{schema.day} <= m.last_at"
    met_rows = f"select r.* from {rows} r semi join {meets}"
    parts = _met(engine, schema, met_rows, order, target)
    if not parts:
        return _plain(schema, rows)
    alone = f"select r.* from {rows} r anti join {meets}"
    return " union all ".join([f"({_plain(schema, f'({alone})')})", *(f"({part})" for part in parts)])


def _plain(schema: Schema, rows: str) -> str:
    chosen = ", ".join(columns(schema))
    return (
        f"select {chosen}, known as known_from, {literal(FOREVER)} as known_to from {rows} as t where withdrawn is null"
    )


def _met(engine: Engine, schema: Schema, rows: str, order: str, target: str) -> list[str]:
    """Split rows where batches meet: what only one of them speaks of there, and what several do; nothing if none do.

    Telemetry of one time but of other devices is no restatement, nor is a device whose files follow each other while
    those of others overlap with them. Which devices several batches speak of at once is found out here, so that
    reading the view does not have to compare every row with all others.
    """
    rest = [name for name in schema.key if name != schema.day]
    if schema.lines or schema.column(schema.day).type != "timestamp" or not rest:
        return [_restated(schema, f"({rows})", order, by_day=True)]
    group, several = ", ".join([*rest, "day"]), f"{target}_several"
    if not engine.keep(several, _at_once(rows, group, schema.day)):
        return []
    same = " and ".join(f"q.{name} is not distinct from g.{name}" for name in (*rest, "day"))
    one, more = (f"(select q.* from ({rows}) as q {kind} join {several} as g on {same})" for kind in ("anti", "semi"))
    return [_plain(schema, one), _restated(schema, more, order, by_day=True)]


def _at_once(rows: str, group: str, time: str) -> str:
    """Return the groups of which two batches speak from one time to another that overlap."""
    spans = (
        f"select {group}, batch, min({time}) as first, max({time}) as last from ({rows}) as q group by {group}, batch"
    )
    earlier = f"partition by {group} order by first, last rows between unbounded preceding and 1 preceding"
    told = f"select {group}, first, max(last) over ({earlier}) as until from ({spans}) as s"
    return f"select {group} from ({told}) as t where first <= until group by {group}"


def _restated(schema: Schema, rows: str, order: str, *, by_day: bool) -> str:
    """Give every statement the days between which it holds."""
    key = ", ".join([*schema.key, *(["day"] if by_day and "day" not in schema.key else [])])
    names = columns(schema)
    words = f"case when withdrawn then '' else {said([name for name in names if name not in schema.key])} end"
    if schema.lines:
        # The lines of one statement in any order: how many, and the least, the greatest and the sum of their digests.
        statement = (
            f"select {key}, known, batch, concat_ws('-', count(*), min(said), max(said), sum(part)) as said from"
            " (select *, cast(hash(said) % 4294967296 as bigint) as part from"
            f" (select *, {words} as said from {rows} as r) as s) as p group by {key}, known, batch"
        )
        held = _held(schema, key, f"{key}, batch", statement, order)
        same = " and ".join(
            [*(f"r.{name} = h.{name}" for name in key.split(", ")), "r.batch = h.batch", "r.known = h.known"]
        )
        chosen = ", ".join(f"r.{name}" for name in names)
        return (
            f"select {chosen}, h.known as known_from, h.known_to from {rows} as r join ({held}) as h on {same}"
            " where r.withdrawn is null"
        )
    held = _held(schema, key, f"{', '.join(names)}, withdrawn", f"select *, {words} as said from {rows} as r", order)
    return f"select {', '.join(names)}, known as known_from, known_to from ({held}) as h where withdrawn is null"


def _held(schema: Schema, key: str, kept: str, statements: str, order: str) -> str:
    """Return the statements that changed something, with the day on which the next one of their key did."""
    own = f", s.{schema.known} desc nulls last" if schema.known else ""
    last = (
        f"select s.*, row_number() over (partition by {_of('s', key)}, s.known order by o.seq desc{own}) as nth"
        f" from ({statements}) as s join {order} as o on s.batch = o.batch"
    )
    before = f"select *, lag(said) over (partition by {key} order by known) as before from ({last}) as l where nth = 1"
    return (
        f"select {kept}, known,"
        f" coalesce(lead(known) over (partition by {key} order by known), {literal(FOREVER)}) as known_to"
        f" from ({before}) as b where before is null or before <> said"
    )


def said(names: Sequence[str]) -> str:
    """Return SQL for all that a row says beside its key, as a digest of one text."""
    cells = ", ".join(f"coalesce(cast({name} as string), chr(30))" for name in names) or "''"
    return f"md5(concat_ws(chr(31), {cells}))"


def _of(alias: str, names: str) -> str:
    return ", ".join(f"{alias}.{name}" for name in names.split(", "))


def _meetings(days: Sequence[Day]) -> list[Meeting]:
    """Return the days, or the parts of days, of which more than one batch speaks."""
    by_day: dict[date, list[Day]] = {}
    for day in days:
        if day.rows or day.withdrawn:
            by_day.setdefault(day.day, []).append(day)
    found: list[Meeting] = []
    for when, said in by_day.items():
        if len({one.batch for one in said}) > 1:
            found += _overlaps(when, said)
    return found


def _overlaps(day: date, said: Sequence[Day]) -> list[Meeting]:
    spans = sorted((one.first_at, one.last_at) for one in said if one.first_at and one.last_at)
    if len(spans) < len(said):
        return [(day, None, None)]
    found: list[tuple[datetime, datetime]] = []
    until = spans[0][1]
    for first, last in spans[1:]:
        if first <= until:
            end = min(until, last)
            if found and first <= found[-1][1]:
                found[-1] = (found[-1][0], max(found[-1][1], end))
            else:
                found.append((first, end))
        until = max(until, last)
    return [(day, first, last) for first, last in found]


def _touches(batch: Batch, window: Window | None) -> bool:
    if batch.first_day is None or batch.last_day is None:
        return False
    return window is None or (batch.first_day < window.end and window.start <= batch.last_day)
