"""The area packages, listed once; their gates and exhibits are found by walking the folders."""

from collections.abc import Iterable
from types import ModuleType
from typing import cast

from hardgate import adoption, allocation, capacity, markets, outlook, pricing, watch
from hardgate.core.discover import discover
from hardgate.core.errors import NotFound, nearest
from hardgate.core.terms import Action, Exhibit, Gate, Metric

AREAS: tuple[ModuleType, ...] = (capacity, pricing, allocation, adoption, markets, outlook, watch)
PARTS = (
    ("3 the shadow price of scarce accelerators as the trigger's margin", "allocation.shadow_price"),
    ("4 attach rate of AI features on existing workloads", "adoption.attach"),
    ("5 margin at the price floor", "pricing.floor"),
    ("5 payback distribution of each market", "markets.payback"),
    ("5 P(hurdle) and the cash trough of the programme", "outlook.simulate"),
    ("6 the one metric that flips the decision", "outlook.flip"),
    ("6 what to measure before signing", "outlook.measure_next"),
)
"""Parts of the packet and the exhibit that each needs; one that is not there is named in the packet, never left out."""


def not_available() -> tuple[tuple[str, str], ...]:
    """Return the parts of the packet whose exhibit is not there yet, each with the area that it needs."""
    there = exhibits()
    return tuple((part, needed.partition(".")[0]) for part, needed in PARTS if needed not in there)


def gates() -> dict[str, Gate]:
    """Return every gate of every area, by name, sorted."""
    return dict(sorted((name, cast("Gate", value)) for area in AREAS for name, value in discover(area, "gate").items()))


def exhibits() -> dict[str, Exhibit]:
    """Return every exhibit of every area, by name, sorted."""
    found = ((name, cast("Exhibit", value)) for area in AREAS for name, value in discover(area, "exhibit").items())
    return dict(sorted(found))


def metrics() -> dict[str, Metric]:
    """Return every metric, by name, sorted."""
    from hardgate import metrics as package

    return {name: cast("Metric", value) for name, value in sorted(discover(package, "metric").items())}


def unique(name: str, known: Iterable[str]) -> str:
    """Return the one of some names that this is, or is a prefix of; the area may be left out.

    Raises:
        NotFound: none is, or several are.

    """
    names = sorted(known)
    for fitting in (
        [one for one in names if one == name],
        [one for one in names if one.startswith(name)],
        [one for one in names if one.partition(".")[2] == name],
        [one for one in names if one.partition(".")[2].startswith(name)],
    ):
        if len(fitting) == 1:
            return fitting[0]
        if fitting:
            raise NotFound(f"{name!r} may be {' or '.join(fitting)}")
    raise NotFound(f"nothing is called {name!r}; {nearest(name, names)}")


def guarded() -> frozenset[Action]:
    """Return the actions that some installed gate guards."""
    return frozenset(action for action in Action for gate in gates().values() if gate.guards(action))
