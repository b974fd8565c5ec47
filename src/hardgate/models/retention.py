"""How long customers stay: two models of dying out, and one of what they spend, fitted to whole columns at once.

`fit_sbg` is for those who must renew: everyone has a chance to leave each period, and the chances differ (shifted
beta-geometric). `fit_bgnbd` is for those who come when they like: each buys at a rate of its own and may die after any
purchase. Wrong when leaving is moved from outside (a subsidy that ends, a competitor that opens): then the past chance
is not the next one. Unstable with a few dozen customers; `renewals.fit` borrows from other cities.

A high-end segment of 1,000, seven years (Fader & Hardie 2007):

>>> high_end = fit_sbg([0.869, 0.743, 0.653, 0.593, 0.551, 0.517, 0.491])
>>> f"alpha {high_end.alpha:.3f}, beta {high_end.beta:.3f}"
'alpha 0.668, beta 3.806'

Sources: Fader & Hardie (2007), Journal of Interactive Marketing 21, for the shifted beta-geometric; Fader, Hardie & Lee
(2005), Marketing Science 24, for BG/NBD; Fader & Hardie (2013), "The Gamma-Gamma Model of Monetary Value".
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models import bgnbd
from hardgate.models.bgnbd import BgNbd

Floats = NDArray[np.float64]
BOX = 12.0
"""Logarithms of the parameters stay within this: beyond it the data say nothing more."""


@dataclass(frozen=True, slots=True)
class Sbg:
    """A shifted beta-geometric distribution: the chance to leave each period is beta over the customers."""

    alpha: float
    beta: float

    def survival(self, periods: int) -> Floats:
        """Share still active after 0, 1, ... periods, shape (periods + 1,)."""
        at = np.arange(periods)
        return np.concatenate([[1.0], np.cumprod((self.beta + at) / (self.alpha + self.beta + at))])


@dataclass(frozen=True, slots=True)
class GammaGamma:
    """A fitted gamma-gamma model of what a purchase is worth."""

    p: float
    q: float
    v: float


def fit_sbg(surviving: ArrayLike) -> Sbg:
    """Fit a shifted beta-geometric to the shares still active after 1, 2, ... periods.

    Raises:
        ValueError: the shares are not between 0 and 1, or rise.

    """
    from hardgate.models.renewals import most_likely

    shares = np.concatenate([[1.0], np.asarray(surviving, np.float64).ravel()])
    if shares.size < 2 or not np.isfinite(shares).all() or (np.diff(shares) > 0).any() or shares[-1] < 0:
        raise ValueError("expected the shares still active after 1, 2, ... periods, from 1 down to 0 and never rising")
    found = np.exp(most_likely(-np.diff(shares)[None, :], shares[None, :-1]))[0]
    return Sbg(float(found[0]), float(found[1]))


def fit_bgnbd(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike) -> BgNbd:
    """Fit BG/NBD to customers: repeat purchases, the time of the last one, and the time watched.

    Args:
        frequency: repeat purchases, whole numbers, shape (customers,).
        recency: time from the first to the last purchase; 0 without a repeat, shape (customers,).
        age: time from the first purchase to the end of the watching, shape (customers,).

    Raises:
        ValueError: there is no customer, or one whose last purchase lies outside of its age.

    """
    return bgnbd.fit(frequency, recency, age, np.zeros(np.size(frequency), np.int64))[0]


def fit_bgnbd_many(frequency: ArrayLike, recency: ArrayLike, age: ArrayLike, group: ArrayLike) -> tuple[BgNbd, ...]:
    """Fit BG/NBD to each group of customers, all groups at once; `group` numbers them from 0.

    Raises:
        ValueError: as `fit_bgnbd`, or a group has no customer.

    """
    return bgnbd.fit(frequency, recency, age, group)


def fit_gamma_gamma(frequency: ArrayLike, value: ArrayLike) -> GammaGamma:
    """Fit the gamma-gamma model to customers with a repeat: how many repeats, and what they were worth on average.

    Raises:
        ValueError: a customer has no repeat, or one that is worth nothing.

    """
    from scipy.optimize import minimize
    from scipy.special import gammaln, psi

    x, m = (np.asarray(one, np.float64).ravel() for one in (frequency, value))
    if not x.size or x.size != m.size or not ((x > 0) & (m > 0) & np.isfinite(x) & np.isfinite(m)).all():
        raise ValueError("expected customers with at least one repeat, worth more than nothing")

    def loss(logs: Floats) -> tuple[float, Floats]:
        p, q, v = np.exp(logs)
        worth = np.log(x * m + v)
        each = gammaln(p * x + q) - gammaln(p * x) - gammaln(q) + q * np.log(v)
        each += (p * x - 1) * np.log(m) + p * x * np.log(x) - (p * x + q) * worth
        of_p = x * (psi(p * x + q) - psi(p * x) + np.log(m) + np.log(x) - worth)
        of_q = psi(p * x + q) - psi(q) + np.log(v) - worth
        of_v = q / v - (p * x + q) / (x * m + v)
        slopes = np.array([p * of_p.mean(), q * of_q.mean(), v * of_v.mean()])
        return -float(each.mean()), -slopes

    start = np.log([1.0, 2.0, max(float(m.mean()), 1e-9)])
    found = minimize(
        loss, start, jac=True, method="L-BFGS-B", bounds=[(-BOX, BOX)] * 3, options={"ftol": 1e-15, "gtol": 1e-9}
    )
    p, q, v = np.exp(found.x)
    return GammaGamma(float(p), float(q), float(v))
