"""The best set against trying every set, and the price of the budget against a little more of it."""

from itertools import product

import numpy as np
import pytest

from hardgate.models.portfolio import best_set
from hardgate.models.shift import tail_mean


def tried(worth: np.ndarray, costs: np.ndarray, power: np.ndarray, limits: tuple[float, float, float]) -> float:
    """The best mean value over all sets that stay within budget, power and risk."""
    budget, power_budget, risk = limits
    best = 0.0
    for taken in product((False, True), repeat=len(costs)):
        mine = np.array(taken)
        if costs[mine].sum() <= budget and power[mine].sum() <= power_budget:
            held = worth[mine].sum(axis=0)
            if tail_mean(held, 0.9) <= risk:
                best = max(best, float(held.mean()))
    return best


@pytest.mark.parametrize("seed", range(12))
def test_no_set_is_better(seed: int) -> None:
    random = np.random.default_rng(seed)
    worth = random.normal(random.uniform(-1, 4, (8, 1)), random.uniform(1, 9, (8, 1)), (8, 60)) * 1e6
    costs, power = random.uniform(2, 9, 8) * 1e6, random.uniform(50, 300, 8)
    limits = (costs.sum() * 0.5, power.sum() * 0.6, 8e6)
    found = best_set(
        worth, costs, budget=limits[0], power=power, power_budget=limits[1], risk_budget=limits[2], level=0.9
    )
    assert found.value == pytest.approx(tried(worth, costs, power, limits), abs=1)
    assert found.tail <= limits[2] + 1
    assert costs[list(found.taken)].sum() <= limits[0]


def test_without_limits_all_that_pays_is_taken() -> None:
    found = best_set([[3.0], [-1.0], [2.0]], [1, 1, 1], budget=10)
    assert (found.taken, found.value, found.shadow_price) == ((True, False, True), 5.0, 0.0)


def test_the_shadow_price_is_what_a_little_more_money_adds_to_the_relaxation() -> None:
    """Value per money 1.25, 1.2 and 1: six whole, four fifths of the next; one unit more buys 1.2 of it."""
    found = best_set([[7.5], [6.0], [5.0]], [6, 5, 5], budget=10)
    assert found.shadow_price == pytest.approx(1.2)
    assert found.taken == (False, True, True)
    assert found.value == pytest.approx(11.0)


def test_a_tight_risk_budget_takes_the_steadier_ask() -> None:
    """Both cost the same; the better one loses 10 in one draw of ten, the other nothing."""
    wild, steady = [5.0] * 9 + [-10.0], [2.0] * 10
    assert best_set([wild, steady], [1, 1], budget=1).taken == (True, False)
    assert best_set([wild, steady], [1, 1], budget=1, risk_budget=5, level=0.9).taken == (False, True)


def test_figures_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ValueError, match="one row an ask"):
        best_set([[1.0], [2.0]], [1, 1, 1], budget=1)
    with pytest.raises(ValueError, match="the empty set"):
        best_set([[1.0]], [1], budget=-1)
