"""Every subsidy of the schedule that is in force asks to go on: to SUBSIDIZE its city, at its amount a month.

A schedule that has not begun asks when it begins within the horizon.

>>> proposal.actions
(<Action.SUBSIDIZE: 'SUBSIDIZE'>,)
"""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import days_of
from hardgate.core.terms import Action, Ask, Evidence, Scope
from hardgate.review.proposal import Proposal


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of the schedule, by city; of several lines of a city the one that began last."""
    last = evidence.as_of + timedelta(days=days_of(horizon))
    rows = [row for row in evidence.rows("subsidy").records() if row["day"] <= last and row["city"] is not None]
    active = [row for row in rows if row["to_date"] is None or row["to_date"] > evidence.as_of]
    newest: dict[str, Mapping[str, Any]] = {}
    for row in sorted(active, key=lambda row: (row["day"] > evidence.as_of, row["day"])):
        if row["city"] not in newest or row["day"] <= evidence.as_of:
            newest[row["city"]] = row
    return tuple(_of_row(newest[city]) for city in sorted(newest))


def _of_row(row: Mapping[str, Any]) -> Ask:
    since: date = row["day"]
    return Ask(
        id=f"subsidy-{row['city']}",
        action=Action.SUBSIDIZE,
        scope=Scope.of(city=row["city"]),
        by=row["requested_by"] or "subsidy schedule",
        amount=Decimal(str(row["amount_per_month"])) if row["amount_per_month"] is not None else None,
        currency=row["currency"] or "",
        terms=(("per", "month"), ("from_date", since), ("to_date", row["to_date"])),
    )


proposal = Proposal("subsidies", (Action.SUBSIDIZE,), build, made_of=("subsidies",))
