"""The best whole plan by choosing one holding for each workload: a bound that knows gangs, and a plan near to it.

What a linear programme over parts of GPUs earns no whole plan may reach. A linear programme over holdings, of which
each workload takes one or a mixture, is nearer: few workloads mix, as many as there are pools. Its holdings are found
as they pay at its prices; the prices bound every whole plan, whatever holdings there are. Then an integer programme
chooses among the holdings near to their bar: among all that can matter where these are few, so that the plan is the
best, and else among the best of each workload. Wrong by at most the gap between the two, which is printed.

Six GPUs, gangs of 4 worth 3 a GPU and single GPUs worth 2; parts of gangs would earn 18:

>>> from hardgate.models.allocation import plan
>>> wanted = Wanted.of([[3.0], [2.0]], [6], [8, 8], gang=[4, 1])
>>> found = chosen(wanted, plan([[3.0], [2.0]], [6], [8, 8], gang=[4, 1]))
>>> found.gpus.ravel().tolist(), round(found.bound, 4)
([4.0, 2.0], 16.0)

Sources: Dantzig & Wolfe (1960), Operations Research 8, for the programme over what each part may do; Gilmore & Gomory
(1961), Operations Research 9, for the columns that are not there until they pay; Geoffrion (1974), Mathematical
Programming Study 2, for the bound that prices give.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_holdings import Holdings, at_hand, holdings
from hardgate.models.flow import Prices
from hardgate.models.solve import Infeasible, Programme, Solution, Unsolved

if TYPE_CHECKING:
    from hardgate.models.allocation import Plan

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

ROUNDS = 60  # of finding holdings that pay
AT_ONCE = 3  # holdings of a workload that are taken in at once
FEWEST, UNFINISHED, TOGETHER = 20, 400, 40_000  # unfinished ones gone on with: of a workload, and about of all
FURTHER = 64  # times as many where that misses what may pay
SAME = 1e-7  # of the largest value, or of a bound: a matter of rounding
NEAR, EACH = 3e-4, 16  # of the bound: how far from paying a holding may be; and how many of a workload stand to choose
FEW, ALL, TRIES = 60, 1_000, 3  # workloads and holdings of which the best plan is found, in so many programmes
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


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The programme over holdings, solved: what it found, its prices, what each workload earns beyond them, a bound."""

    found: tuple[Holdings, ...]
    prices: Prices
    beyond: Floats
    share: Floats
    bound: float
    lacking: float


@dataclass(frozen=True, slots=True)
class _Rows:
    """The rows of a programme over holdings, and the columns for what floors lack."""

    pools: Indices
    one: Indices
    promise: int
    floors: Indices
    missed: Indices


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


def relax(wanted: Wanted, start: Floats, keeps: float, given: Sequence[Holdings] = (), floors: float = 0.0) -> Relaxed:
    """Return the best mixture of holdings with its prices, from prices of pools to start with.

    `floors` is what a GPU is worth that floors lack, beside the promised unit that it counts as.
    """
    scale = max(1.0, float(np.abs(wanted.value[np.isfinite(wanted.value)]).max(initial=0.0)))
    prices = Prices(start, np.zeros(0 if wanted.groups is None else len(wanted.floor)), 0.0)
    programme, rows = _begun(wanted, keeps, floors)
    dear, usual = 2.0 * scale, _unfinished(wanted)
    far = usual
    lacks = programme.packed(
        [-dear], np.inf, np.zeros(1, np.int64), np.array([rows.promise]), np.ones(1)
    )  # fmt: skip
    first = holdings(wanted, prices, at_hand(wanted, prices) - SAME * scale, best_only=True, most=usual)
    assert first is not None
    found, bound, centre = [*given, first.taken(first.best(AT_ONCE))], np.inf, prices
    columns = [_add(programme, rows, wanted, one) for one in found]
    for _ in range(ROUNDS):
        solution = programme.solve(anew=False)
        prices, beyond = _prices(solution, rows, wanted)
        added = False
        for at in (_between(centre, prices), prices):
            earns = beyond if at is prices else np.zeros(len(beyond))
            bars = np.maximum(earns + SAME * scale, at_hand(wanted, at) - SAME * scale)
            one = holdings(wanted, at, bars, best_only=True, most=far)
            assert one is not None
            most = np.maximum(bars, one.missed)
            np.maximum.at(most, one.row, one.beyond)
            reach = _bound(wanted, at, np.maximum(most, 0.0), keeps)
            if reach < bound:
                bound, centre = reach, at
            new = one.taken(one.best(AT_ONCE))
            new = new.taken(np.flatnonzero(_at(wanted, new, prices) > beyond[new.row] + SAME * scale))
            if len(new.row):
                found.append(new)
                columns.append(_add(programme, rows, wanted, new))
                added = True
                break
        if not added and bound - solution.value > SAME * abs(bound) and far < usual * FURTHER:
            far *= 8
        elif not added or bound - solution.value <= SAME * abs(bound):
            if solution.columns[lacks].sum() <= SAME or dear > 1e4 * scale:
                break
            dear *= 30
            programme.set_price(int(lacks[0]), -dear)
    if len(solution.columns) < programme.count:
        solution = programme.solve(anew=False)
    prices, beyond = _prices(solution, rows, wanted)
    share = solution.columns[np.concatenate(columns)]
    return Relaxed(tuple(found), prices, beyond, share, bound, float(solution.columns[lacks].sum()))


def _unfinished(wanted: Wanted) -> int:
    return max(FEWEST, min(UNFINISHED, TOGETHER // max(len(wanted.demand), 1)))


def _between(one: Prices, other: Prices) -> Prices:
    return Prices((one.pool + other.pool) / 2, (one.group + other.group) / 2, (one.need + other.need) / 2)


def _prices(solution: Solution, rows: _Rows, wanted: Wanted) -> tuple[Prices, Floats]:
    found = Prices(
        np.maximum(solution.rows[rows.pools], 0.0), np.maximum(-solution.rows[rows.floors], 0.0),
        max(-float(solution.rows[rows.promise]), 0.0),
    )  # fmt: skip
    return found, np.maximum(solution.rows[rows.one], 0.0)


def _at(wanted: Wanted, found: Holdings, prices: Prices) -> Floats:
    """What holdings earn beyond other prices than those they were found at."""
    gpus = found.gangs * wanted.gang[found.row][:, np.newaxis]
    earned: Floats = found.worth - gpus @ prices.pool
    earned += prices.need * np.minimum(found.units, wanted.commitment[found.row])
    if wanted.groups is not None:
        earned += np.append(prices.group, 0.0)[wanted.groups[found.row]] * found.used.sum(axis=1)
    return earned


def _bound(wanted: Wanted, prices: Prices, beyond: Floats, keeps: float) -> float:
    """What no whole plan that keeps the promises can exceed, whatever its holdings."""
    floors = float(prices.group @ wanted.floor) if len(prices.group) else 0.0
    return float(prices.pool @ wanted.capacity + beyond.sum()) - prices.need * keeps - floors


def _begun(wanted: Wanted, keeps: float, floors: float) -> tuple[Programme, _Rows]:
    programme, groups = Programme(), wanted.groups
    pools = programme.rows(-np.inf, np.floor(wanted.capacity + SAME))
    one = programme.rows(-np.inf, np.ones(len(wanted.demand)))
    promise = programme.row(lower=keeps - 1e-6 if keeps else -np.inf)
    lower = wanted.floor if groups is not None else np.zeros(0)
    rows = programme.rows(lower, np.inf) if len(lower) else np.zeros(0, np.int64)
    missed = np.zeros(0, np.int64)
    if len(rows):
        both = np.stack([rows, np.full(len(rows), promise)], axis=1)
        missed = programme.columns(np.full(len(rows), floors), np.inf, both.tolist(), [[1.0, -1.0]] * len(rows))
    return programme, _Rows(pools, one, promise, rows, missed)


def _add(programme: Programme, rows: _Rows, wanted: Wanted, found: Holdings, *, whole: bool = False) -> Indices:
    """Add a column for each holding."""
    every, (at, pool) = np.arange(len(found.row)), np.nonzero(found.gangs)
    parts = [
        (at, rows.pools[pool], found.gangs[at, pool] * wanted.gang[found.row[at]].astype(np.float64)),
        (every, rows.one[found.row], np.ones(len(every))),
        (every, np.full(len(every), rows.promise), np.minimum(found.units, wanted.commitment[found.row])),
    ]
    if wanted.groups is not None:
        mine = np.flatnonzero(wanted.groups[found.row] >= 0)
        parts.append((mine, rows.floors[wanted.groups[found.row[mine]]], found.used[mine].sum(axis=1)))
    column, row, factor = (np.concatenate([one[at] for one in parts]) for at in range(3))
    order = np.argsort(column, kind="stable")
    starts = np.searchsorted(column[order], every)
    return programme.packed(found.worth, 1.0 if whole else np.inf, starts, row[order], factor[order], whole=whole)


def _whole(wanted: Wanted, relaxed: Relaxed, keeps: float, floors: float = 0.0) -> Chosen:
    """Choose one holding a workload: among all that can matter where they are few."""
    near = max(abs(relaxed.bound), 1.0) * NEAR
    some, fixed = _standing(wanted, relaxed, near)
    best = _solved(wanted, some, keeps, floors, fixed, ROUGH)
    best = replace(best, bound=relaxed.bound)
    for _ in range(TRIES if len(wanted.demand) <= FEW else 0):
        bars = relaxed.beyond - (relaxed.bound - best.worth) - SAME * max(abs(relaxed.bound), 1.0)
        every = holdings(wanted, relaxed.prices, bars)
        if every is None:
            break
        some = every.taken(np.argsort(relaxed.beyond[every.row] - every.beyond, kind="stable")[:ALL])
        last = _solved(wanted, some, keeps, floors, None, GAP)
        best = replace(last, bound=best.bound) if last.worth >= best.worth else best
        if len(some.row) == len(every.row):
            return replace(best, bound=min(relaxed.bound, max(last.bound, best.worth)))
    return best


def _standing(wanted: Wanted, relaxed: Relaxed, near: float) -> tuple[Holdings, Holdings | None]:
    """The holdings to choose from, and where workloads are many those of who does not choose anew."""
    found = _joined(relaxed.found)
    if len(wanted.demand) <= FREE:
        more = holdings(wanted, relaxed.prices, relaxed.beyond - near, best_only=True, most=_unfinished(wanted))
        assert more is not None
        return _joined([found, more.taken(more.best(EACH))]), None
    mixed = np.zeros(len(wanted.demand), np.bool_)
    mixed[found.row[(relaxed.share > SAME) & (relaxed.share < 1 - SAME)]] = True
    lost = relaxed.beyond[found.row] - _at(wanted, found, relaxed.prices)
    second = np.full(len(wanted.demand), np.inf)
    np.minimum.at(second, found.row, np.where(relaxed.share > SAME, np.inf, np.maximum(lost, 0.0)))
    free = mixed.copy()
    free[np.argsort(np.where(mixed, -1.0, second), kind="stable")[:FREE]] = True
    stays = found.taken(np.flatnonzero((relaxed.share >= 1 - SAME) & ~free[found.row]))
    stays = stays.taken(np.unique(stays.row, return_index=True)[1])
    return found.taken(np.flatnonzero(free[found.row])), stays


def _solved(wanted: Wanted, found: Holdings, keeps: float, floors: float, fixed: Holdings | None, gap: float) -> Chosen:
    programme, rows = _begun(wanted, keeps, floors)
    columns = _add(programme, rows, wanted, found, whole=True)
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
        taken = _joined([taken, fixed])
    gpus, used = np.zeros(wanted.value.shape), np.zeros(wanted.value.shape)
    gpus[taken.row] = taken.gangs * wanted.gang[taken.row][:, np.newaxis]
    used[taken.row] = taken.used
    missed = float(solution.columns[rows.missed].sum())
    return Chosen(gpus, used, missed, float(taken.worth.sum()) + floors * missed, solution.bound)


def _joined(parts: Sequence[Holdings]) -> Holdings:
    names = ("row", "gangs", "used", "units", "worth", "beyond")
    return replace(parts[0], **{name: np.concatenate([getattr(one, name) for one in parts]) for name in names})


def _as_holdings(wanted: Wanted, plan: Chosen) -> Holdings:
    """What a plan holds, worth what it is worth here."""
    rows, home = np.arange(len(wanted.demand)), np.maximum(wanted.held_pool, 0)
    units = (plan.used if wanted.work is None else plan.used * wanted.work).sum(axis=1)
    worth = (np.where(plan.used > 0, wanted.value, 0.0) * plan.used).sum(axis=1)
    kept = np.where(wanted.held_pool >= 0, np.minimum(plan.used[rows, home], wanted.held), 0.0)
    worth += kept * wanted.move_cost + wanted.penalty * np.minimum(units, wanted.commitment)
    gangs = np.round(plan.gpus / wanted.gang[:, np.newaxis]).astype(np.int64)
    return Holdings(rows, gangs, plan.used, units, worth, np.zeros(len(rows)), np.full(len(rows), -np.inf))
