"""Prices by size, found by moving one price at a time: for markets that are too large for an exact answer.

Wrong as a proof of the best: it stops where no single price can be moved for the better; `bundle.best_mixed` is exact.

>>> sizes, worth, cost = np.array([1.0, 1.0]), np.array([[8000.0, 10500.0], [7000.0, 10000.0]]), np.zeros((2, 2))
>>> ascend(sizes, worth, cost, np.zeros(2), 5)[2]
20000.0

Source: Chu, Leslie & Sorensen (2011), American Economic Review 101.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
MOST_CANDIDATES = 240
STARTS, SEED = 12, 7
TIE = 1e-9


def ascend(
    counts: Floats, worth: Floats, cost: Floats, least: Floats, rounds: int
) -> tuple[Floats, NDArray[np.int64], float]:
    """Return prices by size, what each customer takes (-1 for nothing) and the profit.

    Args:
        counts: how many of each customer, shape (customers,).
        worth: of the best products of each size, shape (customers, sizes).
        cost: of these, shape (customers, sizes).
        least: the lowest price of each size, shape (sizes,).
        rounds: how often all prices are tried.

    """
    best: tuple[Floats, float] | None = None
    for start in _starts(worth, cost, least):
        prices, profit = start.copy(), _profit(counts, worth, cost, start)[0]
        for _ in range(rounds):
            before = profit
            for size in range(len(prices)):
                prices, profit = _moved(counts, worth, cost, least, prices, size, profit)
            if profit <= before + TIE:
                break
        if best is None or profit > best[1] + TIE:
            best = prices, profit
    if best is None:  # pragma: no cover  there is always a start
        raise ValueError("no sizes")
    profit, taken = _profit(counts, worth, cost, best[0])
    return best[0], taken, profit


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


def _moved(
    counts: Floats, worth: Floats, cost: Floats, least: Floats, prices: Floats, size: int, profit: float
) -> tuple[Floats, float]:
    """Return the best of moving one price, it and all larger sizes by as much, or it and all smaller ones."""
    together = (slice(size, size + 1), slice(size, None), slice(0, size + 1))
    for moved in together[: 1 if len(prices) == 1 else 3]:
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


def _adds_up(prices: Floats) -> bool:
    """Tell whether no size costs more than two smaller ones that make it up."""
    return all(
        prices[i + j + 1] <= prices[i] + prices[j] + TIE
        for i in range(len(prices))
        for j in range(i, len(prices) - i - 1)
    )


def _profit(counts: Floats, worth: Floats, cost: Floats, prices: Floats) -> tuple[float, NDArray[np.int64]]:
    surplus = worth - prices
    best = np.maximum(surplus.max(axis=1), 0.0)
    earns = np.where(surplus >= best[:, None] - TIE, prices - cost, -np.inf)
    taken = earns.argmax(axis=1)
    gain = np.take_along_axis(earns, taken[:, None], axis=1)[:, 0]
    refused = np.isneginf(gain) | ((best <= TIE) & (gain < 0))
    return float((counts * np.where(refused, 0.0, gain)).sum()), np.where(refused, -1, taken)
