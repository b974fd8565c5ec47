"""How a webhook's body is signed: HMAC-SHA256 over the time, a dot and the body, with a secret that both sides know.

A receiver works it out again, compares it in constant time, and refuses what is older than five minutes. Wrong when the
secret lies in a file that is committed: it is taken from the environment alone.

Source: RFC 2104.

>>> signed = signature(b"0123456789abcdef", "1790000000", b"{}")
>>> verify(b"0123456789abcdef", "1790000000", b"{}", signed, now=1790000060)
True
>>> verify(b"0123456789abcdef", "1790000000", b"{} ", signed, now=1790000060)
False
"""

import hashlib
import hmac

from hardgate.core.errors import Misconfigured

SCHEME = "sha256="
SHORTEST = 16
WITHIN = 300
"""Seconds after which a receiver refuses."""


def secret_of(value: str | None, name: str) -> bytes:
    """Return the secret that the environment holds under a name.

    Raises:
        Misconfigured: there is none, or it is too short to protect anything.

    """
    if not value:
        raise Misconfigured(f"no webhook secret: set {name} in the environment, at least {SHORTEST} characters")
    if len(value) < SHORTEST:
        raise Misconfigured(f"the webhook secret in {name} has {len(value)} characters: expected at least {SHORTEST}")
    return value.encode()


def signature(secret: bytes, timestamp: str, body: bytes) -> str:
    """Return the signature of a body sent at a time (seconds since 1970)."""
    return SCHEME + hmac.new(secret, timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def verify(secret: bytes, timestamp: str, body: bytes, signed: str, *, now: int) -> bool:
    """Tell whether a signature is of this body and time, and not too old: what a receiver does."""
    fresh = timestamp.isdigit() and abs(now - int(timestamp)) <= WITHIN
    return hmac.compare_digest(signature(secret, timestamp, body), signed) and fresh
