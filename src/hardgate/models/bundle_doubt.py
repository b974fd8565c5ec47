"""Prices of bundles for reservation prices that are not known exactly: the best mean profit over draws of them.

The exact best prices stand at what somebody would just pay, so that a little less than was thought loses the sale.
Here one price after the other is moved while the mean profit over the draws rises, from each of some starting points:
no price below its floor, no bundle dearer than its parts, and on average no more of what is scarce than there is. Wrong
where draws are few: the search fits them, so judge its prices on others.

A hundred customers would pay 10, give or take 2. At 10 half of them leave; a lower price keeps most:

>>> values = 10 + 2 * np.linspace(-1.5, 1.5, 31)[:, None, None]
>>> (price,) = best_over(values, [100.0], [4.0], [[10.0]], bundles=[(0,)])
>>> f"{price:.2f}", int((values >= price).sum()), int((values >= 10).sum())
('8.80', 22, 16)

Source: METHODS 6, profit over the posterior of reservation prices.
"""

from collections.abc import Callable, Sequence
from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hardgate.models.bundle import chosen

Floats = NDArray[np.float64]
STEPS = (0.8, 0.9, 0.97, 1.03, 1.1)
"""By what a price is moved at once."""
ROUNDS = 6
ENOUGH = 1e-3
"""A round that brings less than this part more is the last."""


def best_over(
    values: ArrayLike,
    sizes: ArrayLike,
    costs: ArrayLike,
    starts: Sequence[Sequence[float | None]],
    *,
    bundles: Sequence[tuple[int, ...]],
    floors: ArrayLike | None = None,
    needs: ArrayLike | None = None,
    capacity: float | None = None,
) -> tuple[float, ...]:
    """Return the prices of all bundles with the best mean profit found.

    Args:
        values: of each draw, segment and bundle, shape (draws, segments, bundles).
        sizes: of the segments.
        costs: of the bundles.
        starts: prices of the bundles to begin with; None where one is not offered, which is then asked too much for.
        bundles: the products of each bundle, single ones among them.
        floors: the least price of each bundle; its cost where none is given.
        needs: of each bundle, of what `capacity` holds.
        capacity: mean use that is not passed; None for no limit.

    """
    drawn, many, cost = (np.asarray(one, np.float64) for one in (values, sizes, costs))
    least = cost if floors is None else np.asarray(floors, np.float64)
    use = np.zeros(len(cost)) if needs is None else np.asarray(needs, np.float64)
    rows = drawn.reshape(-1, drawn.shape[-1])
    dear = 2 * rows.max(axis=0) + least

    def mean(prices: Floats) -> float:
        taken = chosen(rows, prices, cost).reshape(drawn.shape[:2])
        sold = taken >= 0
        if capacity is not None and (np.where(sold, use[taken], 0.0) @ many).mean() > capacity:
            return -np.inf
        return float((np.where(sold, (prices - cost)[taken], 0.0) @ many).mean())

    begun = [np.array([dear[at] if one is None else one for at, one in enumerate(start)]) for start in starts]
    found = [_climbed(_fair(np.maximum(one, least), bundles), least, bundles, mean) for one in begun]
    return tuple(max(found, key=lambda one: one[0])[1].tolist())


def _climbed(
    prices: Floats, floors: Floats, bundles: Sequence[tuple[int, ...]], mean: Callable[[Floats], float]
) -> tuple[float, Floats]:
    """Move one price after the other while the mean rises; return it and the prices."""
    reached = mean(prices)
    for _ in range(ROUNDS):
        before = reached
        for at, step in product(range(len(floors)), STEPS):
            tried = prices.copy()
            tried[at] = max(prices[at] * step, floors[at])
            tried = _fair(tried, bundles)
            earned = mean(tried)
            if earned > reached:
                prices, reached = tried, earned
        if reached <= before * (1 + ENOUGH):
            break
    return reached, prices


def _fair(prices: Floats, bundles: Sequence[tuple[int, ...]]) -> Floats:
    """Lower every bundle to what two bundles that make it up cost together."""
    at = {one: place for place, one in enumerate(bundles)}
    fair = prices.copy()
    for bundle in sorted(bundles, key=len):
        for part in bundles:
            rest = tuple(one for one in bundle if one not in part)
            if rest in at and set(part) < set(bundle):
                fair[at[bundle]] = min(fair[at[bundle]], fair[at[part]] + fair[at[rest]])
    return fair
