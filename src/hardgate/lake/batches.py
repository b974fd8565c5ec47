"""The lake's manifest: which batches there are, where each came from, and which days it speaks of.

A batch is one file (or SELECT) read into one table: immutable Parquet, named by the digest of the source's bytes and of
how it was read. It is in the lake when the manifest says so and not before: files are written aside, renamed, and then
entered, all batches of one source file in one transaction. So a crash leaves the last committed state, and the same
file twice, or by three processes at once, is one batch. Wrong on a file system without atomic renames or locks.

Reading the same bytes in another way (a new column map, a corrected source) retires the earlier reading: its rows leave
the tables, its line in the manifest stays.
"""

import os
import shutil
import sqlite3
import sys
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Self

from hardgate.core.days import month_of
from hardgate.core.errors import Fault
from hardgate.sources.source import tables as known_tables

SCHEMA = """
create table if not exists batches (
    seq integer primary key autoincrement,
    tbl text not null, digest text not null, mapping text not null,
    source text not null, note text not null, file text not null,
    rows integer not null, rejected integer not null, duplicates integer not null,
    first_day text, last_day text,
    ingested_at text not null, known_status text not null,
    retired_at text,
    unique (tbl, digest, mapping)
);
create table if not exists days (
    seq integer not null references batches (seq),
    day text not null, known text not null,
    rows integer not null, rejected integer not null,
    first_at text, last_at text
);
create index if not exists days_of_batch on days (seq);
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as the manifest has it. `digest` is the SHA-256 of the source file's bytes."""

    table: str
    digest: str
    mapping: str
    source: str
    note: str
    file: str
    rows: int
    rejected: int
    duplicates: int
    first_day: date | None
    last_day: date | None
    ingested_at: datetime
    known_status: str
    retired_at: datetime | None = None
    seq: int = 0

    @property
    def name(self) -> str:
        """The batch's own name: of its bytes and its reading."""
        return f"{self.digest[:16]}-{self.mapping[:8]}"


class Day(NamedTuple):
    """What one batch says of one day, known from one day on. The times are the first and last of its rows, if any."""

    day: date
    known: date
    digest: str
    rows: int
    rejected: int
    batch: str
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A batch written aside, ready to be committed: its Parquet, its rejects if any, and its days."""

    batch: Batch
    path: Path
    rejects: Path | None
    days: tuple[Day, ...]


class Lake:
    """The batches of a workspace. `root` is its own folder, made when it is not there."""

    def __init__(self, root: Path) -> None:
        """Open the lake, and clear away what a killed process left."""
        self.root = root
        root.mkdir(parents=True, exist_ok=True)
        self._db = sqlite3.connect(root / "manifest.sqlite", timeout=60, isolation_level=None)
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        with self._writing():
            for statement in SCHEMA.split(";"):
                self._db.execute(statement)
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
        return tuple(row[0] for row in self._db.execute("select distinct tbl from batches where retired_at is null order by 1"))

    def batches(self, table: str | None = None) -> tuple[Batch, ...]:
        """Return the batches in use, of one table or of all, in the order they came in."""
        where = "retired_at is null" + ("" if table is None else " and tbl = ?")
        return tuple(self._select(where, () if table is None else (table,)))

    def readings(self, digest: str) -> tuple[Batch, ...]:
        """Return every batch that was ever read from these bytes, retired ones too."""
        return tuple(self._select("digest = ?", (digest,)))

    def days(self, table: str) -> list[Day]:
        """Return what each batch in use says of each day, ordered by day, known and the order it came in."""
        found = self._db.execute(
            "select d.day, d.known, b.digest, d.rows, d.rejected, b.mapping, d.first_at, d.last_at from days d join batches b"
            " using (seq) where b.tbl = ? and b.retired_at is null order by d.day, d.known, d.seq",
            (table,),
        )
        return [
            Day(date.fromisoformat(day), date.fromisoformat(known), digest, rows, rejected,
                f"{digest[:16]}-{mapping[:8]}", _time(first_at), _time(last_at))
            for day, known, digest, rows, rejected, mapping, first_at, last_at in found
        ]  # fmt: skip

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
            sql = f"select distinct b.digest from days d join batches b using (seq) where {where}"  # noqa: S608  fixed text
            found |= {row[0] for row in self._db.execute(sql, [table, *(value for _, value in asked)])}
        return tuple(sorted(found))

    def path(self, batch: Batch) -> Path:
        """Return where a batch's rows lie."""
        return self.root / batch.table / f"{batch.name}.parquet"

    def rejects(self, batch: Batch) -> Path:
        """Return where a batch's rejected rows lie; the file is there only if there are any."""
        return self.root / "rejects" / batch.table / f"{batch.name}.parquet"

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Give a folder to write aside in, for as long as the context lasts; no sweep takes it away meanwhile."""
        with _locked(self.root / "writing.lock", shared=True):
            folder = self.root / "aside" / f"{os.getpid()}-{uuid.uuid4().hex[:8]}"
            folder.mkdir(parents=True)
            try:
                yield folder
            finally:
                shutil.rmtree(folder, ignore_errors=True)

    def commit(self, written: Sequence[Written], *, current: Iterable[str], at: datetime) -> tuple[Batch, ...]:
        """Enter the batches of one source file, all or none, and return those that were not there yet.

        `current` are the digests of all ways in which these bytes are read now: other readings are retired, and one
        of these that was retired is taken up again.
        """
        added: list[Batch] = []
        with self._writing():
            for one in written:
                known = self._select(
                    "tbl = ? and digest = ? and mapping = ?", (one.batch.table, one.batch.digest, one.batch.mapping)
                )
                if not next(iter(known), None):
                    self._take_in(one)
                    added.append(self._enter(one))
            for digest in {one.batch.digest for one in written}:
                self.retire_others(digest, current, at)
        return tuple(added)

    def retire_others(self, digest: str, current: Iterable[str], at: datetime) -> tuple[Batch, ...]:
        """Retire the readings of these bytes that are not current, take up those that are; return the ones retired."""
        kept = set(current)
        retired = []
        for batch in self._select("digest = ?", (digest,)):
            if (batch.mapping in kept) == (batch.retired_at is None):
                continue
            when = None if batch.mapping in kept else at
            self._db.execute("update batches set retired_at = ? where seq = ?", (_iso(when), batch.seq))
            if when is not None:
                retired.append(replace(batch, retired_at=when))
        return tuple(retired)

    def _take_in(self, one: Written) -> None:
        """Move a batch's files to where they belong, and make sure that they are on disk."""
        for source, target in ((one.path, self.path(one.batch)), (one.rejects, self.rejects(one.batch))):
            if source is None:
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            _sync(source)
            source.replace(target)
            _sync(target.parent)

    def _enter(self, one: Written) -> Batch:
        batch = one.batch
        cursor = self._db.execute(
            "insert into batches (tbl, digest, mapping, source, note, file, rows, rejected, duplicates, first_day,"
            " last_day, ingested_at, known_status) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (batch.table, batch.digest, batch.mapping, batch.source, batch.note, batch.file, batch.rows, batch.rejected,
             batch.duplicates, _iso(batch.first_day), _iso(batch.last_day), _iso(batch.ingested_at), batch.known_status),
        )  # fmt: skip
        seq = cursor.lastrowid
        if seq is None:
            message = f"the manifest gave batch {batch.name} no number"
            raise Fault(message)
        self._db.executemany(
            "insert into days (seq, day, known, rows, rejected, first_at, last_at) values (?, ?, ?, ?, ?, ?, ?)",
            [
                (seq, _iso(d.day), _iso(d.known), d.rows, d.rejected, _iso(d.first_at), _iso(d.last_at))
                for d in one.days
            ],
        )
        return replace(batch, seq=seq)

    def _select(self, where: str, params: Sequence[str] = ()) -> list[Batch]:
        found = self._db.execute(
            "select tbl, digest, mapping, source, note, file, rows, rejected, duplicates, first_day, last_day, ingested_at,"
            f" known_status, retired_at, seq from batches where {where} order by seq",  # noqa: S608  our own clauses
            params,
        )
        return [
            Batch(*row[:9], _date(row[9]), _date(row[10]), datetime.fromisoformat(row[11]), row[12], _time(row[13]), row[14])
            for row in found
        ]

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
        with _locked(self.root / "writing.lock", shared=False) as alone:
            if not alone:
                return
            shutil.rmtree(self.root / "aside", ignore_errors=True)
            entered = {(batch.table, batch.name) for batch in self._select("true")}
            for path in self.root.glob("**/*.parquet"):
                if (path.parent.name, path.stem) not in entered:
                    path.unlink(missing_ok=True)


@contextmanager
def _locked(path: Path, *, shared: bool) -> Iterator[bool]:
    """Hold a lock that ends with the process: shared, waiting for it; or alone, if nobody else has it."""
    if sys.platform == "win32":
        yield shared  # No such lock there: nothing is swept while the lake is open.
        return
    import fcntl

    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _sync(path: Path) -> None:
    """Make sure that a file's bytes, or a folder's names, are on disk."""
    if path.is_dir() and sys.platform == "win32":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _iso(when: date | None) -> str | None:
    return None if when is None else when.isoformat()


def _date(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
