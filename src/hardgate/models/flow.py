"""Many claims on few pools: what each claim would choose at given prices.

A claim wants `demand` units and may be served by any pool at a value per GPU. Given a price a pool, each claim has its
best pool, or none; what it loses by its next best choice says how far prices may move before it chooses anew. The
prices at which all that is chosen fits are in `flow_prices` nearly and in `flow_plan` exactly. Wrong when what a
claim earns is not linear in GPUs.

Two claims of 3 GPUs worth 5 and 4, pools of 4 and 1 GPUs, where only the first claim may use the second pool:

>>> claims = Flow(np.array([[5.0, 4.5], [4.0, -np.inf]]), np.array([3.0, 3.0]), np.array([4.0, 1.0]))
>>> at = claims.chosen(Prices(np.array([3.0, 3.5]), np.zeros(0), 0.0))
>>> at.best.tolist(), at.first.tolist(), at.regret.tolist()
([0, 0], [2.0, 1.0], [1.0, 1.0])

Source: Dantzig (1963), Linear Programming and Extensions, for pricing out.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

CHUNK = 256  # rows priced at once, so that they stay in the processor's cache


@dataclass(frozen=True, slots=True)
class Prices:
    """What a unit of each row is worth: of a pool's GPUs, of a group's floor, and of the units that must be served."""

    pool: Floats
    group: Floats
    need: float


@dataclass(frozen=True, slots=True)
class Chosen:
    """Each claim's best pool and the next best, with what a unit earns there beyond the prices; it may be negative."""

    best: Indices
    first: Floats
    other: Indices
    second: Floats

    @property
    def regret(self) -> Floats:
        """What a unit loses by the next best choice, where not being served is a choice that earns nothing."""
        return np.where(self.first > 0, self.first - np.maximum(self.second, 0.0), -self.first)


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
        most = 0.0
        for at in _chunks(len(self.value)):
            some = np.abs(self.value[at])
            most = max(most, float(some.max(initial=0.0, where=some < np.inf)))
        return most or 1.0

    def nothing(self) -> Prices:
        """Prices of nothing scarce."""
        return Prices(np.zeros(len(self.capacity)), np.zeros(0 if self.floor is None else len(self.floor)), 0.0)

    def margins(self, prices: Prices, at: Indices | slice, out: Floats | None = None) -> Floats:
        """What a unit of each claim would earn on each pool beyond the prices, for some claims."""
        earned: Floats = np.subtract(self.value[at], prices.pool, out=out)
        if self.group is not None and len(prices.group):
            earned += np.append(prices.group, 0.0)[self.group[at], np.newaxis]
        if self.work is not None:
            work = self.work[at]
            usable = work > 0
            np.divide(earned, work, out=earned, where=usable)
            earned[~usable] = -np.inf
        if self.counted is not None and prices.need:
            earned += prices.need * self.counted[at, np.newaxis]
        return earned

    def chosen(self, prices: Prices) -> Chosen:
        """What each claim would choose."""
        (count, pools), rows = self.value.shape, np.arange(CHUNK)
        found = Chosen(
            np.zeros(count, np.int64), np.full(count, -np.inf), np.zeros(count, np.int64), np.full(count, -np.inf)
        )
        room = np.empty((CHUNK, pools))
        for at in _chunks(count if pools else 0):
            size = min(at.stop, count) - at.start
            margins, here = self.margins(prices, at, room[:size]), rows[:size]
            for pool, earned in ((found.best, found.first), (found.other, found.second)):
                pool[at] = margins.argmax(axis=1)
                earned[at] = margins[here, pool[at]]
                margins[here, pool[at]] = -np.inf
        return found

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


def _chunks(count: int) -> Iterator[slice]:
    return (slice(first, first + CHUNK) for first in range(0, count, CHUNK))
