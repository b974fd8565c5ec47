"""What a programme comes to where the capacity trigger decides on each course, beside every vintage going.

On the courses of outlook.simulate a vintage is ordered in its quarter of spend where demand of its pool has reached the
trigger of capacity.trigger. The trigger is a part of the GPUs of the pool's position; it is taken over as a part of
what they can sell, of the programme's whole demand: each pool keeps the part of demand that it has today. A vintage
without a tranche that is open, or without a trigger that is known, goes whatever comes, and is named. Wrong when the
pools of one programme grow apart.

Source: METHODS 11, gates are part of the model.

>>> round(of_whole_demand(0.88, available=0.97, part=0.25), 4)
3.6289
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from math import isinf
from typing import TYPE_CHECKING, Any

from hardgate.core.days import window_ending
from hardgate.core.terms import Evidence
from hardgate.metrics.availability import metric as availability
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.planned import open_tranches
from hardgate.metrics.programme_model import Assembled
from hardgate.metrics.programme_outcome import PATHS, SCRAMBLES, SEED, Figure, a_quarter, hurdle, pair
from hardgate.metrics.trigger import metric as trigger

if TYPE_CHECKING:
    from hardgate.models.programme import Programme

WINDOW = "4w"
NEVER = 1e9
"""A trigger that no demand reaches, as plain JSON has no infinity."""


@dataclass(frozen=True, slots=True)
class Way:
    """A programme by one rule: each figure with its standard error; `ordered` is the share of courses by vintage."""

    npv: Figure
    p_hurdle: Figure
    p_loss: Figure
    ordered: Mapping[str, Figure]


@dataclass(frozen=True, slots=True)
class Decided:
    """A programme with every vintage going, and with the trigger deciding; `free` are those without a trigger."""

    every: Way
    some: Way
    triggers: Mapping[str, float]
    free: tuple[str, ...]


def of_whole_demand(ratio: float, available: float, part: float) -> float:
    """Return a trigger, a part of a pool's GPUs, as what the whole demand must be of what the pool can sell.

    Only what is available can be sold, and the pool has only its part of demand.
    """
    return ratio / available / part


def triggers(evidence: Evidence, found: Assembled) -> dict[str, tuple[float, float]]:
    """Return the trigger of each vintage that is an open tranche, as the gate and as the model have it."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    there = evidence.reading(availability, found.scope, found.window).value
    whole = evidence.reading(demand, found.scope, window).value
    asked = {one.name for one in found.programme.vintages if not one.committed} if found.programme else set()
    known = {}
    for planned, scope in open_tranches(evidence):
        if planned.tranche not in asked or planned.tranche not in found.pools or not there or not whole:
            continue
        at, mine = evidence.reading(trigger, scope, window).value, evidence.reading(demand, scope, window).value
        if at is not None and mine:
            model = NEVER if isinf(at) else round(of_whole_demand(at, there, mine / whole), 6)
            known[planned.tranche] = (at, model)
    return known


def decided(evidence: Evidence, found: Assembled) -> Decided | None:
    """Return both ways; None where the programme cannot be run or no vintage has a trigger."""
    rate, at = hurdle(evidence, found), triggers(evidence, found)
    if found.programme is None or rate is None or not at:
        return None
    programme = found.programme
    vintages = tuple(
        replace(one, trigger=at[one.name][1] if one.name in at else None, pool=found.pools.get(one.name, ""))
        for one in programme.vintages
    )
    ruled = replace(programme, vintages=vintages)
    inputs = {"programme": asdict(ruled), "hurdle": rate, "seed": SEED, "scrambles": SCRAMBLES, "paths": PATHS}
    kept = evidence.kept("programme-decided", inputs, lambda: [ways(one, rate) for one in (programme, ruled)])
    every, some = (_way(one) for one in kept)
    free = tuple(one.name for one in programme.vintages if not one.committed and one.name not in at)
    return Decided(every, some, {name: gate for name, (gate, _) in at.items()}, free)


def _way(kept: Mapping[str, Any]) -> Way:
    figures = {name: Figure(*kept[name]) for name in ("npv", "p_hurdle", "p_loss")}
    return Way(**figures, ordered={name: Figure(*one) for name, one in kept["ordered"].items()})


def ways(programme: "Programme", rate: float) -> dict[str, Any]:
    """Return value, chances and orders of a programme as plain JSON, on the courses of its outcome."""
    import numpy as np

    from hardgate.models import cash_flow
    from hardgate.models.draw import seeds
    from hardgate.models.programme_paths import draw, orders, simulate

    drawn = [draw(programme.quarters, PATHS, seed) for seed in seeds(SEED, SCRAMBLES)]
    npv = cash_flow.npv(np.stack([simulate(programme, one).cash for one in drawn], axis=1), a_quarter(rate))
    goes = np.stack([orders(programme, one) for one in drawn], axis=1)
    asked = [(at, one.name) for at, one in enumerate(programme.vintages) if not one.committed]
    return {
        "npv": pair(npv), "p_hurdle": pair(npv >= 0), "p_loss": pair(npv < 0),
        "ordered": {name: pair(goes[at]) for at, name in asked},
    }  # fmt: skip
