"""Where demand may go: a centre that has stood up against others, paths around it, and a check on the past.

The centre is Theta on logarithms; under two seasons of months it is a damped trend. Paths come from the damped trend's
own generator, moved onto the centre, so that months lean on each other as they did. Their spread is multiplied by one
factor, pooled over series, that an origin held out asked for: unscaled intervals are usually too narrow. `check` goes
through past origins and says how often the interval held what came, and the continuous ranked probability score. Wrong
after a break, such as a large customer that left: nothing of it is in the past.

Demand that grew by 2 % a month is carried on with half its trend, as Theta has it:

>>> months = 100 * 1.02 ** np.arange(30)
>>> found = paths(months, 3, 256, seed=7)
>>> (np.median(found, axis=1) / months[-1]).round(3).tolist()
[1.01, 1.02, 1.03]

Sources: Assimakopoulos & Nikolopoulos (2000), International Journal of Forecasting 16; Hyndman & Billah (2003) and
Fiorucci et al. (2016), same journal 19 and 32, for Theta; Gardner & McKenzie (1985) for the damped trend; Gneiting &
Raftery (2007), Journal of the American Statistical Association 102, for the score.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.draw import normals

Floats = NDArray[np.float64]

SEASON = 12
SEASONAL = 1.645  # a season counts where its autocorrelation passes this many standard errors
FEWEST = 8  # periods below which nothing is forecast
FEWEST_ERRORS = 8  # held-out errors below which no factor is pooled
NARROWEST = 1e-6  # of a logarithm: the spread of a series that never missed


@dataclass(frozen=True, slots=True)
class Theta:
    """Theta's line: simple exponential smoothing with drift. `after` gives its forecasts."""

    alpha: float
    level: float
    intercept: float
    slope: float
    periods: int

    def after(self, horizon: int) -> Floats:
        """The forecasts of the next periods, shape (horizon,)."""
        left = (1 - self.alpha) ** self.periods
        ahead = np.arange(horizon) + (1 - left * (1 - self.alpha)) / self.alpha
        return self.level + (left * self.intercept + ahead * self.slope) / 2


def theta(series: ArrayLike) -> Theta:
    """Fit Theta to a series without season: alpha and first level by least squares of one-step errors.

    Args:
        series: shape (periods,), at least three.

    """
    y = np.asarray(series, dtype=np.float64)
    n, when = y.size, np.arange(y.size, dtype=np.float64)
    slope = float(((when - when.mean()) @ (y - y.mean())) / ((when - when.mean()) @ (when - when.mean())))
    intercept = float(y.mean() - slope * (when + 1).mean())
    alphas, best, level = np.linspace(0.1, 0.99, 90), 0.5, 0.0
    for width in (0.01, 1e-3, 1e-4, 1e-5):
        errors, levels = _theta_errors(y, alphas, intercept, slope)
        at = int(np.argmin(errors))
        best, level = float(alphas[at]), float(levels[at])
        alphas = np.clip(np.linspace(best - width, best + width, 21), 0.1, 0.99)
    return Theta(best, level, intercept, slope, n)


def _theta_errors(y: Floats, alphas: Floats, intercept: float, slope: float) -> tuple[Floats, Floats]:
    """The least sum of squared one-step errors of each alpha, and the last level that goes with it."""
    keep, level = 1 - alphas, np.zeros_like(alphas)
    weight = np.ones_like(alphas)
    rr, rx, xx = (np.zeros_like(alphas) for _ in range(3))
    for value in y:
        line = (weight * intercept + (1 - weight * keep) / alphas * slope) / 2
        miss = value - level - line
        rr, rx, xx = rr + miss * miss, rx + miss * weight, xx + weight * weight
        level, weight = alphas * value + keep * level, weight * keep
    first = rx / xx
    return rr - first * rx, level + weight * first


@dataclass(frozen=True, slots=True)
class Damped:
    """A damped trend where it stands at the end of a series, and how it moves."""

    level: float
    trend: float
    alpha: float
    beta: float
    phi: float
    deviation: float

    def after(self, horizon: int) -> Floats:
        """The forecasts of the next periods, shape (horizon,)."""
        ahead: Floats = self.level + self.trend * np.cumsum(self.phi ** np.arange(1.0, horizon + 1))
        return ahead

    def spread(self, horizon: int) -> Floats:
        """The standard deviation of what comes around the forecasts, shape (horizon,)."""
        ahead = np.cumsum(self.phi ** np.arange(1.0, horizon))
        answer = self.alpha * (1 + self.beta * ahead)
        found: Floats = self.deviation * np.sqrt(1 + np.concatenate([[0.0], np.cumsum(answer**2)]))
        return found

    def moves(self, shocks: Floats) -> Floats:
        """How paths leave the forecasts under standard shocks, shape (horizon, count)."""
        level = trend = np.zeros(shocks.shape[1])
        found = np.empty_like(shocks)
        for at, shock in enumerate(self.deviation * shocks):
            before = level + self.phi * trend
            found[at] = before + shock
            level, trend = before + self.alpha * shock, self.phi * trend + self.alpha * self.beta * shock
        return found


def damped(series: ArrayLike) -> Damped:
    """Fit a damped trend to a series without season, on a grid of its three parameters.

    Args:
        series: shape (periods,), at least four.

    """
    y = np.asarray(series, dtype=np.float64)
    grid = np.meshgrid(np.linspace(0.05, 0.95, 10), np.linspace(0.0, 0.6, 5), (0.8, 0.88, 0.94, 0.98))
    alpha, beta, phi = (one.ravel() for one in grid)
    first = min(y.size, 6)
    steps = np.arange(first, dtype=np.float64)
    slope = float(np.polyfit(steps, y[:first], 1)[0])
    level, trend = np.full_like(alpha, y[:first].mean() - slope * (steps.mean() + 1)), np.full_like(alpha, slope)
    squares = np.zeros_like(alpha)
    for value in y:
        before = level + phi * trend
        miss = value - before
        squares += miss * miss
        level, trend = before + alpha * miss, phi * trend + alpha * beta * miss
    at = int(np.argmin(squares))
    deviation = max(math.sqrt(float(squares[at]) / max(y.size - 4, 1)), NARROWEST)
    found = [float(one[at]) for one in (level, trend, alpha, beta, phi)]
    return Damped(found[0], found[1], found[2], found[3], found[4], deviation)


@dataclass(frozen=True, slots=True)
class Fitted:
    """A series in logarithms as it was fitted: centre and spread of what comes, and the generator of its paths."""

    centre: Floats
    spread: Floats
    generator: Damped


def fit(series: ArrayLike, horizon: int) -> Fitted:
    """Fit a positive series and say where the logarithm of the next periods will be.

    Raises:
        ValueError: fewer than eight periods, or one that is not positive.

    """
    values = np.asarray(series, dtype=np.float64)
    if values.ndim != 1 or values.size < FEWEST or not (values > 0).all() or not np.isfinite(values).all():
        raise ValueError(f"{values.size} periods: expected at least {FEWEST}, all positive")
    y = np.log(values)
    season = seasonal(y)
    rest = y - np.resize(season, y.size)
    generator = damped(rest)
    centre = theta(rest).after(horizon) if y.size >= 2 * SEASON else generator.after(horizon)
    ahead = np.resize(np.roll(season, -y.size % SEASON if y.size % SEASON == 0 else -(y.size % SEASON)), horizon)
    return Fitted(centre + ahead, generator.spread(horizon), generator)


def seasonal(y: Floats) -> Floats:
    """The additive season of two or more years of months; nothing where it does not stand out."""
    n = y.size
    if n < 2 * SEASON:
        return np.zeros(SEASON)
    around = y - y.mean()
    lags = np.array([float(around[k:] @ around[: n - k]) for k in range(SEASON + 1)])
    r = lags[1:] / max(lags[0], 1e-300)
    if abs(r[-1]) <= SEASONAL * math.sqrt((1 + 2 * float((r[:-1] ** 2).sum())) / n):
        return np.zeros(SEASON)
    weights = np.concatenate([[0.5], np.ones(SEASON - 1), [0.5]]) / SEASON
    apart = y[SEASON // 2 : n - SEASON // 2] - np.convolve(y, weights, "valid")
    month = (np.arange(apart.size) + SEASON // 2) % SEASON
    found = np.array([apart[month == at].mean() for at in range(SEASON)])
    return np.asarray(found - found.mean())


def paths(series: ArrayLike, horizon: int, count: int, seed: int, spread_factor: float = 1.0) -> Floats:
    """Courses that a positive series may take, shape (horizon, count); their median is the centre of the forecast.

    Args:
        series: shape (periods,), months where it has a season.
        horizon: periods ahead.
        count: a power of two.
        seed: of the draws.
        spread_factor: by which the generator's spread is multiplied, see `pooled_factor`.

    """
    fitted = fit(series, horizon)
    moves = fitted.generator.moves(normals(count, horizon, seed).T)
    return np.asarray(np.exp(fitted.centre[:, np.newaxis] + spread_factor * moves))


def pooled_factor(many: Sequence[ArrayLike], horizon: int, confidence: float = 0.9) -> float:
    """The factor on spreads that would have held `confidence` of what came after one origin held out, over all series.

    1 where fewer than eight errors are there to say.
    """
    errors: list[float] = []
    for series in many:
        values = np.asarray(series, dtype=np.float64)
        if values.size - horizon >= FEWEST and (values > 0).all():
            fitted = fit(values[:-horizon], horizon)
            errors += np.abs((np.log(values[-horizon:]) - fitted.centre) / fitted.spread).tolist()
    if len(errors) < FEWEST_ERRORS:
        return 1.0
    return float(np.quantile(errors, confidence)) / NormalDist().inv_cdf((1 + confidence) / 2)


@dataclass(frozen=True, slots=True)
class Checked:
    """How forecasts from past origins did: how many values came, the share inside the interval, the mean score.

    `score` is the continuous ranked probability score over the mean of the series; `naive` that of the last value
    carried on, which is its mean absolute error.
    """

    count: int
    coverage: float
    score: float
    naive: float


def check(
    series: ArrayLike, horizon: int, first: int, *, spread_factor: float = 1.0, confidence: float = 0.9
) -> Checked | None:
    """Forecast from each past origin that has `first` periods before it; None where there is none.

    The score is the closed one of a normal logarithm's paths, by 64 even quantiles.
    """
    values = np.asarray(series, dtype=np.float64)
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    quantiles = np.array([NormalDist().inv_cdf((at + 0.5) / 64) for at in range(64)])
    inside, scores, naive = [], [], []
    for origin in range(max(first, FEWEST), values.size):
        came = values[origin : origin + horizon]
        fitted = fit(values[:origin], horizon)
        spread = spread_factor * fitted.spread[: came.size]
        inside += (np.abs(np.log(came) - fitted.centre[: came.size]) <= z * spread).tolist()
        ensemble = np.exp(fitted.centre[: came.size] + np.outer(quantiles, spread))
        scores += crps(ensemble, came).tolist()
        naive += np.abs(came - values[origin - 1]).tolist()
    if not inside:
        return None
    scale = float(values.mean())
    return Checked(len(inside), float(np.mean(inside)), float(np.mean(scores)) / scale, float(np.mean(naive)) / scale)


def crps(ensemble: ArrayLike, came: ArrayLike) -> Floats:
    """The continuous ranked probability score of ensembles, shape (members, values), against what came, (values,).

    >>> float(crps([[1.0], [3.0]], [2.0])[0])
    0.5
    """
    members = np.sort(np.asarray(ensemble, dtype=np.float64), axis=0)
    m = members.shape[0]
    apart = np.abs(members - np.asarray(came, dtype=np.float64)).mean(axis=0)
    ranks = (2 * np.arange(1, m + 1) - m - 1)[:, np.newaxis]
    found: Floats = apart - (ranks * members).sum(axis=0) / m**2
    return found
