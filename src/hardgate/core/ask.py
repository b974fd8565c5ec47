"""What somebody wants to do, and where. An action that no gate guards is an error, never allowed by default.

>>> sorted(CAPITAL)
[<Action.BUILD: 'BUILD'>, <Action.RELEASE: 'RELEASE'>]
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from hardgate.core.schema import Cell
from hardgate.core.scope import Scope


class Action(StrEnum):
    """What an operator may want to do. An action that no gate guards is an error, never allowed by default."""

    BUILD = "BUILD"
    RELEASE = "RELEASE"
    SELL = "SELL"
    GRANT = "GRANT"
    CHASE = "CHASE"
    SUBSIDIZE = "SUBSIDIZE"
    KEEP = "KEEP"
    SHIFT = "SHIFT"


CAPITAL = frozenset({Action.BUILD, Action.RELEASE})
"""The actions that bring capacity where they are released."""


@dataclass(frozen=True, slots=True)
class Ask:
    """Someone wants to do something somewhere. `terms` are the rest of what was asked, as name and value pairs."""

    id: str
    action: Action
    scope: Scope
    by: str
    amount: Decimal | None = None
    currency: str = ""
    decide_by: date | None = None
    terms: tuple[tuple[str, Cell], ...] = ()
    derived: bool = True

    def term(self, name: str) -> Cell:
        """Return one of the terms, or None."""
        return dict(self.terms).get(name)
