"""Whose doubt makes the worth of a programme doubtful: the part of its variance that each driver brings.

Shapley values of the net present value at the hurdle rate. Every set of drivers is drawn anew while the others stand
still; what drivers bring together is shared out evenly, so that the parts add up to the whole. The shares of the
shortest joint move say another thing: they are of the way to where the decision turns, these of the whole spread. Wrong
where drivers without an interval matter: they do not move, and bring nothing.

>>> from hardgate.models.programme import Programme, Vintage
>>> one = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=0.01)
>>> sorted(shares(Programme((one,), quarters=3, demand=50, volatility=0.2, price_volatility=0.1), 0.1, 1 << 6))
['demand course', 'price course']

Source: METHODS 13; Owen 2014; Song, Nelson & Staum 2016. Exact for up to twelve groups, and there are never more than
eleven: nine levels, and the courses of demand and of price.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.programme_flips import COURSES, npv_of
from hardgate.metrics.programme_model import Assembled
from hardgate.metrics.programme_outcome import SEED, hurdle

if TYPE_CHECKING:
    from hardgate.models.programme import Programme

Floats = NDArray[np.float64]

PATHS = 1 << 9


def importance(evidence: Evidence, found: Assembled) -> Mapping[str, float]:
    """Return the part of the variance that each driver with an interval brings; nothing where something is missing."""
    programme, rate = found.programme, hurdle(evidence, found)
    if programme is None or rate is None:
        return {}
    inputs = {"programme": asdict(programme), "hurdle": rate, "seed": SEED, "paths": PATHS}
    kept: Mapping[str, float] = evidence.kept("programme-importance", inputs, lambda: shares(programme, rate))
    return kept


def shares(programme: "Programme", rate: float, paths: int = PATHS) -> dict[str, float]:
    """Return the Shapley value of each driver's group, as a part of the variance."""
    from hardgate.models.importance import shapley
    from hardgate.models.programme_paths import Draws, draw_twice

    drawn = draw_twice(programme.quarters, paths, SEED)
    both = tuple(np.concatenate([one.levels, one.demand, one.price]) for one in drawn)
    groups = groups_of(programme)
    ends = np.cumsum([one.shape[0] for one in (drawn[0].levels, drawn[0].demand)])

    def worth(rows: Floats) -> Floats:
        return npv_of(programme, Draws(*np.split(rows, ends)), rate)

    found: Any = shapley(worth, tuple(groups.values()), (both[0], both[1]))
    return {name: round(max(one, 0.0), 4) for name, one in zip(groups, found, strict=True)}


def groups_of(programme: "Programme") -> dict[str, tuple[int, ...]]:
    """Return the rows of the draws that belong to each driver that moves: levels, then courses of demand and price."""
    from hardgate.models.programme import NAMES

    levels, quarters = len(NAMES), programme.quarters
    found: dict[str, tuple[int, ...]] = {
        name: (at,) for at, name in enumerate(NAMES) if getattr(programme.spread, name) > 0
    }
    moves = (programme.volatility, programme.price_volatility)
    for at, (name, moved) in enumerate(zip(COURSES, moves, strict=True)):
        if moved:
            found[name] = tuple(range(levels + at * quarters, levels + (at + 1) * quarters))
    return found
