"""Bundle prices beside an enumeration that knows nothing of a solver: every way in which segments may choose.

For given choices the feasible prices have a greatest point, found by lowering prices until every segment is content:
every price of it is critical, a reservation price, a floor or a difference of such. All choices together give the
optimum.
"""

import json
from itertools import combinations, product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardgate.models import bundle_sizes
from hardgate.models.bundle import Segment, at_prices, best_components, best_mixed, best_pure, by_size
from tests.against.make_bundle_sizes import drawn, profit

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


def best_of_lattice(values: Floats, sizes: Floats, costs: Floats) -> float:
    """The greatest profit of three prices by size, all of them tried.

    Every price of a best plan is a reservation price or a difference of such, so that it is a multiple of ten where
    these are.
    """
    order = np.argsort(-values, axis=1, kind="stable")
    worth = np.cumsum(np.take_along_axis(values, order, axis=1), axis=1)
    cost = np.cumsum(costs[order], axis=1)
    one, two, three = (np.arange(0, 10 + worth[:, at].max(), 10.0) for at in range(3))
    prices = np.array(np.meshgrid(one, two, three, indexing="ij")).reshape(3, -1).T
    prices = prices[(prices[:, 1] <= 2 * prices[:, 0]) & (prices[:, 2] <= prices[:, 0] + prices[:, 1])]
    total = np.zeros(len(prices))
    for k, size in enumerate(sizes):
        surplus = worth[k] - prices
        most = np.maximum(surplus.max(axis=1), 0.0)
        earns = np.where(surplus >= most[:, None] - 1e-9, prices - cost[k], -np.inf).max(axis=1)
        total += size * np.where(np.isneginf(earns) | ((most <= 1e-9) & (earns < 0)), 0.0, earns)
    return float(total.max())


@pytest.mark.parametrize("seed", range(30))
def test_prices_by_size_are_the_best_of_their_kind_on_small_markets(seed: int) -> None:
    """Three products and up to six segments: equal to every price tried; the last 10 with costs that differ."""
    random = np.random.default_rng(seed)
    segments = 3 + seed % 4
    values = np.array(random.integers(0, 16, (segments, 3)), np.float64) * 10.0
    sizes: Floats = random.integers(1, 9, segments).astype(float)
    costs = np.array([10.0 * one for one in random.integers(0, 4, 3)])
    costs = costs if seed >= 20 else np.repeat(costs[:1], 3)
    offered = [Segment(float(n), tuple(row)) for n, row in zip(sizes, values.tolist(), strict=True)]
    found = by_size(offered, tuple(costs.tolist()))
    assert found.profit == pytest.approx(best_of_lattice(values, sizes, costs), abs=1e-6)
    if seed < 20:
        assert found.profit <= best_mixed(offered, tuple(costs.tolist())).profit + 1e-6


def test_where_the_exact_way_is_too_long_the_search_comes_close() -> None:
    """The same markets by the search of large ones: never above, and seldom more than three in a hundred below."""
    shares = []
    for seed in range(20):
        random = np.random.default_rng(seed)
        values, sizes = random.integers(0, 16, (6, 3)) * 10.0, random.integers(1, 9, 6).astype(float)
        worth = np.cumsum(np.sort(values, axis=1)[:, ::-1], axis=1)
        cost, least = np.tile([10.0, 20.0, 30.0], (6, 1)), np.zeros(3)
        exact = bundle_sizes._exactly(sizes, worth, cost, least)[2]
        shares.append(bundle_sizes._ascended(sizes, worth, cost, least, 20)[2] / exact)
    assert max(shares) <= 1 + 1e-9
    assert min(shares) >= 0.95
    assert float(np.mean(shares)) >= 0.995


STUDY = json.loads((Path(__file__).parent / "bundle_sizes.json").read_text("utf-8"))


def test_prices_by_size_on_two_thousand_draws_beside_the_best_mixed_prices_found() -> None:
    """By size at least .96 of the best mixed prices found, components .75 to .87; `make_bundle_sizes` made them."""
    for one in STUDY["cases"]:
        assert one["components"] < one["by_size"] <= one["mixed_found"] + 1e-6
        assert one["by_size"] >= 0.96 * one["mixed_found"], one
        assert 0.75 <= one["components"] / one["mixed_found"] <= 0.87
    assert [(one["items"], one["family"]) for one in STUDY["cases"]] == [
        (4, "lognormal"), (4, "normal"), (8, "lognormal"), (8, "normal"),
    ]  # fmt: skip
    case = next(one for one in STUDY["cases"] if (one["items"], one["family"], one["seed"]) == (4, "lognormal", 1))
    values = drawn(4, "lognormal", 1)
    worth = np.cumsum(np.sort(values, axis=1)[:, ::-1], axis=1)
    # A little under the printed digits: each price is somebody's limit.
    under = np.array(case["prices"]) * (1 - 1e-7)
    assert profit(worth, np.array([4.0, 8.0, 12.0, 16.0]), under) == pytest.approx(case["by_size"], rel=1e-4)
    again = by_size([Segment(1.0, tuple(row)) for row in values.tolist()], (4.0,) * 4)
    assert again.profit == pytest.approx(case["by_size"], rel=1e-3)


def test_what_prices_bring_is_what_the_plan_says() -> None:
    segments = [
        Segment(7, (450, 110, 530)),
        Segment(5, (75, 430, 480)),
        Segment(6, (290, 250, 410)),
        Segment(4.5, (220, 380, 390)),
    ]
    assert at_prices(segments, (0, 0), (330, 380, 410)).profit == 9090
    assert at_prices(segments, (0, 0), (330, 380, 411)).profit < 9090
