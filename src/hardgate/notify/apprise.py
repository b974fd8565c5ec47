"""Send a message through Apprise, where it is installed: chat, mail and the like, by their own addresses.

An extra: `pip install "hardgate[notify]"`. Wrong where only https to global addresses may be called: Apprise has
rules of its own, and its addresses are the operator's choice.

>>> title(2)
'hardgate: 2 signals changed'
"""

import importlib
from collections.abc import Sequence
from typing import Any

from hardgate.core.errors import Fault, Misconfigured


def title(count: int) -> str:
    """Return the title of a message about so many changes."""
    return f"hardgate: {count} signal{'s' if count != 1 else ''} changed"


def send(addresses: Sequence[str], lines: Sequence[str]) -> None:
    """Send lines to some addresses.

    Raises:
        Misconfigured: Apprise is not installed, or does not know an address.
        Fault: not all of them took it.

    """
    try:
        library: Any = importlib.import_module("apprise")
    except ImportError as error:
        message = '[notify] apprise needs an extra: pip install "hardgate[notify]"'
        raise Misconfigured(message) from error
    sender = library.Apprise()
    unknown = [at for at, one in enumerate(addresses, start=1) if not sender.add(one)]
    if unknown:
        raise Misconfigured(f"[notify] apprise: address {unknown[0]} of {len(addresses)} is not understood")
    if not sender.notify(title=title(len(lines)), body="\n".join(lines)):
        raise Fault("apprise: not all addresses took the message; the change is told again next time")
