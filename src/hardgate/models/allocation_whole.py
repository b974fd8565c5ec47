"""The plan in whole gangs: what the linear plan placed in whole gangs stays, the rest is placed anew by HiGHS.

Rounding alone can miss promises. So the workloads that the linear plan split, and those nearest to their margin,
are put into a small integer programme: the most promised units, and then the most value that keeps as many. The gap
to the linear bound is printed, never hidden. Wrong by at most that gap, which counts what gangs cost as well.

One pool of 6 GPUs, gangs of 4 worth 3 a GPU and single GPUs worth 2: one gang and two singles:

>>> from hardgate.models.allocation import plan
>>> found = plan([[3.0], [2.0]], [6], [8, 8], gang=[4, 1], whole=True)
>>> found.gpus.ravel().tolist(), found.objective, found.bound
([4.0, 2.0], 16.0, 18.0)

Where throughput differs a workload wants units of work: it holds whole gangs and may leave a part of the last idle.
A pool of 5 GPUs that give a workload 2.2 units each, of which it wants 10: it holds 5 and uses 10 / 2.2 of them:

>>> found = plan([[2.2]], [5], [10], throughput=[[2.2]], whole=True)
>>> found.gpus.ravel().tolist(), found.units.tolist(), round(found.value, 6)
([5.0], [10.0], 10.0)

Source: METHODS 7 (restricted repair).
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_choice import FEW, ROUGH, chosen
from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_mixture import relax
from hardgate.models.solve import Infeasible, Programme, Solution, Unsolved

if TYPE_CHECKING:
    from hardgate.models.allocation import Plan

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

FREE = 240  # workloads placed anew beside those that were split
CHOICES = 4  # pools that each of them may use, beside those of the linear plan
GAP = 1e-5  # of the integer programme at which to stop
NODES = 2000  # of its tree, after which the best plan so far counts
CLOSE = 1e-6  # of a gang: a matter of rounding


@dataclass(frozen=True, slots=True)
class _Freed:
    """The workloads placed anew, their arcs, and the columns for gangs, GPUs used, promises, holdings, missed floors.

    Without throughput what is held is used, and `used` is empty.
    """

    rows: Indices
    workload: Indices
    pool: Indices
    gangs: Indices
    used: Indices
    sure: Indices
    kept: Indices
    missed: Indices


def placed(wanted: Wanted, linear: "Plan") -> "Plan":
    """Return the plan in whole gangs, with the linear plan's prices."""
    if wanted.work is None:
        return _repaired(wanted, linear)
    keeps = float((wanted.commitment - linear.short).sum())
    owed = float((wanted.penalty * wanted.commitment).sum())
    relaxed = relax(wanted, linear.price, keeps)
    if linear.bound - (relaxed.bound - owed) <= GAP * max(abs(linear.bound), 1.0):  # gangs cost nothing
        made = _repaired(wanted, linear)
        if made.gap <= GAP:
            return made
    found = chosen(wanted, linear, relaxed)
    made = replace(_counted(wanted, linear, found.gpus, found.used, found.missed), bound=found.bound - owed)
    return _proved(wanted, linear, made) if made.gap > ROUGH and len(wanted.demand) <= FEW else made


def _proved(wanted: Wanted, linear: "Plan", made: "Plan") -> "Plan":
    """Look for a better plan on every arc, that keeps as many promises, and for a nearer bound: for few workloads."""
    rows, fixed = np.flatnonzero(np.isfinite(wanted.value).any(axis=1)), np.zeros(wanted.value.shape)
    keeps = float((wanted.commitment - made.short)[rows].sum()) - made.missed
    programme, freed = _programme(wanted, linear, fixed, rows, keeps=keeps, choices=len(wanted.capacity))
    try:
        found = programme.solve(gap=GAP, nodes=NODES)
    except (Infeasible, Unsolved):
        return made
    other = _read(wanted, linear, fixed, freed, found)
    best = other if other.objective > made.objective else made
    bound = found.bound - float((wanted.penalty * wanted.commitment).sum())
    return replace(best, bound=max(min(made.bound, bound), best.objective))


def _repaired(wanted: Wanted, linear: "Plan") -> "Plan":
    """Place anew what the linear plan split, and those nearest to their margin."""
    gang = wanted.gang[:, np.newaxis]
    split = np.abs(linear.gpus / gang - np.round(linear.gpus / gang)) > 1e-6
    near = np.argsort(np.abs(linear.lacking), kind="stable")[:FREE]
    rows = np.union1d(np.flatnonzero(split.any(axis=1)), near)
    fixed = np.round(linear.gpus / gang) * gang
    fixed[rows] = 0.0
    rows = rows[np.isfinite(wanted.value[rows]).any(axis=1)]
    if not len(rows):
        return _counted(wanted, linear, fixed, fixed, 0.0)
    return _read(wanted, linear, fixed, *_solved(wanted, linear, fixed, rows))


def _read(wanted: Wanted, linear: "Plan", fixed: Floats, freed: _Freed, found: Solution) -> "Plan":
    """Return the plan of what stays and what the programme placed."""
    gang = wanted.gang[freed.workload].astype(np.float64)
    held = np.round(found.columns[freed.gangs]) * gang
    used = held if wanted.work is None else np.minimum(found.columns[freed.used], held)
    if wanted.work is not None:
        held = np.ceil(used / gang - CLOSE) * gang
    gpus, busy = fixed.copy(), fixed
    np.add.at(gpus, (freed.workload, freed.pool), held)
    np.add.at(busy, (freed.workload, freed.pool), used)
    return _counted(wanted, linear, gpus, busy, float(found.columns[freed.missed].sum()))


def _solved(wanted: Wanted, linear: "Plan", fixed: Floats, rows: Indices) -> tuple[_Freed, Solution]:
    """Keep as many promised units as the linear plan does, or else the most that whole gangs can, at the most value."""
    keeps = float((wanted.commitment - linear.short)[rows].sum())
    try:
        programme, freed = _programme(wanted, linear, fixed, rows, keeps=keeps)
        return freed, programme.solve(gap=GAP, nodes=NODES)
    except Infeasible:
        programme, freed = _programme(wanted, linear, fixed, rows)
        first = programme.solve(gap=GAP, nodes=NODES)
        keeps = float(first.columns[freed.sure].sum() - first.columns[freed.missed].sum())
        programme, freed = _programme(wanted, linear, fixed, rows, keeps=keeps)
        return freed, programme.solve(gap=GAP, nodes=NODES)


def _programme(
    wanted: Wanted, linear: "Plan", fixed: Floats, rows: Indices, keeps: float | None = None, choices: int = CHOICES
) -> tuple[Programme, _Freed]:
    """Build the integer programme: the most promised units, or the most value that keeps as many of them."""
    programme, by_value = Programme(), keeps is not None
    left = wanted.capacity - fixed.sum(axis=0)
    pools = programme.rows(-np.inf, np.floor(left + 1e-9))
    units = programme.rows(-np.inf, wanted.demand[rows])
    sure_rows = programme.rows(-np.inf, np.zeros(len(rows)))
    kept_rows = programme.rows(-np.inf, np.zeros(len(rows)))
    groups, missed_rows = wanted.groups, np.zeros(0, np.int64)
    if groups is not None:
        got = np.bincount(groups[groups >= 0], weights=fixed[groups >= 0].sum(axis=1), minlength=len(wanted.floor))
        missed_rows = programme.rows(wanted.floor - got, np.inf)
    promise = programme.row(lower=keeps - 1e-6 if keeps is not None else -np.inf)
    at, pool = _arcs(wanted, linear, rows, choices)
    workload, gang = rows[at], wanted.gang[rows[at]].astype(np.float64)
    work = np.ones(len(at)) if wanted.work is None else wanted.work[workload, pool]
    stays = wanted.held_pool[workload] == pool
    grouped = np.full(len(at), -1) if groups is None else groups[workload]
    serves = (
        [units[at], sure_rows[at], np.where(stays, kept_rows[at], -1),
         np.where(grouped >= 0, np.append(missed_rows, -1)[grouped], -1)],
        [work, -work, -np.ones(len(at)), np.ones(len(at))],
    )  # fmt: skip
    price = wanted.value[workload, pool] if by_value else np.zeros(len(at))
    if wanted.work is None:
        most = np.floor(wanted.demand[workload] / gang + CLOSE)
        gangs = _columns(
            programme, gang * price, most, [pools[pool], *serves[0]], [gang, *(gang * one for one in serves[1])]
        )
        used = np.zeros(0, np.int64)
    else:
        most = np.ceil(wanted.demand[workload] / (gang * work) - CLOSE)
        links = programme.rows(-np.inf, np.zeros(len(at)))
        gangs = _columns(programme, np.zeros(len(at)), most, [pools[pool], links], [gang, -gang])
        used = _columns(programme, price, most * gang, [links, *serves[0]], [np.ones(len(at)), *serves[1]], whole=False)
    both = np.stack([sure_rows, np.full(len(rows), promise)], axis=1)
    sure = programme.columns(
        wanted.penalty[rows] if by_value else np.ones(len(rows)), wanted.commitment[rows], both.tolist(),
        [[1.0, 1.0]] * len(rows),
    )  # fmt: skip
    kept = programme.columns(
        wanted.move_cost[rows] * by_value, wanted.held[rows], kept_rows[:, np.newaxis].tolist(), [[1.0]] * len(rows)
    )
    missed = np.zeros(0, np.int64)
    if len(missed_rows):
        both = np.stack([missed_rows, np.full(len(missed_rows), promise)], axis=1)
        missed = programme.columns(
            np.full(len(missed_rows), 0.0 if by_value else -1.0),
            np.inf,
            both.tolist(),
            [[1.0, -1.0]] * len(missed_rows),
        )
    return programme, _Freed(rows, workload, pool, gangs, used, sure, kept, missed)


def _columns(
    programme: Programme, price: Floats, most: Floats, rows: list[Indices], factors: list[Floats], *, whole: bool = True
) -> Indices:
    """Add a column for each arc, with an entry in each of some rows but those numbered -1."""
    index, factor = np.stack(rows, axis=1), np.stack(factors, axis=1)
    there = index >= 0
    starts = np.concatenate([[0], np.cumsum(there.sum(axis=1))[:-1]])
    return programme.packed(price, most, starts, index[there], factor[there], whole=whole)


def _arcs(wanted: Wanted, linear: "Plan", rows: Indices, choices: int) -> tuple[Indices, Indices]:
    """The pools that each workload may use: those of the linear plan and the best at its prices."""
    margin = wanted.value[rows] - linear.price
    ranked = np.argsort(np.argsort(-margin, axis=1, kind="stable"), axis=1, kind="stable")
    use = np.isfinite(margin) & ((ranked < choices) | (linear.gpus[rows] > 1e-9))
    at, pool = np.nonzero(use)
    return at, pool


def _counted(wanted: Wanted, linear: "Plan", gpus: Floats, used: Floats, missed: float) -> "Plan":
    """What a plan earns, counted from the GPUs that it uses."""
    units = (used if wanted.work is None else used * wanted.work).sum(axis=1)
    short = np.maximum(wanted.commitment - units, 0.0)
    short[short < CLOSE * np.maximum(wanted.commitment, 1.0)] = 0.0
    stay = np.where(wanted.held_pool >= 0, used[np.arange(len(used)), np.maximum(wanted.held_pool, 0)], 0.0)
    earned = np.where(used > 0, wanted.value, 0.0) * used
    value = float(earned.sum() + (np.minimum(stay, wanted.held) * wanted.move_cost).sum())
    return replace(
        linear,
        gpus=gpus,
        units=units,
        value=value,
        penalties=float((wanted.penalty * short).sum()),
        short=short,
        missed=missed,
    )
