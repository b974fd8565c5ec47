"""Every entry's digest covers the digest before it, so that an edit anywhere shows everywhere after it.

A chain proves that what follows a head you kept has not changed; it does not prove that the first writer told the
truth, and who may write the whole file may write a whole new chain: keep the head elsewhere (docs/ledger.md).

>>> first = digest(GENESIS, {"gate": "region-a/tranche-2", "kind": "gate.evaluated", "seq": 1, "state": "HOLD"})
>>> second = {"expires": "2026-12-31", "gate": "region-a/tranche-2", "kind": "waiver.granted", "seq": 2}
>>> first[:16], digest(first, second)[:16]
('ac56fcf9f7bd6632', '10e342e8793630af')

Source: RFC 8785 (canonical JSON); the linked log of Haber and Stornetta, "How to time-stamp a digital document" (1991).
"""

import hashlib
import json
import re
from collections.abc import Mapping
from typing import Any

import rfc8785

from hardgate.core.errors import BadInput

GENESIS = "0" * 64
"""What stands before the first entry."""

EXACT = 2**53 - 1
"""The largest integer that every JSON reader keeps."""

_DIGEST = re.compile(r"[0-9a-f]{64}")


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the RFC 8785 bytes of a plain document: the same bytes for the same values, on any machine.

    Raises:
        BadInput: it holds what canonical JSON cannot: a Decimal or a date (write it as text), an integer beyond
            2**53 - 1, a number that is not finite, a key that is not text, or text that is not Unicode.

    """
    try:
        return rfc8785.dumps(dict(document))
    except (rfc8785.CanonicalizationError, UnicodeError) as error:
        raise BadInput(
            f"canonical JSON cannot hold this document: {error}; write dates, decimals and large integers as text"
        ) from error


def parsed(text: str | bytes) -> Any:  # noqa: ANN401  what JSON holds
    """Read canonical JSON back so that `canonical` gives the same bytes: an integer beyond 2**53 - 1 was a float.

    Raises:
        ValueError: it is not JSON.

    """
    return json.loads(text, parse_int=lambda digits: int(digits) if abs(float(digits)) <= EXACT else float(digits))


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document's canonical bytes, in hex."""
    return hashlib.sha256(canonical(document)).hexdigest()


def digest(previous: str, entry: Mapping[str, Any]) -> str:
    """Return the digest of an entry: SHA-256 over the previous digest as 64 lower-case hex characters and the entry.

    Raises:
        BadInput: `previous` is not such a digest, or the entry cannot be written as canonical JSON.

    """
    if not is_digest(previous):
        raise BadInput(
            f"{previous!r} is not a digest: expected 64 lower-case hex characters ({GENESIS!r} before the first)"
        )
    return hashlib.sha256(previous.encode("ascii") + canonical(entry)).hexdigest()


def covered(seq: int, at: str, actor: str, kind: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return what an entry's digest covers: everything but the previous digest, its own and the signature."""
    return {"seq": seq, "at": at, "actor": actor, "kind": kind, "body": dict(body)}


def is_digest(text: str) -> bool:
    """Tell whether a text has the form of a digest."""
    return _DIGEST.fullmatch(text) is not None
