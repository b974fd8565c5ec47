"""Products on the price list, and deals that are open, ask to SELL.

A product asks at its list price of today, with what it brings in a year at the last months' pace; a deal asks until the
day on which it is to be signed, and stays for four weeks after, so that a missed date is seen.

>>> proposal.actions
(<Action.SELL: 'SELL'>,)
"""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import days_of
from hardgate.core.terms import Action, Ask, Evidence, Scope
from hardgate.metrics.ai_revenue import revenue
from hardgate.metrics.ai_usage import months_used, used
from hardgate.metrics.columns import absent
from hardgate.metrics.offers import Offer, offers
from hardgate.review.proposal import Proposal

STAYS = timedelta(weeks=4)
TERMS = ("discount", "price", "quantity", "proposed_on")
OPEN = "open"


def build(evidence: Evidence, horizon: str) -> tuple[Ask, ...]:
    """Return the asks of the price list by product, then those of deals by date and name."""
    last = evidence.as_of + timedelta(days=days_of(horizon))
    rows = [
        row
        for row in evidence.rows("deal").records()
        if evidence.as_of - STAYS <= row["day"] <= last and row["stage"] == OPEN
    ]
    deals = sorted(rows, key=lambda row: (row["day"], row["deal"]))
    return (*_listed(evidence), *map(_of_deal, deals))


def _listed(evidence: Evidence) -> Iterator[Ask]:
    for product, one in offers(evidence, evidence.as_of).items():
        scope = Scope.of(product=product)
        yield Ask(
            id=f"price-{product}",
            action=Action.SELL,
            scope=scope,
            by="price list",
            amount=_a_year(evidence, scope),
            currency=evidence.currency,
            terms=(("unit", one.unit),) if isinstance(one, Offer) else (),
        )


def _a_year(evidence: Evidence, scope: Scope) -> Decimal | None:
    """Return what a product brings in twelve months at the pace of its last ones; None where it is not known."""
    window = months_used(evidence, evidence.as_of, scope=scope)
    if window is None:
        return None
    brought = revenue(evidence, used(evidence, scope, window), scope, window).total
    months = (window.end.year - window.start.year) * 12 + window.end.month - window.start.month
    return None if brought is None else Decimal(str(round(brought / months * 12, 2)))


def _of_deal(row: dict[str, Any]) -> Ask:
    return Ask(
        id=str(row["deal"]),
        action=Action.SELL,
        scope=Scope.of(account=str(row["account"]), product=str(row["product"]), deal=str(row["deal"])),
        by=row["offered_by"] or "sales",
        amount=None if absent(row["amount"]) else Decimal(str(row["amount"])),
        currency=row["currency"] or "",
        decide_by=row["day"],
        terms=tuple((name, row[name]) for name in TERMS if not absent(row[name])),
    )


proposal = Proposal("prices", (Action.SELL,), build, made_of=("price_list", "deals"))
