"""One table's rows of one file, written aside as a batch that waits to be entered: good rows, rejects, withdrawn, days.

Everything is counted on what was written, never on what was meant to be: a row that is neither in the batch nor among
the rejects would show as a difference to the file.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path

from hardgate.core.terms import Schema, Status
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake import duplicates, rejects, restated, withdrawn
from hardgate.lake.arrivals import Arrival
from hardgate.lake.batch import Batch, Day, Written
from hardgate.lake.batches import Lake
from hardgate.lake.normalising import Known, Normalised, Target, normalise
from hardgate.lake.reading import Raw
from hardgate.lake.restated import Statement
from hardgate.lake.withdrawn import Register
from hardgate.sources.source import Extract


@dataclass(frozen=True, slots=True)
class Job:
    """One file to be written: what it is, the source that reads it, and when its rows became known.

    `seen` is the day on which the same bytes first came in, where they were read in another way before.
    """

    engine: Engine
    lake: Lake
    arrival: Arrival
    source: str
    scratch: Path
    clock: datetime
    known_at: date | None
    known_after: Mapping[str, int]
    seen: date | None
    register: Register

    def known(self, schema: Schema) -> Known:
        """Return when rows of a table became known that do not say so themselves."""
        return Known(self.clock.date(), self.known_at, self.known_after.get(schema.name), self.seen)

    def batch(self, schema: Schema, note: str) -> Batch:
        """Return the batch, with nothing in it yet."""
        one = self.arrival
        return Batch(
            schema.name, one.found.digest, one.mapping, self.source, note, one.label,
            rows=0, rejected=0, duplicates=0, first_day=None, last_day=None, ingested_at=self.clock,
            known_status=str(self.known(schema).status), known_at=self.known_at, nth=self.register.saying.nth,
        )  # fmt: skip

    def statement(self, schema: Schema, path: Path) -> Statement:
        """Return what is compared with what the lake says already."""
        saying = self.register.saying
        earlier = ""
        if schema.register and schema.known and saying.before is None:
            said = self.register.last(self.lake, schema)
            earlier = " union all by name ".join(duplicates.scan(self.lake.path(batch)) for batch in said)
        return Statement(path, self.known(schema), saying.nth > 0, saying.before, earlier)


def write(job: Job, schema: Schema, extract: Extract, raw: Raw) -> Written:
    """Write one table's rows aside, judge them, and count them by day."""
    engine, known, batch = job.engine, job.known(schema), job.batch(schema, extract.note)
    dates = job.arrival.given.options.get("dates", "mdy")
    plan = normalise(engine, raw, extract, Target(schema, batch.name, known, dates))
    path = job.scratch / f"{schema.name}.parquet"
    rows = engine.save(plan.good, path)
    bad = _unread(job, schema, raw)
    if rows < plan.rows:
        bad.append(_unusable(job, schema, plan))
    twice = 0
    if duplicates.find(engine, schema, duplicates.scan(path), rows):
        bad.append(_contradicting(job, schema, duplicates.scan(path)))
        all_rows, path = path, job.scratch / f"{schema.name}-once.parquet"
        once = engine.save(duplicates.without(schema, duplicates.scan(all_rows)), path)
        contradicting = engine.rows("select coalesce(sum(rows), 0) from ingest_twice where kinds > 1")[0][0]
        twice, rows = rows - once - int(contradicting), once
    told = job.scratch / f"{schema.name}-rejects.parquet"
    rejected = rejects.save(engine, bad, told) if bad else 0
    said, otherwise = job.statement(schema, path), 0
    if not job.register.saying.only_back:
        otherwise = restated.find(engine, job.lake, schema, said)
    if otherwise or said.anew:
        path = job.scratch / f"{schema.name}-dated.parquet"
        engine.save(restated.dated(schema, said), path)
        said = replace(said, written=path)
    days = _days(engine, schema, batch, said, told if rejected else None)
    left_out = raw.rows - plan.rows if extract.left else 0
    batch = replace(
        batch, rows=rows, rejected=rejected, duplicates=twice,
        known_status=_status(engine, schema, said),
    )  # fmt: skip
    one = Written(batch, path, told if rejected else None, days, otherwise, left_out)
    return _spanned(_taking_back(job, schema, said, one))


def _taking_back(job: Job, schema: Schema, said: Statement, one: Written) -> Written:
    """Add what the file no longer says; where only that is asked for, leave out all that it says."""
    gone = withdrawn.find(job.engine, job.lake, schema, said, job.register, one.batch.rejected)
    count = sum(found.rows for found in gone if not found.because)
    if job.register.saying.only_back:
        nothing = job.scratch / f"{schema.name}-nothing.parquet"
        job.engine.save(f"{duplicates.scan(one.path)} where false", nothing)
        one = Written(replace(one.batch, rows=0, rejected=0, duplicates=0), nothing, None, ())
    one = replace(one, gone=gone)
    if not count:
        return one
    path = job.scratch / f"{schema.name}-withdrawn.parquet"
    days = withdrawn.save(job.engine, schema, said, one.batch, path)
    return replace(one, batch=replace(one.batch, withdrawn=count), days=(*one.days, *days), withdrawn=path)


def _spanned(one: Written) -> Written:
    """Give a batch the first and the last of its days."""
    first, last = (ends((day.day for day in one.days), default=None) for ends in (min, max))
    return replace(one, batch=replace(one.batch, first_day=first, last_day=last))


def _status(engine: Engine, schema: Schema, said: Statement) -> str:
    """Return where the known days of a batch come from: the weakest source that one of its rows needed."""
    if said.anew:
        # Whatever is assumed of the table, these are known since the ingest.
        return str(replace(said.known, days_after=None).status)
    if schema.known is None:
        return str(said.known.status)
    total, own = engine.rows(f"select count(*), count({schema.known}) from ({said.rows})")[0]
    return str(Status.REPORTED if total == own else Status.weakest([Status.REPORTED, said.known.status]))


def _unread(job: Job, schema: Schema, raw: Raw) -> list[str]:
    """Return the lines that are no records, as a SELECT of rejects."""
    if not raw.broken:
        return []
    rows = [
        (job.arrival.label, broken.line, schema.name, "", broken.text, broken.reason, None) for broken in raw.broken
    ]
    job.engine.table("ingest_unread", [(f"cell_{at}", kind) for at, (_, kind) in enumerate(rejects.COLUMNS)], rows)
    return ["select * from ingest_unread"]


def _unusable(job: Job, schema: Schema, plan: Normalised) -> str:
    """Return the rows that did not become ours, as a SELECT of rejects."""
    job.engine.table("ingest_reasons", (("code", "integer"), ("name", "text"), ("reason", "text")), [
        (code, reason.column, reason.text) for code, reason in enumerate(plan.reasons)
    ])  # fmt: skip
    return (
        f"select {literal(job.arrival.label)}, b.line, {literal(schema.name)}, r.name, b.cell, r.reason, b.day"
        f" from ({plan.bad}) b join ingest_reasons r using (code)"
    )


def _contradicting(job: Job, schema: Schema, written: str) -> str:
    keys = ", ".join(schema.key)
    return (
        f"select {literal(job.arrival.label)}, line, {literal(schema.name)}, {literal(keys)}, cast(cell as varchar),"
        " case when line = other then 'the same key stands again with other values'"
        f" else concat('the same key as line ', other, ', with other values') end, day"
        f" from ({duplicates.contradicting(schema, written)})"
    )


def _days(engine: Engine, schema: Schema, batch: Batch, said: Statement, told: Path | None) -> tuple[Day, ...]:
    """Count a written batch's rows by day and known day, and its rejects by day."""
    timed = schema.column(schema.day).type == "timestamp"
    ends = f"min({schema.day}), max({schema.day})" if timed else "null, null"
    counted = engine.rows(
        f"select day, known, count(*), {ends} from ({said.rows}) group by day, known order by day, known"
    )
    bad = dict(rejects.days(engine, told)) if told else {}
    days = [
        Day(day, when, batch.digest, count, bad.pop(day, 0), batch.name, first_at, last_at)
        for day, when, count, first_at, last_at in counted
    ]
    alone = [
        Day(day, said.since if said.anew else said.known.of(day), batch.digest, 0, count, batch.name)
        for day, count in bad.items()
        if day
    ]
    return tuple(sorted([*days, *alone], key=lambda one: one[:2]))
