"""Who must sign: a ladder of amounts for each action, and the roles on the first rung that an amount fits on.

The rung without `up_to` is the top one; an ask without an amount in the reporting currency stands on the top rung, so
that what cannot be valued is never signed lightly. A ladder for a region stands in place of the general one.

>>> low = Rung(Action.BUILD, EVERYTHING, Decimal(10), (Needed("finance"),), 1)
>>> top = Rung(Action.BUILD, EVERYTHING, None, (Needed("finance"), Needed("cfo")), 2)
>>> [one.role for one in needed((low, top), Action.BUILD, Decimal(11), EVERYTHING)]
['finance', 'cfo']
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hardgate.core.terms import EVERYTHING, Action, Needed, Scope
from hardgate.review.scoped import specificity


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the sign-off matrix; `up_to` None is the top."""

    action: Action
    scope: Scope
    up_to: Decimal | None
    needed: tuple[Needed, ...]
    line: int


def roles(names: Iterable[str]) -> tuple[Needed, ...]:
    """Return the signatures that a list of roles asks for: a role that stands twice needs two people."""
    return tuple(Needed(role, count) for role, count in Counter(names).items())


def ladder(rungs: Sequence[Rung], action: Action, scope: Scope = EVERYTHING) -> tuple[Rung, ...]:
    """Return the rungs that hold for an action in a scope, lowest first, the top one last."""
    fitting = [one for one in rungs if one.action is action and one.scope.covers(scope)]
    narrowest = max((specificity(one.scope) for one in fitting), default=None)
    held = [one for one in fitting if specificity(one.scope) == narrowest]
    return tuple(sorted(held, key=lambda one: (one.up_to is None, one.up_to or Decimal(0))))


def needed(rungs: Sequence[Rung], action: Action, amount: Decimal | None, scope: Scope) -> tuple[Needed, ...]:
    """Return the signatures that an action needs at an amount; none where the matrix does not name the action."""
    steps = ladder(rungs, action, scope)
    if not steps:
        return ()
    for rung in steps:
        if amount is not None and rung.up_to is not None and amount <= rung.up_to:
            return rung.needed
    return steps[-1].needed
