"""Several kinds at once: against one newsvendor each where nothing is short, and prices where something is."""

import numpy as np
import pytest

from hardgate.models.block import Kind, Regret, best, gap, least_regret, profit
from hardgate.models.draw import normals
from hardgate.models.newsvendor import block_size

KINDS = (Kind("a", margin=14, cost=9, needs={"kW": 1.0}), Kind("b", margin=20, cost=8, needs={"kW": 2.0}))


def demand(count: int, seed: int) -> np.ndarray:
    return np.asarray(np.array([1000.0, 500.0]) * np.exp(np.array([0.25, 0.4]) * normals(count, 2, seed)))


def test_without_limits_each_kind_is_a_newsvendor() -> None:
    found = best(KINDS, {}, demand(1024, 1))
    exact = [block_size(1000, 0.25, 14, 9), block_size(500, 0.4, 20, 8)]
    assert found.sizes == pytest.approx(exact, rel=5e-3)
    assert found.prices == {}


def test_a_short_resource_has_the_price_that_one_more_of_it_is_worth() -> None:
    sample = demand(256, 2)
    at, more = (best(KINDS, {"kW": power}, sample) for power in (1200.0, 1201.0))
    assert at.prices["kW"] > 0
    assert more.profit - at.profit == pytest.approx(at.prices["kW"], rel=0.02)
    assert at.sizes[0] + 2 * at.sizes[1] == pytest.approx(1200)


def test_a_resource_that_is_not_short_has_no_price() -> None:
    assert best(KINDS, {"kW": 1e6}, demand(64, 2)).prices == {"kW": 0.0}


def test_the_profit_is_that_of_the_block_on_its_own_sample() -> None:
    sample = demand(128, 3)
    found = best(KINDS, {"kW": 900.0}, sample)
    assert profit(KINDS, found.sizes, sample).mean() == pytest.approx(found.profit, rel=1e-6)


def test_a_penalty_for_shortage_buys_more() -> None:
    """The ratio becomes (14 + 6 - 9)/(14 + 6)."""
    kind = (Kind("a", margin=14, cost=9, shortage_penalty=6),)
    found = best(kind, {}, demand(1024, 1)[:, :1])
    assert found.sizes[0] == pytest.approx(block_size(1000, 0.25, 20, 9), rel=5e-3)


def test_a_bound_on_what_may_be_bought_holds() -> None:
    assert best((Kind("a", 14, 1, most=300),), {}, demand(64, 1)[:, :1]).sizes == (300.0,)


def test_the_gap_of_a_good_block_is_small_and_of_a_bad_one_large() -> None:
    limits = {"kW": 1500.0}
    fresh = [demand(128, seed) for seed in range(10, 18)]
    good = gap(KINDS, limits, best(KINDS, limits, demand(512, 4)).sizes, fresh)
    bad = gap(KINDS, limits, (100.0, 100.0), fresh)
    assert 0 <= good.gap <= good.high < 0.01 * good.bound
    assert bad.gap > 0.3 * bad.bound
    assert good.profit <= good.bound


def test_least_regret_by_hand() -> None:
    """Demand 10 or 20: at 10 too little by 10 half the time, (12.5)^1.2/2; at 20 too much by 10, 10^1.2/2."""
    sample = np.array([[10.0], [20.0]])
    means = Regret().of(sample, np.array([10.0])).mean(), Regret().of(sample, np.array([20.0])).mean()
    assert means == pytest.approx((12.5**1.2 / 2, 10**1.2 / 2))
    assert least_regret([(10.0,), (20.0,)], sample) == 1


def test_demand_that_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="1 columns of demand for 2 kinds"):
        best(KINDS, {}, np.ones((4, 1)))
