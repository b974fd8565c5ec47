"""A reading is a range: what a ratio of sums could have been, had the same weeks been drawn again.

Wrong when the window holds a step, such as a hall that went live in it: the mean of the window describes neither side.
Too narrow with few days: at 90 %, fourteen independent days are covered 88 %, fourteen whose autocorrelation is one
half 83 %. Fifty-six days are covered 89 % when independent, 89 % at one half, 87 % at .7, and 93 % when they alternate
(-.5); a month of eight real clusters redrawn in weeks 89 %, from 83 to 99.

Ten days of used and available GPU-hours; their ratio is .618, and could have been .608 or .628:

>>> used = [60, 62, 58, 65, 63, 61, 59, 66, 64, 62]
>>> available = [100, 101, 99, 102, 100, 98, 100, 103, 101, 99]
>>> reading = ratio(used, available)
>>> f"{reading.value:.5f}, between {reading.low:.5f} and {reading.high:.5f}"
'0.61815, between 0.60792 and 0.62837'

The variance is the larger of two: Newey-West's, which sees every kind of dependence but not far, and that of a
first-order autoregression, which sees one kind and all of its reach (docs/adr/0006).

Sources: Newey & West (1987), Econometrica 55, with Bartlett weights; Newey & West (1994), Review of Economic Studies
61, for the lag; Andrews & Monahan (1992), Econometrica 60, for the autoregression and its bound of .97; Kendall (1954)
and Marriott & Pope (1954), Biometrika 41, for the bias of its coefficient; Wilson (1927), Journal of the American
Statistical Association 22, for shares of counts.
"""

import math
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

FEWEST_DAYS = 8  # below this the variance of the blocks says nothing
STRONGEST = 0.97  # bound of the autocorrelation: at one, no mean would ever be known


@dataclass(frozen=True, slots=True)
class Interval:
    """A value between the bounds that its noise allows."""

    low: float
    value: float
    high: float


def ratio(numerators: ArrayLike, denominators: ArrayLike, confidence: float = 0.9) -> Interval | None:
    """The ratio of two sums over days, with its interval; None where there is no reading.

    There is none with fewer than eight days, and none when the denominators sum to nothing.

    Args:
        numerators: one sum a day, shape (days,), in the order of the days.
        denominators: one sum a day, shape (days,).
        confidence: the share of such intervals that hold the true ratio.

    Raises:
        ValueError: the shapes differ, or a day is not a finite number: a missing day is the caller's to judge.

    """
    x, y = _days(numerators), _days(denominators)
    if x.shape != y.shape:
        raise ValueError(f"{x.size} numerators but {y.size} denominators: give one of each a day")
    if x.size < FEWEST_DAYS or y.sum() == 0:
        return None
    value, spread = _value_and_spread(x, y, confidence)
    return Interval(float(value - spread), float(value), float(value + spread))


def mean(values: ArrayLike, confidence: float = 0.9) -> Interval | None:
    """The mean over days with its interval; None with fewer than eight days.

    Raises:
        ValueError: a day is not a finite number.

    """
    x = _days(values)
    return ratio(x, np.ones_like(x), confidence)


def wilson(successes: float, trials: float, confidence: float = 0.9) -> Interval | None:
    """A share of independent trials with Wilson's interval, which stays inside 0 and 1; None without trials.

    >>> share = wilson(12, 40)
    >>> f"{share.value:.3f}, between {share.low:.3f} and {share.high:.3f}"
    '0.300, between 0.197 and 0.429'

    Raises:
        ValueError: the successes are not between 0 and the trials.

    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials: expected between 0 and the number of trials")
    if trials == 0:
        return None
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    scale = 1 + z * z / trials
    centre = (share + z * z / (2 * trials)) / scale
    spread = z / scale * math.sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    return Interval(min(max(centre - spread, 0.0), share), share, max(min(centre + spread, 1.0), share))


def coverage(
    numerators: ArrayLike,
    denominators: ArrayLike,
    rng: np.random.Generator,
    days: int = 56,
    histories: int = 2000,
    block: int = 7,
    confidence: float = 0.9,
) -> float:
    """The share of redrawn histories whose interval holds the ratio of the whole series: what `confidence` is worth.

    Histories are pieced together from blocks of consecutive days, the last day followed by the first (circular block
    bootstrap, Politis & Romano 1992): the ratio of the whole series is true of them, and days stay correlated.

    Args:
        numerators: one sum a day of the whole series, shape (all days,).
        denominators: one sum a day of the whole series, shape (all days,).
        rng: draws the blocks.
        days: the length of a history; whole blocks only.
        histories: how many are drawn.
        block: consecutive days in a block.
        confidence: the confidence under test.

    """
    x, y = _days(numerators), _days(denominators)
    starts = rng.integers(x.size, size=(histories, days // block, 1))
    drawn = (starts + np.arange(block)).reshape(histories, -1) % x.size
    value, spread = _value_and_spread(x[drawn], y[drawn], confidence)
    return float(np.mean(np.abs(value - x.sum() / y.sum()) <= spread))


def bandwidth(count: int) -> int:
    """The lag up to which neighbours may depend on each other: floor(4 (n/100)^(2/9))."""
    return math.floor(4 * math.pow(count / 100, 2 / 9))


def bartlett(lag: int) -> Floats:
    """The weights of the lags 1 to `lag`, falling in a straight line."""
    return 1 - np.arange(1, lag + 1, dtype=np.float64) / (lag + 1)


def long_run_variance(errors: Floats, lag: int) -> Floats:
    """The variance of the sum of errors around zero, per period, allowing for dependence up to `lag` (Newey-West).

    Args:
        errors: shape (..., periods).
        lag: neighbours at most this far apart depend on each other.

    Returns:
        shape (...).

    """
    total = np.vecdot(errors, errors)
    for k, weight in enumerate(bartlett(lag), start=1):
        total = total + 2 * weight * np.vecdot(errors[..., k:], errors[..., :-k])
    variance: Floats = np.maximum(total / errors.shape[-1], 0.0)  # below zero by rounding only
    return variance


def autoregressive_variance(errors: Floats) -> Floats:
    """The variance of the sum of errors, per period, were each r times the one before plus news; 0 where r <= 0.

    Around an estimated mean r comes out about (1 + 3r)/n too small, which is given back.

    Args:
        errors: shape (..., periods), around zero.

    Returns:
        shape (...).

    """
    n = errors.shape[-1]
    squares, products = np.vecdot(errors, errors), np.vecdot(errors[..., 1:], errors[..., :-1])
    r = products / np.maximum(squares, np.finfo(np.float64).tiny)
    r = np.minimum(np.maximum(r + (1 + 3 * r) / n, 0.0), STRONGEST)
    ends = errors[..., 0] ** 2 + errors[..., -1] ** 2
    news = squares - 2 * r * products + r * r * (squares - ends)  # sum of (e_t - r e_{t-1})^2 and (1 - r^2) e_1^2
    variance: Floats = (r > 0) * news / (n * (1 - r) ** 2)
    return variance


def _value_and_spread(x: Floats, y: Floats, confidence: float) -> tuple[Floats, Floats]:
    """The ratio along the last axis, and half the width of its interval."""
    from scipy.special import stdtrit

    n = x.shape[-1]
    whole = y.sum(axis=-1, keepdims=True)
    value = x.sum(axis=-1, keepdims=True) / whole
    errors = (x - value * y) / (whole / n)
    variance = np.maximum(long_run_variance(errors, bandwidth(n)), autoregressive_variance(errors))
    deviation = np.sqrt(variance / (n - 1))
    return value[..., 0], stdtrit(n - 1, (1 + confidence) / 2) * deviation


def _days(values: ArrayLike) -> Floats:
    days = np.asarray(values, dtype=np.float64)
    if days.ndim != 1:
        raise ValueError(f"found an array of shape {days.shape}: expected one number a day, shape (days,)")
    missing = np.flatnonzero(~np.isfinite(days))
    if missing.size:
        found = f"day {missing[0]} is {days[missing[0]]}, {missing.size} of {days.size} days are no numbers"
        raise ValueError(f"{found}: decide what a missing day means before taking the ratio")
    return days
