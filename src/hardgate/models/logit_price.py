"""The prices of substitutes when buyers choose by a logit: every product carries the same markup over its cost.

Wrong when products differ in whom they attract: buyers who care more for price than others make markups differ.

Two products of utility 2 - p and 1 - p that cost 1 and .5:

>>> round(markup([2.0, 1.0], 1.0, [1.0, 0.5]), 6)
1.755049

Source: Anderson, de Palma & Thisse (1992), Discrete Choice Theory of Product Differentiation; Lambert's W as in
Corless et al. (1996), Advances in Computational Mathematics 5.
"""

import math

import numpy as np
from numpy.typing import ArrayLike


def markup(utilities: ArrayLike, sensitivity: float, costs: ArrayLike) -> float:
    """The markup over cost that is best on every product: (1 + W(sum exp(a - b c - 1))) / b.

    Args:
        utilities: of each product at a price of nothing, shape (products,); not buying has 0.
        sensitivity: b, the utility that one unit of money is worth.
        costs: of each product, shape (products,).

    Raises:
        ValueError: the sensitivity is not positive.

    """
    if not 0 < sensitivity < math.inf:
        raise ValueError(f"a sensitivity of {sensitivity}: expected a positive one")
    from scipy.special import lambertw, logsumexp

    exponents = np.asarray(utilities, dtype=np.float64) - sensitivity * np.asarray(costs, dtype=np.float64) - 1
    total = float(logsumexp(exponents))
    if total < 500:
        return (1 + float(lambertw(math.exp(total)).real)) / sensitivity
    w = total - math.log(total)  # W(e^x) solves w + ln w = x
    for _ in range(20):
        w -= (w + math.log(w) - total) / (1 + 1 / w)
    return (1 + w) / sensitivity


def profit(prices: ArrayLike, utilities: ArrayLike, sensitivity: float, costs: ArrayLike) -> float:
    """The mean profit from one buyer at some prices."""
    price, cost = np.asarray(prices, dtype=np.float64), np.asarray(costs, dtype=np.float64)
    weights = np.exp(np.asarray(utilities, dtype=np.float64) - sensitivity * price)
    return float(((price - cost) * weights).sum() / (1 + weights.sum()))
