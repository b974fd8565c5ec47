"""The declared base of adoption: which accounts a feature could attach to on a day, and what is known of each.

An account belongs to the base from `eligible_from` up to, not including, `eligible_to`. Wrong when accounts are taken
out of the table when they leave: then the base of past days shrinks.

>>> one = Account("k1", "north", "startup", date(2026, 1, 1), None, date(2026, 2, 1), "rag", None, None)
>>> one.eligible(date(2026, 3, 1)), one.eligible(date(2025, 12, 31))
(True, False)
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.columns import cells, dates

BRING_ACCOUNTS = "bring accounts"
BRING_USAGE = "bring feature_usage from product analytics"
BRING_REVENUE = "bring recurring_revenue"


@dataclass(frozen=True, slots=True)
class Account:
    """One account as it is known."""

    name: str
    region: str
    segment: str
    eligible_from: date
    eligible_to: date | None
    access_granted: date | None
    architecture: str | None
    offer: str | None
    offered_on: date | None

    def eligible(self, day: date) -> bool:
        """Tell whether a feature could attach to it on a day."""
        return self.eligible_from <= day and (self.eligible_to is None or day < self.eligible_to)


def accounts(evidence: Evidence, scope: Scope) -> dict[str, Account]:
    """Return the accounts of a scope by name, sorted; rows without name or first day are left out."""
    rows = evidence.rows("account", scope)
    text = [cells(rows, name) for name in ("account", "region", "segment", "architecture", "offer")]
    when = [dates(rows, name) for name in ("eligible_from", "eligible_to", "access_granted", "offered_on")]
    found = {}
    for name, region, segment, architecture, offer, first, last, access, offered in zip(*text, *when, strict=True):
        if name is not None and first is not None:
            found[str(name)] = Account(
                str(name), str(region), str(segment), first, last, access, architecture, offer, offered
            )
    return dict(sorted(found.items()))


def base_on(found: Iterable[Account], day: date) -> list[Account]:
    """Return the accounts that a feature could attach to on a day."""
    return [one for one in found if one.eligible(day)]
