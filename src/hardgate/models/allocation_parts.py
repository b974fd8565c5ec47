"""Workloads and pools that have nothing to do with each other, planned apart: together they are the plan of all.

A part holds what is joined by a workload that can use a pool, or by a tenant with a floor. Promises, value and floors
add up over parts, so that nothing is lost; whole gangs are placed closer to the best, since the gap is that of a part.

Two pools, each with its own workload:

>>> wanted = Wanted.of([[5.0, np.nan], [np.nan, 4.0]], [4, 4], [3, 3])
>>> [(one.workloads.tolist(), one.pools.tolist()) for one in parts(wanted)]
[([0], [0]), ([1], [1])]

Source: Tarjan (1972), SIAM Journal on Computing 1, for connected components.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Wanted

if TYPE_CHECKING:
    from hardgate.models.allocation import Plan

Indices = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Part:
    """Some workloads and the pools that they, and nobody else, can use; by position."""

    workloads: Indices
    pools: Indices


def parts(wanted: Wanted) -> list[Part]:
    """Return the parts that hold a workload, by their first one; who can use no pool counts to the first."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    count, pools = wanted.value.shape
    at, pool = np.nonzero(np.isfinite(wanted.value))
    groups = np.full(count, -1) if wanted.groups is None else wanted.groups
    bound = np.flatnonzero(groups >= 0)
    ends = np.concatenate([at, bound]), np.concatenate([count + pool, count + pools + groups[bound]])
    size = count + pools + len(wanted.floor)
    _, label = connected_components(coo_array((np.ones(len(ends[0])), ends), shape=(size, size)), directed=False)
    mine, theirs = label[:count].copy(), label[count : count + pools]
    lost = ~np.isin(mine, theirs)
    if lost.all():
        return [Part(np.arange(count), np.arange(pools))]
    mine[lost] = mine[np.flatnonzero(~lost)[0]]
    return [Part(np.flatnonzero(mine == one), np.flatnonzero(theirs == one)) for one in dict.fromkeys(mine.tolist())]


def part_of(wanted: Wanted, workload: int) -> Part:
    """Return the part that a workload is in."""
    return next(one for one in parts(wanted) if workload in one.workloads)


def within(wanted: Wanted, part: Part) -> Wanted:
    """Return what is wanted in one part."""
    rows, place = part.workloads, np.full(len(wanted.capacity) + 1, -1, np.int64)
    place[part.pools] = np.arange(len(part.pools))
    mine = np.isin(np.arange(len(wanted.floor)), wanted.tenant[rows])
    return replace(
        wanted, value=wanted.value[np.ix_(rows, part.pools)], capacity=wanted.capacity[part.pools],
        demand=wanted.demand[rows], commitment=wanted.commitment[rows], penalty=wanted.penalty[rows],
        tenant=wanted.tenant[rows], floor=np.where(mine, wanted.floor, 0.0), held=wanted.held[rows],
        held_pool=place[wanted.held_pool[rows]],
        move_cost=wanted.move_cost[rows], gang=wanted.gang[rows],
        work=None if wanted.work is None else wanted.work[np.ix_(rows, part.pools)],
    )  # fmt: skip


def joined(wanted: Wanted, made: Sequence[tuple[Part, "Plan"]]) -> "Plan":
    """Return the plan of all from the plans of its parts; a pool that nobody can use is worth nothing."""
    count, pools = wanted.value.shape
    gpus, worth = np.zeros((count, pools)), {name: np.zeros(pools) for name in ("price", "more", "fewer")}
    units, lacking, short, best = np.zeros(count), np.zeros(count), np.zeros(count), np.zeros(count, np.int64)
    for part, plan in made:
        rows = part.workloads
        gpus[np.ix_(rows, part.pools)] = plan.gpus
        units[rows], lacking[rows], short[rows] = plan.units, plan.lacking, plan.short
        best[rows] = part.pools[plan.best_pool]
        for name, values in worth.items():
            values[part.pools] = getattr(plan, name)
    value, penalties, bound, missed = (
        float(sum(getattr(plan, name) for _, plan in made)) for name in ("value", "penalties", "bound", "missed")
    )
    return replace(
        made[0][1], gpus=gpus, units=units, value=value, penalties=penalties, bound=bound, lacking=lacking,
        best_pool=best, short=short, missed=missed, **worth,
    )  # fmt: skip
