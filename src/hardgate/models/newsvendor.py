"""How large should the next block be? So large that its last GPU is used just often enough to pay for itself.

One resource, bought once before demand is known. Each used GPU earns its margin, each GPU costs its ownership, used or
not; the last one is worth buying while the chance that demand reaches it is at least cost over margin. Several
resources, and limits on them, are for `block`. Wrong when a block that turns out too small can be followed at once:
then start smaller, see `real_option`.

Demand of 10,000 GPUs, give or take 25 %; a used GPU earns 14,000 a year and costs 9,000:

>>> round(block_size(10_000, 0.25, 14_000, 9_000))
9125

Source: Arrow, Harris & Marschak (1951), Econometrica 19.
"""

import math

from hardgate.models.block import Regret

LOGNORMAL_LIMIT = 8.0  # standard deviations beyond which nothing is looked for


def critical_ratio(margin: float, cost: float) -> float:
    """The chance, of demand staying below the block, at which its last GPU just pays: (margin - cost)/margin.

    Raises:
        ValueError: the margin is not positive, or the cost is negative.

    """
    if not (0 < margin < math.inf and 0 <= cost < math.inf):
        raise ValueError(f"margin {margin}, cost {cost} of a GPU: expected a positive margin and no negative cost")
    return max(1 - cost / margin, 0.0)


def block_size(median: float, sigma: float, margin: float, cost: float) -> float:
    """The capacity at which the last GPU just pays, where demand is lognormal; 0 where none does.

    Args:
        median: of demand.
        sigma: standard deviation of its logarithm.
        margin: of a used GPU, before its ownership.
        cost: of owning a GPU, used or not, over the same time; at 0 there is no limit: infinite.

    Raises:
        ValueError: the median is not positive, sigma is negative, the margin is not positive or the cost negative.

    """
    from scipy.special import ndtri

    if not (0 < median < math.inf and 0 <= sigma < math.inf):
        raise ValueError(f"median {median}, sigma {sigma}: expected a positive median and no negative sigma")
    ratio = critical_ratio(margin, cost)
    if ratio in {0.0, 1.0}:
        return 0.0 if ratio == 0 else math.inf
    return median * math.exp(sigma * float(ndtri(ratio)))


def expected_profit(size: float, median: float, sigma: float, margin: float, cost: float) -> float:
    """The mean of margin on what is used of a block, less what all of it costs; lognormal demand.

    >>> round(expected_profit(9_125, 10_000, 0.25, 14_000, 9_000) / 1e6, 2)
    38.84
    """
    from scipy.special import ndtr

    if size <= 0:
        return 0.0
    d = (math.log(size / median)) / max(sigma, 1e-12)
    used = median * math.exp(sigma * sigma / 2) * float(ndtr(d - sigma)) + size * float(ndtr(-d))
    return margin * used - cost * size


def least_regret(median: float, sigma: float, regret: "Regret | None" = None, points: int = 401) -> float:
    """The block with the least mean regret over lognormal demand: too large and too small weigh as `regret` says.

    A choice that needs no margin: only how much worse too small is than too large.
    """
    import numpy as np
    from scipy.special import ndtri

    weighs = regret or Regret()
    demand = median * np.exp(sigma * ndtri((np.arange(points) + 0.5) / points))
    return float(demand[int(np.argmin(weighs.of(demand[:, np.newaxis], demand[np.newaxis, :]).mean(axis=0)))])
