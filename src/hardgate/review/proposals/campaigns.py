"""Campaigns of the sales plan whose day to decide falls within the horizon ask to CHASE new logos.

One whose day has passed stays in the packet for four weeks, as tranches do. Wrong when a campaign names neither region
nor segment: it then asks for everywhere.

>>> proposal.actions
(<Action.CHASE: 'CHASE'>,)
"""

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import days_of
from hardgate.core.terms import Action, Ask, Evidence, Scope
from hardgate.review.proposal import Proposal

STAYS = timedelta(weeks=4)
TERMS = ("logos", "hours")


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of the sales plan, by day to decide and name."""
    last = evidence.as_of + timedelta(days=days_of(horizon))
    rows = [row for row in evidence.rows("sales_target").records() if evidence.as_of - STAYS <= row["day"] <= last]
    return tuple(_of(row) for row in sorted(rows, key=lambda row: (row["day"], row["campaign"])))


def _of(row: Mapping[str, Any]) -> Ask:
    scope = {name: str(row[name]) for name in ("region", "segment") if row[name] is not None}
    return Ask(
        id=str(row["campaign"]),
        action=Action.CHASE,
        scope=Scope.of(**scope),
        by=row["requested_by"] or "sales plan",
        amount=Decimal(str(row["budget"])) if row["budget"] is not None else None,
        currency=row["currency"] or "",
        decide_by=row["day"],
        terms=tuple((name, row[name]) for name in TERMS if row[name] is not None),
    )


proposal = Proposal("campaigns", (Action.CHASE,), build, made_of=("sales_plan",))
