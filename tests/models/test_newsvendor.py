"""One block bought before demand is known: the golden figure of METHODS 2, and profits by simulation."""

import math

import numpy as np
import pytest

from hardgate.models.newsvendor import block_size, critical_ratio, expected_profit, least_regret


def test_the_golden_block_of_methods_2() -> None:
    """(14,000 - 9,000)/14,000 = .3571; the lognormal there is 10,000 exp(-.3661 x .25) = 9,125."""
    assert critical_ratio(14_000, 9_000) == pytest.approx(0.3571, abs=5e-5)
    assert block_size(10_000, 0.25, 14_000, 9_000) == pytest.approx(9125, abs=0.5)


def test_profit_is_the_mean_over_simulated_demand_and_greatest_at_the_block() -> None:
    demand = 10_000 * np.exp(0.25 * np.random.default_rng(2).standard_normal(400_000))
    sizes = (8_000.0, 9_125.3, 10_500.0)
    simulated = [float(np.mean(14_000 * np.minimum(demand, size) - 9_000 * size)) for size in sizes]
    exact = [expected_profit(size, 10_000, 0.25, 14_000, 9_000) for size in sizes]
    assert exact == pytest.approx(simulated, rel=2e-3)
    assert max(exact) == exact[1]


def test_a_gpu_that_costs_more_than_it_earns_is_not_bought() -> None:
    assert block_size(100, 0.3, 5, 9) == 0
    assert expected_profit(0, 100, 0.3, 5, 9) == 0


def test_gpus_that_cost_nothing_have_no_limit() -> None:
    assert block_size(100, 0.3, 5, 0) == math.inf


def test_least_regret_buys_more_than_the_median_where_too_little_weighs_more() -> None:
    """By brute force over whole sizes on a million draws: 10,451."""
    assert least_regret(10_000, 0.25) == pytest.approx(10_450, rel=0.005)
    demand = 10_000 * np.exp(0.25 * np.random.default_rng(1).standard_normal(200_000))

    def regret(size: float) -> float:
        return float(np.mean(np.where(size > demand, size - demand, 1.25 * (demand - size)) ** 1.2))

    assert regret(10_450) < min(regret(9_900), regret(11_000))


@pytest.mark.parametrize("bad", [(0, 0.2, 5, 1), (10, -0.1, 5, 1), (10, 0.1, 0, 1), (10, 0.1, 5, -1)])
def test_what_cannot_be_is_refused(bad: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected"):
        block_size(*bad)
