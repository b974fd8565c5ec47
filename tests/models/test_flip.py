"""Nearest turns and joint moves: the golden of METHODS 13, closed forms, and answers that are no value."""

import math
from collections.abc import Mapping

import numpy as np
import pytest

from hardgate.models.flip import Driver, joint, nearest, readings


def test_the_golden_joint_move_of_methods_13() -> None:
    found = joint(lambda x: 21 - x[0] - 1.2 * x[1], [10, 5], [2, 1])
    assert found.beta == pytest.approx(2.1437, abs=5e-5)
    assert found.probability == pytest.approx(0.01603, abs=5e-6)
    assert found.importance == pytest.approx((0.7353, 0.2647), abs=5e-5)
    assert found.design_point == pytest.approx((13.676, 6.103), abs=5e-4)


def test_a_curved_boundary_is_found_at_its_nearest_point() -> None:
    """On a circle of radius 3 around (0, 4) in standard space the nearest point to the origin is (0, 1)."""
    found = joint(lambda x: x[0] ** 2 + (x[1] - 4) ** 2 - 9, [0.3, 0.0], [1.0, 1.0])
    assert found.converged
    assert found.beta == pytest.approx(math.hypot(0.3, 4.0) - 3, abs=1e-5)


def test_a_product_is_found_too() -> None:
    """Brute force over the angle on x y = 30 from (10, 5), deviations 1 and 0.5."""
    found = joint(lambda x: x[0] * x[1] - 30, [10, 5], [1, 0.5])
    x = np.linspace(4, 10, 200_001)
    away = np.hypot(x - 10, (30 / x - 5) / 0.5)
    assert found.beta == pytest.approx(float(away.min()), abs=1e-5)


def test_where_it_has_turned_already_beta_is_negative() -> None:
    found = joint(lambda x: 14 - x[0], [16.0], [1.0])
    assert found.beta == pytest.approx(-2.0)
    assert found.probability == pytest.approx(0.97725, abs=1e-5)


def test_what_nothing_turns_has_no_joint_move() -> None:
    found = joint(lambda x: 5 + x[0] ** 2, [1.0], [1.0])
    assert (found.converged, found.beta, found.probability) == (False, math.inf, 0.0)
    assert not joint(lambda _: 1.0, [1.0], [1.0]).converged
    assert not joint(lambda x: 100 - x[0], [0.0], [1.0]).converged


def test_deviations_must_be_positive() -> None:
    with pytest.raises(ValueError, match="deviations positive"):
        joint(lambda x: x[0], [1.0], [0.0])


DRAWS = np.linspace(-1, 1, 2001)


def mean_gain(values: Mapping[str, float], draws: np.ndarray) -> bool:
    return float(np.mean(values["price"] * 10 + draws - values["cost"])) >= 0


def test_the_nearest_driver_comes_first_and_turns_where_algebra_says() -> None:
    """10 price = cost: from price 1 and cost 9 the price turns at .9 and the cost at 10."""
    price, cost = nearest(mean_gain, [Driver("cost", 9, 5, 0.5), Driver("price", 1, 0.5, 0.1)], DRAWS)
    assert (price.driver, cost.driver) == ("price", "cost")
    assert price.at == pytest.approx(0.9, abs=1e-4)
    assert price.deviations == pytest.approx(-1.0, abs=1e-3)
    assert cost.at == pytest.approx(10.0, abs=1e-3)
    assert cost.monotone


def test_no_value_in_range_is_an_answer() -> None:
    (found,) = nearest(lambda v, _: v["x"] > 0, [Driver("x", 5, 2)], None)
    assert (found.at, found.change, found.deviations) == (None, None, None)
    assert found.tried == (3, 7)


def test_a_driver_stays_within_its_ends() -> None:
    (found,) = nearest(lambda v, _: v["x"] > 1, [Driver("x", 2, 4, lowest=1.5)], None)
    assert found.at is None
    assert found.tried == (1.5, 6)


def test_a_verdict_that_turns_twice_says_so() -> None:
    (found,) = nearest(lambda v, _: not 1.2 < v["x"] < 1.6, [Driver("x", 1, 1)], None)
    assert not found.monotone
    assert found.at == pytest.approx(1.2, abs=1e-3)


def test_every_try_sees_the_same_draws() -> None:
    seen: set[int] = set()

    def verdict(values: Mapping[str, float], draws: np.ndarray) -> bool:
        seen.add(id(draws))
        return values["price"] > 0.5

    nearest(verdict, [Driver("price", 1, 1)], DRAWS)
    assert seen == {id(DRAWS)}


def test_readings_that_all_clear_turn_with_the_nearest() -> None:
    """P = 1 - Phi(2) Phi(3) = .02407."""
    found = readings([4.0, 3.0], [2.0, 1.0])
    assert found.beta == 2.0
    assert found.design_point == (-4.0, 0.0)
    assert found.probability == pytest.approx(0.02407, abs=1e-5)


def test_readings_that_fall_short_must_all_move() -> None:
    """P = Phi(-1) Phi(-2) Phi(1) = .003037."""
    found = readings([-2.0, -2.0, 1.0], [2.0, 1.0, 1.0])
    assert found.beta == pytest.approx(math.sqrt(5))
    assert found.importance == pytest.approx((0.2, 0.8, 0.0))
    assert found.probability == pytest.approx(0.0030368, abs=1e-6)


def test_exact_moves_agree_with_the_search() -> None:
    exact, found = readings([3.0], [1.5]), joint(lambda x: x[0], [3.0], [1.5])
    assert exact.beta == pytest.approx(found.beta)
    assert exact.probability == pytest.approx(found.probability)
