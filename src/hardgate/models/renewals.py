"""The chance to leave, city by city, from counts of those lost and those at risk; small cities borrow from the others.

The hazard after k periods is a / (a + b + k): those who leave easily leave first. Counts of cohorts of any age add up
over cohorts, since each is at risk only as long as it was watched. Cities are drawn from one lognormal population,
whose mean and spread are estimated too (empirical Bayes by Laplace's approximation). The first periods can be left to
their own counts: who orders once and never again is no guide to those who stay. Wrong when cities are of two
kinds, and wrong beyond the ages that were watched when an end of subsidy will change who leaves.

Two cities that lose 1 of 10 and then 1 of 18; without a population each is its own:

>>> lost, risk = np.array([[10.0, 5.0], [100.0, 50.0]]), np.array([[100.0, 90.0], [1000.0, 900.0]])
>>> [f"{a / (a + b):.3f}" for a, b in np.exp(most_likely(lost, risk))]
['0.100', '0.100']

Sources: Fader & Hardie (2007), Journal of Interactive Marketing 21; Tierney & Kadane (1986), JASA 81, for Laplace's
approximation; Dempster, Laird & Rubin (1977), JRSS B 39, for the population.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
ROUNDS = 60
POPULATION_ROUNDS = 40
BOX = 9.0
NARROWEST = 0.05
"""Cities differ at least by this in their logarithms: a population of a few cities cannot show less."""
BORROWED = 20.0
"""Customers of all cities together that a city's own count of its first periods is joined by."""
_FLAT = np.zeros((2, 2))


@dataclass(frozen=True, slots=True)
class Posterior:
    """The logarithms of (a, b) of each city: their mean, shape (cities, 2), and covariance, shape (cities, 2, 2)."""

    mean: Floats
    covariance: Floats

    def draws(self, count: int, seed: int = 0) -> Floats:
        """Draw (a, b) of each city, shape (cities, count, 2); the same numbers serve every city."""
        normal = np.random.default_rng(seed).standard_normal((count, 2))
        root = np.linalg.cholesky(self.covariance + 1e-12 * np.eye(2))
        logs = self.mean[:, None, :] + np.einsum("cij,nj->cni", root, normal)
        return np.asarray(np.exp(np.clip(logs, -BOX, BOX)))


def survival(params: Floats, periods: int, early: Floats | None = None) -> Floats:
    """Share still active after 0, 1, ... periods, shape (..., periods + 1), from (a, b) of shape (..., 2).

    `early` is the share that stays in each of the first periods, shape (..., first), where counts say it.
    """
    a, b = params[..., :1], params[..., 1:]
    stay = (b + np.arange(periods)) / (a + b + np.arange(periods))
    if early is not None:
        stay[..., : early.shape[-1]] = early[..., :periods]
    return np.concatenate([np.ones((*stay.shape[:-1], 1)), np.cumprod(stay, axis=-1)], axis=-1)


def counted(lost: Floats, risk: Floats, count: int, seed: int = 0) -> Floats:
    """Draw the share that stays in each period from its counts alone, shape (cities, count, periods).

    A beta for each, that begins with the share of all cities as if `BORROWED` customers had shown it.
    """
    lost, risk = np.asarray(lost, np.float64), np.asarray(risk, np.float64)
    all_ = risk.sum(axis=0)
    leave = np.divide(lost.sum(axis=0) + 0.5, all_ + 1.0)
    left, stayed = lost + BORROWED * leave, risk - lost + BORROWED * (1 - leave)
    return np.random.default_rng(seed).beta(stayed[:, None, :], left[:, None, :], (len(lost), count, lost.shape[1]))


def most_likely(lost: Floats, risk: Floats) -> Floats:
    """Return the logarithms of (a, b) of each city that make its counts most likely, shape (cities, 2)."""
    return _climb(lost, risk, np.zeros(2), _FLAT)[0]


def fit(lost: Floats, risk: Floats, first: int = 0) -> Posterior:
    """Fit all cities and their population at once.

    Args:
        lost: how many left after period k (k = 0, 1, ...), shape (cities, periods).
        risk: how many were watched through period k, shape (cities, periods).
        first: periods that are left out, since `counted` tells them.

    Raises:
        ValueError: the shapes differ, or more left than were at risk.

    """
    lost, risk = np.asarray(lost, np.float64), np.asarray(risk, np.float64)
    if lost.shape != risk.shape or lost.ndim != 2 or not ((lost >= 0) & (lost <= risk)).all():
        raise ValueError("expected counts of lost and at risk of one shape, and never more lost than at risk")
    later = np.arange(lost.shape[1]) >= first
    lost, risk = lost * later, risk * later
    middle = _climb(lost.sum(axis=0, keepdims=True), risk.sum(axis=0, keepdims=True), np.zeros(2), np.eye(2) * 1e-3)[0][
        0
    ]
    spread: Floats = np.eye(2)
    mean, covariance = _climb(lost, risk, middle, np.eye(2), start=middle)
    for _ in range(POPULATION_ROUNDS if len(lost) > 1 else 0):
        middle, before = mean.mean(axis=0), spread
        away = mean - middle
        spread = (covariance + away[:, :, None] * away[:, None, :]).mean(axis=0) + NARROWEST**2 * np.eye(2)
        mean, covariance = _climb(lost, risk, middle, np.asarray(np.linalg.inv(spread), np.float64), start=middle)
        if np.abs(spread - before).max() < 1e-6:
            break
    return Posterior(mean, covariance)


def _climb(
    lost: Floats, risk: Floats, middle: Floats, precision: Floats, start: Floats | None = None
) -> tuple[Floats, Floats]:
    """Climb to the top of each city's posterior by damped Newton steps; return it and the inverse of its curvature."""
    lost, risk = np.asarray(lost, np.float64), np.asarray(risk, np.float64)
    logs = np.tile(np.array([0.0, 1.0]) if start is None else start, (len(lost), 1))
    value, slope, bend = _posterior(logs, lost, risk, middle, precision)
    damping = np.full(len(lost), 1e-3)
    for _ in range(ROUNDS):
        values, vectors = np.linalg.eigh(-bend)
        scale = np.abs(values).max(axis=1, keepdims=True) + 1e-12
        kept = np.maximum(np.abs(values), 1e-10 * scale) + damping[:, None] * scale
        step = np.einsum("gij,gj->gi", vectors, np.einsum("gji,gj->gi", vectors, slope) / kept)
        step /= np.maximum(np.abs(step).max(axis=1, keepdims=True), 1.0)
        tried = np.clip(logs + step, -BOX, BOX)
        new = _posterior(tried, lost, risk, middle, precision)
        better = new[0] >= value - 1e-12 * np.abs(value)
        logs, value = np.where(better[:, None], tried, logs), np.where(better, new[0], value)
        slope, bend = np.where(better[:, None], new[1], slope), np.where(better[:, None, None], new[2], bend)
        damping = np.where(better, damping / 10, damping * 10)
        if ((np.abs(step).max(axis=1) < 1e-9) | (damping > 1e12)).all():
            break
    values, vectors = np.linalg.eigh(-bend)
    inverse = np.einsum("gij,gj,gkj->gik", vectors, 1 / np.maximum(values, 1e-4), vectors)
    return logs, inverse


def _posterior(
    logs: Floats, lost: Floats, risk: Floats, middle: Floats, precision: Floats
) -> tuple[Floats, Floats, Floats]:
    """Return value, gradient and Hessian in the logarithms of (a, b)."""
    a, b = np.exp(logs[:, :1]), np.exp(logs[:, 1:])
    k = np.arange(lost.shape[1])
    stayed, all_, later = risk - lost, a + b + k, b + k
    value = (lost * logs[:, :1] + stayed * np.log(later) - risk * np.log(all_)).sum(axis=1)
    first = np.concatenate(
        [(lost - risk * a / all_).sum(1, keepdims=True), (b * (stayed / later - risk / all_)).sum(1, keepdims=True)], 1
    )
    bend = np.empty((len(logs), 2, 2))
    bend[:, 0, 0] = (-risk * a * (b + k) / all_**2).sum(1)
    bend[:, 0, 1] = bend[:, 1, 0] = (risk * a * b / all_**2).sum(1)
    bend[:, 1, 1] = (b * (stayed * k / later**2 - risk * (a + k) / all_**2)).sum(1)
    away = logs - middle
    pulled = away @ precision
    return value - 0.5 * (away * pulled).sum(1), first - pulled, bend - precision
