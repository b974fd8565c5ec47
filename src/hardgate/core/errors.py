"""Everything hardgate raises, as one tree; each error is also a builtin, so that callers need not import it.

    HardgateError
    ├── Misconfigured(ValueError)     policy.yaml, hardgate.toml or an ask is wrong: exit code 2
    ├── BadInput(ValueError)          a file cannot be read as what it was said to be: exit code 4
    ├── NotFound(LookupError)         a name that does not exist, with the nearest that does: exit code 2
    ├── NotPermitted(PermissionError) a signature or waiver that policy does not allow: exit code 5
    ├── Tampered(RuntimeError)        the ledger's chain or a signature does not verify: exit code 1
    └── Fault(RuntimeError)           our own mistake, or the machine's: exit code 1

A message says what was found, what was expected and what to do. A misconfigured gate is not a failed gate.
"""

import difflib
from collections.abc import Iterable
from dataclasses import dataclass


class HardgateError(Exception):
    """Anything that hardgate raises on purpose."""

    exit_code = 1


class Misconfigured(HardgateError, ValueError):
    """A settings file is wrong; carries every mistake found, not the first alone."""

    exit_code = 2

    def __init__(self, mistakes: "Iterable[Mistake] | str") -> None:
        """Take every mistake, or one message."""
        self.mistakes = (Mistake(mistakes),) if isinstance(mistakes, str) else tuple(mistakes)
        super().__init__("\n\n".join(str(one) for one in self.mistakes))


class BadInput(HardgateError, ValueError):
    """A file cannot be read as what it was said to be."""

    exit_code = 4


class NotFound(HardgateError, LookupError):
    """A name that does not exist."""

    exit_code = 2


class NotPermitted(HardgateError, PermissionError):
    """Policy does not let this person do this."""

    exit_code = 5


class Tampered(HardgateError, RuntimeError):
    """The ledger does not verify."""

    exit_code = 1


class Fault(HardgateError, RuntimeError):
    """Something that should not happen did."""

    exit_code = 1


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake in a settings file: where it stands, the line itself, and what to write instead."""

    message: str
    file: str = ""
    line: int = 0
    column: int = 0
    source: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        where = ":".join(str(part) for part in (self.file, self.line, self.column) if part)
        head = f"{where}: {self.message}" if where else self.message
        caret = f"\n    {self.source}\n    {' ' * max(self.column - 1, 0)}^" if self.source else ""
        tail = f"\n    {self.suggestion}" if self.suggestion else ""
        return head + caret + tail


def nearest(name: str, names: Iterable[str]) -> str:
    """Return 'did you mean ...?' for the closest of some names, or the list of them when none is close."""
    known = sorted(names)
    close = difflib.get_close_matches(name, known, n=1, cutoff=0.6)
    if close:
        return f"did you mean {close[0]!r}?"
    return f"expected one of: {', '.join(known)}" if known else ""
