import math

import numpy as np
import pytest

from hardgate.models.optimal_stop import Motion
from hardgate.models.tranche import Tranche, hindsight_bound

STILL = Motion(growth=0.0, volatility=0.0)


def tranche(**changed: float) -> Tranche:
    given = {"position": 100, "size": 10, "lead_months": 0, "life_months": 2, "discount": 0.12, "gain": 3, "own": 1}
    return Tranche(**{**given, **changed})  # type: ignore[arg-type]


def test_a_full_tranche_earns_its_margin_less_its_cost_each_month_of_its_life() -> None:
    """(3 - 1) x 10 GPUs x (1 + e^-.01) = 39.801."""
    assert tranche().value_if_ordered(np.array([150.0]), STILL)[:, 0] == pytest.approx([20, 39.80100], abs=1e-5)


def test_an_unused_tranche_costs_its_ownership() -> None:
    assert tranche().value_if_ordered(np.array([60.0]), STILL)[:, 0] == pytest.approx([-10, -19.90050], abs=1e-5)


def test_a_lead_time_of_half_a_year_discounts_everything_by_half_a_year() -> None:
    later = tranche(lead_months=6).value_if_ordered(np.array([150.0]), STILL)
    assert later[1, 0] == pytest.approx(39.80100 * math.exp(-0.06), abs=1e-5)


def test_a_value_under_uncertainty_is_the_mean_over_simulated_demand() -> None:
    """200,000 draws of demand in a year's time."""
    motion = Motion(growth=0.3, volatility=0.4)
    normal = np.random.default_rng(11).standard_normal(200_000)
    demand = 90 * np.exp(motion.drift + 0.4 * normal)
    simulated = math.exp(-0.12) * np.mean(3 * np.clip(demand - 100, 0, 10) - 10)
    value = tranche(lead_months=12, life_months=1).value_if_ordered(np.array([90.0]), motion)
    assert value[0, 0] == pytest.approx(simulated, abs=0.1)


def test_an_order_near_the_horizon_earns_what_is_left() -> None:
    assert tranche(lead_months=2, life_months=3).months_live(7).tolist() == [3, 3, 3, 2, 1]
    assert tranche(lead_months=1.5, life_months=3).months_live(4).tolist() == [3, 2, 1]


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"position": 0}, "a tranche of 10 GPUs on a position of 0"),
        ({"size": -1}, "a tranche of -1 GPUs"),
        ({"lead_months": -1}, "lead -1, life 2 months"),
        ({"life_months": 0}, "lead 0, life 0 months"),
        ({"discount": 0}, "discount 0: expected a positive rate"),
        ({"own": -1}, "costs -1"),
        ({"gain": math.nan}, "gains nan"),
    ],
)
def test_what_is_no_tranche_is_refused_with_what_was_found(changed: dict[str, float], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        tranche(**changed)


FLAT = {"discount": 1e-12, "life_months": 100}


def test_hindsight_orders_each_layer_in_its_best_month_and_loses_nothing() -> None:
    """
    month    1    2    3    4
    demand 100  110  105  120
    layer 1: from month 2 on: 20 + 5 + 20 = 45;  layer 2 (above 110): month 4 alone: 20;  layer 3: never
    """
    assert hindsight_bound([100, 110, 105, 120], tranche(**FLAT), 1) == pytest.approx(45)
    assert hindsight_bound([100, 110, 105, 120], tranche(**FLAT), 2) == pytest.approx(65)
    assert hindsight_bound([100, 110, 105, 120], tranche(**FLAT), 3) == pytest.approx(65)


def test_hindsight_cannot_be_live_before_its_lead_time() -> None:
    assert hindsight_bound([150, 150, 150, 150], tranche(**FLAT, lead_months=3), 1) == pytest.approx(20)


def test_hindsight_with_a_short_life_picks_the_best_two_months() -> None:
    assert hindsight_bound([100, 110, 105, 120], tranche(discount=1e-12), 1) == pytest.approx(25)


def test_hindsight_on_a_falling_demand_orders_nothing() -> None:
    assert hindsight_bound([90, 80, 70], tranche(), 4) == 0.0
