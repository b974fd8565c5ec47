"""Is the ledger as it was written? Every entry, every link and every signature, checked from the rows alone.

What is found is named by the entry's number and field. An entry's digest covers seq, at, actor, kind and body together,
so that an edit of one of the last four is found and narrowed no further than its form or its signature allows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from hardgate.core.errors import BadInput, Tampered
from hardgate.core.terms import Entry
from hardgate.ledger import entries as shapes
from hardgate.ledger.chain import GENESIS, canonical, covered, digest, parsed
from hardgate.ledger.signatures import fault

Row: TypeAlias = Sequence[Any]
"""seq, at, actor, kind, body as canonical JSON, previous, digest, signature: as the store holds them."""

COLUMNS = ("seq", "at", "actor", "kind", "body", "previous", "digest", "signature")


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found to hold: so many entries, so many of them signed, and every digest in order."""

    entries: int
    signed: int
    digests: tuple[str, ...]

    @property
    def head(self) -> str:
        """The digest of the last entry; of an empty ledger, 64 zeros."""
        return self.digests[-1] if self.digests else GENESIS


def verified(rows: Sequence[Row]) -> Verified:
    """Check the rows of a whole ledger, in order of seq.

    Raises:
        Tampered: something does not hold; the message begins with "entry SEQ: FIELD".

    """
    digests: list[str] = []
    signatures: set[str] = set()
    for place, row in enumerate(rows, start=1):
        entry = _linked(row, place, digests[-1] if digests else GENESIS, rows[place : place + 1])
        _check_signature(entry, digests, signatures)
        digests.append(entry.digest)
    return Verified(len(rows), len(signatures), tuple(digests))


def entry_of(row: Row) -> Entry:
    """Read a row as an entry.

    Raises:
        Tampered: its body is not canonical JSON, so it is not what was written.

    """
    named = dict(zip(COLUMNS, row, strict=True))
    for column, value in named.items():
        if not isinstance(value, int if column == "seq" else str) and (column, value) != ("signature", None):
            raise Tampered(f"entry {named['seq']}: {column} holds {value!r}, which was never written")
    try:
        body = parsed(named["body"])
        same = isinstance(body, dict) and canonical(body).decode("utf-8") == named["body"]
    except (ValueError, RecursionError) as error:
        raise Tampered(f"entry {named['seq']}: body cannot be read: {error}") from error
    if not same:
        raise Tampered(
            f"entry {named['seq']}: body is not in its canonical form, so it was changed after it was written"
        )
    return Entry(**{**named, "body": body})


def _linked(row: Row, place: int, previous: str, following: Sequence[Row]) -> Entry:
    """Check one row against its place and the digest before it."""
    if row[0] != place:
        raise Tampered(f"entry {row[0]}: seq stands where {place} is expected: an entry is lost, added or renumbered")
    entry = entry_of(row)
    if entry.previous != previous:
        raise Tampered(
            f"entry {place}: previous is {entry.previous}, and the digest before it is {previous}: "
            "one of them was changed, or an entry between them was exchanged"
        )
    covers = digest(previous, covered(place, entry.at, entry.actor, entry.kind, entry.body))
    if covers == entry.digest:
        _check_shape(entry)
        return entry
    if following and following[0][COLUMNS.index("previous")] == covers:
        raise Tampered(f"entry {place}: digest is {entry.digest}, and the entry after it follows {covers}")
    _check_shape(entry)
    raise Tampered(
        f"entry {place}: at, actor, kind or body was changed after it was written: "
        f"its digest is {entry.digest}, and what it says now has {covers}"
    )


def _check_shape(entry: Entry) -> None:
    if not shapes.is_timestamp(entry.at):
        raise Tampered(f"entry {entry.seq}: at is {entry.at!r}, which is not a moment as the ledger writes it")
    if entry.kind not in shapes.KINDS:
        raise Tampered(f"entry {entry.seq}: kind is {entry.kind!r}, which the ledger does not write")
    try:
        shapes.check(entry.kind, entry.body)
    except BadInput as error:
        raise Tampered(f"entry {entry.seq}: body is not one that the ledger writes: {error}") from error


def _check_signature(entry: Entry, digests: Sequence[str], signatures: set[str]) -> None:
    """Check that a signature fits its entry, serves no other, and that the head its signer saw came before it."""
    wrong = fault(entry)
    if wrong:
        raise Tampered(f"entry {entry.seq}: signature does not hold: {wrong}")
    if entry.signature is None:
        return
    if entry.signature in signatures:
        raise Tampered(f"entry {entry.seq}: signature is that of an earlier entry, copied")
    signatures.add(entry.signature)
    head = entry.body.get("head", GENESIS)
    if head != GENESIS and head not in digests:
        raise Tampered(
            f"entry {entry.seq}: body.head, the entry that its signer saw last, is not before it: "
            "what came before was rewritten after it was signed"
        )
