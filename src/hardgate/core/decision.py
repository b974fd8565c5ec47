"""What was released, held or refused, who signed or must sign, what was waived, and a line of the ledger.

>>> [str(one) for one in State]
['RELEASED', 'AWAITING', 'HELD', 'REFUSED']
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from hardgate.core.ask import Ask
from hardgate.core.scope import Scope
from hardgate.core.verdict import Verdict


class State(StrEnum):
    """What a decision is. AWAITING: only signatures are missing."""

    RELEASED = "RELEASED"
    AWAITING = "AWAITING"
    HELD = "HELD"
    REFUSED = "REFUSED"


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person lets a named gate fail, for a reason, with a compensating control, until a date.

    `category` is "Waiver" (accepted) or "Mitigated" (the intent is met by other means).
    """

    gate: str
    scope: Scope
    category: str
    by: str
    reason: str
    control: str
    expires: date
    exposure: Decimal | None = None
    currency: str = ""
    granted: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature on the digest of a packet; `valid` only with a key and a role that policy knows."""

    by: str
    role: str
    verdict: str
    packet: str
    at: str
    valid: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """A signature that the sign-off matrix asks for."""

    role: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What was released, held or refused, on which verdicts, under which waivers, and who must sign."""

    ask: Ask
    state: State
    because: str
    verdicts: tuple[Verdict, ...]
    waivers: tuple[Waiver, ...]
    signatures_needed: tuple[Needed, ...]
    as_of: date
    policy: str
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. Its digest covers seq, at, actor, kind and body, and the previous digest."""

    seq: int
    at: str
    actor: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    digest: str
    signature: str | None = None
