"""The best mixture of holdings: a linear programme that knows gangs, its prices, and a bound on every whole plan.

Each workload takes one holding in whole gangs or a mixture of several; few mix, about as many as there are pools. Its
holdings are found as they pay: at its prices, and first half-way to the prices that gave the least bound so far, which
keeps prices from swinging. Prices of any kind bound every whole plan by what each workload earns at most beyond them.
Wrong by nothing but time: where a workload has too many unfinished holdings, those left out count as they may earn.

Six GPUs, gangs of 4 worth 3 a GPU and single GPUs worth 2; parts of gangs would earn 18:

>>> wanted = Wanted.of([[3.0], [2.0]], [6], [8, 8], gang=[4, 1])
>>> round(relax(wanted, np.array([2.0]), 0.0).bound, 4)
16.0

Sources: Dantzig & Wolfe (1960), Operations Research 8, for the programme over what each part may do; Gilmore & Gomory
(1961), Operations Research 9, for the columns that are not there until they pay; Geoffrion (1974), Mathematical
Programming Study 2, for the bound that prices give; Pessoa et al. (2018), INFORMS Journal on Computing 30, for prices
between two.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_holdings import Holdings, at_hand, holdings
from hardgate.models.flow import Prices
from hardgate.models.solve import Programme, Solution

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

ROUNDS = 60  # of finding holdings that pay
AT_ONCE = 3  # holdings of a workload that are taken in at once
FEWEST, UNFINISHED, TOGETHER = 20, 400, 40_000  # unfinished ones gone on with: of a workload, and about of all
FURTHER = 64  # times as many where that misses what may pay
SAME = 1e-7  # of the largest value, or of a bound: a matter of rounding
DEAR, DEARER, DEAREST = 2.0, 30.0, 1e4  # a promise that is not kept, in largest values: first, times, at most


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The mixture: its holdings with the share that is taken of each, its prices, and a bound on whole plans.

    `beyond` is what each workload earns beyond the prices, `lacking` are promised units that no mixture keeps.
    """

    found: Holdings
    share: Floats
    prices: Prices
    beyond: Floats
    bound: float
    lacking: float


@dataclass(frozen=True, slots=True)
class Rows:
    """The rows of a programme over holdings, and the columns for what floors lack."""

    pools: Indices
    one: Indices
    promise: int
    floors: Indices
    missed: Indices


@dataclass(slots=True)
class _Mixture:
    """The programme as it grows: what it holds, and the least bound so far with the prices that gave it."""

    wanted: Wanted
    keeps: float
    scale: float
    programme: Programme
    rows: Rows
    found: list[Holdings]
    columns: list[Indices]
    centre: Prices
    bound: float = np.inf

    def take(self, more: Holdings) -> None:
        self.found.append(more)
        self.columns.append(added(self.programme, self.rows, self.wanted, more))

    def grown(self, prices: Prices, beyond: Floats, most: int) -> bool:
        """Take in holdings that pay at the prices, found half-way to the centre or at the prices; tell if any did."""
        for at, earns in ((_between(self.centre, prices), np.zeros(len(beyond))), (prices, beyond)):
            bars = np.maximum(earns + SAME * self.scale, at_hand(self.wanted, at) - SAME * self.scale)
            one = holdings(self.wanted, at, bars, most)
            reach = np.maximum(bars, one.missed)
            np.maximum.at(reach, one.row, one.beyond)
            bound = _bound(self.wanted, at, np.maximum(reach, 0.0), self.keeps)
            if bound < self.bound:
                self.bound, self.centre = bound, at
            new = one.taken(one.best(AT_ONCE))
            new = new.taken(np.flatnonzero(beyond_at(self.wanted, new, prices) > beyond[new.row] + SAME * self.scale))
            if len(new.row):
                self.take(new)
                return True
        return False


def relax(wanted: Wanted, start: Floats, keeps: float, given: Sequence[Holdings] = (), floors: float = 0.0) -> Relaxed:
    """Return the best mixture that keeps so many promised units, from prices of pools to start with.

    `floors` is what a GPU is worth that floors lack, beside the promised unit that it counts as.
    """
    scale = max(1.0, float(np.abs(wanted.value[np.isfinite(wanted.value)]).max(initial=0.0)))
    prices = Prices(start, np.zeros(0 if wanted.groups is None else len(wanted.floor)), 0.0)
    programme, rows = begun(wanted, keeps, floors)
    dear, usual = DEAR, unfinished(wanted)
    far = usual
    lacks = programme.packed([-dear * scale], np.inf, np.zeros(1, np.int64), np.array([rows.promise]), np.ones(1))
    mixture = _Mixture(wanted, keeps, scale, programme, rows, [], [], prices)
    first = holdings(wanted, prices, at_hand(wanted, prices) - SAME * scale, usual)
    for one in (*given, first.taken(first.best(AT_ONCE))):
        mixture.take(one)
    solution = programme.solve()
    for _ in range(ROUNDS):
        prices, beyond = _prices(solution, rows)
        more = mixture.grown(prices, beyond, far)
        ended = mixture.bound - solution.value <= SAME * abs(mixture.bound)
        if not more and not ended and far < usual * FURTHER:
            far *= 8
            continue
        if not more or ended:
            if solution.columns[lacks].sum() <= SAME or dear > DEAREST:
                break
            dear *= DEARER
            programme.set_price(int(lacks[0]), -dear * scale)
        solution = programme.solve(anew=False)
    if len(solution.columns) < programme.count:
        solution = programme.solve(anew=False)
    prices, beyond = _prices(solution, rows)
    share = solution.columns[np.concatenate(mixture.columns)]
    lacking = float(solution.columns[lacks].sum())
    return Relaxed(joined(mixture.found), share, prices, beyond, mixture.bound, lacking)


def unfinished(wanted: Wanted) -> int:
    """Return how many unfinished holdings of a workload to go on with."""
    return max(FEWEST, min(UNFINISHED, TOGETHER // max(len(wanted.demand), 1)))


def _between(one: Prices, other: Prices) -> Prices:
    return Prices((one.pool + other.pool) / 2, (one.group + other.group) / 2, (one.need + other.need) / 2)


def _prices(solution: Solution, rows: Rows) -> tuple[Prices, Floats]:
    found = Prices(
        np.maximum(solution.rows[rows.pools], 0.0), np.maximum(-solution.rows[rows.floors], 0.0),
        max(-float(solution.rows[rows.promise]), 0.0),
    )  # fmt: skip
    return found, np.maximum(solution.rows[rows.one], 0.0)


def beyond_at(wanted: Wanted, found: Holdings, prices: Prices) -> Floats:
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


def begun(wanted: Wanted, keeps: float, floors: float) -> tuple[Programme, Rows]:
    """Begin a programme over holdings with its rows."""
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
    return programme, Rows(pools, one, promise, rows, missed)


def added(programme: Programme, rows: Rows, wanted: Wanted, found: Holdings, *, whole: bool = False) -> Indices:
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


def joined(parts: Sequence[Holdings]) -> Holdings:
    """Holdings of several searches as one."""
    names = ("row", "gangs", "used", "units", "worth", "beyond")
    return replace(parts[0], **{name: np.concatenate([getattr(one, name) for one in parts]) for name in names})
