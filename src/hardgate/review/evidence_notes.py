"""What to know of the evidence: what an ingest did, which batches a date could see, and what is doubtful in them."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window, month_of
from hardgate.core.terms import Status
from hardgate.lake.batches import Lake
from hardgate.review.evidence import Spoilt
from hardgate.review.meeting import Batch
from hardgate.review.policy import Policy
from hardgate.review.settings import Settings
from hardgate.sources.source import tables as schemas

if TYPE_CHECKING:  # a review ingests nothing
    from hardgate.lake.batch import Gone
    from hardgate.lake.ingest import Report
    from hardgate.rollups.build import Built


@dataclass(frozen=True, slots=True)
class Ingested:
    """What an ingest did, for a surface to say. `built` is None where nothing was kept."""

    report: "Report"
    built: "Built | None"

    @property
    def nothing_read(self) -> bool:
        """Tell whether no file could be read at all."""
        return bool(self.report.problems) and not self.report.added and not self.report.known

    def lines(self) -> Iterator[str]:
        """Yield what was done, table by table, and what could not be read."""
        done = "would add" if self.report.dry_run else "added"
        tables = sorted({one.table for one in self.report.added})
        for table in tables:
            mine = [one for one in self.report.added if one.table == table]
            rows, rejected = sum(one.rows for one in mine), sum(one.rejected for one in mine)
            line = f"{table:<22} {done} {len(mine)} batches, {rows:,} rows"
            yield line + (f", {rejected:,} rejected: `hardgate doctor` lists them" if rejected else "")
        yield from (_gone(one, dry_run=self.report.dry_run) for one in self.report.gone)
        for table, count in sorted(self.report.restated.items()):
            yield f"{table}: {count:,} said otherwise than before; earlier dates are held to what was said before"
        for file, count, what in self.report.left_out:
            yield f"{file}: {count:,} {what} left out"
        if self.report.known:
            yield f"{len(self.report.known)} files were known already and add nothing"
        if self.report.retired:
            yield f"{len(self.report.retired)} batches are read anew in place of an earlier reading"
        for problem in self.report.problems:
            yield f"not read: {problem.file}: {problem.message}"
        if self.built is not None:
            days = sum(len(found) for found in self.built.days.values())
            yield f"rollups: {days:,} days made" if days else "rollups: up to date"
            yield from self.built.findings

    def plain(self) -> dict[str, Any]:
        """Return the same as a plain document."""
        added = [
            {"table": one.table, "batch": one.digest, "file": one.file, "rows": one.rows, "rejected": one.rejected}
            for one in self.report.added
        ]
        return {
            "dry_run": self.report.dry_run,
            "added": added,
            "restated": dict(self.report.restated),
            "gone": [
                {
                    "table": one.table,
                    "file": one.file,
                    "rows": one.rows,
                    "keys": list(one.keys),
                    "withdrawn": not one.because,
                    "because": one.because,
                }
                for one in self.report.gone
            ],
            "known": list(self.report.known),
            "left_out": [{"file": file, "rows": rows, "what": what} for file, rows, what in self.report.left_out],
            "problems": [{"file": one.file, "message": one.message} for one in self.report.problems],
            "days_made": {name: len(days) for name, days in self.built.days.items()} if self.built else {},
            "findings": list(self.built.findings) if self.built else [],
        }


def _gone(one: "Gone", *, dry_run: bool) -> str:
    """Say what became of keys that left a file."""
    one_row = one.rows == 1
    more = f"; and {one.rows - len(one.keys):,} more" if one.rows > len(one.keys) else ""
    named = f"({'; '.join(one.keys)}{more})"
    left = f"{one.table}: {one.rows:,} that {one.file} said before {'is' if one_row else 'are'} no longer in it"
    if one.because:
        return f"{left}, and {'stays' if one_row else 'stay'} in force {named}: {one.because}"
    done = f"{'would be ' if dry_run else ''}withdrawn from this ingest on"
    return f"{left}: {done}; earlier dates keep {'it' if one_row else 'them'} {named}"


def batches(lake: Lake, as_of: date) -> tuple[Batch, ...]:
    """Return the batches of which something was known by a date, with the rows that were, by table and file."""
    found = [one for table in lake.tables() for one in _of_table(lake, table, as_of)]
    return tuple(sorted(found, key=lambda one: (one.table, one.file, one.digest)))


def _of_table(lake: Lake, table: str, as_of: date) -> Iterator[Batch]:
    seen: dict[str, list[tuple[date, int, int]]] = {}
    for one in lake.days(table):
        if one.known <= as_of:
            seen.setdefault(one.batch, []).append((one.day, one.rows, one.rejected))
    for batch in lake.batches(table):
        if days := seen.get(batch.name):
            yield Batch(
                digest=batch.digest,
                table=table,
                file=batch.file,
                rows=sum(rows for _, rows, _ in days),
                rejected=sum(rejected for _, _, rejected in days),
                first_day=min(day for day, _, _ in days),
                last_day=max(day for day, _, _ in days),
                known=Status(batch.known_status),
            )


def spoilt(lake: Lake, tables: Iterable[str], window: Window, as_of: date) -> tuple[Spoilt, ...]:
    """Return the tables of which rows of a window were rejected, as known on a date.

    A reject without a day that could be read counts wherever its batch does; one of an interval counts on every day. A
    file that came again with other bytes answers for its own rejects alone.
    """
    found = []
    for name in tables:
        bad = {one.name: one for one in lake.batches(name) if one.rejected and _last(lake, one.file, name) == one.name}
        if not bad:
            continue
        days = [one for one in lake.days(name) if one.known <= as_of]
        spans = schemas()[name].until is not None
        seen = [one for one in days if spans or month_of(window.start) <= one.day < window.end]
        dated = Counter[str]()
        for one in days:
            dated[one.batch] += one.rejected
        undated = sum(bad[one].rejected - dated[one] for one in {day.batch for day in seen} if one in bad)
        rejected = undated + sum(one.rejected for one in seen if one.batch in bad)
        if rejected:
            found.append(Spoilt(name, rejected, sum(one.rows for one in seen)))
    return tuple(found)


def _last(lake: Lake, file: str, table: str) -> str:
    """Return the name of the batch that is what a file said last of a table."""
    return next((one.name for one in reversed(lake.statements(file)) if one.table == table), "")


def findings(seen: tuple[Batch, ...], settings: Settings, policy: Policy) -> tuple[str, ...]:
    """Return what a reader should know before believing the packet."""
    said = [] if seen else ["no evidence was known: bring files with `hardgate ingest`"]
    rejected: dict[str, int] = {}
    for one in seen:
        rejected[one.table] = rejected.get(one.table, 0) + one.rejected
    said += [
        f"{table}: {count:,} rows rejected, `hardgate doctor` lists them" for table, count in rejected.items() if count
    ]
    assumed = sorted({one.table for one in seen if one.known is Status.ASSUMED})
    said += [
        f"{table}: when a row became known is assumed to be {settings.known_after.get(table, 0)} days after its day"
        for table in assumed
    ]
    said += [f"role {role} must sign something and no signer holds it" for role in policy.unfilled()]
    return tuple(said)
