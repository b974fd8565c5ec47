"""Draws that fill a space evenly: the same seed gives the same numbers, and few of them say what many random ones do.

Scrambled Sobol points, made normal; a Brownian bridge gives the first, most even dimensions to where a path ends and
the later ones to its details. Independent scrambles of the same points tell how exact an average is. Wrong when the
count is no power of two: then the points are no longer even, and a power of two is demanded.

A bridge keeps what a path is: its variance after each step, and what two steps have in common:

>>> path = bridge(4)
>>> (path @ path.T).round(6).tolist()[1]
[1.0, 2.0, 2.0, 2.0]

Sources: Sobol (1967); Owen (1998), Journal of Complexity 14, for the scrambling; Caflisch, Morokoff & Owen (1997),
Journal of Computational Finance 1, for the bridge.
"""

import math
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache

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
    in_blocks(lambda start, end: _draw(drawn[start:end], start, seed), count, BLOCK)
    return drawn


def _draw(into: Floats, start: int, seed: int) -> None:
    """Fill one block, which starts after so many points of the sequence."""
    from scipy.special import ndtri
    from scipy.stats import qmc

    points = qmc.Sobol(into.shape[1], scramble=True, rng=np.random.default_rng(seed))
    if start:
        points.fast_forward(start)
    into[:] = points.random(into.shape[0])
    np.clip(into, EDGE, 1 - EDGE, out=into)
    ndtri(into, out=into)


def seeds(seed: int, scrambles: int) -> list[int]:
    """Seeds of independent scrambles.

    >>> len(set(seeds(7, 16)))
    16
    """
    return [int(one) for one in np.random.SeedSequence(seed).generate_state(scrambles, dtype=np.uint64)]


@lru_cache(maxsize=32)
def bridge(steps: int) -> Floats:
    """The matrix that turns independent normals into a Brownian path of unit steps: path = bridge @ normals.

    The first normal sets the end, the second the middle, and so on, each time halving the widest gap that is left.

    Raises:
        ValueError: there is no step.

    """
    if steps < 1:
        raise ValueError(f"{steps} steps: expected at least one")
    rows = np.zeros((steps + 1, steps))
    rows[steps, 0] = math.sqrt(steps)
    gaps, used = [(0, steps)], 1
    while gaps:
        left, right = gaps.pop(0)
        if right - left < 2:
            continue
        middle = (left + right) // 2
        near, far = (right - middle) / (right - left), (middle - left) / (right - left)
        rows[middle] = near * rows[left] + far * rows[right]
        rows[middle, used] = math.sqrt((middle - left) * near)
        used += 1
        gaps += [(left, middle), (middle, right)]
    rows = rows[1:]
    rows.flags.writeable = False
    return rows


def paths(drawn: Floats, steps: int) -> Floats:
    """Brownian paths of unit steps from independent normals, shape (steps, count); drawn is (count, steps)."""
    return bridge(steps) @ drawn.T


def correlated(first: Floats, second: Floats, correlation: float) -> Floats:
    """What moves with `first` to this degree and with independent `second` for the rest, of the same shape.

    Raises:
        ValueError: the correlation is not between -1 and 1.

    """
    if not -1 <= correlation <= 1:
        raise ValueError(f"correlation {correlation}: expected between -1 and 1")
    return correlation * first + math.sqrt(1 - correlation**2) * second


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
