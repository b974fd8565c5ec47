"""The same key twice in one batch: rows that are equal count once, rows that differ contradict each other.

Contradicting rows are all rejected, since nothing says which of them is right; restatements within a file are no
contradiction where the table says when each row became known. Lines of a bill may repeat and are left alone.

Telemetry is checked without sorting: when the samples of a device in an hour lie in as many different slots of time as
there are samples, no two are the same. Only hours where they do not are looked at one by one.
"""

from pathlib import Path

from hardgate.core.terms import Schema
from hardgate.engine import Engine
from hardgate.engine.portable import literal

_MANY = 100_000
"""Rows from which on it pays to look at slots first."""


def find(engine: Engine, schema: Schema, written: str, rows: int) -> int:
    """Make `ingest_twice` of the keys that stand twice in written rows, and return how many there are.

    Its columns are the key, `rows`, `kinds` (1 when all are equal) and `first` (the first line).
    """
    if schema.lines:
        return 0
    suspects = written
    kind = schema.column(schema.day).type
    if rows >= _MANY and kind == "timestamp" and schema.day in schema.key:
        suspects = _suspects(engine, schema, written)
    keys = ", ".join(_key(schema))
    twice = f"select {keys} from ({suspects}) group by {keys} having count(*) > 1"
    found = engine.keep("ingest_twice", twice)
    if found:
        said = ", ".join(column.name for column in schema.columns if column.name not in schema.key) or "1"
        engine.keep(
            "ingest_twice",
            f"select {', '.join(f'w.{name}' for name in _key(schema))}, count(*) as rows,"
            f" count(distinct hash({said})) as kinds, min(line) as first"
            f" from ({suspects}) w join ingest_twice t on {_same(schema)} group by all",
        )
    return found


def without(schema: Schema, written: str) -> str:
    """Return a SELECT of the written rows of which each key stands once."""
    return (
        f"select w.* from ({written}) w left join ingest_twice t on {_same(schema)}"
        " where t.rows is null or (t.kinds = 1 and w.line = t.first)"
    )


def contradicting(schema: Schema, written: str) -> str:
    """Return a SELECT of the rows that are rejected: line, the line that they contradict, and day."""
    return (
        "select w.line, w.day, min(w.line) over (partition by "
        f"{', '.join(f'w.{name}' for name in _key(schema))}) as other, w.{schema.key[0]} as cell"
        f" from ({written}) w join ingest_twice t on {_same(schema)} where t.kinds > 1"
    )


def _suspects(engine: Engine, schema: Schema, written: str) -> str:
    """Return a SELECT of the rows among which two might have the same key."""
    time = schema.day
    rest = [name for name in schema.key if name != time]
    others = ", ".join(rest)
    hours = f"select {others}, date_trunc('hour', {time}) as hour, count(*) as n from ({written}) group by all"
    typical = engine.rows(f"select coalesce(median(n), 1) from ({hours})")[0][0]
    if typical > 3600:  # noqa: PLR2004  finer than a second: no slots
        return written
    # Slots of half the usual distance, so that samples a little early or late still have a slot each.
    width = max(1, int(1800 / typical))
    second = f"cast(epoch({time}) as bigint)"
    block = f"{second} // {width * 60}"
    slot = f"({second} // {width}) % 60"
    engine.keep(
        "ingest_blocks",
        f"select {others}, {block} as block from ({written}) group by {others}, {block}"
        f" having count(*) <> bit_count(bit_or(cast(1 as bigint) << ({slot})))",
    )
    same = " and ".join([*(f"w.{name} is not distinct from b.{name}" for name in rest), f"{block} = b.block"])
    return f"select w.* from ({written}) w semi join ingest_blocks b on {same}"


def _key(schema: Schema) -> list[str]:
    return [*schema.key, *(["known"] if schema.known else [])]


def _same(schema: Schema) -> str:
    return " and ".join(f"w.{name} is not distinct from t.{name}" for name in _key(schema))


def scan(path: Path) -> str:
    """Return a SELECT of a written batch."""
    return f"select * from read_parquet({literal(str(path))})"
