"""Which vintages of a programme are ordered on each course, where a trigger decides on the way.

In its quarter of spend a vintage is ordered where demand is at least its trigger's part of what the capacity position
of its pool can sell: all that is there when it would go live, committed or ordered before it on the same course. A pool
keeps its part of demand, so that its triggers are of the whole demand: over that part. What is not ordered then is not
ordered later: its spend, its capacity and its cost vanish from that course, and no cancel fee is due. Delays are not
known when it is decided. Wrong when a tranche that is turned down comes back a quarter later, and when the pools of one
programme grow apart.

Demand of 90 and of 70 against 100 that are live: the next 50 are ordered at 80 %, the last 50 stand on them or not:

>>> live = Vintage("live", spend=-1, amount=0, lead=1, life=9, gpus=100, price=1, committed=True)
>>> second = Vintage("second", spend=0, amount=500, lead=1, life=8, gpus=50, price=1, trigger=0.8)
>>> third = Vintage("third", spend=0, amount=500, lead=1, life=8, gpus=50, price=1, trigger=0.65)
>>> rule = Programme((live, second, third), quarters=4, demand=90)
>>> ordered(rule, lambda quarter: np.array([90.0, 70.0])).tolist()
[[True, True], [True, False], [False, True]]

Source: METHODS 11, gates are part of the model; METHODS 3 for the capacity position.
"""

from collections.abc import Callable, Iterator
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from hardgate.models.programme import Programme, Vintage

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]


def ordered(programme: Programme, demand: Callable[[int], Floats]) -> Flags:
    """Tell which vintages go on each course, shape (vintages, paths); of one quarter, those that are first are first.

    Args:
        programme: whose vintages may have a trigger.
        demand: GPUs in demand in a quarter, shape (paths,).

    """
    width = demand(0).size
    found = np.ones((len(programme.vintages), width), np.bool_)
    turn = sorted(range(len(programme.vintages)), key=lambda at: (programme.vintages[at].spend, at))
    before: list[int] = [at for at in turn if programme.vintages[at].committed]
    for at in (one for one in turn if not programme.vintages[one].committed):
        mine = programme.vintages[at]
        if mine.trigger is not None and 0 <= mine.spend < programme.quarters:
            held = np.zeros(width)
            for other in (one for one in before if programme.vintages[one].pool == mine.pool):
                held += found[other] * _sells_at(programme.vintages[other], mine.live)
            found[at] = demand(mine.spend) >= mine.trigger * held
        before.append(at)
    return found


def _sells_at(one: Vintage, quarter: int) -> float:
    """What a vintage can sell in a quarter, filled: nothing before it is live or after its life."""
    return one.gpus * one.productive_share if one.live <= quarter < one.live + one.life else 0.0


def groups(programme: Programme, goes: Flags) -> Iterator[tuple[Programme, NDArray[np.intp]]]:
    """Yield the programme of each set of vintages that is ordered on some courses, without triggers, and those courses.

    Args:
        programme: whose vintages were decided on.
        goes: of `ordered`.

    """
    sets, which = np.unique(goes, axis=1, return_inverse=True)
    for at in range(sets.shape[1]):
        kept = (one for one, goes in zip(programme.vintages, sets[:, at], strict=True) if goes)
        vintages = tuple(replace(one, trigger=None) for one in kept)
        yield replace(programme, vintages=vintages), np.flatnonzero(which.ravel() == at)
