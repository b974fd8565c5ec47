"""Draws that fill a space evenly: the same seed gives the same numbers, and few of them say what many random ones do.

Scrambled Sobol points, made normal; a Brownian bridge gives the first, most even dimensions to where a path ends and
the later ones to its details. Independent scrambles of the same points tell how exact an average is. Wrong when the
count is no power of two: then the points are no longer even, and a power of two is demanded.

A bridge keeps what a path is: its variance after each step, and what two steps have in common:

>>> path = np.empty((5, 4))
>>> bridge(np.eye(4), path)
>>> (path @ path.T).round(6).tolist()[2]
[0.0, 1.0, 2.0, 2.0, 2.0]

Sources: Sobol (1967); Owen (1998), Journal of Complexity 14, for the scrambling; Caflisch, Morokoff & Owen (1997),
Journal of Computational Finance 1, for the bridge.
"""

import copy
import math
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

EDGE = 2.0**-40  # a point at 0 has no normal; the scramble's own step is 2^-30 or so
THREADS = 2  # NumPy and SciPy give up the interpreter's lock while they compute
BLOCK = 1 << 14  # points that one thread draws at a time: the same blocks whatever the threads


def normals(count: int, dimensions: int, seed: int) -> Floats:
    """Standard normal draws from one scramble of Sobol's points, shape (count, dimensions).

    Args:
        count: a power of two.
        dimensions: at most 21,201.
        seed: of the scramble.

    Raises:
        ValueError: the count is no power of two, or there is no dimension.

    """
    if count < 1 or count & (count - 1) or dimensions < 1:
        raise ValueError(f"{count} draws in {dimensions} dimensions: expected a power of two, and at least one")
    drawn = np.empty((count, dimensions))

    def draw(start: int, end: int) -> None:
        """Draw one block into its place."""
        for at, some in parts(start, end, dimensions, seed, end - start):
            drawn[at : at + end - start] = some

    in_blocks(draw, count, BLOCK)
    return drawn


def parts(start: int, end: int, dimensions: int, seed: int, size: int) -> Iterator[tuple[int, Floats]]:
    """Draw from `start` to `end` of one scramble, so many at a time: yields where each part starts, and its draws.

    All three are multiples of one power of two, so that no part ends in the middle of what is even.
    """
    from scipy.special import ndtri

    points = copy.deepcopy(_points(dimensions, seed))
    if start:
        points.fast_forward(start)
    for at in range(start, end, size):
        drawn: Floats = points.random(size)
        np.clip(drawn, EDGE, 1 - EDGE, out=drawn)
        ndtri(drawn, out=drawn)
        yield at, drawn


@lru_cache(maxsize=32)
def _points(dimensions: int, seed: int) -> Any:  # noqa: ANN401  SciPy's, without types
    """One scramble of the points, from its first on; making one takes longer than drawing a thousand points."""
    from scipy.stats import qmc

    return qmc.Sobol(dimensions, scramble=True, rng=np.random.default_rng(seed))


def seeds(seed: int, scrambles: int) -> list[int]:
    """Seeds of independent scrambles.

    >>> len(set(seeds(7, 16)))
    16
    """
    return [int(one) for one in np.random.SeedSequence(seed).generate_state(scrambles, dtype=np.uint64)]


@dataclass(frozen=True, slots=True)
class Halving:
    """One step of a bridge: the middle of two known points is their mean, by distance, and a deviation of its own."""

    middle: int
    left: int
    right: int
    near: float
    far: float
    deviation: float


@lru_cache(maxsize=32)
def halvings(steps: int) -> tuple[Halving, ...]:
    """The steps of a bridge over points 0 to `steps`, widest gap first; the end itself is set before them.

    Raises:
        ValueError: there is no step.

    """
    if steps < 1:
        raise ValueError(f"{steps} steps: expected at least one")
    gaps, found = [(0, steps)], []
    while gaps:
        left, right = gaps.pop(0)
        if right - left < 2:
            continue
        middle = (left + right) // 2
        near, far = (right - middle) / (right - left), (middle - left) / (right - left)
        found.append(Halving(middle, left, right, near, far, math.sqrt((middle - left) * near)))
        gaps += [(left, middle), (middle, right)]
    return tuple(found)


def bridge(normal: Floats, path: Floats) -> None:
    """Write Brownian paths of unit steps from independent normals, in place.

    The first normal sets the end, the second the middle, and so on, each time halving the widest gap that is left.

    Args:
        normal: shape (steps, count).
        path: shape (steps + 1, count); its first row, the start, becomes nothing.

    """
    steps = normal.shape[0]
    path[0] = 0.0
    np.multiply(normal[0], math.sqrt(steps), out=path[steps])
    work = np.empty(normal.shape[1])
    for at, one in enumerate(halvings(steps), start=1):
        row = path[one.middle]
        np.multiply(normal[at], one.deviation, out=row)
        if one.left:
            row += np.multiply(path[one.left], one.near, out=work)
        row += np.multiply(path[one.right], one.far, out=work)


def in_blocks(work: Callable[[int, int], None], count: int, block: int, threads: int = THREADS) -> None:
    """Do some work block by block, from `start` to `end`, on a few threads; blocks do not depend on the threads."""
    starts = range(0, count, block)
    if threads == 1 or len(starts) == 1:
        _each(work, starts, count, block)
        return
    with ThreadPoolExecutor(threads) as pool:
        for _ in pool.map(lambda start: work(start, min(start + block, count)), starts):
            pass


def _each(work: Callable[[int, int], None], starts: Iterable[int], count: int, block: int) -> None:
    for start in starts:
        work(start, min(start + block, count))
