"""The best whole plan by choosing one holding for each workload, near to a bound that knows gangs.

What a linear programme over parts of GPUs earns no whole plan may reach; the best mixture of holdings is nearer. An
integer programme chooses among the holdings near to what the mixture takes: where workloads are few among all that can
matter, so that the plan is the best, and else among the best of each workload, or of those that mix or nearly do. Wrong
by at most the gap to the bound, which is printed.

Six GPUs, gangs of 4 worth 3 a GPU and single GPUs worth 2; parts of gangs would earn 18:

>>> from hardgate.models.allocation import plan
>>> wanted = Wanted.of([[3.0], [2.0]], [6], [8, 8], gang=[4, 1])
>>> found = chosen(wanted, plan([[3.0], [2.0]], [6], [8, 8], gang=[4, 1]))
>>> found.gpus.ravel().tolist(), round(found.bound, 4)
([4.0, 2.0], 16.0)

Source: Barnhart et al. (1998), Operations Research 46, for whole plans from a programme over columns.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_holdings import Holdings, every, holdings
from hardgate.models.allocation_mixture import SAME, Relaxed, added, begun, beyond_at, joined, relax, unfinished
from hardgate.models.solve import Infeasible, Unsolved

if TYPE_CHECKING:
    from hardgate.models.allocation import Plan

Floats = NDArray[np.float64]

NEAR, EACH = 3e-4, 16  # of the bound: how far from paying a holding may be; and how many of a workload stand to choose
FEW, ALL, TRIES = 60, 600, 2  # workloads and holdings of which the best plan is found, in so many programmes
FREE = 240  # workloads that choose anew where there are more
GAP, ROUGH = 1e-5, 1e-3  # at which to stop: where all that can matter are there, and else
NODES = 200  # of the tree, after which the best plan so far counts


@dataclass(frozen=True, slots=True)
class Chosen:
    """GPUs held and used by workload and pool, GPUs that floors lack, promised units kept, worth and bound.

    Worth and bound are money an hour with all kept promises counted in.
    """

    gpus: Floats
    used: Floats
    missed: float
    worth: float
    bound: float


def chosen(wanted: Wanted, linear: "Plan", relaxed: Relaxed | None = None) -> Chosen:
    """Return the plan: as many promises as the linear plan keeps, or else the most that gangs can, then value."""
    keeps = float((wanted.commitment - linear.short).sum())
    found = relax(wanted, linear.price, keeps) if relaxed is None else relaxed
    if found.lacking <= SAME * max(keeps, 1.0):
        try:
            return _whole(wanted, found, keeps)
        except (Infeasible, Unsolved):
            pass
    alone = replace(
        wanted, value=np.where(np.isfinite(wanted.value), 0.0, -np.inf), penalty=np.ones(len(wanted.demand)),
        move_cost=np.zeros(len(wanted.demand)),
    )  # fmt: skip
    first = _whole(alone, relax(alone, np.zeros(len(wanted.capacity)), 0.0, floors=-1.0), 0.0, floors=-1.0)
    kept = _as_holdings(wanted, first)
    best = float(np.minimum(kept.units, wanted.commitment).sum()) - first.missed
    found = relax(wanted, linear.price, best, (kept,))
    try:
        return _whole(wanted, found, best)
    except (Infeasible, Unsolved):
        return replace(first, worth=float(kept.worth.sum()), bound=found.bound)


def _whole(wanted: Wanted, relaxed: Relaxed, keeps: float, floors: float = 0.0) -> Chosen:
    """Choose one holding a workload: among all that can matter where they are few."""
    near = max(abs(relaxed.bound), 1.0) * NEAR
    some, fixed = _standing(wanted, relaxed, near)
    best = _solved(wanted, some, keeps, floors, fixed, ROUGH)
    best = replace(best, bound=relaxed.bound)
    for _ in range(TRIES if len(wanted.demand) <= FEW else 0):
        bars = relaxed.beyond - (relaxed.bound - best.worth) - SAME * max(abs(relaxed.bound), 1.0)
        found = every(wanted, relaxed.prices, bars)
        if found is None:
            break
        some = found.taken(np.argsort(relaxed.beyond[found.row] - found.beyond, kind="stable")[:ALL])
        last = _solved(wanted, some, keeps, floors, None, GAP)
        better = last.worth > best.worth * (1 + GAP)
        best = replace(last, bound=best.bound) if last.worth >= best.worth else best
        if len(some.row) == len(found.row):
            return replace(best, bound=min(relaxed.bound, max(last.bound, best.worth)))
        if not better:
            break
    return best


def _standing(wanted: Wanted, relaxed: Relaxed, near: float) -> tuple[Holdings, Holdings | None]:
    """The holdings to choose from, and where workloads are many those of who does not choose anew."""
    found = relaxed.found
    if len(wanted.demand) <= FREE:
        more = holdings(wanted, relaxed.prices, relaxed.beyond - near, unfinished(wanted))
        return joined([found, more.taken(more.best(EACH))]), None
    mixed = np.zeros(len(wanted.demand), np.bool_)
    mixed[found.row[(relaxed.share > SAME) & (relaxed.share < 1 - SAME)]] = True
    lost = relaxed.beyond[found.row] - beyond_at(wanted, found, relaxed.prices)
    second = np.full(len(wanted.demand), np.inf)
    np.minimum.at(second, found.row, np.where(relaxed.share > SAME, np.inf, np.maximum(lost, 0.0)))
    free = mixed.copy()
    free[np.argsort(np.where(mixed, -1.0, second), kind="stable")[:FREE]] = True
    stays = found.taken(np.flatnonzero((relaxed.share >= 1 - SAME) & ~free[found.row]))
    stays = stays.taken(np.unique(stays.row, return_index=True)[1])
    return found.taken(np.flatnonzero(free[found.row])), stays


def _solved(wanted: Wanted, found: Holdings, keeps: float, floors: float, fixed: Holdings | None, gap: float) -> Chosen:
    programme, rows = begun(wanted, keeps, floors)
    columns = added(programme, rows, wanted, found, whole=True)
    if fixed is not None:
        lower, upper = (np.array(one) for one in (programme.lower, programme.upper))
        gpus = (fixed.gangs * wanted.gang[fixed.row][:, np.newaxis]).sum(axis=0)
        upper[rows.pools] -= gpus
        upper[rows.one[fixed.row]] = 0.0
        lower[rows.promise] -= np.minimum(fixed.units, wanted.commitment[fixed.row]).sum()
        if wanted.groups is not None:
            mine = wanted.groups[fixed.row]
            lower[rows.floors] -= np.bincount(
                mine[mine >= 0], weights=fixed.used[mine >= 0].sum(axis=1), minlength=len(rows.floors)
            )
        programme.bound(lower, upper)
    solution = programme.solve(gap=gap, nodes=NODES)
    taken = found.taken(np.flatnonzero(solution.columns[columns] > 0.5))
    if fixed is not None:
        taken = joined([taken, fixed])
    gpus, used = np.zeros(wanted.value.shape), np.zeros(wanted.value.shape)
    gpus[taken.row] = taken.gangs * wanted.gang[taken.row][:, np.newaxis]
    used[taken.row] = taken.used
    missed = float(solution.columns[rows.missed].sum())
    return Chosen(gpus, used, missed, float(taken.worth.sum()) + floors * missed, solution.bound)


def _as_holdings(wanted: Wanted, plan: Chosen) -> Holdings:
    """What a plan holds, worth what it is worth here."""
    rows, home = np.arange(len(wanted.demand)), np.maximum(wanted.held_pool, 0)
    units = (plan.used if wanted.work is None else plan.used * wanted.work).sum(axis=1)
    worth = (np.where(plan.used > 0, wanted.value, 0.0) * plan.used).sum(axis=1)
    kept = np.where(wanted.held_pool >= 0, np.minimum(plan.used[rows, home], wanted.held), 0.0)
    worth += kept * wanted.move_cost + wanted.penalty * np.minimum(units, wanted.commitment)
    gangs = np.round(plan.gpus / wanted.gang[:, np.newaxis]).astype(np.int64)
    return Holdings(rows, gangs, plan.used, units, worth, np.zeros(len(rows)), np.full(len(rows), -np.inf))
