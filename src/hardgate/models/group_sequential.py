"""How far an effect must stand from nothing at each look, so that looking often does not make it come true.

The chance of a false alarm is spent along the information seen so far, and what is spent early is not there later.
O'Brien-Fleming spends almost nothing at first, so that the last look is nearly as it would be alone; Pocock spends
evenly. Wrong when looks are added because of what an earlier one showed.

Five looks, equally apart:

>>> [f"{one:.4f}" for one in bounds([0.2, 0.4, 0.6, 0.8, 1.0])]
['4.8769', '3.3570', '2.6803', '2.2898', '2.0310']
>>> [f"{one:.4f}" for one in bounds([0.2, 0.4, 0.6, 0.8, 1.0], spending="pocock")]
['2.4380', '2.4268', '2.4102', '2.3966', '2.3860']

Sources: Lan & DeMets (1983), Biometrika 70, for spending; O'Brien & Fleming (1979), Biometrics 35; Pocock (1977),
Biometrika 64; Armitage, McPherson & Rowe (1969), JRSS A 132, for the recursion; Jennison & Turnbull (1989), JRSS B 51,
for repeated confidence intervals.
"""

import math
from collections.abc import Callable, Mapping
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
STEPS = 400
"""Steps of the integral over what the statistic may be at a look, Simpson's rule."""
NEVER = 8.5
"""A bound of so many standard deviations is no bound."""


def _obrien_fleming(information: float, alpha: float) -> float:
    """Return what is spent on one side by this share of the information."""
    from scipy.special import ndtr, ndtri

    return float(2 * (1 - ndtr(ndtri(1 - alpha / 4) / math.sqrt(information))))


def _pocock(information: float, alpha: float) -> float:
    return alpha / 2 * math.log1p((math.e - 1) * information)


SPENDING: Mapping[str, Callable[[float, float], float]] = {"obrien-fleming": _obrien_fleming, "pocock": _pocock}


def bounds(information: ArrayLike, alpha: float = 0.05, spending: str = "obrien-fleming") -> Floats:
    """Return the bound of |z| at each look, two-sided.

    Args:
        information: the share of all information that is there at each look, rising, in (0, 1].
        alpha: the chance that a feature that does nothing crosses any of the bounds.
        spending: "obrien-fleming" or "pocock".

    Raises:
        ValueError: the information does not rise within (0, 1], alpha is no share, or the spending is not known.

    """
    t = np.asarray(information, np.float64).ravel()
    if not t.size or not (t > 0).all() or not (t <= 1 + 1e-12).all() or (np.diff(t) <= 0).any():
        raise ValueError(f"information {t.tolist()}: expected shares above 0, up to 1, each above the one before")
    if not 0 < alpha < 1 or spending not in SPENDING:
        raise ValueError(f"alpha {alpha}, spending {spending!r}: expected a share, and one of {', '.join(SPENDING)}")
    return np.array(_bounds(tuple(t.tolist()), alpha, spending))


@lru_cache(maxsize=256)
def _bounds(t: tuple[float, ...], alpha: float, spending: str) -> tuple[float, ...]:
    spent = [SPENDING[spending](one, alpha) for one in t]
    found: list[float] = []
    grid = density = np.zeros(1)
    for at, now in enumerate(t):
        to_spend = spent[at] - (spent[at - 1] if at else 0.0)
        bound = _first(to_spend) if at == 0 else _bound(to_spend, grid, density, now - t[at - 1], math.sqrt(now))
        found.append(bound)
        if at == len(t) - 1:
            break
        grid, density = _within(bound * math.sqrt(now), grid, density, now - (t[at - 1] if at else 0.0), first=at == 0)
    return tuple(found)


def _first(to_spend: float) -> float:
    from scipy.special import ndtri

    return NEVER if to_spend <= 0 else min(NEVER, float(-ndtri(to_spend)))


def _bound(to_spend: float, grid: Floats, density: Floats, apart: float, scale: float) -> float:
    """Find the bound whose crossing costs exactly what is to be spent, on one side."""
    from scipy.optimize import brentq
    from scipy.special import ndtr

    weights = density * _simpson(grid)

    def over(bound: float) -> float:
        return float((weights * ndtr((grid - bound * scale) / math.sqrt(apart))).sum()) - to_spend

    return NEVER if over(NEVER) >= 0 else float(brentq(over, 0.0, NEVER, xtol=1e-10))


def _within(edge: float, grid: Floats, density: Floats, apart: float, *, first: bool) -> tuple[Floats, Floats]:
    """Return the density of the statistic (a Brownian motion) where no bound was crossed up to now."""
    now = np.linspace(-edge, edge, 2 * STEPS + 1)
    if first:
        return now, _normal(now, apart)
    weights = density * _simpson(grid)
    return now, np.asarray(_normal(now[:, None] - grid[None, :], apart) @ weights)


def _normal(x: Floats, variance: float) -> Floats:
    return np.asarray(np.exp(-0.5 * x * x / variance) / math.sqrt(2 * math.pi * variance))


def _simpson(grid: Floats) -> Floats:
    weights = np.full(grid.size, 2.0)
    weights[1::2] = 4.0
    weights[[0, -1]] = 1.0
    return np.asarray(weights * (grid[1] - grid[0]) / 3)
