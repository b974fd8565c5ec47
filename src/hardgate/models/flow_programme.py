"""The linear programme of the claims that are undecided, with the pools that they may come to choose.

A trial says which claims are undecided, where the others are placed, and how far the prices of pools may move. Arcs
that prices in that box cannot make the best are left out; whatever would pay at the duals is added until nothing would.
Wrong when a price meets its box, or when a claim that was placed would choose anew: `flow_plan` looks at both.

One undecided claim on 3 GPUs worth 5 where only 2 are; the price may not leave the box from 0 to 2 round 1:

>>> nobody = np.zeros(0, np.int64)
>>> around = Prices(np.array([1.0]), np.zeros(0), 0.0)
>>> trial = Trial(np.array([0]), (nobody, nobody, np.zeros(0)), around, reach=1.0, big=1e3, scale=5.0)
>>> core, found = solved(Flow(np.array([[5.0]]), np.array([3.0]), np.array([2.0])), trial)
>>> found.rows[0].item(), found.columns[core.box].tolist()
(2.0, [1.0])

Sources: Dantzig (1963), Linear Programming and Extensions, for pricing out; Gilmore & Gomory (1961), Operations
Research 9, for the columns that are not there until they pay.
"""

from dataclasses import dataclass

import numpy as np

from hardgate.models.flow import Floats, Flow, Indices, Mask, Prices
from hardgate.models.solve import Programme, Solution

FIRST, MORE = 6, 3  # arcs of a claim at the start, and added at once
CLOSE = 1e-9  # how much better, in shares of the largest value, another pool has to be


@dataclass(frozen=True, slots=True)
class Trial:
    """Which claims are undecided, where the others are placed, and prices with how far they may move."""

    members: Indices
    placed: tuple[Indices, Indices, Floats]
    around: Prices
    reach: float
    big: float
    scale: float


@dataclass(frozen=True, slots=True)
class Core:
    """The linear programme of the undecided: its arcs in order, and the columns that stand for what is not there."""

    programme: Programme
    there: Mask
    claims: list[Indices]
    pools: list[Indices]
    artificial: Indices
    box: Indices
    first_arc: int


def solved(flow: Flow, trial: Trial, core: Core | None = None) -> tuple[Core, Solution]:
    """Solve the programme of the undecided, adding arcs until none of theirs would pay."""
    members, pools, tolerance = trial.members, len(flow.capacity), CLOSE * trial.scale
    anew = core is None
    if core is None:
        core = _begun(flow, trial)
        margins = flow.margins(trial.around, members)
        best = np.maximum(margins.max(axis=1, initial=-np.inf), 0.0)
        _add(flow, trial, core, margins, FIRST, best - 2 * trial.reach - tolerance)
    found = core.programme.solve(anew=anew)
    while True:
        margins = flow.margins(prices_of(flow, found, len(members)), members)
        margins[core.there] = -np.inf
        unit = np.maximum(found.rows[pools : pools + len(members)], 0.0)
        added = _add(flow, trial, core, margins, MORE, unit + tolerance)
        if not added:
            return core, found
        found = core.programme.solve(anew=added > 0.1 * len(members))


def limits(flow: Flow, trial: Trial) -> tuple[Floats, Floats]:
    """The bounds of all rows: what is left of pools, what members want, and what floors and the need still lack."""
    (on, pools, amount), members = trial.placed, trial.members
    left = flow.capacity - np.bincount(pools, weights=amount, minlength=len(flow.capacity))
    if not np.isfinite(trial.reach):
        left = np.maximum(left, 0.0)
    lacking = np.zeros(0)
    if flow.floor is not None and flow.group is not None:
        groups = flow.group[on]
        got = np.bincount(groups[groups >= 0], weights=amount[groups >= 0], minlength=len(flow.floor))
        lacking = flow.floor - got
    if flow.counted is not None:
        lacking = np.append(lacking, flow.need - (amount * flow.units(on, pools))[flow.counted[on]].sum())
    upper = np.concatenate([left, flow.demand[members], np.full(len(lacking), np.inf)])
    return np.concatenate([np.full(len(left) + len(members), -np.inf), lacking]), upper


def _begun(flow: Flow, trial: Trial) -> Core:
    members, pools = trial.members, len(flow.capacity)
    programme, boxed, every = Programme(), np.isfinite(trial.reach), np.arange(pools)
    lacking = programme.rows(*limits(flow, trial))[pools + len(members) :]
    many = len(lacking)
    artificial = programme.packed(np.full(many, -trial.big), np.inf, np.arange(many), lacking, np.ones(many))
    box = np.zeros(0, np.int64)
    if boxed:
        around, reach = trial.around.pool, trial.reach
        dearer = programme.packed(-(around + reach), np.inf, every, every, np.full(pools, -1.0))
        idle = programme.packed(np.maximum(around - reach, 0.0), np.inf, every, every, np.ones(pools))
        box = np.concatenate([dearer, idle[around > reach]])
    there = np.zeros((len(members), pools), np.bool_)
    return Core(programme, there, [], [], artificial, box, programme.count)


def prices_of(flow: Flow, found: Solution, members: int) -> Prices:
    """The prices of a solution; a floor's dual is what giving one unit less would bring."""
    pools = len(flow.capacity)
    rest = -found.rows[pools + members :]
    groups = 0 if flow.floor is None or flow.group is None else len(flow.floor)
    need = float(max(rest[groups], 0.0)) if flow.counted is not None else 0.0
    return Prices(np.maximum(found.rows[:pools], 0.0), np.maximum(rest[:groups], 0.0), need)


def _add(flow: Flow, trial: Trial, core: Core, margins: Floats, most: int, over: Floats) -> int:
    """Add the best arcs of each claim whose margin is over a bar, at most so many; return how many there were."""
    count = min(most, margins.shape[1])
    top = np.argpartition(-margins, count - 1, axis=1)[:, :count]
    values = np.take_along_axis(margins, top, axis=1)
    rows, at = np.nonzero(np.isfinite(values) & (values > over[:, np.newaxis]))
    if not len(rows):
        return 0
    pools, claims = top[rows, at], trial.members[rows]
    core.there[rows, pools] = True
    core.claims.append(claims)
    core.pools.append(pools)
    units = flow.units(claims, pools)
    parts = [(pools, np.ones(len(rows))), (len(flow.capacity) + rows, units)]
    next_row = len(flow.capacity) + len(trial.members)
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
