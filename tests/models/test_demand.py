import math

import numpy as np
import pytest

from hardgate.models.demand import checked_factor, growth_and_volatility


def histories(months: int, days_averaged: int = 1) -> np.ndarray:
    """2,000 geometric Brownian motions of growth .20 and volatility .30, shape (2000, months)."""
    rng = np.random.default_rng(5)
    steps = months * days_averaged
    moves = rng.normal(0.155 / 12 / days_averaged, 0.3 / math.sqrt(12 * days_averaged), size=(2_000, steps))
    days: np.ndarray = np.exp(np.cumsum(moves, axis=1)).reshape(2_000, months, days_averaged)
    return np.asarray(days.mean(axis=2))


def shares_covered(demand: np.ndarray) -> tuple[float, float]:
    found = [growth_and_volatility(history) for history in demand]
    growth = np.mean([each is not None and each.growth_low <= 0.20 <= each.growth_high for each in found])
    volatility = np.mean([each is not None and each.low <= 0.30 <= each.high for each in found])
    return float(growth), float(volatility)


@pytest.mark.parametrize("months", [12, 24, 36])
def test_intervals_of_a_month_s_last_day_hold_the_truth_nine_times_in_ten(months: int) -> None:
    growth, volatility = shares_covered(histories(months))
    assert 0.88 < growth < 0.92
    assert 0.88 < volatility < 0.93


def test_intervals_of_monthly_averages_hold_it_a_little_less_often() -> None:
    growth, volatility = shares_covered(histories(24, days_averaged=30))
    assert 0.85 < growth < 0.90
    assert 0.84 < volatility < 0.90


def test_a_variance_is_found_without_bias() -> None:
    found = [growth_and_volatility(history) for history in histories(24)]
    assert np.mean([each.volatility**2 for each in found if each]) == pytest.approx(0.09, rel=0.02)


def test_months_that_double_every_year_grow_by_the_logarithm_of_two() -> None:
    found = growth_and_volatility(100 * 2 ** (np.arange(25) / 12))
    assert found is not None
    assert (found.growth_low, found.growth, found.growth_high) == pytest.approx((0.693147,) * 3, abs=1e-6)
    assert found.volatility == pytest.approx(0, abs=1e-6)


def test_the_unit_of_demand_does_not_matter() -> None:
    history = histories(24)[0]
    one, other = growth_and_volatility(history), growth_and_volatility(history * 8)
    assert one is not None
    assert other is not None
    assert (one.growth, one.low, one.high) == pytest.approx((other.growth, other.low, other.high))


def test_eleven_months_are_too_few() -> None:
    assert growth_and_volatility(histories(12)[0][:11]) is None


def test_a_month_without_demand_has_no_growth() -> None:
    assert growth_and_volatility([100] * 11 + [0] + [100]) is None


@pytest.mark.parametrize("wrong", [-1.0, math.nan])
def test_a_missing_or_negative_month_is_refused(wrong: float) -> None:
    with pytest.raises(ValueError, match="none negative or missing"):
        growth_and_volatility([100] * 12 + [wrong])


def test_a_spread_that_held_what_came_is_left_alone() -> None:
    """Forty steady random walks of three years: one in twenty may be widened by chance."""
    rng = np.random.default_rng(5)
    factors = [checked_factor(np.exp(np.cumsum(0.02 + 0.05 * rng.standard_normal(36))).tolist()) for _ in range(40)]
    assert sum(factor > 1 for factor in factors) <= 4
    assert min(factors) == 1


def test_a_spread_that_held_too_little_is_widened_to_what_would_have() -> None:
    """A calm year, then moves ten times as large: the factor brings nine tenths of them inside."""
    rng = np.random.default_rng(6)
    moves = np.concatenate([0.005 * rng.standard_normal(14), 0.15 * np.sign(rng.standard_normal(6))])
    wild = np.exp(np.cumsum(moves))
    assert checked_factor(wild.tolist()) > 1.5
    assert checked_factor(wild[:15].tolist()) == 1
