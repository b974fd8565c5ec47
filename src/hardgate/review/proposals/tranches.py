"""Tranches of the capacity plan whose commit date falls within the horizon ask to BUILD.

A tranche of which a share is committed already asks to RELEASE the rest. One whose date has passed stays in the packet
for four weeks, so that a missed date is seen and not silently gone.

>>> proposal.actions
(<Action.BUILD: 'BUILD'>, <Action.RELEASE: 'RELEASE'>)
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import days_of
from hardgate.core.terms import Action, Ask, Evidence, Rows, Scope
from hardgate.review.proposal import Proposal

STAYS = timedelta(weeks=4)
TERMS = ("gpus", "live_date", "ramp_months", "proposed_on", "released_share")


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of the capacity plan, by commit date and name."""
    return from_tranches(evidence.rows("tranche"), evidence.as_of, horizon)


def from_tranches(tranches: Rows, as_of: date, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of the capacity plan, by commit date and name."""
    last = as_of + timedelta(days=days_of(horizon))
    rows = [row for row in tranches.records() if as_of - STAYS <= row["day"] <= last]
    return tuple(_of_tranche(row) for row in sorted(rows, key=lambda row: (row["day"], row["tranche"])))


def _of_tranche(row: Mapping[str, Any]) -> Ask:
    scope = {name: row[name] for name in ("region", "accelerator", "pool", "tranche") if row[name] is not None}
    begun = (row["released_share"] or 0) > 0
    return Ask(
        id=str(row["tranche"]),
        action=Action.RELEASE if begun else Action.BUILD,
        scope=Scope.of(**scope),
        by=row["requested_by"] or "capacity plan",
        amount=Decimal(str(row["amount"])) if row["amount"] is not None else None,
        currency=row["currency"] or "",
        decide_by=row["day"],
        terms=tuple((name, row[name]) for name in TERMS if row[name] is not None),
    )


proposal = Proposal("tranches", (Action.BUILD, Action.RELEASE), build, made_of=("capacity_plan",))
