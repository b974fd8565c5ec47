"""A ratio of sums over units that are independent of each other, such as accounts or deals, with its interval.

The variance is that of the linearised ratio over units (delta method), with Student's t. Wrong for days, which depend
on their neighbours: see `hardgate.models.intervals.ratio`.

Source: Cochran 1977, section 6.3, for the variance of a ratio of sample sums.

>>> found = ratio([2.0, 3.0, 1.0, 4.0, 2.0, 3.0, 2.0, 3.0], [10.0] * 8)
>>> round(found.low, 4), found.value, round(found.high, 4)
(0.188, 0.25, 0.312)
"""

import math

import numpy as np
from numpy.typing import ArrayLike

from hardgate.models.intervals import Interval

FEWEST = 8
"""With fewer units there is no reading, as with days."""


def ratio(numerators: ArrayLike, denominators: ArrayLike, confidence: float = 0.9) -> Interval | None:
    """Return the ratio of two sums over units; None with fewer than eight units, or nothing below.

    Args:
        numerators: one a unit, shape (units,).
        denominators: one a unit, shape (units,).
        confidence: of the interval.

    """
    from scipy.special import stdtrit

    x, y = np.asarray(numerators, dtype=np.float64), np.asarray(denominators, dtype=np.float64)
    n = x.size
    if n < FEWEST or y.sum() <= 0:
        return None
    value = math.fsum(x.tolist()) / math.fsum(y.tolist())
    errors = (x - value * y) / (math.fsum(y.tolist()) / n)
    spread = float(stdtrit(n - 1, (1 + confidence) / 2)) * math.sqrt(math.fsum((errors**2).tolist()) / (n * (n - 1)))
    return Interval(value - spread, value, value + spread)
