"""Rows of a foreign file become rows of a table: every cell typed, every row judged, in one streaming SELECT each.

A row that cannot be used says why: a cell that is not of its type, nothing where the key or the day should be, a day
beyond belief, a known time after the ingest. Nothing where another required value should be is no reason: the row
stays, with that fact missing, so that a sum over it is unknown and not smaller.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from hardgate.core.terms import Schema, Status
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.mapping import Mapped, Reason, select
from hardgate.lake.reading import Raw
from hardgate.sources.source import Extract
from hardgate.sources.values import EARLIEST, LATEST, Typed, cleaned, typed

_SMALL = 100_000


@dataclass(frozen=True, slots=True)
class Known:
    """When rows became known whose table does not say so itself: on a day, or some days after their own."""

    today: date
    on: date | None = None
    days_after: int | None = None
    seen: date | None = None

    def sql(self, day: str) -> str:
        """Return SQL for the day that a row of a day became known."""
        if self.on is None and self.days_after is not None:
            return f"least(cast({day} + {self.days_after} as date), {literal(self.today)})"
        return literal(self.on or self.seen or self.today)

    def of(self, day: date) -> date:
        """Return the day that a row of a day became known."""
        if self.on is None and self.days_after is not None:
            return min(day + timedelta(days=self.days_after), self.today)
        return self.on or self.seen or self.today

    @property
    def status(self) -> Status:
        """How good that day is: our own clock, somebody's word, or an assumption."""
        if self.on is not None:
            return Status.REPORTED
        return Status.MEASURED if self.days_after is None else Status.ASSUMED


@dataclass(frozen=True, slots=True)
class Target:
    """The table that rows go to, the batch they are in, when they became known, and how dates with slashes read."""

    schema: Schema
    batch: str
    known: Known
    dates: str = "mdy"


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a file says in one table: `good` and `bad` are SELECTs, `reasons` explains the `code` of a bad row."""

    good: str
    bad: str
    reasons: tuple[Reason, ...]
    rows: int


def normalise(engine: Engine, raw: Raw, extract: Extract, target: Target) -> Normalised:
    """Plan how a file's rows become rows of a table; a small file is judged at once, a large one while it is written.

    Raises:
        Misconfigured: an expression of the column map is not SQL over the file's columns.

    """
    schema = target.schema
    engine.view("ingest_raw", raw.sql)
    mapped = select(engine, raw, extract, schema, target.dates)
    at = range(len(schema.columns))
    clean = ", ".join(f"{cleaned(f'raw_{i}', mapped.kinds[i])} as cell_{i}" for i in at)
    cells = f"select * exclude ({', '.join(f'raw_{i}' for i in at)}), {clean} from ({mapped.sql})"
    types = [typed(schema.columns[i], f"cell_{i}", mapped.kinds[i], target.dates) for i in at]
    valued = f"select *, {', '.join(f'{types[i].value} as value_{i}' for i in at)} from ({cells})"
    reasons = [*_doubts(mapped), *_misread(schema, types), *_rules(schema, target.known)]
    cases = " ".join(f"when {reason.condition} then {code}" for code, reason in enumerate(reasons))
    judged = f"select *, case {cases} else -1 end as code from ({valued})"
    if raw.rows <= _SMALL:
        # Planning such a query costs more than reading a small file: once is enough.
        engine.keep("ingest_judged", judged)
        judged = mapped_rows = "select * from ingest_judged"
    else:
        mapped_rows = mapped.sql
    one_to_one = not (extract.rows or extract.where)
    rows = raw.rows if one_to_one else int(engine.rows(f"select count(*) from ({mapped_rows})")[0][0])
    return Normalised(_good(target, judged), _bad(schema, judged, reasons), tuple(reasons), rows)


def forget(engine: Engine) -> None:
    """Let go of the rows of the last small file."""
    engine.table("ingest_judged", (("nothing", "text"),), ())


def _doubts(mapped: Mapped) -> list[Reason]:
    """Return what is wrong with a text column that an expression takes as something else."""
    return [Reason(one.column, f"doubt_{i}", f"text_{i}", one.text) for i, one in enumerate(mapped.doubts)]


def _misread(schema: Schema, types: Sequence[Typed]) -> list[Reason]:
    """Return the cells that are not of their type."""
    return [
        Reason(column.name, f"cell_{i} is not null and value_{i} is null", f"cell_{i}", f"expected {types[i].expected}")
        for i, column in enumerate(schema.columns)
        if not types[i].sure
    ]


def _good(target: Target, judged: str) -> str:
    """Return the SELECT of a batch: our columns, the day, the day it became known, the batch and the line."""
    schema = target.schema
    # The lines of one statement are found by their key again, so that no text of it may be null.
    filled = [schema.lines and column.type == "text" and column.name in schema.key for column in schema.columns]
    chosen = [
        (f"coalesce(value_{i}, '')" if filled[i] else f"value_{i}") + f" as {column.name}"
        for i, column in enumerate(schema.columns)
    ]
    day, known = _day(schema), target.known.sql(_day(schema))
    if schema.known:
        known = f"coalesce({_day(schema, schema.known)}, {known})"
    if "day" not in [column.name for column in schema.columns]:
        chosen.append(f"{day} as day")
    return (
        f"select {', '.join(chosen)}, {known} as known, {literal(target.batch)} as batch, line"
        f" from ({judged}) where code = -1"
    )


def _day(schema: Schema, name: str | None = None) -> str:
    """Return SQL for the day of a row, or of another of its columns."""
    at = [column.name for column in schema.columns].index(name or schema.day)
    return f"cast(value_{at} as date)"


def _bad(schema: Schema, judged: str, reasons: Sequence[Reason]) -> str:
    """Return the SELECT of rejected rows: line, the code of the reason, the cell, and the day if there is one."""
    cells = " ".join(f"when {code} then cast({reason.cell} as varchar)" for code, reason in enumerate(reasons))
    day = f"case when {_day(schema)} between {_bounds()} then {_day(schema)} end"
    return f"select line, code, case code {cells} end as cell, {day} as day from ({judged}) where code >= 0"


def _rules(schema: Schema, known: Known) -> list[Reason]:
    """Return what a whole row must have, whatever its types."""
    names = [column.name for column in schema.columns]
    rules = []
    for i, column in enumerate(schema.columns):
        if column.name == schema.day or (column.name in schema.key and not column.nullable):
            what = "dates the row" if column.name == schema.day else "is part of the key"
            rules.append(Reason(column.name, f"value_{i} is null", f"cell_{i}", f"missing, but it {what}"))
    believable = f"expected a day from {EARLIEST} to {LATEST}"
    cell = f"cell_{names.index(schema.day)}"
    rules.append(Reason(schema.day, f"{_day(schema)} not between {_bounds()}", cell, believable))
    if schema.known:
        late = f"expected no day after this ingest on {known.today}: it says when the row became known"
        cell = f"cell_{names.index(schema.known)}"
        rules.append(Reason(schema.known, f"{_day(schema, schema.known)} > {literal(known.today)}", cell, late))
    rules += [
        Reason(column.name, f"value_{i} < {column.least}", f"cell_{i}", f"expected {column.least} or more")
        for i, column in enumerate(schema.columns)
        if column.least is not None
    ]
    return [*rules, *_unpaid(schema), *_sums(schema)]


def _sums(schema: Schema) -> list[Reason]:
    """Return how a whole can differ from its parts; where either is missing nothing is said."""
    if schema.whole is None:
        return []
    at = {column.name: i for i, column in enumerate(schema.columns)}
    name, parts = schema.whole
    sum_of = " + ".join(f"value_{at[part]}" for part in parts)
    cell = f"concat(cell_{at[name]}, ' of parts that are ', cast({sum_of} as varchar))"
    text = f"expected {' + '.join(parts)}"
    return [Reason(name, f"value_{at[name]} <> {sum_of}", cell, text)]


def _unpaid(schema: Schema) -> list[Reason]:
    """Return how an amount can stand without its currency, where the table has one that every row needs."""
    at = {column.name: i for i, column in enumerate(schema.columns)}
    money = [f"value_{at[column.name]} is not null" for column in schema.columns if column.type == "money"]
    if not money or "currency" not in at or schema.column("currency").nullable:
        return []
    i = at["currency"]
    text = "but the row has an amount; fill the cell, or set currency in this input of hardgate.toml"
    return [Reason("currency", f"value_{i} is null and ({' or '.join(money)})", f"cell_{i}", text)]


def _bounds() -> str:
    return f"date '{EARLIEST}' and date '{LATEST}'"
