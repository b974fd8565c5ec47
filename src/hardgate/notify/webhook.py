"""Send a document to a webhook: one POST to the address that was looked at, signed, with no redirect followed.

The delivery's id is the digest of its body, so that a receiver which gets one twice knows it. Wrong when the receiver
answers before it has kept what it got.

>>> delivery(b"{}")
'44136fa355b3678a1146ad16f7e8649e'
"""

import hashlib
import http.client
import json
import socket
import ssl
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from hardgate import __version__
from hardgate.core.errors import Fault
from hardgate.notify.address import Target
from hardgate.notify.signing import signature

TIMEOUT = 10.0
_ACCEPTED, _REDIRECTS = range(200, 300), range(300, 400)


def delivery(body: bytes) -> str:
    """Return the id of a delivery."""
    return hashlib.sha256(body).hexdigest()[:32]


def body_of(document: Mapping[str, Any]) -> bytes:
    """Return a document as the bytes that are signed and sent; equal documents give equal bytes."""
    return json.dumps(document, sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode()


def headers(secret: bytes, body: bytes, at: datetime) -> dict[str, str]:
    """Return the headers of a delivery."""
    timestamp = str(int((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()))
    return {
        "Content-Type": "application/json",
        "User-Agent": f"hardgate/{__version__}",
        "X-Hardgate-Delivery": delivery(body),
        "X-Hardgate-Timestamp": timestamp,
        "X-Hardgate-Signature": signature(secret, timestamp, body),
    }


class _To(http.client.HTTPSConnection):
    """A connection to one address, under the name that its certificate must have."""

    def __init__(self, target: Target, context: ssl.SSLContext) -> None:
        super().__init__(target.host, target.port, timeout=TIMEOUT, context=context)
        self._at, self._trust = target.address, context

    def connect(self) -> None:
        """Connect to the address that was looked at, and nowhere else."""
        plain = socket.create_connection((self._at, self.port), self.timeout)
        self.sock = self._trust.wrap_socket(plain, server_hostname=self.host)


def send(
    target: Target, document: Mapping[str, Any], secret: bytes, at: datetime, context: ssl.SSLContext | None = None
) -> int:
    """Send a document and return the status of the answer.

    Raises:
        Fault: it was not delivered, or not accepted.

    """
    body = body_of(document)
    connection = _To(target, context or ssl.create_default_context())
    try:
        connection.request("POST", target.path, body, headers(secret, body, at))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise Fault(f"webhook {target.host}: not delivered: {error}; the change is told again next time") from error
    finally:
        connection.close()
    if status in _REDIRECTS:
        raise Fault(
            f"webhook {target.host} answers {status}: redirects are not followed; write the address it leads to"
        )
    if status not in _ACCEPTED:
        raise Fault(f"webhook {target.host} answers {status}: not accepted; the change is told again next time")
    return status
