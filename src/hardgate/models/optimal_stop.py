"""Waiting is an asset: what a right is worth that may be used in any month until it lapses, on something that drifts.

The something is a geometric Brownian motion on a grid of equal steps in its logarithm. A month ahead its logarithm is
normal, so one month of waiting is one weighted moving sum over the grid, and the right is worth, month by month from
the last, the larger of using it and keeping it. Wrong for quantities that jump, or whose growth returns to a trend:
there waiting is worth more, or less, than here.

The chance that a quantity has once stood half as high again within two years, at 5 % growth and 30 % volatility:

>>> f"{passed_by(math.log(1.5), Motion(growth=0.05, volatility=0.3), years=2):.3f}"
'0.347'

Sources: Bellman (1957), Dynamic Programming; Karatzas & Shreve (1991), Brownian Motion and Stochastic Calculus, section
3.5.C, for the first passage; Broadie, Glasserman & Kou (1997), Mathematical Finance 7, for looking once a month.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MONTH = 1 / 12
STEPS_PER_DEVIATION = 4  # of the grid, in a month's standard deviation: moves a trigger by less than .1 %
FARTHEST_DEVIATIONS = 6
LOOK = 0.5826  # -zeta(1/2)/sqrt(2 pi): one who looks once a month overshoots by this many of a month's deviations


@dataclass(frozen=True, slots=True)
class Motion:
    """A geometric Brownian motion; annual rates, continuously compounded; `growth` is that of the mean."""

    growth: float
    volatility: float

    @property
    def drift(self) -> float:
        """Of the logarithm."""
        return self.growth - self.volatility**2 / 2

    @property
    def monthly_deviation(self) -> float:
        """Of the logarithm."""
        return self.volatility * math.sqrt(MONTH)

    @property
    def step(self) -> float:
        """Of the grid, in the logarithm."""
        return self.monthly_deviation / STEPS_PER_DEVIATION


def grid(motion: Motion, bottom: float, top: float) -> Floats:
    """Equal steps in the logarithm from below `bottom` to above `top`, zero among them."""
    points = np.arange(math.floor(bottom / motion.step), math.ceil(top / motion.step) + 1, dtype=np.float64)
    return motion.step * points


def continuation(use: Floats, motion: Motion, discount: float) -> Floats:
    """What the right is worth if it is kept in the first month and used in the best that follows, or never.

    Args:
        use: what using it in each month is worth on a grid of `motion.step`, shape (months, points); worthless at the
            bottom of the grid, level at its top.
        motion: of the quantity whose logarithm the grid is.
        discount: annual rate, continuously compounded.

    Returns:
        shape (points,).

    """
    reach = math.ceil((FARTHEST_DEVIATIONS * motion.monthly_deviation + abs(motion.drift) * MONTH) / motion.step)
    moves = motion.step * np.arange(-reach, reach + 1)
    weights = np.exp(-0.5 * ((moves - motion.drift * MONTH) / motion.monthly_deviation) ** 2)
    weights *= math.exp(-discount * MONTH) / weights.sum()
    keep = np.zeros(use.shape[1])
    padded = np.zeros(keep.size + 2 * reach)
    for used in use[:0:-1]:
        np.maximum(used, keep, out=padded[reach:-reach])
        padded[-reach:] = padded[-reach - 1]
        keep = np.correlate(padded, weights, "valid")
    return keep


def passed_by(distance: ArrayLike, motion: Motion, years: ArrayLike) -> Floats:
    """The chance that the logarithm has once risen by `distance` within `years`; both positive, broadcast together."""
    from scipy.special import log_ndtr, ndtr

    rise, time = np.asarray(distance, dtype=np.float64), np.asarray(years, dtype=np.float64)
    deviation = motion.volatility * np.sqrt(time)
    mirrored = log_ndtr(-(rise + motion.drift * time) / deviation) + 2 * motion.drift * rise / motion.volatility**2
    chance: Floats = ndtr((motion.drift * time - rise) / deviation) + np.exp(mirrored)
    return chance
