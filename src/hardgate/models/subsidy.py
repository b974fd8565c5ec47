"""Who costs more than they pay under a price per seat, by how much, and the price or quota that would cover it.

Usage of seats has a heavy tail: few seats use many times what the median does, so that the mean, not the median, must
be paid for. Wrong when usage answers to the quota: users near it change what they do, and the past does not show it.

A seat sold at 30 whose usage is lognormal around 1,000 units (sigma 1.2) at a cost of .01 a unit:

>>> round(expected(30, 0.01, math.log(1000), 1.2), 5), round(share(30, 0.01, math.log(1000), 1.2), 5)
(7.17391, 0.17996)

Source: the mean excess of a lognormal, as in Black & Scholes (1973) for a call; Efron & Tibshirani (1993), An
Introduction to the Bootstrap, for the confidence of what covers a cost.
"""

import math
from statistics import NormalDist

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
DRAWS, SEED = 2000, 20260907
_NORMAL = NormalDist()


def expected(price: float, unit_cost: float, mu: float, sigma: float) -> float:
    """The mean amount by which the cost of a seat exceeds its price, E[(cX - s)+], of lognormal usage X.

    Args:
        price: of a seat, s.
        unit_cost: of one unit of usage, c.
        mu: mean of log usage.
        sigma: deviation of log usage.

    Raises:
        ValueError: the price is negative, or the unit cost or the deviation is not positive.

    """
    _check(price, unit_cost, sigma)
    mean = unit_cost * math.exp(mu + sigma**2 / 2)
    if price == 0:
        return mean
    d = (mu - math.log(price / unit_cost)) / sigma
    return mean * _NORMAL.cdf(d + sigma) - price * _NORMAL.cdf(d)


def share(price: float, unit_cost: float, mu: float, sigma: float) -> float:
    """The share of seats that cost more than they pay, of lognormal usage.

    Raises:
        ValueError: as in `expected`.

    """
    _check(price, unit_cost, sigma)
    return 1.0 if price == 0 else _NORMAL.cdf((mu - math.log(price / unit_cost)) / sigma)


def _check(price: float, unit_cost: float, sigma: float) -> None:
    if not (price >= 0 and unit_cost > 0 and sigma > 0):
        raise ValueError(f"price {price}, unit cost {unit_cost}, sigma {sigma}: expected a price and positive others")


def covering_price(
    costs: ArrayLike, seats: ArrayLike, confidence: float = 0.9, *, draws: int = DRAWS, seed: int = SEED
) -> float:
    """The price of a seat that pays for the mean cost of a seat with a confidence, were other accounts drawn.

    >>> round(covering_price([100, 200, 900], [10, 10, 10], 0.5), 2)
    40.0

    Args:
        costs: of each account, shape (accounts,).
        seats: of each account, shape (accounts,).
        confidence: the share of drawn sets of accounts whose cost this price covers.
        draws: how many sets of accounts are drawn (bootstrap).
        seed: of the draws.

    Raises:
        ValueError: there are no accounts, no seats, or the shapes differ.

    """
    cost, seat = _accounts(costs, seats)
    weights = _weights(len(cost), draws, seed)
    return float(np.quantile(weights @ cost / np.maximum(weights @ seat, np.finfo(float).tiny), confidence))


def covering_quota(
    usage: ArrayLike,
    seats: ArrayLike,
    unit_cost: float,
    price: float,
    confidence: float = 0.9,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
) -> float:
    """The usage that a seat may include for its price to pay for it with a confidence; inf where all may be.

    What an account uses beyond its seats' quota is stopped or paid for apart.

    >>> round(covering_quota([2000, 2000, 20_000], [1, 1, 1], 0.01, 30.0, 0.5), 1)
    5000.0

    Args:
        usage: units of each account, shape (accounts,).
        seats: of each account, shape (accounts,).
        unit_cost: of one unit.
        price: of a seat.
        confidence: the share of drawn sets of accounts for which it pays.
        draws: how many sets of accounts are drawn.
        seed: of the draws.

    Raises:
        ValueError: as in `covering_price`, or the unit cost is not positive.

    """
    used, seat = _accounts(usage, seats)
    if unit_cost <= 0:
        raise ValueError(f"a unit cost of {unit_cost}: expected a positive one")
    weights = _weights(len(used), draws, seed)
    seats_drawn = np.maximum(weights @ seat, np.finfo(float).tiny)

    def cost(quota: float) -> float:
        included = weights @ np.minimum(used, quota * seat) * unit_cost / seats_drawn
        return float(np.quantile(included, confidence))

    high = float((used / np.maximum(seat, np.finfo(float).tiny))[seat > 0].max())
    if cost(high) <= price:
        return math.inf
    low = 0.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if cost(middle) <= price else (low, middle)
    return low


def _accounts(values: ArrayLike, seats: ArrayLike) -> tuple[Floats, Floats]:
    value, seat = np.asarray(values, dtype=np.float64), np.asarray(seats, dtype=np.float64)
    if value.ndim != 1 or value.shape != seat.shape or not value.size or seat.sum() <= 0:
        raise ValueError(f"{value.shape} values of {seat.shape} seats: expected one of each account, and some seats")
    return value, seat


def _weights(accounts: int, draws: int, seed: int) -> Floats:
    """How often each account is in each drawn set, shape (draws, accounts)."""
    drawn = np.random.default_rng(seed).multinomial(accounts, np.full(accounts, 1 / accounts), size=draws)
    return drawn.astype(np.float64)
