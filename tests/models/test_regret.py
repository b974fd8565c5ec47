"""Regret, worked by hand and against trying every month; the bootstrap, against all resamples of two asks."""

from math import exp, isclose

import numpy as np
import pytest

from hardgate.models.regret import Loss, Order, by_month, lost, share_apart, share_lost
from hardgate.models.tranche import Tranche, hindsight_bound


def test_going_where_nothing_pays_is_a_wrong_go() -> None:
    assert lost([-30.0, -10.0], 0) == Loss(best=0.0, value=-30.0, wrong_go=30.0, wrong_hold=0.0)
    assert lost([-30.0, -10.0], None) == Loss(best=0.0, value=0.0, wrong_go=0.0, wrong_hold=0.0)


def test_going_too_soon_is_a_wrong_go_and_too_late_a_wrong_hold() -> None:
    assert lost([5.0, 9.0, 2.0], 0) == Loss(best=9.0, value=5.0, wrong_go=4.0, wrong_hold=0.0)
    assert lost([5.0, 9.0, 2.0], 2) == Loss(best=9.0, value=2.0, wrong_go=0.0, wrong_hold=7.0)


def test_each_month_is_what_a_loop_over_its_months_gives() -> None:
    random = np.random.default_rng(3)
    demand, position, gain = random.uniform(80, 160, 40), random.uniform(90, 110, 40), random.uniform(5, 12, 40)
    order = Order(25, 4, 12, 0.1, 4.0)
    worth = by_month(demand, position, gain, order)
    for month in range(40):
        months = range(month + 4, min(month + 4 + 12, 40))
        each = [(gain[k] * min(max(demand[k] - position[k], 0), 25) - 4.0 * 25) * exp(-0.1 * k / 12) for k in months]
        assert isclose(worth[month], sum(each), abs_tol=1e-9)


def test_the_best_month_of_one_tranche_is_the_hindsight_bound() -> None:
    demand = 90 * np.exp(0.03 * np.arange(36))
    order = Order(40, 6, 24, 0.12, 5.0)
    worth = by_month(demand, np.full(36, 100.0), np.full(36, 11.0), order)
    bound = hindsight_bound(demand, Tranche(100, 40, 6, 24, 0.12, 11.0, 5.0), 1)
    assert lost(worth, None).best == pytest.approx(bound)


def test_a_month_that_is_missing_is_refused() -> None:
    with pytest.raises(ValueError, match="no gaps"):
        by_month([100.0, float("nan")], [100.0, 100.0], [5.0, 5.0], Order(10, 0, 12, 0.1, 1.0))


def test_regret_of_all_is_a_share_of_what_could_have_been_earned() -> None:
    """Of two asks a quarter of the draws hold the first twice and a quarter the second twice: 10 % and 100 %."""
    losses = [lost([100.0, 90.0], 1), lost([50.0], None)]
    found = share_lost(losses)
    assert found is not None
    assert found == pytest.approx((0.1, 60 / 150, 1.0))
    assert share_lost([lost([-1.0], None)]) is None


def test_two_rules_are_held_apart_on_the_same_asks() -> None:
    """What is hard for both cancels: a rule that loses 1 more of every 10 does so in every draw of the asks."""
    mine = [Loss(10.0, 10.0 - lost, 0.0, lost) for lost in (0.0, 2.0, 9.0)]
    others = [Loss(10.0, 9.0 - one.regret, 1.0, one.regret) for one in mine]
    assert share_apart(mine, others) == pytest.approx((0.1, 0.1, 0.1))
    assert share_apart(others, mine) == pytest.approx((-0.1, -0.1, -0.1))
    assert share_apart(mine, mine) == (0.0, 0.0, 0.0)
    low, _, high = share_lost(mine) or (0.0, 0.0, 0.0)
    assert 0.0 <= low < high <= 0.9


def test_losses_of_other_asks_are_not_compared() -> None:
    with pytest.raises(ValueError, match="on the same asks"):
        share_apart([Loss(10.0, 5.0, 0.0, 5.0)], [Loss(9.0, 5.0, 0.0, 4.0)])
    assert share_apart([Loss(0.0, 0.0, 0.0, 0.0)], [Loss(0.0, -1.0, 1.0, 0.0)]) is None
