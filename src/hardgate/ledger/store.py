"""The ledger in one SQLite file: entries are appended, read and verified, and never changed.

Several processes may append at once and keep one chain. `verify` finds an edit of any field, a lost or exchanged entry
and a signature that does not fit; with a head kept elsewhere it also finds a chain that was rewritten or cut short.
Wrong when the file lies on a network drive without working locks: keep it on a local disk.
"""

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from hardgate.core.errors import BadInput, Fault, Tampered
from hardgate.core.terms import Entry
from hardgate.ledger import entries as shapes
from hardgate.ledger import migrations
from hardgate.ledger.chain import GENESIS, canonical, covered, digest, is_digest, parsed
from hardgate.ledger.intact import Row, Verified, entry_of, verified
from hardgate.ledger.signatures import fault, message, public_of, sign

SECONDS_TO_WAIT = 30.0
TRIGGERS = ("entries_are_not_changed", "entries_are_not_deleted", "entries_follow_the_last")

_SELECT = "select seq, at, actor, kind, body, previous, digest, signature from entries"
_INSERT = (
    "insert into entries (seq, at, actor, kind, body, previous, digest, signature) values (?, ?, ?, ?, ?, ?, ?, ?)"
)
_LAST = "select seq, digest from entries order by seq desc limit 1"


class Ledger:
    """The ledger at a path; made where there is none. Use it as a context manager, or close it."""

    def __init__(self, path: Path) -> None:
        """Open the file and bring its tables up to date.

        Raises:
            BadInput: the file is something else, or was written by a newer hardgate.

        """
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(path, timeout=SECONDS_TO_WAIT, isolation_level=None)
        try:
            self._prepare()
        except BaseException:
            self._database.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def append(
        self, kind: str, body: Mapping[str, Any], actor: str, at: datetime, signature: str | None = None
    ) -> Entry:
        """Add an entry after the last one and return it.

        Raises:
            NotFound: there is no such kind of entry.
            BadInput: the body is not that of its kind, cannot be written as canonical JSON, or breaks a rule of the
                table (who asks does not approve; a signature serves one entry).
            Tampered: the signature is not that of the key that the body names.

        """
        shapes.check(kind, body)
        if not actor.strip():
            raise BadInput("an entry names its actor: nobody was given")
        with self._transaction():
            last, previous = self._database.execute(_LAST).fetchone() or (0, GENESIS)
            seq, moment, said = last + 1, shapes.timestamp(at), parsed(canonical(body))
            made = digest(previous, covered(seq, moment, actor, kind, said))
            entry = Entry(seq, moment, actor, kind, said, previous, made, signature)
            wrong = fault(entry)
            if wrong:
                raise Tampered(f"this {kind} of {actor} cannot be recorded, its signature does not hold: {wrong}")
            self._insert(entry)
        return entry

    def append_signed(self, body: shapes.Signed, actor: str, at: datetime, key: Path | None) -> Entry:
        """Sign a body with the private key in a file and append it; without a key it is appended as asserted.

        The body's `key` and `head` are filled in here: the signer's public half and the last entry there is.

        Raises:
            NotFound, NotPermitted: there is no key at this path, or others than its owner may read it.
            BadInput: it holds no Ed25519 private key; or as `append`.

        """
        if key is None:
            return self.append(body.kind, replace(body, key="", head=GENESIS).plain(), actor, at)
        said = replace(body, key=public_of(key), head=self.head()).plain()
        return self.append(body.kind, said, actor, at, sign(key, message(body.kind, actor, shapes.timestamp(at), said)))

    def entries(self, kind: str | None = None, *, ask: str | None = None) -> tuple[Entry, ...]:
        """Return the entries, of one kind or about one ask or all, in the order in which they were written.

        Raises:
            Tampered: an entry's body is not what was written.

        """
        about = "" if ask is None else canonical({"ask": ask}).decode("utf-8")[1:-1]
        rows = self._rows(
            f"{_SELECT} where (?1 is null or kind = ?1) and instr(body, ?2) > 0 order by seq", kind, about
        )
        found = (entry_of(row) for row in rows)
        return tuple(entry for entry in found if ask is None or entry.body.get("ask") == ask)

    def head(self) -> str:
        """Return the digest of the last entry: the one thing to keep elsewhere. Of an empty ledger, 64 zeros."""
        last = self._rows(_LAST)
        return str(last[0][1]) if last else GENESIS

    def verify(self, head: str | None = None) -> Verified:
        """Check every entry, every link and every signature; with `head`, that the entry it names is still there.

        Raises:
            Tampered: something does not hold; the message names the entry's seq and the field.
            BadInput: `head` does not have the form of a digest.

        """
        if head is not None and not is_digest(head):
            raise BadInput(f"head {head!r} is not a digest: expected the 64 lower-case hex characters of `ledger head`")
        try:
            found = verified(self._rows(f"{_SELECT} order by seq"))
            triggers = {row[0] for row in self._rows("select name from sqlite_master where type = 'trigger'")}
        except sqlite3.DatabaseError as error:
            raise Tampered(f"{self.path} cannot be read as it was written: {error}") from error
        if head is not None and head not in {GENESIS, *found.digests}:
            raise Tampered(
                f"head {head} is not in this ledger of {found.entries} entries, whose head is {found.head}: "
                "it was rewritten or cut short after that head was written down, or the head is of another ledger"
            )
        gone = [name for name in TRIGGERS if name not in triggers]
        if gone:
            raise Tampered(f"every entry holds, but the triggers that keep them so are gone: {', '.join(gone)}")
        return found

    def _rows(self, sql: str, *values: object) -> list[Row]:
        with self._locks():
            return list(self._database.execute(sql, values))

    def _insert(self, entry: Entry) -> None:
        body = canonical(entry.body).decode("utf-8")
        row = (entry.seq, entry.at, entry.actor, entry.kind, body, entry.previous, entry.digest, entry.signature)
        try:
            self._database.execute(_INSERT, row)
        except sqlite3.IntegrityError as error:
            raise BadInput(f"the ledger does not take this {entry.kind} of {entry.actor}: {error}") from error

    def _prepare(self) -> None:
        try:
            with self._locks():
                self._database.execute("pragma synchronous = full")
                self._database.execute("pragma journal_mode = wal")
            with self._transaction():
                self._migrate()
        except sqlite3.DatabaseError as error:
            raise BadInput(f"{self.path} is not a ledger that can be read: {error}") from error

    def _migrate(self) -> None:
        """Run the numbered steps that this file has not seen; `user_version` counts them."""
        done = self._database.execute("pragma user_version").fetchone()[0]
        steps = sorted(
            (step for step in files(migrations).iterdir() if step.name.endswith(".sql")), key=lambda step: step.name
        )
        if done > len(steps):
            raise BadInput(f"{self.path} is of a newer hardgate (step {done}, this one knows {len(steps)}): upgrade")
        for number, step in enumerate(steps[done:], start=done + 1):
            for statement in _statements(step.read_text(encoding="utf-8")):
                self._database.execute(statement)
            self._database.execute(f"pragma user_version = {number}")

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """Hold the only right to write from the first read to the commit."""
        with self._locks():
            self._database.execute("begin immediate")
            try:
                yield
                self._database.execute("commit")
            except BaseException:
                self._database.execute("rollback")
                raise

    @contextmanager
    def _locks(self) -> Iterator[None]:
        """Say in our words that another process holds the file."""
        try:
            yield
        except sqlite3.OperationalError as error:
            if getattr(error, "sqlite_errorcode", None) not in {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}:
                raise
            raise Fault(f"{self.path} was held by another process for {SECONDS_TO_WAIT:.0f} s: try again") from error


def _statements(script: str) -> Iterator[str]:
    """Split a script into its statements: `executescript` would end the transaction around them."""
    statement = ""
    for line in script.splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
