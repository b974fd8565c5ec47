"""Bundle prices beside an enumeration that knows nothing of a solver: every way in which segments may choose.

For given choices the feasible prices have a greatest point, found by lowering prices until every segment is content:
every price of it is critical, a reservation price, a floor or a difference of such. All choices together give the
optimum.
"""

from itertools import combinations, product

import numpy as np
import pytest
from numpy.typing import NDArray

from hardgate.models.bundle import Segment, at_prices, best_components, best_mixed, best_pure, by_size

Floats = NDArray[np.float64]
HIGH = 1e4


def enumerated(  # the parts of a market
    sizes: Floats,
    values: Floats,
    costs: Floats,
    floors: Floats,
    needs: Floats,
    capacity: float,
) -> float:
    """The greatest profit over all choices; values of every bundle, shape (segments, bundles)."""
    count, offers = values.shape
    parts = round(np.log2(offers + 1))
    names = [frozenset(one) for size in range(1, parts + 1) for one in combinations(range(parts), size)]
    unions = [(names.index(a | b), names.index(a), names.index(b)) for a in names for b in names if not a & b]
    taken = np.array(list(product(range(-1, offers), repeat=count)))
    used = np.where(taken >= 0, np.asarray(needs)[taken], 0.0) @ sizes
    taken = taken[used <= capacity + 1e-9]
    prices = np.full((len(taken), offers), HIGH)
    rows = np.arange(len(taken))
    for _ in range(60):
        before = prices.copy()
        for k in range(count):
            buys = taken[:, k] >= 0
            mine, at = rows[buys], taken[buys, k]
            best_other = np.maximum((values[k] - prices[mine]), 0.0)
            best_other[np.arange(len(mine)), at] = 0.0
            limit = values[k, at] - best_other.max(axis=1)
            prices[mine, at] = np.minimum(prices[mine, at], limit)
        for whole, one, other in unions:
            prices[:, whole] = np.minimum(prices[:, whole], prices[:, one] + prices[:, other])
        if np.array_equal(before, prices):
            break
    good = (prices >= np.asarray(floors) - 1e-9).all(axis=1)
    for k in range(count):
        idle = taken[:, k] < 0
        good &= ~idle | (values[k] <= prices + 1e-9).all(axis=1)
    paid = np.where(taken >= 0, np.take_along_axis(prices, np.maximum(taken, 0), axis=1) - np.asarray(costs)[taken], 0)
    return float((paid @ sizes)[good].max())


def case(seed: int, parts: int, segments: int):  # type: ignore[no-untyped-def]  # noqa: ANN201
    random = np.random.default_rng(seed)
    names = [one for size in range(1, parts + 1) for one in combinations(range(parts), size)]
    single = random.integers(0, 40, (segments, parts)) * 10.0
    values = np.array([[row[list(one)].sum() * (1.0 if len(one) == 1 else 0.9) for one in names] for row in single])
    costs = np.array([10.0 * len(one) * random.integers(1, 6) for one in names])
    floors = costs * random.choice([0.0, 1.0, 1.5], len(names))
    needs = np.array([float(len(one)) for one in names])
    sizes = random.integers(1, 9, segments).astype(float)
    capacity = float(sizes.sum() * parts * random.choice([0.3, 0.6]))
    return sizes, values, costs, floors, needs, capacity


def same_as_enumerated(seed: int, parts: int, segments: int) -> tuple[float, float]:
    sizes, values, costs, floors, needs, capacity = case(seed, parts, segments)
    offered = [Segment(float(n), tuple(row)) for n, row in zip(sizes, values.tolist(), strict=True)]
    found, apart, together = (
        how(offered, costs.tolist(), floors.tolist(), needs=needs.tolist(), capacity=capacity, products=parts)
        for how in (best_mixed, best_components, best_pure)
    )
    assert found.profit >= max(apart.profit, together.profit) - 1e-6
    assert all(price is not None and price >= floor - 1e-6 for price, floor in zip(found.prices, floors, strict=True))
    used = sum(n * needs[b] for n, b in zip(sizes, found.choices, strict=True) if b is not None)
    assert used <= capacity + 1e-6
    return found.profit, enumerated(sizes, values, costs, floors, needs, capacity)


SMALL = [(seed, parts, segments) for parts, segments in ((1, 6), (2, 4), (2, 6), (3, 3), (3, 4)) for seed in range(4)]


@pytest.mark.parametrize(("seed", "parts", "segments"), SMALL)
def test_the_solver_finds_what_the_enumeration_finds(seed: int, parts: int, segments: int) -> None:
    found, expected = same_as_enumerated(seed, parts, segments)
    assert found == pytest.approx(expected, abs=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 112))
def test_three_parts_and_six_segments_too(seed: int) -> None:
    found, expected = same_as_enumerated(seed, 3, 6)
    assert found == pytest.approx(expected, abs=1e-6)


def test_prices_by_size_are_the_best_of_a_grid_and_beat_one_price_for_all_or_for_each() -> None:
    """Every pair of critical prices of two sizes, tried; customers take the product worth most, or both."""
    for seed in range(5):
        values = np.exp(np.random.default_rng(seed).normal(3.0, 0.6, (12, 2)))
        worth = np.stack([values.max(axis=1), values.sum(axis=1)], axis=1)
        ones = np.unique(worth[:, 0])
        best = 0.0
        for one in ones:
            for both in np.unique(np.concatenate([worth[:, 1] - np.maximum(worth[:, 0] - one, 0), [2 * one]])):
                if both <= 2 * one + 1e-9:
                    surplus = worth - (one, both)
                    gain = np.where(
                        surplus >= np.maximum(surplus.max(axis=1), 0)[:, None] - 1e-9, (one - 4, both - 8), -np.inf
                    )
                    buys = (worth - (one, both)).max(axis=1) >= -1e-9
                    best = max(best, float(np.where(buys, gain.max(axis=1), 0).sum()))
        found = by_size([Segment(1.0, tuple(row)) for row in values.tolist()], (4.0, 4.0))
        assert found.profit >= 0.985 * best
        assert found.profit <= best * (1 + 1e-9)


def test_what_prices_bring_is_what_the_plan_says() -> None:
    segments = [
        Segment(7, (450, 110, 530)),
        Segment(5, (75, 430, 480)),
        Segment(6, (290, 250, 410)),
        Segment(4.5, (220, 380, 390)),
    ]
    assert at_prices(segments, (0, 0), (330, 380, 410)).profit == 9090
    assert at_prices(segments, (0, 0), (330, 380, 411)).profit < 9090
