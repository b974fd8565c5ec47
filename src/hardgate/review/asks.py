"""Which asks a review judges: those that the data already holds, and those in asks/*.yaml.

Tranches of the capacity plan whose commit date falls within the horizon ask to BUILD, or to RELEASE where a share of
their capital is committed already. A tranche whose date has passed stays in the packet for four weeks, so that a
missed date is seen and not silently gone.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import days_of
from hardgate.core.errors import Misconfigured, Mistake
from hardgate.core.terms import Action, Ask, Gate, Rows, Scope

CAPITAL = frozenset({Action.BUILD, Action.RELEASE})
STAYS = timedelta(weeks=4)
TERMS = ("gpus", "live_date", "ramp_months", "proposed_on", "released_share")


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


def located(asks: Iterable[Ask], *rollups: Rows) -> tuple[Ask, ...]:
    """Return asks with the region and accelerator of their pool, where they name a pool and rows say where it is."""
    where: dict[str, tuple[str, str]] = {}
    for rows in rollups:
        columns = [rows.columns.get(name, ()) for name in ("pool", "region", "accelerator")]
        where |= {str(pool): (str(region), str(card)) for pool, region, card in zip(*columns, strict=True)}
    return tuple(_located(ask, where) for ask in asks)


def _located(ask: Ask, where: Mapping[str, tuple[str, str]]) -> Ask:
    parts = ask.scope.as_mapping()
    if parts.get("pool") not in where:
        return ask
    region, accelerator = where[parts["pool"]]
    return replace(ask, scope=Scope.of(**{"region": region, "accelerator": accelerator, **parts}))


def merged(derived: Iterable[Ask], explicit: Iterable[Ask]) -> tuple[Ask, ...]:
    """Return derived and explicit asks; an explicit ask with the id of a derived one replaces it.

    An explicit ask for capacity is a tranche of its own, under its own name.
    """
    asks = {ask.id: ask for ask in derived}
    asks.update({ask.id: _as_tranche(ask) for ask in explicit})
    return tuple(asks.values())


def _as_tranche(ask: Ask) -> Ask:
    if ask.action not in CAPITAL or "tranche" in ask.scope:
        return ask
    return replace(ask, scope=Scope((*ask.scope.parts, ("tranche", ask.id))))


def guards_of(ask: Ask, gates: Mapping[str, Gate]) -> tuple[Gate, ...]:
    """Return the gates that guard an ask, by name.

    Raises:
        Misconfigured: none does; an action that no gate guards is never allowed by default.

    """
    found = tuple(gate for gate in gates.values() if gate.guards(ask.action))
    if not found:
        message = f"ask {ask.id!r} wants to {ask.action}, and no installed gate guards {ask.action}"
        raise Misconfigured(
            [Mistake(message, suggestion="remove the ask, or write an own gate that opens this action")]
        )
    return found
