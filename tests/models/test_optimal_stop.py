import math

import numpy as np
import pytest

from hardgate.models.optimal_stop import LOOK, MONTH, Motion, continuation, grid, passed_by


def test_the_grid_holds_today_and_reaches_past_both_ends() -> None:
    points = grid(Motion(growth=0.1, volatility=0.3), -1.0, 0.5)
    assert points[0] <= -1.0
    assert points[-1] >= 0.5
    assert np.min(np.abs(points)) == 0.0
    assert np.diff(points) == pytest.approx(0.3 * math.sqrt(1 / 12) / 4)


def test_a_month_of_waiting_moves_the_mean_by_growth_and_takes_the_discount() -> None:
    """A right that pays the quantity itself, in a month: e^((.24 - .12) / 12) = 1.01005 of it."""
    motion = Motion(growth=0.24, volatility=0.3)
    points = grid(motion, -4, 4)
    middle = points.size // 2
    kept = continuation(np.tile(np.exp(points), (2, 1)), motion, discount=0.12)
    assert kept[middle] / np.exp(points[middle]) == pytest.approx(1.0100502, abs=1e-7)


def test_a_right_that_always_pays_one_loses_a_month_of_discount_by_waiting() -> None:
    kept = continuation(np.ones((12, 200)), Motion(growth=0.0, volatility=0.2), discount=0.12)
    assert kept[-1] == pytest.approx(math.exp(-0.01))


def test_a_right_that_lapses_today_is_worth_nothing_tomorrow() -> None:
    assert continuation(np.ones((1, 200)), Motion(growth=0.0, volatility=0.2), discount=0.12).max() == 0.0


def test_a_right_that_only_loses_is_worth_nothing() -> None:
    assert continuation(-np.ones((12, 200)), Motion(growth=0.0, volatility=0.2), discount=0.12).max() == 0.0


def test_without_drift_a_rise_is_passed_twice_as_often_as_it_is_exceeded_in_the_end() -> None:
    """The reflection principle; growth .045 and volatility .3 leave no drift, and 2 (1 - Phi(.3 / .3)) = .31731."""
    assert float(passed_by(0.3, Motion(0.045, 0.3), years=1)) == pytest.approx(0.31731, abs=5e-6)


def test_a_falling_quantity_may_never_pass() -> None:
    """Drift -.05, variance .04: e^(2 x -.05 x .5 / .04) = e^-1.25 = .28650 in all the years to come."""
    assert float(passed_by(0.5, Motion(-0.03, 0.2), years=1e4)) == pytest.approx(0.28650, abs=5e-6)


def test_a_monthly_look_at_a_level_is_a_constant_look_at_a_higher_one() -> None:
    """40,000 paths over five years, a look a month; the level is shifted by the overshoot of such a look."""
    motion, years = Motion(0.05, 0.3), 5
    normal = np.random.default_rng(4).standard_normal((40_000, 12 * years))
    logs = np.cumsum(motion.drift * MONTH + motion.monthly_deviation * normal, axis=1)
    simulated = np.mean(logs.max(axis=1) >= 0.4)
    assert float(passed_by(0.4 + LOOK * motion.monthly_deviation, motion, years)) == pytest.approx(simulated, abs=0.006)
