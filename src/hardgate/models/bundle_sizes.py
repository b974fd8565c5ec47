"""Prices by size: exactly where few customers are told apart, else by moving one price at a time to its best.

Where customers can choose in few ways, each way has greatest prices at which they do choose so, and the best of all
ways is the best there is. Else every single price is moved to the best of those at which somebody changes what they
take, all in one sort; then prices rise together as far as the choices hold. Wrong as a proof of the best in a large
market: it stops where no such move is for the better.

>>> sizes, worth, cost = np.array([1.0, 1.0]), np.array([[8000.0, 10500.0], [7000.0, 10000.0]]), np.zeros((2, 2))
>>> best(sizes, worth, cost, np.zeros(2), 5)[2]
20000.0

Source: Chu, Leslie & Sorensen (2011), American Economic Review 101.
"""

from itertools import product

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Choices = NDArray[np.int64]
Found = tuple[Floats, Choices, float]
MOST_WAYS = 5_000
"""Ways to choose that are all looked at: six customers and three sizes have 4,096."""
MOST_CANDIDATES, TRIED = 40, 3
STARTS, SEED = 8, 7
TIE = 1e-9


def best(counts: Floats, worth: Floats, cost: Floats, least: Floats, rounds: int) -> Found:
    """Return prices by size, what each customer takes (-1 for nothing) and the profit.

    Args:
        counts: how many of each customer, shape (customers,).
        worth: of the best products of each size, shape (customers, sizes).
        cost: of these, shape (customers, sizes).
        least: the lowest price of each size, shape (sizes,).
        rounds: how often all prices are tried.

    """
    customers, sizes = worth.shape
    if customers * np.log(sizes + 1) <= np.log(MOST_WAYS):
        return _exactly(counts, worth, cost, least)
    return _ascended(counts, worth, cost, least, rounds)


def _exactly(counts: Floats, worth: Floats, cost: Floats, least: Floats) -> Found:
    """Look at every way in which customers may choose, at the greatest prices at which they do."""
    customers, sizes = worth.shape
    ways = np.array(list(product(range(-1, sizes), repeat=customers)))
    prices = _greatest(worth, ways)
    fits = (prices >= least - TIE).all(axis=1)
    for one in range(customers):
        fits &= (ways[:, one] >= 0) | (worth[one] <= prices + TIE).all(axis=1)
    at = np.maximum(ways, 0)
    gain = np.take_along_axis(prices, at, axis=1) - cost[np.arange(customers), at]
    earned = np.where(fits, np.where(ways >= 0, gain, 0.0) @ counts, -np.inf)
    found = prices[int(earned.argmax())]
    profit, taken = _profit(counts, worth, cost, found)
    return found, taken, profit


def _greatest(worth: Floats, ways: Choices) -> Floats:
    """Return the greatest prices at which every customer takes what a way says or more dearly, a row a way.

    They come from above, each lowered to what its customers and smaller sizes allow, until none has to be.
    """
    customers, sizes = worth.shape
    high = worth.max(initial=0.0) * (sizes + 1) + 1.0
    prices, rows = np.full((len(ways), sizes), high), np.arange(len(ways))
    for _ in range(customers * sizes + sizes):
        before = prices.copy()
        for one in range(customers):
            buys = ways[:, one] >= 0
            mine, at = rows[buys], ways[buys, one]
            surplus = np.maximum(worth[one] - prices[mine], 0.0)
            surplus[np.arange(len(mine)), at] = 0.0
            prices[mine, at] = np.minimum(prices[mine, at], worth[one, at] - surplus.max(axis=1))
        for small in range(sizes):
            for other in range(small, sizes - small - 1):
                both = small + other + 1
                prices[:, both] = np.minimum(prices[:, both], prices[:, small] + prices[:, other])
        if np.array_equal(before, prices):
            break
    return prices


def _ascended(counts: Floats, worth: Floats, cost: Floats, least: Floats, rounds: int) -> Found:
    """Move prices from several starts until none is moved for the better."""
    top: tuple[Floats, float] | None = None
    for start in _starts(worth, cost, least):
        prices, profit = start.copy(), _profit(counts, worth, cost, start)[0]
        for _ in range(rounds):
            before = profit
            for size in range(len(prices)):
                prices, profit = _alone(counts, worth, cost, least, prices, size, profit)
                prices, profit = _together(counts, worth, cost, least, prices, size, profit)
            prices, profit = _raised(counts, worth, cost, least, prices, profit)
            if profit <= before + TIE * max(1.0, before):
                break
        if top is None or profit > top[1] + TIE:
            top = prices, profit
    if top is None:  # pragma: no cover  there is always a start
        raise ValueError("no sizes")
    profit, taken = _profit(counts, worth, cost, top[0])
    return top[0], taken, profit


def _starts(worth: Floats, cost: Floats, least: Floats) -> list[Floats]:
    """Return where to begin: prices at which the dearest, half, or a quarter would buy, and only all at once."""
    found = [np.maximum(np.quantile(worth, part, axis=0), least) for part in (0.25, 0.5, 0.75)]
    alone = np.full(worth.shape[1], worth.max() + 1.0)
    alone[-1] = max(float(np.median(worth[:, -1])), float(least[-1]), float(cost[:, -1].mean()))
    sizes = np.arange(1, worth.shape[1] + 1)
    linear = [np.maximum(np.quantile(worth[:, 0], part) * sizes, least) for part in (0.3, 0.5, 0.7)]
    random = np.random.default_rng(SEED)
    drawn = [
        np.maximum(
            np.minimum(np.quantile(worth, random.uniform(), axis=0), linear[-1] * random.uniform(0.5, 1.5)), least
        )
        for _ in range(STARTS)
    ]
    return [*found, alone, *linear, *drawn]


def _alone(
    counts: Floats, worth: Floats, cost: Floats, least: Floats, prices: Floats, size: int, profit: float
) -> tuple[Floats, float]:
    """Move one price to the best at which somebody changes what they take: all of them, in one sort."""
    rest = np.arange(len(prices)) != size
    surplus = worth[:, rest] - prices[rest]
    kept = np.maximum(surplus.max(axis=1, initial=0.0), 0.0)
    earns = np.where(surplus >= kept[:, None] - TIE, prices[rest] - cost[:, rest], -np.inf).max(axis=1, initial=-np.inf)
    other = np.where(np.isneginf(earns) | ((kept <= TIE) & (earns < 0)), 0.0, earns)
    limit = worth[:, size] - kept
    order = np.argsort(-limit, kind="stable")
    candidate, many = limit[order], np.cumsum(counts[order])
    spent = np.cumsum((counts * cost[:, size])[order])
    lost = np.cumsum((counts * other)[order])
    earned = candidate * many - spent - lost + float(counts @ other)
    low, high = _bounds(prices, size, least)
    earned[(candidate < low - TIE) | (candidate > high + TIE)] = -np.inf
    for at in np.argsort(-earned, kind="stable")[:TRIED].tolist():
        if np.isfinite(earned[at]):
            tried = prices.copy()
            tried[size] = candidate[at]
            found = _profit(counts, worth, cost, tried)[0]
            if found > profit + TIE:
                prices, profit = tried, found
    return prices, profit


def _bounds(prices: Floats, size: int, least: Floats) -> tuple[float, float]:
    """Return between what one price may lie: no size costs more than two smaller ones that make it up."""
    count = len(prices)
    high = min((prices[i] + prices[size - i - 1] for i in range(size)), default=np.inf)
    low = max((prices[size + i + 1] - prices[i] for i in range(count - size - 1)), default=-np.inf)
    if 2 * size + 1 < count:
        low = max(low, prices[2 * size + 1] / 2)
    return max(float(low), float(least[size])), float(high)


def _together(
    counts: Floats, worth: Floats, cost: Floats, least: Floats, prices: Floats, size: int, profit: float
) -> tuple[Floats, float]:
    """Move a price and all of larger sizes by as much, or it and all of smaller ones, where that is better."""
    for moved in (slice(size, None), slice(0, size + 1)):
        still = np.ones(len(prices), dtype=np.bool_)
        still[moved] = False
        kept = np.maximum((worth[:, still] - prices[still]).max(axis=1, initial=0.0), 0.0)
        candidates = np.unique(worth[:, size] - kept)
        if len(candidates) > MOST_CANDIDATES:
            candidates = candidates[np.linspace(0, len(candidates) - 1, MOST_CANDIDATES).round().astype(np.int64)]
        start = prices
        for candidate in candidates.tolist():
            tried = start.copy()
            tried[moved] += candidate - start[size]
            if (tried >= least - TIE).all() and _adds_up(tried):
                earned = _profit(counts, worth, cost, tried)[0]
                if earned > profit + TIE:
                    prices, profit = tried, earned
    return prices, profit


def _raised(
    counts: Floats, worth: Floats, cost: Floats, least: Floats, prices: Floats, profit: float
) -> tuple[Floats, float]:
    """Raise all prices as far as everybody still takes what they take."""
    taken = _profit(counts, worth, cost, prices)[1]
    tried = prices.copy()
    for _ in range(len(prices) * 4):
        before = tried.copy()
        for size in range(len(prices)):
            mine = taken == size
            if mine.any():
                rest = np.arange(len(prices)) != size
                kept = np.maximum((worth[mine][:, rest] - tried[rest]).max(axis=1, initial=0.0), 0.0)
                high = _bounds(tried, size, least)[1]
                tried[size] = max(tried[size], min(float((worth[mine, size] - kept).min()), high))
        if np.array_equal(before, tried):
            break
    earned = _profit(counts, worth, cost, tried)[0]
    return (tried, earned) if earned > profit + TIE and _adds_up(tried) else (prices, profit)


def _adds_up(prices: Floats) -> bool:
    """Tell whether no size costs more than two smaller ones that make it up."""
    return all(
        prices[i + j + 1] <= prices[i] + prices[j] + TIE
        for i in range(len(prices))
        for j in range(i, len(prices) - i - 1)
    )


def _profit(counts: Floats, worth: Floats, cost: Floats, prices: Floats) -> tuple[float, Choices]:
    surplus = worth - prices
    most = np.maximum(surplus.max(axis=1), 0.0)
    earns = np.where(surplus >= most[:, None] - TIE, prices - cost, -np.inf)
    taken = earns.argmax(axis=1)
    gain = np.take_along_axis(earns, taken[:, None], axis=1)[:, 0]
    refused = np.isneginf(gain) | ((most <= TIE) & (gain < 0))
    return float((counts * np.where(refused, 0.0, gain)).sum()), np.where(refused, -1, taken)
