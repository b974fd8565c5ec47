"""Where a webhook may go: https, a name or number that leads to global addresses alone, no user and no password.

Every address that a name resolves to is looked at, and the connection goes to one of those that were: a name that leads
elsewhere the second time leads nowhere. Wrong as protection of a service that is open to the whole internet.

>>> permitted("93.184.215.14"), permitted("10.0.0.8"), permitted("::ffff:127.0.0.1"), permitted("64:ff9b::a00:1")
(True, False, False, False)
"""

import ipaddress
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from hardgate.core.errors import Misconfigured

HTTPS = 443
_TRANSLATED = ipaddress.ip_network("64:ff9b::/96")
Resolve = Callable[[str, int], Sequence[str]]


@dataclass(frozen=True, slots=True)
class Target:
    """A webhook's host and path, and the address that was found permitted."""

    host: str
    port: int
    path: str
    address: str


def permitted(address: str) -> bool:
    """Tell whether an address is global, and leads to no other by being translated."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address) and (
        found.ipv4_mapped is not None or found.sixtofour is not None or found.teredo is not None or found in _TRANSLATED
    ):
        return False
    return found.is_global and not found.is_multicast


def resolved(host: str, port: int) -> Sequence[str]:
    """Return the addresses of a host, each once.

    Raises:
        Misconfigured: it has none.

    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        message = f"webhook host {host!r} is not found: {error.strerror or error}"
        raise Misconfigured(message) from error
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


def target(url: str, resolve: Resolve = resolved) -> Target:
    """Return where a webhook leads.

    Raises:
        Misconfigured: it is not https, has a user or a fragment, or leads to an address that is not global.

    """
    try:
        parts = urlsplit(url)
        port = parts.port or HTTPS
    except ValueError as error:
        raise Misconfigured(f"webhook address {url!r} is not understood: {error}") from error
    if parts.scheme != "https" or not parts.hostname:
        raise Misconfigured(f"webhook address {url!r}: expected https://host/path")
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Misconfigured("a webhook address holds no user, password or fragment: the body is signed instead")
    if any(ord(one) <= 32 or ord(one) == 127 for one in url):  # noqa: PLR2004  control characters
        raise Misconfigured("a webhook address holds no spaces or control characters")
    addresses = resolve(parts.hostname, port)
    wrong = [one for one in addresses if not permitted(one)]
    if wrong or not addresses:
        said = ", ".join(wrong) or "no address"
        raise Misconfigured(f"webhook host {parts.hostname!r} leads to {said}: only global addresses are called")
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return Target(parts.hostname, port, path, addresses[0])
