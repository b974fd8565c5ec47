"""How long until it happens, where some have not got there yet: survival curves with censoring kept.

The product-limit estimate with Greenwood's standard error, its median and restricted mean, and the log-rank test
between groups. Wrong when those that are censored differ from those that stay: a customer who left before the event
is not one who is still on the way.

Source: Kaplan & Meier 1958; Greenwood 1926; Mantel 1966 for the log-rank test; METHODS 8 and 9.

>>> found = curve([3, 4, 5, 5, 6, 8, 9, 9, 12, 12], [True, False, True, True, False, True, False, False, True, False])
>>> found.times.tolist(), found.survival.round(3).tolist()
([3.0, 5.0, 8.0, 12.0], [0.9, 0.675, 0.54, 0.27])
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Curve:
    """The share that has not got there yet, after each time at which something happened.

    All arrays have the shape (times,); before the first time survival is 1. `at_risk` and `events` are counts at each
    time. `last` is the longest duration seen, censored or not: beyond it nothing is known. `lasted` are all durations,
    the shortest first.
    """

    times: Floats
    survival: Floats
    standard_error: Floats
    at_risk: NDArray[np.int64]
    events: NDArray[np.int64]
    last: float
    count: int
    lasted: Floats

    def survives(self, time: float) -> float | None:
        """Return the share beyond a time, or None where nobody was seen that long."""
        if time > self.last and (not self.survival.size or self.survival[-1] > 0):
            return None
        passed = int(np.searchsorted(self.times, time, side="right"))
        return 1.0 if passed == 0 else float(self.survival[passed - 1])

    def quantile(self, share: float = 0.5) -> float | None:
        """Return the first time by which this share has got there, or None where it has not within what was seen."""
        reached = np.flatnonzero(self.survival <= 1 - share + _ROUNDING)
        return float(self.times[reached[0]]) if reached.size else None

    def quantile_interval(self, share: float = 0.5, confidence: float = 0.9) -> tuple[float | None, float | None]:
        """Return the times between which the quantile lies: where the log-log band crosses it; None is not reached.

        Source: Brookmeyer & Crowley 1982; the transform log(-log S) keeps the band within 0 and 1.
        """
        low, high = self.band(confidence)
        ends = (np.flatnonzero(one <= 1 - share + _ROUNDING) for one in (low, high))
        first, last = (float(self.times[found[0]]) if found.size else None for found in ends)
        return first, last

    def interval(self, time: float, confidence: float = 0.9) -> tuple[float, float] | None:
        """Return the interval of the share beyond a time, or None where nobody was seen that long.

        Where nothing has happened yet to anybody, Greenwood's error is nothing: then it is the exact one-sided bound of
        those who were watched up to there, (1 - confidence)^(1/n); the others say nothing and make it no narrower.

        Source: Clopper & Pearson 1934, at no event.
        """
        if self.survives(time) is None:
            return None
        passed = int(np.searchsorted(self.times, time, side="right"))
        if passed == 0:
            watched = int(self.lasted.size - np.searchsorted(self.lasted, time, side="left"))
            return float((1 - confidence) ** (1 / watched)), 1.0
        low, high = self.band(confidence)
        return float(low[passed - 1]), float(high[passed - 1])

    def band(self, confidence: float = 0.9) -> tuple[Floats, Floats]:
        """Return the pointwise interval of survival, shape (times,) each, on the log(-log S) scale.

        Where nobody is left, Greenwood's error is nothing: there the upper end is that of the time before, times the
        exact one-sided bound of the last n at risk of whom none was left, 1 - (1 - confidence)^(1/n).
        """
        from scipy.special import ndtri

        z = float(ndtri((1 + confidence) / 2))
        inner = (self.survival > 0) & (self.survival < 1)
        log_survival = np.log(np.where(inner, self.survival, 0.5))
        spread = z * np.where(inner, self.standard_error, 0.0) / np.where(inner, self.survival, 1.0) / -log_survival
        low = np.where(inner, np.exp(log_survival * np.exp(spread)), self.survival)
        high = np.where(inner, np.exp(log_survival * np.exp(-spread)), self.survival)
        if self.survival.size and self.survival[-1] == 0:
            before = high[-2] if high.size > 1 else 1.0
            high[-1] = before * (1 - (1 - confidence) ** (1 / int(self.at_risk[-1])))
        return low, high

    def restricted_mean(self, horizon: float) -> tuple[float, float] | None:
        """Return the mean time within a horizon and its standard error: the area under the curve up to there.

        None where nobody was seen up to the horizon. The variance is Greenwood's for the area, each event weighted by
        the square of the area behind it.
        """
        if self.survives(horizon) is None:
            return None
        inside = self.times < horizon
        edges = np.concatenate(([0.0], self.times[inside], [horizon]))
        areas = np.diff(edges) * np.concatenate(([1.0], self.survival[inside]))
        behind = np.cumsum(areas[::-1])[::-1][1:]
        events, at_risk = self.events[inside].astype(np.float64), self.at_risk[inside].astype(np.float64)
        left = at_risk - events
        terms = np.where(left > 0, behind**2 * events / (at_risk * np.where(left > 0, left, 1.0)), 0.0)
        return float(areas.sum()), float(np.sqrt(terms.sum()))


@dataclass(frozen=True, slots=True)
class LogRank:
    """The log-rank test between groups: chi-square, degrees of freedom, and the chance of as much by luck."""

    chi_square: float
    degrees: int
    probability: float


_ROUNDING = 1e-12


def curve(durations: ArrayLike, observed: ArrayLike) -> Curve:
    """Return the Kaplan-Meier curve.

    Args:
        durations: time until the event, or until it was last seen not to have happened, shape (n,), not negative.
        observed: whether the event happened at that time, shape (n,); False is censored.

    Raises:
        ValueError: the shapes differ, or a duration is negative or not a number.

    """
    lasted, happened = _checked(durations, observed)
    times = np.unique(lasted[happened])
    ordered = np.sort(lasted)
    at_risk = lasted.size - np.searchsorted(ordered, times, side="left")
    ended = np.sort(lasted[happened])
    events = np.searchsorted(ended, times, side="right") - np.searchsorted(ended, times, side="left")
    survival = np.cumprod((at_risk - events) / np.maximum(at_risk, 1), dtype=np.float64)
    left = at_risk - events
    growth = np.where(left > 0, events / (at_risk * np.where(left > 0, left, 1)), 0.0)
    deviation: Floats = np.where(survival > 0, survival * np.sqrt(np.cumsum(growth, dtype=np.float64)), 0.0)
    last = float(lasted.max()) if lasted.size else 0.0
    counts = (at_risk.astype(np.int64), events.astype(np.int64))
    return Curve(times, survival, deviation, *counts, last, int(lasted.size), ordered)


def log_rank(
    groups: Sequence[tuple[ArrayLike, ArrayLike]], strata: Sequence[ArrayLike] | None = None, within: float = inf
) -> LogRank | None:
    """Test whether groups get there equally fast; None where fewer than two groups have anybody, or nothing happened.

    With strata, members are compared with those of their own stratum alone, and what is left over is added up: groups
    that were mixed otherwise are not told apart by their mix (Mantel 1966).

    Args:
        groups: durations and whether they were observed, a pair for each group, as `curve` takes them.
        strata: for each group, the stratum of each member as a whole number; one stratum where nothing is given.
        within: what happens after so long is not compared.

    Raises:
        ValueError: durations are negative or missing, or strata are not as many as members.

    """
    from scipy.special import chdtrc

    checked = [_checked(*group) for group in groups]
    layers = [np.asarray(one) for one in strata] if strata is not None else [np.zeros(len(one)) for one, _ in checked]
    if [len(one) for one in layers] != [len(lasted) for lasted, _ in checked]:
        message = f"found strata of {[len(one) for one in layers]} members: expected {[len(one) for one, _ in checked]}"
        raise ValueError(message)
    there = [at for at, (lasted, _) in enumerate(checked) if lasted.size]
    if len(there) < 2:
        return None
    parts = []
    for layer in np.unique(np.concatenate(layers)):
        inside = [layers[at] == layer for at in there]
        parts.append(
            _surplus(
                [(checked[at][0][one], checked[at][1][one]) for at, one in zip(there, inside, strict=True)], within
            )
        )
    surplus, weight = (np.sum([one[i] for one in parts], axis=0) for i in (0, 1))
    if np.linalg.matrix_rank(weight) < len(weight):
        return None
    square = float(surplus @ np.linalg.solve(weight, surplus))
    return LogRank(square, len(weight), float(chdtrc(len(weight), square)))


def _surplus(groups: Sequence[tuple[Floats, NDArray[np.bool_]]], within: float) -> tuple[Floats, Floats]:
    """Return how many more got there than expected in all groups but the last, and the covariance of that."""
    times = np.unique(np.concatenate([lasted[happened & (lasted <= within)] for lasted, happened in groups]))
    at_risk = np.stack([(lasted[:, None] >= times).sum(axis=0) for lasted, _ in groups]).astype(np.float64)
    died = np.stack([(lasted[happened][:, None] == times).sum(axis=0) for lasted, happened in groups])
    n, d = at_risk.sum(axis=0), died.sum(axis=0).astype(np.float64)
    share = at_risk / n
    surplus = (died - share * d).sum(axis=1)[:-1]
    spread = np.where(n > 1, d * (n - d) / np.maximum(n - 1, 1), 0.0)
    variance = (np.eye(len(groups))[:, :, None] * share[:, None, :] - share[:, None, :] * share[None, :, :]) * spread
    return surplus, variance.sum(axis=2)[:-1, :-1]


def _checked(durations: ArrayLike, observed: ArrayLike) -> tuple[Floats, NDArray[np.bool_]]:
    lasted, happened = np.asarray(durations, dtype=np.float64), np.asarray(observed, dtype=np.bool_)
    if lasted.ndim != 1 or lasted.shape != happened.shape:
        message = f"found durations of shape {lasted.shape} and observed of {happened.shape}: expected (n,) of both"
        raise ValueError(message)
    if not np.isfinite(lasted).all() or (lasted < 0).any():
        worst = int(np.flatnonzero(~np.isfinite(lasted) | (lasted < 0))[0])
        message = f"duration {worst} is {lasted[worst]}: expected a number that is not negative"
        raise ValueError(message)
    return lasted, happened
