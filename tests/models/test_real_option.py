"""The value of waiting: perpetual multiples of METHODS 2, the put of Longstaff and Schwartz, lattice beside simulation."""

import math
from typing import Any

import numpy as np
import pytest

from hardgate.models.draw import normals
from hardgate.models.real_option import Right, hurdle_multiple, lattice, least_squares, simulated, staged


@pytest.mark.parametrize(
    ("rate", "drift", "volatility", "multiple"),
    [
        (0.10, 0.02, 0.1, 1.45),
        (0.10, 0.02, 0.2, 1.81),
        (0.10, 0.02, 0.3, 2.26),
        (0.10, 0.02, 0.4, 2.80),
        (0.04, 0, 0.2, 2.0),
    ],
)
def test_the_golden_multiples(rate: float, drift: float, volatility: float, multiple: float) -> None:
    assert hurdle_multiple(rate, drift, volatility) == pytest.approx(multiple, abs=5e-3)


def test_without_doubt_and_growth_one_invests_at_cost() -> None:
    assert hurdle_multiple(0.1, 0.0, 0.0) == 1
    assert hurdle_multiple(0.1, 0.02, 0.0) == pytest.approx(1.25)
    assert hurdle_multiple(0.1, 0.02, 1e-3) == pytest.approx(1.25, abs=1e-3)


def test_growth_above_the_rate_has_no_multiple() -> None:
    with pytest.raises(ValueError, match="one waits for ever"):
        hurdle_multiple(0.1, 0.1, 0.2)


@pytest.mark.parametrize(("volatility", "exact", "away"), [(0.2, 4.478, 0.03), (0.4, 7.101, 0.06)])
def test_the_american_put_of_longstaff_and_schwartz(volatility: float, exact: float, away: float) -> None:
    """S 36, K 40, r 6 %, one year, 50 dates: finite differences give 4.478 and 7.101."""
    z = normals(1 << 14, 50, 3).T
    moves = (0.06 - volatility**2 / 2) / 50 + volatility * math.sqrt(1 / 50) * z
    paths = 36 * np.exp(np.cumsum(moves, axis=0))
    value, error = least_squares(lambda state, _: 40 - state, paths, 0.06, 1.0, scale=40.0)
    assert value == pytest.approx(exact, abs=away)
    assert error < away
    put = lattice(Right(36, 40, 1.0, 0.06, 0.06, volatility), 500, lambda state, _: 40 - state)
    assert put.value == pytest.approx(exact, abs=0.012)


def test_lattice_and_least_squares_agree_on_a_right_to_invest() -> None:
    right = Right(36, 30, 2, 0.1, 0.02, 0.3)
    value, error = simulated(right, normals(1 << 13, 50, 5).T)
    assert lattice(right).value == pytest.approx(value, abs=3 * error)
    assert lattice(right).now == 6
    assert not lattice(right).invest_now


def test_it_can_say_build_now() -> None:
    """At twice the cost and a volatility of 10 % what waiting loses exceeds what may be learned."""
    found = lattice(Right(60, 30, 2, 0.1, 0.02, 0.1))
    assert (found.invest_now, found.value, found.value_of_waiting) == (True, 30.0, 0.0)


def test_a_long_right_is_used_at_the_perpetual_multiple() -> None:
    at = hurdle_multiple(0.10, 0.02, 0.2)
    below, above = (lattice(Right(30 * at * by, 30, 40, 0.1, 0.02, 0.2), 800) for by in (0.97, 1.03))
    assert (below.invest_now, above.invest_now) == (False, True)


def test_a_value_that_is_certain_is_waited_for_only_while_it_grows_faster_than_money() -> None:
    assert lattice(Right(36, 30, 2, 0.1, 0.0, 0.0)).invest_now
    grows = lattice(Right(36, 30, 2, 0.1, 0.09, 0.0), 200)
    assert grows.value == pytest.approx(36 * math.exp(-0.02) - 30 * math.exp(-0.2), rel=1e-6)


def test_a_right_that_has_lapsed_is_worth_using_or_nothing() -> None:
    assert lattice(Right(36, 30, 0, 0.1, 0.02, 0.3)).value == 6
    assert lattice(Right(20, 30, 0, 0.1, 0.02, 0.3)).value == 0


def test_stages_that_follow_at_once_are_worth_no_less_than_one() -> None:
    """The second half may be left out when value has fallen: that is worth something."""
    right = Right(36, 30, 2, 0.1, 0.02, 0.3)
    whole, parts = lattice(right, 200), staged(right, 0.5, 0.0, 200)
    assert parts.value >= whole.value - 1e-9
    assert staged(right, 0.5, 1.0, 200).value < parts.value


@pytest.mark.parametrize(("share", "apart"), [(0.0, 0.5), (1.0, 0.5), (0.5, 3.0)])
def test_stages_that_cannot_be_are_refused(share: float, apart: float) -> None:
    with pytest.raises(ValueError, match="expected within the right"):
        staged(Right(36, 30, 2, 0.1, 0.02, 0.3), share, apart)


@pytest.mark.parametrize("bad", [{"value": 0}, {"cost": -1}, {"years": -1}, {"volatility": -0.1}])
def test_a_right_that_cannot_be_is_refused(bad: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="expected positive value"):
        Right(**{"value": 36, "cost": 30, "years": 2, "rate": 0.1, "drift": 0.02, "volatility": 0.3, **bad})
