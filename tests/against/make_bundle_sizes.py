"""How close prices by size come to the best mixed bundling found, for 4 and 8 products and 2,000 drawn customers.

    .venv/bin/python -m tests.against.make_bundle_sizes > tests/against/bundle_sizes.json

Knows nothing of `hardgate.models.bundle_sizes` but its answer. Mixed bundling has a price for every bundle; it is
searched from prices by size, from components and from drawn mixtures of both, one price at a time at the best of all
at which somebody changes what they take, until no price moves for the better. Components are searched in the same way
with one price a product. All are what was found, and no proof of a best.
"""

import json
import sys
import time

import numpy as np
from numpy.typing import NDArray

from hardgate.models.bundle import Segment, by_size

Floats = NDArray[np.float64]
DRAWS, ROUNDS, STARTS = 2000, 12, 1
COST = {"lognormal": 4.0, "normal": 4.0}


def drawn(items: int, family: str, seed: int) -> Floats:
    """Reservation prices, shape (customers, items): correlated a little, items of different worth."""
    random = np.random.default_rng(seed)
    shared, own = random.normal(size=(DRAWS, 1)), random.normal(size=(DRAWS, items))
    noise = np.sqrt(0.2) * shared + np.sqrt(0.8) * own
    level = np.linspace(0.8, 1.2, items)
    found: Floats = np.maximum(level * (12 + 5 * noise), 0.0)
    if family == "lognormal":
        found = level * np.exp(2.3 + 0.6 * noise)
    return found


def profit(worth: Floats, cost: Floats, prices: Floats) -> float:
    surplus = worth - prices
    most = np.maximum(surplus.max(axis=1), 0.0)
    gain = np.where(surplus >= most[:, None] - 1e-9, prices - cost, -np.inf).max(axis=1)
    return float(np.where(np.isfinite(gain) & ~((most <= 1e-9) & (gain < 0)), gain, 0.0).sum())


def mixed(worth: Floats, cost: Floats, prices: Floats) -> tuple[float, Floats]:
    """The best found from some prices; bundles are masks from 1 on, at position mask - 1."""
    count = worth.shape[1]
    prices, best = prices.copy(), profit(worth, cost, prices)
    parts = [[(a, b ^ a) for a in range(1, b) if a & b == a and a > b ^ a] for b in range(1, count + 1)]
    above = [[m for m in range(1, count + 1) if m & b == b and m != b] for b in range(1, count + 1)]
    surplus = worth - prices
    for _ in range(ROUNDS):
        before = best
        for at in range(count):
            b = at + 1
            high = min((prices[x - 1] + prices[y - 1] for x, y in parts[at]), default=np.inf)
            low = max((prices[m - 1] - prices[(m ^ b) - 1] for m in above[at]), default=0.0)
            surplus[:, at] = -np.inf
            kept = np.maximum(surplus.max(axis=1), 0.0)
            other = np.where(surplus >= kept[:, None] - 1e-9, prices - cost, -np.inf).max(axis=1)
            other = np.where(np.isfinite(other) & ~((kept <= 1e-9) & (other < 0)), other, 0.0)
            limit = np.sort(worth[:, at] - kept)[::-1]
            order = np.argsort(-(worth[:, at] - kept), kind="stable")
            earned = (limit - cost[at]) * np.arange(1, len(limit) + 1) - np.cumsum(other[order]) + other.sum()
            earned[(limit < low - 1e-9) | (limit > high + 1e-9)] = -np.inf
            top = int(earned.argmax())
            if np.isfinite(earned[top]) and earned[top] > best + 1e-6:
                tried = prices.copy()
                tried[at] = limit[top]
                found = profit(worth, cost, tried)
                if found > best + 1e-6:
                    prices, best = tried, found
            surplus[:, at] = worth[:, at] - prices[at]
        if best < before * (1 + 1e-4):
            break
    return best, prices


def components(values: Floats, cost: float) -> tuple[float, Floats]:
    """One price a product: each is its own market where worth adds up."""
    found, prices = 0.0, []
    for column in values.T:
        limit = np.sort(column)[::-1]
        earned = (limit - cost) * np.arange(1, len(limit) + 1)
        prices.append(limit[int(earned.argmax())])
        found += float(earned.max())
    return found, np.array(prices)


def studied(items: int, family: str, seed: int) -> dict[str, object]:
    values, each = drawn(items, family, seed), COST[family]
    masks = np.arange(1, 2**items)
    holds = (masks[:, None] >> np.arange(items)) & 1
    worth, cost, size = values @ holds.T, each * holds.sum(axis=1), holds.sum(axis=1)
    begun = time.process_time()
    sized = by_size([Segment(1.0, tuple(row)) for row in values.tolist()], (each,) * items)
    seconds = time.process_time() - begun
    apart, single = components(values, each)
    by_sizes = np.array([float(one or 0) for one in sized.prices])[size - 1]
    added = holds @ single
    random = np.random.default_rng(seed)
    mixtures = [part * by_sizes + (1 - part) * added for part in random.uniform(0, 1, STARTS)]
    best = max(mixed(worth, cost, start)[0] for start in (by_sizes, added, *mixtures))
    return {
        "items": items, "family": family, "seed": seed, "by_size": round(sized.profit, 4),
        "components": round(apart, 4), "mixed_found": round(best, 4), "seconds": round(seconds, 2),
        "prices": [round(float(one or 0), 6) for one in sized.prices],
    }  # fmt: skip


if __name__ == "__main__":
    cases = [(items, family, seed) for items in (4, 8) for family in ("lognormal", "normal") for seed in (1,)]
    found = [studied(*case) for case in cases]
    json.dump({"draws": DRAWS, "numpy": np.__version__, "cases": found}, sys.stdout, indent=1)
    sys.stdout.write("\n")
