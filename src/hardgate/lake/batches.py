"""The lake's manifest: which batches there are, where each came from, and which days it speaks of.

A batch is one file (or SELECT) read into one table: immutable Parquet, named by the digest of the source's bytes and of
how it was read. It is in the lake when the manifest says so and not before: files are written aside, renamed, and then
entered, all batches of one source file in one transaction. So a crash leaves the last committed state, and the same
file twice, or by three processes at once, is one batch. Wrong on a file system without atomic renames or locks.

Reading the same bytes in another way (a new column map, a corrected source) retires the earlier reading: its rows leave
the tables, its line in the manifest stays. Bytes that a file says anew after others are a batch of their own, the next
`nth`; reading them in another way retires no saying before it.
"""

import hashlib
import os
import shutil
import sqlite3
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from hardgate.core.days import month_of
from hardgate.core.errors import Fault
from hardgate.lake.batch import Batch, Committed, Day, Written, named
from hardgate.lake.durable import alone, move, together
from hardgate.lake.manifest import script
from hardgate.sources.source import tables as known_tables


class Lake:
    """The batches of a workspace. `root` is its own folder, made when it is not there."""

    def __init__(self, root: Path) -> None:
        """Open the lake, and clear away what a killed process left."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(root / "manifest.sqlite", timeout=60, isolation_level=None)
        try:
            # SQLite does not wait for its turn to change the journal, so that we do.
            with alone(root / "opening.lock", wait=True):
                self._db.execute("pragma journal_mode = wal")
                self._db.execute("pragma synchronous = full")
                had = [row[1] for row in self._db.execute("pragma table_info(batches)")]
                self._db.executescript(script(had))
        except sqlite3.DatabaseError as error:
            self._db.close()
            message = f"{root / 'manifest.sqlite'}: cannot be opened as the lake's manifest: {error}"
            raise Fault(message) from error
        self._sweep()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the manifest."""
        self._db.close()

    def tables(self) -> tuple[str, ...]:
        """Return the names of the tables that have batches."""
        return tuple(
            row[0] for row in self._db.execute("select distinct tbl from batches where retired_at is null order by 1")
        )

    def batches(self, table: str | None = None) -> tuple[Batch, ...]:
        """Return the batches in use, of one table or of all, in the order they came in."""
        where = "retired_at is null" + ("" if table is None else " and tbl = ?")
        return tuple(self._select(where, () if table is None else (table,)))

    def state(self) -> str:
        """Return a digest of every batch that is here and whether it still counts: equal ones hold the same rows."""
        found = self._db.execute("select * from batches order by seq").fetchall()
        return hashlib.sha256(repr(found).encode()).hexdigest()

    def readings(self, digest: str) -> tuple[Batch, ...]:
        """Return every batch that was ever read from these bytes, retired ones too."""
        return tuple(self._select("digest = ?", (digest,)))

    def days(self, table: str) -> list[Day]:
        """Return what each batch in use says of each day, ordered by day, known and the order it came in."""
        found = self._db.execute(
            "select d.day, d.known, b.digest, d.rows, d.rejected, b.mapping, b.nth, d.first_at, d.last_at, d.withdrawn"
            " from days d join batches b using (seq) where b.tbl = ? and b.retired_at is null"
            " order by d.day, d.known, d.seq",
            (table,),
        )
        return [
            Day(date.fromisoformat(day), date.fromisoformat(known), digest, rows, rejected,
                named(digest, mapping, nth), _time(first_at), _time(last_at), withdrawn)
            for day, known, digest, rows, rejected, mapping, nth, first_at, last_at, withdrawn in found
        ]  # fmt: skip

    def statements(self, file: str) -> tuple[Batch, ...]:
        """Return what a file said last in each table and reading, in the order in which it did."""
        last = (
            "select max(s.id) from statements s join batches b using (seq) where s.file = ? group by b.tbl, b.mapping"
        )
        return tuple(self._select(f"s.id in ({last})", (file,), "join statements s using (seq)", "s.id"))

    def ever_said(self, file: str, table: str) -> tuple[Batch, ...]:
        """Return the batches in use that a file ever said of a table."""
        said = "seq in (select seq from statements where file = ?)"
        return tuple(self._select(f"tbl = ? and retired_at is null and {said}", (table, file)))

    def others(self, file: str, table: str) -> tuple[tuple[str, Batch], ...]:
        """Return what every other file says now of a table: the file, and the batch in use."""
        last = (
            "select s.file, b.seq, max(s.id) from statements s join batches b using (seq)"
            " where b.tbl = ? and s.file <> ? group by s.file, b.mapping order by s.file, b.seq"
        )
        said = self._db.execute(last, (table, file)).fetchall()
        there = {batch.seq: batch for batch in self.batches(table)}
        return tuple((other, there[seq]) for other, seq, _ in said if seq in there)

    def digests(
        self, tables: Iterable[str], first_day: date | None = None, last_day: date | None = None,
        known_by: date | None = None,
    ) -> tuple[str, ...]:  # fmt: skip
        """Return the digests of the batches with rows of these tables that touch the days and were known by a date.

        A row of a table of intervals touches every day after it starts, and a monthly row every day of its month.
        """
        found: set[str] = set()
        for table in tables:
            schema = known_tables()[table]
            first = None if schema.until else first_day
            if first is not None and schema.every == "month":
                first = month_of(first)
            bounds = [("d.day >= ?", first), ("d.day <= ?", last_day), ("d.known <= ?", known_by)]
            asked = [(clause, value.isoformat()) for clause, value in bounds if value is not None]
            where = " and ".join(["b.tbl = ?", "b.retired_at is null", *(clause for clause, _ in asked)])
            sql = f"select distinct b.digest from days d join batches b using (seq) where {where}"
            found |= {row[0] for row in self._db.execute(sql, [table, *(value for _, value in asked)])}
        return tuple(sorted(found))

    def path(self, batch: Batch) -> Path:
        """Return where a batch's rows lie."""
        return self.root / batch.table / f"{batch.name}.parquet"

    def rejects(self, batch: Batch) -> Path:
        """Return where a batch's rejected rows lie; the file is there only if there are any."""
        return self.root / "rejects" / batch.table / f"{batch.name}.parquet"

    def withdrawn(self, batch: Batch) -> Path:
        """Return where the keys lie that a batch takes back; the file is there only if there are any."""
        return self.root / "withdrawn" / batch.table / f"{batch.name}.parquet"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a folder to write aside in, for as long as the context lasts; no sweep takes it away meanwhile."""
        with together(self.root / "writing.lock"):
            folder = self.root / "aside" / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
            folder.mkdir(parents=True)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def commit(
        self, written: Sequence[Written], *, file: str, said: Sequence[Batch], current: Iterable[str], at: datetime
    ) -> Committed:
        """Enter what a file says: its batches, all or none; those that are there already stay as they are.

        `said` are all of them, written now or there before, of one digest. `current` are all the ways in which its
        bytes are read now: other readings of the same saying are retired, and one that was retired is taken up again.
        """
        kept = set(current)
        with self._writing():
            there = {
                (one.table, one.mapping, one.nth): one for digest in _digests(said) for one in self.readings(digest)
            }
            new = [one for one in written if (one.batch.table, one.batch.mapping, one.batch.nth) not in there]
            for one in new:
                self._take_in(one)
            added = tuple(self._enter(one) for one in new)
            there |= {(one.table, one.mapping, one.nth): one for one in added}
            self._note(file, [there[one.table, one.mapping, one.nth] for one in said], at)
            retired = [one for digest in _digests(said) for one in self._settle(digest, said, kept, at)]
        return Committed(added, tuple(retired))

    def _note(self, file: str, said: Sequence[Batch], at: datetime) -> None:
        """Note that a file says some batches, where it did not say them last."""
        now = {batch.seq for batch in self.statements(file)}
        self._db.executemany(
            "insert into statements (file, seq, at) values (?, ?, ?)",
            [(file, batch.seq, _iso(at)) for batch in said if batch.seq not in now],
        )

    def _settle(self, digest: str, said: Sequence[Batch], kept: set[str], at: datetime) -> tuple[Batch, ...]:
        """Retire what these bytes said of a table in another way than now, take up again what they say now."""
        sayings = {(one.table, one.nth) for one in said}
        readings = [one for one in self.readings(digest) if (one.table, one.nth) in sayings]
        told = {(batch.table, batch.nth) for batch in readings if batch.mapping in kept}
        retired = []
        for batch in readings:
            keep = batch.mapping in kept
            if (batch.table, batch.nth) in told and keep != (batch.retired_at is None):
                when = None if keep else at
                self._db.execute("update batches set retired_at = ? where seq = ?", (_iso(when), batch.seq))
                retired += [] if keep else [replace(batch, retired_at=when)]
        return tuple(retired)

    def _take_in(self, one: Written) -> None:
        """Move a batch's files to where they belong."""
        move(one.path, self.path(one.batch))
        if one.rejects is not None:
            move(one.rejects, self.rejects(one.batch))
        if one.withdrawn is not None:
            move(one.withdrawn, self.withdrawn(one.batch))

    def _enter(self, one: Written) -> Batch:
        batch = one.batch
        cursor = self._db.execute(
            "insert into batches (tbl, digest, mapping, source, note, file, rows, rejected, duplicates, first_day,"
            " last_day, ingested_at, known_status, known_at, nth, withdrawn)"
            " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                *(batch.table, batch.digest, batch.mapping, batch.source, batch.note, batch.file),
                *(batch.rows, batch.rejected, batch.duplicates, _iso(batch.first_day), _iso(batch.last_day)),
                *(_iso(batch.ingested_at), batch.known_status, _iso(batch.known_at), batch.nth, batch.withdrawn),
            ),
        )
        seq = cursor.lastrowid
        if seq is None:
            message = f"the manifest gave batch {batch.name} no number"
            raise Fault(message)
        self._db.executemany(
            "insert into days (seq, day, known, rows, rejected, first_at, last_at, withdrawn)"
            " values (?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (seq, _iso(d.day), _iso(d.known), d.rows, d.rejected, _iso(d.first_at), _iso(d.last_at), d.withdrawn)
                for d in one.days
            ],
        )
        return replace(batch, seq=seq)

    def _select(self, where: str, params: Sequence[str] = (), joined: str = "", order: str = "seq") -> list[Batch]:
        found = self._db.execute(
            "select b.tbl, b.digest, b.mapping, b.source, b.note, b.file, b.rows, b.rejected, b.duplicates,"
            " b.first_day, b.last_day, b.ingested_at, b.known_status, b.known_at, b.retired_at, b.seq, b.nth,"
            f" b.withdrawn from batches b {joined} where {where} order by {order}",
            params,
        )
        return [_batch(*row) for row in found]

    @contextmanager
    def _writing(self) -> Iterator[None]:
        self._db.execute("begin immediate")
        try:
            yield
        except BaseException:
            self._db.execute("rollback")
            raise
        self._db.execute("commit")

    def _sweep(self) -> None:
        """Remove what a killed process left aside, or moved in and did not enter, unless somebody is writing now."""
        with alone(self.root / "writing.lock", wait=False) as undisturbed:
            if not undisturbed:
                return
            shutil.rmtree(self.root / "aside", ignore_errors=True)
            entered = {(batch.table, batch.name) for batch in self._select("true")}
            for path in self.root.glob("**/*.parquet"):
                if (path.parent.name, path.stem) not in entered:
                    path.unlink(missing_ok=True)


def _batch(*cells: Any) -> Batch:  # noqa: ANN401  a row of the manifest
    *told, first_day, last_day, ingested_at, known_status, known_at, retired_at, seq, nth, withdrawn = cells
    at = datetime.fromisoformat(ingested_at)
    when = (_date(first_day), _date(last_day), at, known_status, _date(known_at), _time(retired_at))
    return Batch(*(*told, *when, seq, nth, withdrawn))


def _digests(said: Sequence[Batch]) -> set[str]:
    return {batch.digest for batch in said}


def _iso(when: date | None) -> str | None:
    return None if when is None else when.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
