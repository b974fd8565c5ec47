"""A line that left a file: taken back where the file is a register, told where it is not, lost in neither.

A register (a price list, a cost stack, a ledger of contracts) is kept as a whole: who deletes a line of it means that.
A file of one that is edited in place withdraws each key that it said before and no longer says, from this ingest on;
on earlier days the key is still there. Elsewhere a missing row may as well have been rotated away: it stays in force,
and is told where the file still speaks of its days, until somebody asks for it to be withdrawn (`--withdraw`).

What another file says too stays in force, and so does everything while rows of the file were rejected, since one of
them may be the key. Wrong where two registers are written to one file in turn: give each a file of its own.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from hardgate.core.days import Window
from hardgate.core.terms import Schema
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.as_of import FOREVER, relation
from hardgate.lake.batch import Batch, Day, Gone
from hardgate.lake.batches import Lake
from hardgate.lake.restated import Statement, same
from hardgate.lake.saying import Saying

SHOWN = 3
"""Keys that are named of those that are gone."""


@dataclass(frozen=True, slots=True)
class Register:
    """How a file's earlier word is to be taken: `now` are the digests of all files of this ingest, by name.

    `asked` says that somebody wants what is gone to be withdrawn, whatever the table.
    """

    file: str
    saying: Saying
    now: Mapping[str, str]
    asked: bool = False

    def takes_back(self, schema: Schema) -> bool:
        """Tell whether what is gone is withdrawn."""
        return schema.register or self.asked

    def earlier(self, lake: Lake, schema: Schema) -> tuple[Batch, ...]:
        """Return what the file said before of a table: all of it, or the last where nothing can be taken back."""
        before, ways = self.saying.before, self.saying.other_ways
        said = [one for one in lake.ever_said(self.file, schema.name) if one.rows and one.mapping not in ways]
        if self.takes_back(schema):
            return tuple(one for one in said if before is None or one.seq < before)
        return () if before is not None else self.last(lake, schema)

    def last(self, lake: Lake, schema: Schema) -> tuple[Batch, ...]:
        """Return what the file said last of a table."""
        return tuple(one for one in self._said(lake, schema) if one.mapping not in self.saying.other_ways)[-1:]

    def beside(self, lake: Lake, schema: Schema) -> tuple[Batch, ...]:
        """Return what other readings of the file say of a table."""
        return tuple(one for one in self._said(lake, schema) if one.mapping in self.saying.other_ways)

    def _said(self, lake: Lake, schema: Schema) -> list[Batch]:
        said = [one for one in lake.statements(self.file) if one.table == schema.name]
        return [one for one in said if one.rows and one.retired_at is None]


def find(  # noqa: PLR0913  what is compared, and with what
    engine: Engine, lake: Lake, schema: Schema, one: Statement, register: Register, rejected: int
) -> tuple[Gone, ...]:
    """Make `ingest_gone` of the keys that a file withdraws, and return what became of all that are gone from it.

    Its columns are the key, the day, and the column that dates the row.
    """
    earlier = register.earlier(lake, schema)
    if not earlier or not _left(engine, lake, schema, one, register, earlier):
        return ()
    if not register.takes_back(schema):
        ask = f"`hardgate ingest {register.file} --withdraw` takes them back"
        return _told(engine, schema, register, f"{schema.name} is no register: {ask}")
    if rejected:
        return _told(engine, schema, register, "rows of the file were rejected, which may be these: mend them first")
    return _withdrawn(engine, lake, schema, register)


def save(engine: Engine, schema: Schema, one: Statement, batch: Batch, path: Path) -> tuple[Day, ...]:
    """Write the keys that are withdrawn, and return what they say of each day."""
    known, name = literal(one.since), literal(batch.name)
    engine.save(f"select *, {known} as known, {name} as batch, true as withdrawn from ingest_gone order by all", path)
    timed = schema.column(schema.day).type == "timestamp"
    ends = f"min({schema.day}), max({schema.day})" if timed else "null, null"
    counted = engine.rows(f"select day, count(*), {ends} from ingest_gone group by day order by day")
    return tuple(
        Day(day, one.since, batch.digest, 0, 0, batch.name, first_at, last_at, count)
        for day, count, first_at, last_at in counted
    )


def _left(  # noqa: PLR0913  what is compared, and with what
    engine: Engine, lake: Lake, schema: Schema, one: Statement, register: Register, earlier: Sequence[Batch]
) -> int:
    """Make `ingest_gone` of the keys in force that a file said and no longer says, and return how many there are."""
    keys = ", ".join(schema.key)
    before = f"select distinct {keys}, day from ({_all(lake.path(batch) for batch in earlier)}) as e"
    if not register.takes_back(schema):
        before += f" where {schema.day} between (select min({schema.day}) from ({one.rows}) as w)"
        before += f" and (select max({schema.day}) from ({one.rows}) as w)"
    there = one.rows
    if beside := [lake.path(batch) for batch in register.beside(lake, schema)]:
        there = f"select {keys} from ({there}) as w union all select {keys} from ({_all(beside)}) as b"
    left = f"select e.* from ({before}) as e anti join ({there}) as w on {same(schema, 'e', 'w')}"
    if not engine.keep("ingest_left", left):
        return 0
    first, last = engine.rows("select min(day), max(day) from ingest_left")[0]
    window = Window(first, last + timedelta(days=1))
    held = relation(lake, engine, schema.name, name="ingest_held", window=window, before=one.before)
    dated = "" if schema.day in {*schema.key, "day"} else f", h.{schema.day}"
    chosen = f"{', '.join(f'h.{name}' for name in schema.key)}{'' if 'day' in schema.key else ', h.day'}{dated}"
    return engine.keep(
        "ingest_gone",
        f"select distinct {chosen} from ({held}) as h semi join ingest_left as e on {same(schema, 'h', 'e')}"
        f" where h.known_to = {literal(FOREVER)}",
    )


def _withdrawn(engine: Engine, lake: Lake, schema: Schema, register: Register) -> tuple[Gone, ...]:
    """Leave in `ingest_gone` what no other file says now, and return what is withdrawn and what is not."""
    told: list[Gone] = []
    others = _others(lake, schema, register)
    by_file: dict[str, list[Path]] = {}
    for file, batch in others:
        by_file.setdefault(file, []).append(lake.path(batch))
    for file, paths in by_file.items():
        said = f"({_all(paths)}) as o on {same(schema, 'g', 'o')}"
        if engine.rows(f"select count(*) from ingest_gone as g semi join {said}")[0][0]:
            engine.keep("ingest_kept", "select * from ingest_gone")
            engine.keep("ingest_gone", f"select g.* from ingest_kept as g semi join {said}")
            told += _told(engine, schema, register, f"{file} says the same: take them out of it too")
            engine.keep("ingest_gone", f"select g.* from ingest_kept as g anti join {said}")
    return (*_told(engine, schema, register, ""), *told)


def _others(lake: Lake, schema: Schema, register: Register) -> list[tuple[str, Batch]]:
    """Return what other files say of a table: what they hold now where they are of this ingest, else what they said."""
    said = [
        one
        for one in lake.others(register.file, schema.name)
        if register.now.get(one[0], one[1].digest) == one[1].digest
    ]
    have = {file for file, _ in said}
    new = [(file, digest) for file, digest in register.now.items() if file not in {*have, register.file}]
    copies = [(file, one) for file, digest in new for one in lake.readings(digest) if one.table == schema.name]
    return [(file, one) for file, one in [*said, *copies] if one.rows and one.retired_at is None]


def _told(engine: Engine, schema: Schema, register: Register, because: str) -> tuple[Gone, ...]:
    """Return what is in `ingest_gone`, in words."""
    rows = engine.rows("select count(*) from ingest_gone")[0][0]
    if not rows:
        return ()
    named = engine.rows(f"select {', '.join(schema.key)} from ingest_gone order by all limit {SHOWN}")
    keys = tuple(", ".join(f"{name}={cell}" for name, cell in zip(schema.key, row, strict=True)) for row in named)
    return (Gone(register.file, schema.name, rows, keys, because),)


def _all(paths: Iterable[Path]) -> str:
    listed = ", ".join(literal(str(path)) for path in paths)
    return f"select * from read_parquet([{listed}], union_by_name = true)"
