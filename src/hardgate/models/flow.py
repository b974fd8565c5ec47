"""Many claims on few pools, at the most value: a transport problem solved on the claims that are undecided.

A claim wants `demand` units and may be served by any pool at a value per GPU. Given a price a pool, each claim has its
best pool, or none; where the best is far ahead of the second best, a small change of prices does not move it. So only
claims near their margin stand in the linear programme, the others are placed, and all claims and all pools are priced
against its duals: whatever would choose otherwise is taken in, until nothing would. Then the prices are the duals
of the whole programme, so that the answer is exact. Wrong only in speed where most claims are equal.

Two claims of 3 GPUs worth 5 and 4, pools of 4 and 1 GPUs, where only the first claim may use the second pool:

>>> claims = Flow(np.array([[5.0, 4.5], [4.0, -np.inf]]), np.array([3.0, 3.0]), np.array([4.0, 1.0]))
>>> found = claims.serve()
>>> found.prices.pool.tolist(), found.gpus().tolist()
([4.0, 3.5], [[2.0, 1.0], [2.0, 0.0]])

Sources: Dantzig (1963), Linear Programming and Extensions, for pricing out; Gilmore & Gomory (1961), Operations
Research 9, for the columns that are not there until they pay.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hardgate.models.solve import Infeasible, Programme, Solution

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

SMALL = 1200  # claims up to which all stand in one programme
EIGHTH = 8  # of the claims are sampled for the first prices, and so on down
CORE = 1500  # undecided claims in one programme, or a fifteenth of all
HURRIED = 12  # rounds in which a price that met its bound is carried on as far again
CHUNK = 4096  # rows priced at once, so that they stay in the processor's cache
FIRST, MORE = 6, 3  # arcs of a claim at the start, and added at once
CLOSE = 1e-9  # how much better, in shares of the largest value, another pool has to be


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit of each row is worth: of a pool's GPUs, of a group's floor, and of the units that must be served."""

    pool: Floats
    group: Floats
    need: float


@dataclass(frozen=True, slots=True)
class Served:
    """Who got what: GPUs by arc, the prices that make it the best, and what a claim would still pay for a unit."""

    claim: Indices
    pool: Indices
    amount: Floats
    prices: Prices
    margin: Floats
    shape: tuple[int, int]
    rounds: int

    def gpus(self) -> Floats:
        """GPUs by claim and pool."""
        dense = np.zeros(self.shape)
        np.add.at(dense, (self.claim, self.pool), self.amount)
        return dense


@dataclass(frozen=True, slots=True)
class Flow:
    """Claims on pools.

    Attributes:
        value: of a GPU, shape (claims, pools); minus infinity where the claim cannot use the pool.
        demand: units wanted, shape (claims,).
        capacity: GPUs, shape (pools,).
        work: units that a GPU gives a claim, shape (claims, pools); without it a unit is a GPU.
        group: of each claim, -1 for none; `floor` are the GPUs that each group gets at least.
        counted: claims of which `need` units must be served in all.

    """

    value: Floats
    demand: Floats
    capacity: Floats
    work: Floats | None = None
    group: Indices | None = None
    floor: Floats | None = None
    counted: Mask | None = None
    need: float = 0.0

    @property
    def scale(self) -> float:
        """The largest value, for tolerances."""
        finite = self.value[np.isfinite(self.value)]
        return float(np.abs(finite).max(initial=1.0)) or 1.0

    def nothing(self) -> Prices:
        """Prices of nothing scarce."""
        return Prices(np.zeros(len(self.capacity)), np.zeros(0 if self.floor is None else len(self.floor)), 0.0)

    def margins(self, prices: Prices, at: Indices | slice) -> Floats:
        """What a unit of each claim would earn on each pool beyond the prices, for some claims."""
        earned: Floats = self.value[at] - prices.pool
        if self.group is not None and len(prices.group):
            earned += np.append(prices.group, 0.0)[self.group[at], np.newaxis]
        if self.work is None:
            if self.counted is not None and prices.need:
                earned += prices.need * self.counted[at, np.newaxis]
            return earned
        work = self.work[at]
        earned = np.divide(earned, work, out=np.full_like(earned, -np.inf), where=work > 0)
        if self.counted is not None and prices.need:
            earned += prices.need * self.counted[at, np.newaxis]
        return earned

    def chosen(self, prices: Prices) -> tuple[Indices, Floats, Floats]:
        """Each claim's best pool, what a unit earns there, and on the second best or by not being served."""
        count = len(self.demand)
        best, first, second = np.zeros(count, np.int64), np.zeros(count), np.zeros(count)
        for at in _chunks(count):
            margins = self.margins(prices, at)
            here = np.argmax(margins, axis=1)
            rows = np.arange(len(here))
            best[at], first[at] = here, margins[rows, here]
            margins[rows, here] = -np.inf
            second[at] = margins.max(axis=1) if margins.shape[1] > 1 else -np.inf
        return best, first, np.maximum(second, 0.0)

    def units(self, claim: Indices, pool: Indices) -> Floats:
        """Units that a GPU gives on some arcs."""
        return np.ones(len(claim)) if self.work is None else self.work[claim, pool]

    def taken(self, keep: Indices) -> "Flow":
        """The flow of some of the claims alone."""
        return replace(
            self, value=self.value[keep], demand=self.demand[keep],
            work=None if self.work is None else self.work[keep],
            group=None if self.group is None else self.group[keep],
            counted=None if self.counted is None else self.counted[keep],
        )  # fmt: skip

    def serve(self, guess: Prices | None = None) -> Served:
        """Return the best plan and its prices.

        Raises:
            Infeasible: floors, or the units that must be served, ask for more than the pools have.

        """
        if len(self.demand) <= SMALL:
            return _all_at_once(self, guess or _tried(self))
        return _step_by_step(self, guess or _sampled(self))


def _sampled(flow: Flow) -> Prices:
    """Prices from an even sample of the claims and as much of the pools."""
    keep = np.unique(np.linspace(0, len(flow.demand) - 1, max(SMALL, len(flow.demand) // EIGHTH)).astype(np.int64))
    total = flow.demand.sum()
    share = float(flow.demand[keep].sum() / total) if total else 1.0
    part = replace(flow.taken(keep), capacity=flow.capacity * share, floor=None, counted=None, need=0.0, group=None)
    found = part.serve().prices
    return replace(flow.nothing(), pool=found.pool)


def _tried(flow: Flow, steps: int = 40) -> Prices:
    """Prices found by raising those of pools that too many choose, and lowering the others: a start, no more."""
    prices = flow.nothing()
    step = 0.3 * flow.scale
    room = np.maximum(flow.capacity, 1e-12)
    for at in range(steps if len(flow.demand) else 0):
        best, first, _ = flow.chosen(prices)
        units = np.maximum(flow.units(np.arange(len(best)), best), 1e-12)
        used = np.bincount(best, weights=np.where(first > 0, flow.demand / units, 0), minlength=len(room))
        excess = np.clip(used / room - 1, -1, 1)
        prices = replace(prices, pool=np.maximum(prices.pool + step * excess, 0.0))
        step *= 0.9 if at > 4 else 1.0
    return prices


@dataclass(frozen=True, slots=True)
class _Trial:
    """Which claims are undecided, where the others are placed, and prices with how far they may move."""

    members: Indices
    placed: tuple[Indices, Indices, Floats]
    around: Prices
    reach: float
    big: float


@dataclass(frozen=True, slots=True)
class _Core:
    """The linear programme of the undecided: its arcs in order, and the columns that stand for what is not there."""

    flow: Flow
    members: Indices
    programme: Programme
    there: Mask
    claims: list[Indices]
    pools: list[Indices]
    artificial: Indices
    box: Indices
    first_arc: int


def _all_at_once(flow: Flow, prices: Prices) -> Served:
    everything, nobody = np.arange(len(flow.demand)), np.zeros(0, np.int64)
    trial = _Trial(everything, (nobody, nobody, np.zeros(0)), prices, np.inf, 1e3 * flow.scale)
    while True:
        core, found = _solved(flow, trial)
        prices, short = _prices(flow, found, len(everything)), _short(core, found)
        if short <= _rounding(flow):
            return _served(flow, core, found, trial, prices, 1)
        if trial.big > 1e9 * flow.scale:
            raise Infeasible(f"floors or needs ask for {short:,.3f} units more than the pools have")
        trial = replace(trial, around=prices, big=1e3 * trial.big)


def _step_by_step(flow: Flow, prices: Prices) -> Served:
    """Move the prices within a box in which only undecided claims choose anew, until they stay inside it.

    Each step is the exact minimum of the dual inside its box, so that it ends; see Marsten, Hogan & Blankenship (1975),
    Operations Research 23, the boxstep method.
    """
    everything, tolerance = np.arange(len(flow.demand)), CLOSE * flow.scale
    extra, rounds, big = np.zeros(0, np.int64), 0, 1e3 * flow.scale
    while True:
        rounds += 1
        best, first, second = flow.chosen(prices)
        placed = first > 0
        near, reach = _near(np.where(placed, first - second, -first), flow.scale, rounds)
        members = np.union1d(near, extra)
        fixed = np.setdiff1d(everything, members, assume_unique=True)
        on = fixed[placed[fixed]]
        trial = _Trial(members, (on, best[on], flow.demand[on] / flow.units(on, best[on])), prices, reach, big)
        core, found = _solved(flow, trial)
        moved = _prices(flow, found, len(members))
        if float(found.columns[core.box].max(initial=0.0)) > CLOSE * max(1.0, flow.capacity.max(initial=0.0)):
            prices = _onwards(prices, moved, reach) if rounds <= HURRIED else moved
            continue
        prices, (_, first, _) = moved, flow.chosen(moved)
        kept = np.zeros(len(everything))
        kept[on] = _margin_at(flow, prices, on, best[on])
        wrong = fixed[(np.maximum(first, 0.0) - kept)[fixed] > tolerance]
        wrong = np.union1d(wrong, on[kept[on] < -tolerance])
        short = _short(core, found)
        if len(wrong):
            extra = np.union1d(extra, wrong)
        elif short <= _rounding(flow):
            return _served(flow, core, found, trial, prices, rounds)
        elif big > 1e9 * flow.scale:
            raise Infeasible(f"floors or needs ask for {short:,.3f} units more than the pools have")
        else:
            big *= 1e3


def _rounding(flow: Flow) -> float:
    """How many units are a matter of rounding."""
    return CLOSE * max(1.0, flow.need, float(flow.demand.sum()))


def _short(core: "_Core", found: Solution) -> float:
    return float(found.columns[core.artificial].sum())


def _onwards(before: Prices, after: Prices, reach: float) -> Prices:
    """Carry prices that met their bound as far again."""
    moved = after.pool - before.pool
    return replace(after, pool=np.maximum(after.pool + moved * (np.abs(moved) > 0.99 * reach), 0.0))


def _near(regret: Floats, scale: float, rounds: int) -> tuple[Indices, float]:
    """The claims with least between their best and second-best choice, and how far prices may move without others.

    Where many claims are equal the box keeps some width, and after many rounds it grows: so it ends.
    """
    count = min(len(regret), max(CORE, len(regret) // 15))
    bar = max(float(np.partition(regret, count - 1)[count - 1]), 1e-3 * scale)
    bar *= 2.0 ** max(rounds - 2 * HURRIED, 0)
    return np.flatnonzero(regret <= bar), bar / 2


def _solved(flow: Flow, trial: "_Trial") -> tuple["_Core", Solution]:
    """Solve the programme of the undecided, adding arcs until none of theirs would pay."""
    members, pools, tolerance = trial.members, len(flow.capacity), CLOSE * flow.scale
    core = _core(flow, trial)
    _add(core, flow.margins(trial.around, members), FIRST, np.full(len(members), -np.inf))
    found = core.programme.solve()
    while True:
        margins = flow.margins(_prices(flow, found, len(members)), members)
        margins[core.there] = -np.inf
        unit = np.maximum(found.rows[pools : pools + len(members)], 0.0)
        added = _add(core, margins, MORE, unit + tolerance)
        if not added:
            return core, found
        found = core.programme.solve(anew=added > 0.1 * len(members))


def _core(flow: Flow, trial: "_Trial") -> "_Core":
    (on, pools, amount), members = trial.placed, trial.members
    programme, boxed, every = Programme(), np.isfinite(trial.reach), np.arange(len(flow.capacity))
    left = flow.capacity - np.bincount(pools, weights=amount, minlength=len(every))
    programme.rows(-np.inf, left if boxed else np.maximum(left, 0.0))
    programme.rows(-np.inf, flow.demand[members])
    extra: list[int] = []
    if flow.floor is not None and flow.group is not None:
        groups = flow.group[on]
        got = np.bincount(groups[groups >= 0], weights=amount[groups >= 0], minlength=len(flow.floor))
        extra += programme.rows(flow.floor - got, np.inf).tolist()
    if flow.counted is not None:
        served = float((amount * flow.units(on, pools))[flow.counted[on]].sum())
        extra.append(programme.row(lower=flow.need - served))
    lacking, starts = np.array(extra, np.int64), np.arange(len(extra))
    artificial = programme.packed(np.full(len(extra), -trial.big), np.inf, starts, lacking, np.ones(len(extra)))
    box = np.zeros(0, np.int64)
    if boxed:
        around, reach = trial.around.pool, trial.reach
        dearer = programme.packed(-(around + reach), np.inf, every, every, np.full(len(every), -1.0))
        idle = programme.packed(np.maximum(around - reach, 0.0), np.inf, every, every, np.ones(len(every)))
        box = np.concatenate([dearer, idle[around > reach]])
    there = np.zeros((len(members), len(every)), np.bool_)
    return _Core(flow, members, programme, there, [], [], artificial, box, programme.count)


def _add(core: _Core, margins: Floats, most: int, over: Floats) -> int:
    """Add the best arcs of each claim whose margin is over a bar, at most so many; return how many there were."""
    count = min(most, margins.shape[1])
    top = np.argpartition(-margins, count - 1, axis=1)[:, :count]
    values = np.take_along_axis(margins, top, axis=1)
    rows, at = np.nonzero(np.isfinite(values) & (values > over[:, np.newaxis]))
    if not len(rows):
        return 0
    pools, flow = top[rows, at], core.flow
    claims = core.members[rows]
    core.there[rows, pools] = True
    core.claims.append(claims)
    core.pools.append(pools)
    units = flow.units(claims, pools)
    parts = [(pools, np.ones(len(rows))), (len(flow.capacity) + rows, units)]
    next_row = len(flow.capacity) + len(core.members)
    if flow.floor is not None and flow.group is not None:
        parts.append((np.where(flow.group[claims] >= 0, next_row + flow.group[claims], -1), np.ones(len(rows))))
        next_row += len(flow.floor)
    if flow.counted is not None:
        parts.append((np.where(flow.counted[claims], next_row, -1), units))
    index = np.stack([one for one, _ in parts], axis=1)
    factor = np.stack([one for _, one in parts], axis=1)
    used = index >= 0
    starts = np.concatenate([[0], np.cumsum(used.sum(axis=1))[:-1]])
    core.programme.packed(flow.value[claims, pools], np.inf, starts, index[used], factor[used])
    return len(rows)


def _prices(flow: Flow, found: Solution, members: int) -> Prices:
    """The prices of a solution; a floor's dual is what giving one unit less would bring."""
    pools = len(flow.capacity)
    rest = -found.rows[pools + members :]
    groups = 0 if flow.floor is None or flow.group is None else len(flow.floor)
    need = float(max(rest[groups], 0.0)) if flow.counted is not None else 0.0
    return Prices(np.maximum(found.rows[:pools], 0.0), np.maximum(rest[:groups], 0.0), need)


def _margin_at(flow: Flow, prices: Prices, claims: Indices, pools: Indices) -> Floats:
    earned = flow.value[claims, pools] - prices.pool[pools]
    if flow.group is not None and len(prices.group):
        earned += np.append(prices.group, 0.0)[flow.group[claims]]
    earned /= flow.units(claims, pools)
    if flow.counted is not None:
        earned += prices.need * flow.counted[claims]
    return earned


def _served(flow: Flow, core: _Core, found: Solution, trial: _Trial, prices: Prices, rounds: int) -> Served:
    amounts = found.columns[core.first_arc :]
    claims, pools = (np.concatenate([np.zeros(0, np.int64), *one]) for one in (core.claims, core.pools))
    used = amounts > CLOSE
    on, at, placed = trial.placed
    margin = np.maximum(flow.chosen(prices)[1], 0.0)
    return Served(
        np.concatenate([claims[used], on]), np.concatenate([pools[used], at]), np.concatenate([amounts[used], placed]),
        prices, margin, (len(flow.demand), len(flow.capacity)), rounds,
    )  # fmt: skip


def _chunks(count: int) -> Iterator[slice]:
    return (slice(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK))
