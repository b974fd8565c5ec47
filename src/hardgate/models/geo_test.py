"""What a subsidy brought that would not have come anyhow, from cities or zones that had it and others that had not.

The cluster is the unit: each counts once, as its mean before and after, so that a thousand orders of one city are one
observation. The difference of the differences gets Student's t with as many degrees of freedom as clusters less two,
and, where there are few, the share of all assignments that would have shown as much (randomisation). Wrong when
customers move between clusters, or something else began on the same day in the treated ones.

>>> before = np.array([10.0, 12.0, 11.0, 9.0, 10.0, 13.0])
>>> after = before + np.array([2.0, 2.5, 1.5, 0.1, -0.1, 0.0])
>>> found = difference(after - before, np.array([True, True, True, False, False, False]))
>>> f"{found.value:.2f}, {found.low:.2f} to {found.high:.2f}, p {found.p:.2f}"
'2.00, 1.37 to 2.63, p 0.10'

Sources: Donald & Lang (2007), Review of Economics and Statistics 89, for few clusters; Fisher (1935), The Design of
Experiments, for randomisation.
"""

import math
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ASSIGNMENTS = 20_000
FEWEST = 2


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference of clusters, its interval by t, and the share of assignments that would have shown as much."""

    value: float
    low: float
    high: float
    p: float
    clusters: int


def difference(
    changes: Floats, treated: NDArray[np.bool_], confidence: float = 0.9, seed: int = 0
) -> Difference | None:
    """Return how much more the treated clusters changed; None with fewer than two clusters on a side.

    Args:
        changes: after less before of each cluster, shape (clusters,).
        treated: which had it, shape (clusters,).
        confidence: of the interval.
        seed: of the assignments, where there are too many to go through.

    """
    from scipy.special import stdtrit

    changes, treated = np.asarray(changes, np.float64), np.asarray(treated, np.bool_)
    with_, without = changes[treated], changes[~treated]
    if min(with_.size, without.size) < FEWEST:
        return None
    value = float(with_.mean() - without.mean())
    spare = changes.size - 2
    pooled = (((with_ - with_.mean()) ** 2).sum() + ((without - without.mean()) ** 2).sum()) / spare
    error = math.sqrt(pooled * (1 / with_.size + 1 / without.size))
    wide = float(stdtrit(spare, (1 + confidence) / 2)) * error
    return Difference(value, value - wide, value + wide, _assigned(changes, with_.size, abs(value), seed), changes.size)


def _assigned(changes: Floats, treated: int, seen: float, seed: int) -> float:
    """Return the share of assignments of so many clusters whose difference is at least the one seen."""
    count = changes.size
    if math.comb(count, treated) <= ASSIGNMENTS:
        sums = np.array([changes[list(one)].sum() for one in combinations(range(count), treated)])
    else:
        random = np.random.default_rng(seed)
        sums = np.array([changes[random.permutation(count)[:treated]].sum() for _ in range(2_000)])
    apart = sums / treated - (changes.sum() - sums) / (count - treated)
    return float((np.abs(apart) >= seen - 1e-9).mean())
