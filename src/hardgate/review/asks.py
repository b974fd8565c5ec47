"""Which asks a review judges: those that the data already holds, and those in asks/*.yaml.

`hardgate.review.proposals` holds one file for each kind of ask that the data hold. An action that no gate guards is
never asked for by the data, and asking for it by hand is an error.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from hardgate.core.discover import discover
from hardgate.core.errors import Misconfigured, Mistake
from hardgate.core.terms import CAPITAL, Action, Ask, Evidence, Gate, Rows, Scope
from hardgate.review import proposals


def derived(
    evidence: Evidence, gates: Mapping[str, Gate], horizon: str, actions: frozenset[Action] = frozenset(Action)
) -> tuple[Ask, ...]:
    """Return the asks that the data holds, of the actions that some gate guards; the others are not judged."""
    order = tuple(Action)
    kinds = [one for one in discover(proposals, "proposal").values() if actions & set(one.actions)]
    kinds.sort(key=lambda kind: min(order.index(one) for one in kind.actions))
    asks = (ask for kind in kinds for ask in kind.build(evidence, horizon))
    return tuple(ask for ask in asks if any(gate.guards(ask.action) for gate in gates.values()))


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
