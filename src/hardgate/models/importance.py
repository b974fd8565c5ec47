"""Whose uncertainty makes the result uncertain: the part of the variance that each group of drivers brings.

First-order indices say what falls away if a group were known, total indices what remains if all others were. Shapley
values share out what groups bring together, so that they add up to the whole; they are exact for up to twelve groups.
Drivers are independent. Wrong for a result whose variance says little, such as one with a few enormous values.

Half of a sum of a driver with variance 9 and one with variance 1 is nine tenths the first:

>>> found = sobol(lambda x: x[0] * 3 + x[1], ((0,), (1,)), normal_pair(1 << 10, 2, seed=7))
>>> [round(one, 1) for one in found.first]
[0.9, 0.1]

Sources: Sobol (1993); Saltelli et al. (2010), Computer Physics Communications 181, for the estimators; Owen (2014),
SIAM/ASA Journal on Uncertainty Quantification 2, and Song, Nelson & Staum (2016), same journal 4, for Shapley values.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from hardgate.models.draw import normals

Floats = NDArray[np.float64]
Pair = tuple[Floats, Floats]
Groups = Sequence[Sequence[int]]

MOST_GROUPS = 12
TOGETHER = 1 << 13  # draws of which results are asked for at once, those of several subsets side by side


@dataclass(frozen=True, slots=True)
class Indices:
    """First-order and total index of each group, as parts of the variance."""

    first: tuple[float, ...]
    total: tuple[float, ...]
    variance: float


def normal_pair(count: int, dimensions: int, seed: int) -> Pair:
    """Two independent evenly drawn sets of normals, each of shape (dimensions, count)."""
    drawn = normals(count, 2 * dimensions, seed).T
    return np.ascontiguousarray(drawn[:dimensions]), np.ascontiguousarray(drawn[dimensions:])


def sobol(result: Callable[[Floats], Floats], groups: Groups, drawn: Pair) -> Indices:
    """First-order and total indices of groups of drivers.

    Args:
        result: of drivers, shape (dimensions, count), to shape (count,).
        groups: the dimensions of each group.
        drawn: two independent sets of drivers.

    """
    base, other = drawn
    a, b = result(base), result(other)
    both = np.concatenate([a, b])
    variance, centred = float(both.var()), b - both.mean()
    first, total = [], []
    for group in groups:
        mixed = base.copy()
        mixed[list(group)] = other[list(group)]
        c = result(mixed)
        first.append(float(np.mean(centred * (c - a))) / variance if variance else 0.0)
        total.append(float(np.mean((a - c) ** 2)) / (2 * variance) if variance else 0.0)
    return Indices(tuple(first), tuple(total), variance)


def shapley(result: Callable[[Floats], Floats], groups: Groups, drawn: Pair) -> tuple[float, ...]:
    """The part of the variance that each group brings, what groups bring together shared out evenly; adds up to 1.

    Every subset of groups is worked out: two to the number of groups evaluations of the result.

    Args:
        result: of drivers, shape (dimensions, any number), to shape (that number,): each draw by itself.
        groups: the dimensions of each group, at most twelve groups, which together are all that the result depends on.
        drawn: two independent sets of drivers.

    Raises:
        ValueError: there are more than twelve groups.

    """
    count = len(groups)
    if count > MOST_GROUPS:
        raise ValueError(f"{count} groups: at most {MOST_GROUPS}, since every subset of them is worked out")
    base, other = drawn
    a, b = result(base), result(other)
    centred = a - float(np.concatenate([a, b]).mean())
    worth = {frozenset[int](): 0.0}
    subsets = [one for size in range(1, count) for one in combinations(range(count), size)]
    step = max(TOGETHER // base.shape[1], 1)
    for first in range(0, len(subsets), step):
        some = subsets[first : first + step]
        found = result(np.concatenate([_known(one, groups, drawn) for one in some], axis=1))
        for subset, values in zip(some, np.split(found, len(some)), strict=True):
            worth[frozenset(subset)] = float(np.mean(centred * (values - b)))
    worth[frozenset(range(count))] = float(np.mean(centred * (a - b)))
    whole = worth[frozenset(range(count))]
    return tuple(_share(at, count, worth) / whole if whole else 0.0 for at in range(count))


def _known(subset: Sequence[int], groups: Groups, drawn: Pair) -> Floats:
    """The drivers of some groups from the first set, all others from the second."""
    base, other = drawn
    mixed, known = other.copy(), [one for at in subset for one in groups[at]]
    mixed[known] = base[known]
    return mixed


def _share(at: int, count: int, worth: dict[frozenset[int], float]) -> float:
    """The mean, over all orders of the groups, of what one adds to those before it."""
    found = 0.0
    rest = [one for one in range(count) if one != at]
    for size in range(count):
        weight = 1 / (count * math.comb(count - 1, size))
        for subset in combinations(rest, size):
            before = frozenset(subset)
            found += weight * (worth[before | {at}] - worth[before])
    return found
