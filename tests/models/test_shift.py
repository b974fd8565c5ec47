"""Options on one set of draws, against the closed form of a tranche, against a loop, and against each other."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hardgate.models.optimal_stop import Motion
from hardgate.models.shift import Course, Option, courses, tail_mean, worths
from hardgate.models.tranche import Tranche

POOL = Course(950, 0.25, 0.3)
NOW = Option("go now", POOL, 1000, 200, live=9, gain=1500, own=600)
WALKED = courses(72, 4096, 7)


def test_going_now_is_the_closed_form_of_a_tranche() -> None:
    drawn = worths([NOW], 9 + 48, 0.12, WALKED)[0]
    exact = Tranche(1000, 200, 9, 48, 0.12, 1500, 600).value_if_ordered(np.array([950.0]), Motion(0.25, 0.3))[-1, 0]
    assert drawn.mean() == pytest.approx(exact, rel=2e-3)


def test_each_draw_is_a_loop_over_its_months() -> None:
    later = replace(NOW, live=12, fee=5000.0)
    drawn = worths([later], 40, 0.1, WALKED)[0]
    for path in (0, 11, 500):
        total = -5000.0
        for month in range(12, 40):
            level = 950 * math.exp((0.25 - 0.045) * month / 12 + 0.3 * WALKED[path, month])
            total += (1500 * min(max(level - 1000, 0), 200) - 600 * 200) * math.exp(-0.1 * month / 12)
        assert drawn[path] == pytest.approx(total)


def test_a_lease_is_left_where_demand_does_not_pay_for_the_next_term() -> None:
    """Demand falls from 150 to 75 within a year: the first term is paid whole, no second is taken."""
    falling = Course(150, -math.log(2), 0.0)
    lease = Option("lease", falling, 100, 40, live=0, gain=10, own=5, term=6)
    walked = np.zeros((1, 25))
    first = sum(10 * min(max(150 * 2 ** (-m / 12) - 100, 0), 40) - 200 for m in range(6))
    assert worths([lease], 24, 0.0, walked)[0, 0] == pytest.approx(first)
    assert worths([replace(lease, term=0)], 24, 0.0, walked)[0, 0] < first


def test_the_draws_are_a_brownian_motion_in_years() -> None:
    assert WALKED[:, 12].std() == pytest.approx(1.0, abs=0.01)
    assert WALKED[:, 0].tolist() == [0.0] * 4096
    moves = np.diff(WALKED, axis=1)
    assert np.corrcoef(moves[:, 3], moves[:, 40])[0, 1] == pytest.approx(0.0, abs=0.05)
    assert moves.std() == pytest.approx(12**-0.5, abs=0.003)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert courses(24, 256, 3).tobytes() == courses(24, 256, 3).tobytes()


def test_the_mean_of_the_worst_is_the_least_of_its_linear_form() -> None:
    """Rockafellar and Uryasev: CVaR is the least over t of t + E[(loss - t)+] / (1 - level)."""
    worth = np.random.default_rng(4).normal(3, 10, 500)
    least = min(t + np.maximum(-worth - t, 0).mean() / 0.07 for t in -worth)
    assert tail_mean(worth, 0.93) == pytest.approx(least)
