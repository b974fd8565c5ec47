"""The area packages, listed once; their gates and exhibits are found by walking the folders."""

from types import ModuleType
from typing import cast

from hardgate import capacity
from hardgate.core.discover import discover
from hardgate.core.terms import Action, Exhibit, Gate, Metric

AREAS: tuple[ModuleType, ...] = (capacity,)
PLANNED = ("pricing", "allocation", "adoption", "markets", "outlook", "watch")
"""Areas of the packet that are not there yet; their parts print "not available" and are never left out."""


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


def guarded() -> frozenset[Action]:
    """Return the actions that some installed gate guards."""
    return frozenset(action for action in Action for gate in gates().values() if gate.guards(action))
