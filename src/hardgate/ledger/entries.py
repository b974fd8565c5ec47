"""What an entry may say: its kind, the moment it was written, and the body that its kind has.

A signed body names the signer's public key and a `head`: the digest of an entry that stood in the ledger when the
signer signed, so that every signature also holds fast the history before it. A body whose key is empty is asserted:
it is kept, shown and counts for nothing.

>>> timestamp(datetime(2026, 9, 7, 10, 30))
'2026-09-07T10:30:00Z'
"""

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, ClassVar, Self

from hardgate.core.errors import BadInput, NotFound, Tampered, nearest
from hardgate.core.terms import Entry
from hardgate.ledger.chain import GENESIS

_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """The fields of one kind of entry: text all, because canonical JSON has neither money nor dates."""

    kind: ClassVar[str]

    def plain(self) -> dict[str, Any]:
        """Return the body as a plain document."""
        return asdict(self)

    @classmethod
    def of(cls, entry: Entry) -> Self:
        """Read an entry's body.

        Raises:
            Tampered: it does not have the fields of its kind, which `append` would have refused.

        """
        wrong = cls.misfit(entry.body)
        if wrong:
            raise Tampered(f"entry {entry.seq}: body is not that of {cls.kind}: {wrong}")
        return cls(**entry.body)

    @classmethod
    def misfit(cls, body: Mapping[str, Any]) -> str:
        """Say how a plain document differs from this body; nothing where it does not."""
        known = {one.name for one in fields(cls)}
        wrong = [f"{name!r} is missing" for name in sorted(known - set(body))]
        wrong += [f"{name!r} is not one of its fields" for name in sorted(set(body) - known)]
        wrong += [f"{name!r} is not text" for name, value in sorted(body.items()) if not _is_text(name, value)]
        return ", ".join(wrong)


def _is_text(name: str, value: object) -> bool:
    if name == "scope":
        return isinstance(value, dict) and all(isinstance(part, str) for part in (*value, *value.values()))
    return isinstance(value, str)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed(Body):
    """What every body that may be signed has."""

    key: str = ""
    """The signer's public key; empty where the entry is asserted only."""
    head: str = GENESIS
    """The digest of the last entry that the signer saw."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PacketSigned(Signed):
    """Someone approves or refuses one ask of a packet."""

    kind: ClassVar[str] = "packet.signed"

    packet: str
    """The digest of the ask's part of the packet."""
    ask: str
    action: str
    amount: str
    currency: str
    requested_by: str
    verdict: str
    role: str
    as_of: str
    expires: str
    """The last day on which this approval releases; empty on a refusal."""
    policy: str
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverGranted(Signed):
    """Someone lets a gate fail. All that grant the same waiver sign the same fields, save for `role`."""

    kind: ClassVar[str] = "waiver.granted"

    gate: str
    scope: Mapping[str, str] = field(default_factory=dict)
    category: str
    owner: str
    requested_by: str
    reason: str
    control: str
    as_of: str
    """The first review date that it counts for."""
    expires: str
    exposure: str
    currency: str
    role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WaiverRevoked(Signed):
    """Someone takes a waiver back, by its id."""

    kind: ClassVar[str] = "waiver.revoked"

    waiver: str
    """The waiver's id: the fingerprint of its terms."""
    role: str
    reason: str
    as_of: str
    """The first review date that it counts for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GateMode(Signed):
    """A gate is moved between shadow, advise and block."""

    kind: ClassVar[str] = "gate.mode"

    gate: str
    scope: Mapping[str, str] = field(default_factory=dict)
    mode: str
    role: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyAdded(Signed):
    """A public key came into use. The signature shows that whoever announces it holds the private half."""

    kind: ClassVar[str] = "key.added"

    signer: str


BODIES: Mapping[str, type[Signed]] = {
    one.kind: one for one in (PacketSigned, WaiverGranted, WaiverRevoked, GateMode, KeyAdded)
}
"""The kinds whose bodies have fixed fields."""

KINDS: Mapping[str, str] = {
    "review.recorded": "a review was held: its date, the packet's digest and what was decided",
    "ask.filed": "someone asks to do something",
    "ask.refused": "an ask was refused by a gate or by its date",
    "packet.signed": "someone approves or refuses one ask of a packet",
    "waiver.granted": "someone lets a gate fail until a date",
    "waiver.revoked": "someone takes a waiver back",
    "gate.mode": "a gate was moved between shadow, advise and block",
    "key.added": "a public key came into use",
    "watch.recorded": "signals changed: the date, and what each now says",
}
"""Every kind of entry, and what it says."""


def check(kind: str, body: Mapping[str, Any]) -> None:
    """Refuse an entry that nobody could read later.

    Raises:
        NotFound: there is no such kind.
        BadInput: the body has not the fields of its kind.

    """
    if kind not in KINDS:
        raise NotFound(f"there is no kind of entry called {kind!r}: {nearest(kind, KINDS)}")
    wrong = BODIES[kind].misfit(body) if kind in BODIES else ""
    if wrong:
        raise BadInput(f"this body is not that of {kind}: {wrong}")


def timestamp(moment: datetime) -> str:
    """Write a moment as the ledger does: UTC, to the second; a time without a zone is UTC."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).strftime("%Y-%m-%dT%H:%M:%SZ")


def is_timestamp(text: str) -> bool:
    """Tell whether a text is a moment as the ledger writes it."""
    try:
        return _MOMENT.fullmatch(text) is not None and timestamp(datetime.fromisoformat(text)) == text
    except ValueError:
        return False
