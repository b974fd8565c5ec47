"""Fairness alone: the least served is served as much as can be, then the next, and so on: max-min over groups.

Each step is a linear programme that raises all groups that are not yet held together; those whose row has a price
cannot rise further and are held. A group's level is its units over its weight. With equal weights and units counted in
GPUs no group would rather have what another has, and each has at least its equal share of what it can use; with
throughputs and weights of an equal split it is the max-min policy of Gavel, where envy is possible. There a workload
can use so many GPUs, however fast; where it asks for work instead, a faster GPU leaves more for others.

Two groups share pools of 4 and 2 GPUs; the second cannot use the second pool:

>>> found = fair(np.array([[True, True], [True, False]]), [4, 2], [9, 9], [0, 1])
>>> found.level.tolist(), found.gpus.sum(axis=1).tolist()
([3.0, 3.0], [3.0, 3.0])

Of 4 GPUs that work twice as fast one group asks for the work of 4, and the other for all that there is:

>>> fast = np.full((2, 1), 2.0)
>>> fair(fast > 0, [4], [4, 9], [0, 1], throughput=fast, work=True).gpus.ravel().round(6).tolist()
[2.0, 2.0]
>>> fair(fast > 0, [4], [2, 9], [0, 1], throughput=fast, work=True).gpus.ravel().round(6).tolist()
[1.0, 3.0]

Sources: Narayanan et al. (2020), OSDI, Heterogeneity-Aware Cluster Scheduling Policies (Gavel); Bogomolnaia & Moulin
(2004), Econometrica 72, for why nobody envies; Ghodsi et al. (2011), NSDI, for the properties.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.solve import Programme, Solution

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]

PRICED = 1e-7  # a row's price above which its group cannot rise


@dataclass(frozen=True, slots=True)
class Fair:
    """GPUs by workload and pool, and the level of each group: its units over its weight."""

    gpus: Floats
    level: Floats


def fair(
    usable: ArrayLike,
    capacity: ArrayLike,
    demand: ArrayLike,
    group: ArrayLike,
    *,
    weight: ArrayLike | None = None,
    throughput: ArrayLike | None = None,
    work: bool = False,
) -> Fair:
    """Return the max-min allocation.

    Args:
        usable: shape (workloads, pools).
        capacity: GPUs, shape (pools,).
        demand: GPUs that each workload can use at most, or units where `work`.
        group: of each workload, from 0.
        weight: of each group; equal without.
        throughput: units that a GPU of a pool gives a workload; 1 without.
        work: whether demand counts units.

    """
    use, owner = np.asarray(usable, np.bool_), np.asarray(group, np.int64)
    groups = int(owner.max(initial=-1)) + 1
    shares = np.ones(groups) if weight is None else np.asarray(weight, np.float64)
    units = np.where(use, 1.0 if throughput is None else np.asarray(throughput, np.float64), 0.0)
    rows, pools = np.nonzero(units > 0)
    held = np.full(groups, np.nan)
    held[np.setdiff1d(np.arange(groups), owner[rows])] = 0.0
    amounts = np.zeros(len(rows))
    while np.isnan(held).any():
        found, first = _raised(
            (rows, pools, units[rows, pools], units[rows, pools] if work else np.ones(len(rows))),
            np.asarray(capacity), np.asarray(demand), owner, shares, held,
        )  # fmt: skip
        level = float(found.columns[-1])
        price = np.abs(found.rows[first : first + groups])
        stuck = np.isnan(held) & (price * shares > PRICED)
        held[stuck if stuck.any() else np.isnan(held)] = level
        amounts = found.columns[:-1]
    gpus = np.zeros(use.shape)
    gpus[rows, pools] = amounts
    got = np.bincount(owner, weights=(gpus * units).sum(axis=1), minlength=groups)
    return Fair(gpus, got / shares)


def _raised(
    arcs: tuple[Indices, Indices, Floats, Floats],
    capacity: Floats,
    demand: Floats,
    owner: Indices,
    shares: Floats,
    held: Floats,
) -> tuple[Solution, int]:
    """Raise the level of all groups that are not held as far as it goes; return the solution and their first row."""
    rows, pools, units, used = arcs
    programme = Programme()
    room = programme.rows(-np.inf, capacity.astype(np.float64))
    wants = programme.rows(-np.inf, demand.astype(np.float64))
    fixed = ~np.isnan(held)
    least = np.where(fixed, np.nan_to_num(held) * shares * (1 - 1e-10), 0.0)
    levels = programme.rows(least, np.inf)
    index = np.stack([room[pools], wants[rows], levels[owner[rows]]], axis=1).ravel()
    factor = np.stack([np.ones(len(rows)), used, units], axis=1).ravel()
    programme.packed(np.zeros(len(rows)), np.inf, 3 * np.arange(len(rows)), index, factor)
    free = np.flatnonzero(~fixed)
    programme.packed([1.0], np.inf, np.zeros(1, np.int64), levels[free], -shares[free])
    return programme.solve(), int(levels[0])
