"""How many days from access to the first production event that meets the declared bar, those still waiting kept.

The bar is paid events of one account on one day, `value_events` of the assumptions (1). An account that has not got
there is censored on the last day known, or on the day it left. Wrong when access is dated by the contract and not by
the day on which somebody could log in.

>>> Waits(("k1",), (12.0,), (True,), ()).reached
1
"""

from dataclasses import dataclass
from datetime import date, timedelta

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_USAGE, accounts
from hardgate.metrics.feature_use import paid_use

HORIZON = 90.0
"""Days within which the restricted mean is taken."""
SMALL = 20
"""With fewer accounts that got there a curve is flagged."""


@dataclass(frozen=True, slots=True)
class Waits:
    """Days from access, by account, and whether it got there."""

    accounts: tuple[str, ...]
    days: tuple[float, ...]
    got_there: tuple[bool, ...]
    gaps: tuple[str, ...]
    missing: float = 0.0

    @property
    def reached(self) -> int:
        """How many got there."""
        return sum(self.got_there)


def waits(evidence: Evidence, scope: Scope, end: date) -> Waits | str:
    """Return the waits of a scope's accounts as of a day, or what is missing."""
    granted = [one for one in accounts(evidence, scope).values() if one.access_granted and one.access_granted < end]
    if not granted:
        return f"no account of {scope} with access: {BRING_ACCOUNTS} with access_granted"
    bar = evidence.assumption("value_events", scope)
    first = min(one.access_granted for one in granted if one.access_granted)
    use = paid_use(evidence, scope, Window(first, end), fewest=1 if bar is None else round(bar.value))
    if use is None:
        return f"no use of any feature: {BRING_USAGE}"
    reached = use.first_days()
    found, since = [], first_known(use.when, first)
    for one in granted:
        access = one.access_granted or end
        if access < since:
            continue
        last = min(end, one.eligible_to or end) - timedelta(days=1)
        day = reached.get(one.name)
        there = day is not None and access <= day
        found.append((one.name, float(max(((day if there and day else last) - access).days, 0)), there))
    names, lasted, got = zip(*found, strict=True) if found else ((), (), ())
    share = round(len(use.missing) / max((end - first).days, 1), 6)
    return Waits(tuple(names), tuple(lasted), tuple(got), use.gaps, share)


def first_known(when: tuple[date, ...], otherwise: date) -> date:
    """Return the first day on which anybody's use is known; who had access before may have got there unseen.

    >>> first_known((), date(2026, 1, 1))
    datetime.date(2026, 1, 1)
    """
    return min(when, default=otherwise)
