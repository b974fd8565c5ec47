"""How fast demand grows and how unsteadily, from a year or more of months: what the trigger needs, with its doubt.

Demand is taken as a geometric Brownian motion: changes of its logarithm have one mean and one variance. Changes that
lean on their neighbours are allowed for up to the Newey-West lag. Growth is hardly known from a year or two: its
interval is as wide as it looks. Wrong when a full pool cut demand off (add the queued and the denied), when growth
changed within the months, for seasonal demand under two seasons, and a little when a month is the average of its days:
then volatility is found 5 to 8 % too low, and intervals of 90 % hold the truth 86 to 89 % of the time.

Thirteen months that grow by 2 % and by 4 % in turn:

>>> months = np.cumprod([100, 1.04, 1.02, 1.04, 1.02, 1.04, 1.02, 1.04, 1.02, 1.04, 1.02, 1.04, 1.02])
>>> found = growth_and_volatility(months)
>>> f"growth {found.growth:.3f}, volatility {found.volatility:.3f}"
'growth 0.354, volatility 0.022'

Sources: Newey & West (1987), Econometrica 55; Priestley (1981), Spectral Analysis and Time Series, for the degrees of
freedom of such a variance; Working (1960), Econometrica 28, for months that are averages.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike

from hardgate.models.intervals import bandwidth, bartlett, long_run_variance

FEWEST_MONTHS = 12  # below this neither figure says anything
FEWEST_CHECKS = 8  # months ahead below which a spread is not checked
CHANCE = 0.05  # that a right spread is taken for too narrow
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Demand:
    """Growth of mean demand and volatility of log demand, annual, continuously compounded, each with its interval.

    The interval of growth holds volatility fixed.
    """

    growth: float
    growth_low: float
    growth_high: float
    volatility: float
    low: float
    high: float


def growth_and_volatility(monthly_demand: ArrayLike, confidence: float = 0.9) -> Demand | None:
    """Growth and volatility with their intervals; None with fewer than twelve months, or a month without demand.

    The variance is that of the sum of changes over many months (Newey-West, Bartlett weights, the mean's share given
    back). Its interval is chi-squared and that of growth Student's, both with the degrees of freedom of the variance.

    Args:
        monthly_demand: GPUs in demand, one figure a month, in order, shape (months,).
        confidence: the share of such intervals that hold the true figure.

    Raises:
        ValueError: a month is negative or missing: a missing month is the caller's to judge.

    """
    from scipy.special import chdtri, stdtrit

    months = np.asarray(monthly_demand, dtype=np.float64)
    if months.ndim != 1 or not (np.isfinite(months) & (months >= 0)).all():
        raise ValueError(f"expected one figure a month, none negative or missing; found {months}")
    if months.size < FEWEST_MONTHS or (months == 0).any():
        return None
    changes = np.diff(np.log(months))
    lag = bandwidth(changes.size)
    weights = bartlett(lag)
    taken_by_mean = (1 + 2 * weights.sum()) / changes.size
    variance = float(long_run_variance(changes - changes.mean(), lag)) / (1 - taken_by_mean)
    freedom = changes.size / (1 + 2 * (weights**2).sum())
    annual = MONTHS_A_YEAR * variance
    growth = MONTHS_A_YEAR * float(changes.mean()) + annual / 2
    tail = (1 - confidence) / 2
    spread = MONTHS_A_YEAR * stdtrit(freedom, 1 - tail) * math.sqrt(variance / changes.size)
    low, high = (math.sqrt(annual * freedom / chdtri(freedom, side)) for side in (tail, 1 - tail))
    return Demand(growth, growth - spread, growth + spread, math.sqrt(annual), low, high)


def checked_factor(monthly_demand: Sequence[float], confidence: float = 0.9) -> float:
    """The factor that volatility needs for its intervals to have held what came; 1 where they held it.

    From each past month with a year before it the next month's change is held against mean and variance known then.
    Only where fewer changes lie inside than chance allows (one in twenty) is the spread too narrow; then it is widened
    to what would have held them.

    >>> checked_factor([100 * 1.02**i for i in range(24)])
    1.0
    """
    return _factor(tuple(map(float, monthly_demand)), confidence)


@lru_cache(maxsize=512)
def _factor(months: tuple[float, ...], confidence: float) -> float:
    from scipy.special import bdtr, stdtrit

    if len(months) < FEWEST_MONTHS + FEWEST_CHECKS or min(months) <= 0:
        return 1.0
    changes = np.diff(np.log(np.array(months)))
    counts = np.arange(FEWEST_MONTHS - 1, changes.size)
    sums, squares = np.cumsum(changes)[counts - 1], np.cumsum(changes**2)[counts - 1]
    mean = sums / counts
    spread = np.sqrt(np.maximum(squares / counts - mean**2, 0.0) * counts / (counts - 1) * (1 + 1 / counts))
    away = np.abs(changes[counts] - mean) / np.maximum(spread, 1e-9)
    wide = stdtrit(counts - 1, (1 + confidence) / 2)
    inside = int(np.count_nonzero(away <= wide))
    if bdtr(inside, counts.size, confidence) >= CHANCE:
        return 1.0
    return max(float(np.quantile(away / wide, confidence)), 1.0)
