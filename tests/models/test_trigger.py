"""Figures of METHODS 3. The economic trigger has its own oracle in tests/against/test_trigger_on_a_lattice.py."""

import math
import subprocess
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.models import trigger

LEADS = (3, 6, 12, 18, 24, 36)
PERCENT_OF_POSITION = {
    (0.01, 0.10): (86, 78, 66, 57, 50, 40),
    (0.01, 0.26): (83, 73, 58, 47, 38, 27),
    (0.01, 0.34): (82, 71, 54, 43, 34, 22),
    (0.01, 0.60): (79, 65, 45, 33, 24, 13),
    (0.03, 0.10): (93, 86, 75, 67, 60, 49),
    (0.03, 0.26): (90, 81, 66, 55, 46, 33),
    (0.03, 0.34): (89, 78, 62, 50, 41, 27),
    (0.03, 0.60): (85, 72, 52, 38, 28, 16),
}
CERTAIN_PERCENT = {0.26: (94, 89, 79, 71, 63, 50), 0.34: (93, 86, 75, 64, 56, 42)}

ratios = st.floats(0.2, 2.0)
drifts = st.floats(0.0, 0.6)
volatilities = st.floats(0.05, 0.8)
lead_times = st.floats(0.1, 3.0)
shortages = st.floats(0.002, 0.05)
a_step = st.floats(1.05, 2.0)


def economic(**changed: float) -> trigger.Trigger:
    """The tranche of the docstring, with some of its figures changed."""
    given = {
        "demand": 900,
        "position": 1000,
        "tranche": 100,
        "lead_months": 12,
        "growth": math.log(1.34),
        "volatility": 0.25,
        "discount": 0.12,
        "margin": 1300,
        "own": 600,
    }
    return trigger.economic(**{**given, **changed})  # type: ignore[arg-type]


def test_sixty_percent_used_runs_nine_percent_short_in_eighteen_months() -> None:
    assert trigger.shortage(0.6, 0.3, 0.25, 1.5) == pytest.approx(0.0908821, abs=5e-8)


def test_the_shortage_is_the_mean_over_simulated_demand() -> None:
    normal = np.random.default_rng(3).standard_normal(1_000_000)
    demand = 0.6 * np.exp((0.3 - 0.25**2 / 2) * 1.5 + 0.25 * math.sqrt(1.5) * normal)
    assert np.maximum(demand - 1, 0).mean() == pytest.approx(trigger.shortage(0.6, 0.3, 0.25, 1.5), abs=5e-4)


@pytest.mark.parametrize(("shortage", "growth"), PERCENT_OF_POSITION)
def test_the_service_level_is_that_of_the_table(shortage: float, growth: float) -> None:
    found = tuple(round(100 * trigger.service_level(shortage, math.log1p(growth), 0.25, lead / 12)) for lead in LEADS)
    assert found == PERCENT_OF_POSITION[shortage, growth]


@pytest.mark.parametrize("growth", CERTAIN_PERCENT)
def test_without_uncertainty_the_service_level_is_growth_over_the_lead_time(growth: float) -> None:
    found = tuple(round(100 * trigger.service_level(0, math.log1p(growth), 0, lead / 12)) for lead in LEADS)
    assert found == CERTAIN_PERCENT[growth]


def test_no_shortage_at_all_under_uncertainty_means_never_using_anything() -> None:
    assert trigger.service_level(0, 0.3, 0.25, 1) == 0.0


def test_without_uncertainty_the_longest_of_several_lead_times_must_not_go_short() -> None:
    assert trigger.service_level(0, math.log(1.34), 0, [0.5, 1.5]) == pytest.approx(1.34**-1.5)


def test_without_lead_time_one_may_run_full_and_a_little_over() -> None:
    assert trigger.service_level(0.03, 0.3, 0.25, 0) == pytest.approx(1.03)


def test_a_lead_time_of_six_or_eighteen_months_is_worse_than_one_of_twelve() -> None:
    """The mean of the two shortages at the ratio found is the shortage asked for."""
    found = trigger.service_level(0.01, 0.3, 0.25, (0.5, 1.5))
    assert found == pytest.approx(0.4637, abs=5e-5)
    assert found < trigger.service_level(0.01, 0.3, 0.25, 1.0) == pytest.approx(0.5376, abs=5e-5)
    parts = [trigger.shortage(found, 0.3, 0.25, lead) for lead in (0.5, 1.5)]
    assert sum(parts) / 2 == pytest.approx(0.01, abs=1e-10)
    assert trigger.shortage(found, 0.3, 0.25, (0.5, 1.5)) == pytest.approx(0.01, abs=1e-10)


@given(shortages, drifts, volatilities, lead_times)
def test_the_service_level_has_the_shortage_it_was_asked_for(eps: float, mu: float, sigma: float, lead: float) -> None:
    assert trigger.shortage(trigger.service_level(eps, mu, sigma, lead), mu, sigma, lead) == pytest.approx(
        eps, rel=1e-6
    )


@given(shortages, drifts, volatilities, lead_times, a_step)
def test_the_service_level_falls_in_lead_drift_and_volatility_and_rises_in_shortage(
    eps: float, mu: float, sigma: float, lead: float, step: float
) -> None:
    here = trigger.service_level(eps, mu, sigma, lead)
    assert trigger.service_level(eps, mu, sigma, lead * step) < here
    assert trigger.service_level(eps, mu + step - 1, sigma, lead) < here
    assert trigger.service_level(eps, mu, sigma * step, lead) < here
    assert trigger.service_level(eps * step, mu, sigma, lead) > here


@pytest.mark.parametrize(
    "wrong", [(-0.01, 0.3, 0.25), (math.nan, 0.3, 0.25), (0.01, 0.3, -0.25), (0.01, math.inf, 0.25)]
)
def test_a_service_level_of_no_figures_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="no negative shortage or volatility"):
        trigger.service_level(*wrong, 1)


@pytest.mark.parametrize("wrong", [(0, 0.3, 0.25), (math.nan, 0.3, 0.25), (0.6, math.nan, 0.25), (0.6, 0.3, -0.25)])
def test_the_shortage_of_no_figures_is_refused(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected positive figures"):
        trigger.shortage(*wrong, 1)


@pytest.mark.parametrize("leads", [-1.0, math.nan, [], [0.5, -0.5]])
def test_lead_times_that_are_none_are_refused(leads: float | list[float]) -> None:
    for question in (trigger.shortage, trigger.service_level):
        with pytest.raises(ValueError, match="expected at least one, none negative"):
            question(0.5, 0.3, 0.25, leads)


@pytest.mark.parametrize(
    ("busy", "gang", "share"),
    [
        (64, 1, 0.8101),
        (256, 1, 0.8982),
        (1024, 1, 0.9473),
        (8192, 1, 0.9810),
        (2048, 1, 0.9624),
        (2048, 8, 0.8982),
        (2048, 64, 0.7442),
        (2048, 512, 0.4444),
    ],
)
def test_the_ceiling_rises_with_the_pool_and_falls_with_the_gang(busy: float, gang: float, share: float) -> None:
    assert trigger.ceiling(busy, gang) == pytest.approx(share, abs=5e-5)


@given(st.integers(1, 4000), st.integers(1, 64))
def test_twice_the_busy_gpus_never_lower_the_ceiling_and_twice_the_gang_never_raises_it(busy: int, gang: int) -> None:
    here = trigger.ceiling(busy, gang)
    assert trigger.ceiling(2 * busy, gang) >= here
    assert trigger.ceiling(busy, 2 * gang) <= here


@pytest.mark.parametrize(
    "wrong", [(0, 1, 0.05), (math.nan, 1, 0.05), (math.inf, 1, 0.05), (64, 0, 0.05), (64, 1, 0.0), (64, 1, 1.0)]
)
def test_an_idle_pool_has_no_ceiling(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected positive"):
        trigger.ceiling(*wrong)


def test_the_tranche_goes_at_85_percent_of_the_position() -> None:
    found = economic()
    assert (found.ratio, found.low, found.high) == pytest.approx((0.8454, 0.7224, 1.0528), abs=5e-4)
    assert found.value == pytest.approx(1_858_534, rel=1e-4)


def test_a_demand_far_over_the_position_earns_what_a_full_tranche_earns() -> None:
    """
    700 x 100 a month for 48 months from the twelfth: 70,000 e^-.12 (1 - e^-.48) / (1 - e^-.01) = 2,378,615;
    waiting loses the first of them, 70,000 e^-.12 = 62,084
    """
    found = economic(demand=1e6)
    assert found.value == pytest.approx(2_378_615, rel=1e-5)
    assert found.value_of_waiting == pytest.approx(-62_084, rel=1e-3)


def test_no_demand_makes_the_right_worthless_and_the_order_a_pure_cost() -> None:
    """600 x 100 a month: 60,000 e^-.12 (1 - e^-.48) / (1 - e^-.01) = 2,038,813."""
    found = economic(demand=0)
    assert found.value == pytest.approx(0, abs=1)
    assert found.value_of_waiting == pytest.approx(2_038_813, rel=1e-5)


def test_a_margin_below_the_cost_never_builds() -> None:
    found = economic(margin=599)
    assert (found.ratio, found.low, found.high, found.value) == (math.inf, math.inf, math.inf, 0.0)
    assert found.value_of_waiting > 0


def test_a_margin_that_hardly_covers_the_cost_waits_for_twice_the_demand() -> None:
    assert economic(margin=601).ratio > 2


def test_a_gain_of_a_hundredth_of_a_cent_is_never_worth_a_demand_that_halves_every_year() -> None:
    found = economic(margin=600.0001, growth=-0.7, volatility=0.5)
    assert (found.ratio, found.low, found.high) == (math.inf, math.inf, math.inf)
    assert found.value == pytest.approx(0, abs=1)


def test_a_tranche_that_costs_nothing_goes_at_once() -> None:
    assert economic(own=0).ratio < 0.01


def test_a_shortage_penalty_counts_like_margin() -> None:
    assert economic(margin=1000, shortage_penalty=300) == economic()


def test_the_trigger_does_not_depend_on_the_demand_of_today() -> None:
    assert economic(demand=400).ratio == economic().ratio


def test_the_trigger_does_not_depend_on_the_unit_of_capacity_or_money() -> None:
    found = economic(demand=9, position=10, tranche=1, margin=13, own=6)
    assert found.ratio == pytest.approx(economic().ratio, rel=1e-9)
    assert found.value == pytest.approx(economic().value / 1e4, rel=1e-9)


def test_without_uncertainty_the_order_pays_for_itself_from_its_first_month() -> None:
    """Demand has grown to 1,000 + 100 x 600 / 1,300 = 1,046.15 when it comes live: 1,046.15 / 1.34 = 780.71 today."""
    assert economic(volatility=0).ratio == economic(volatility=0.02).ratio == pytest.approx(0.78071, abs=5e-4)


def test_a_horizon_beyond_the_life_waits_longer_because_a_tranche_is_not_renewed() -> None:
    assert [round(economic(horizon_months=months).ratio, 2) for months in (48, 60, 72, 96)] == [0.84, 0.85, 1.06, 1.08]


def test_keeping_less_of_the_value_allows_more_ratios() -> None:
    strict, loose = economic(kept=0.98), economic(kept=0.9)
    assert loose.low < strict.low < strict.ratio == loose.ratio < strict.high < loose.high


def test_an_order_in_the_last_month_that_counts_cannot_wait() -> None:
    """Live for one month: 600 / 1,300 of the tranche must then be used, as without uncertainty above."""
    found = economic(horizon_months=13, volatility=0.02)
    assert found.ratio == found.high == pytest.approx(0.7807, abs=1e-3)


@settings(deadline=None, max_examples=60)
@given(st.floats(0.0, 0.5), volatilities, st.floats(1.05, 4.0), st.integers(0, 24), a_step)
def test_the_trigger_falls_as_the_margin_rises(
    growth: float, volatility: float, margin: float, lead: int, step: float
) -> None:
    here = economic(growth=growth, volatility=volatility, margin=600 * margin, lead_months=lead)
    above = economic(growth=growth, volatility=volatility, margin=600 * margin * step, lead_months=lead)
    assert above.ratio <= here.ratio * (1 + 1e-9)
    assert here.low <= here.ratio <= here.high


@settings(deadline=None, max_examples=60)
@given(st.floats(-0.2, 0.5), volatilities, st.floats(1.05, 4.0), st.floats(0.3, 3.0))
def test_waiting_is_worth_more_than_ordering_just_below_the_trigger(
    growth: float, volatility: float, margin: float, used: float
) -> None:
    found = economic(growth=growth, volatility=volatility, margin=600 * margin, demand=1000 * used)
    assert found.value >= 0
    if abs(used / found.ratio - 1) > 0.01:
        assert (found.value_of_waiting > 0) == (used < found.ratio)


@pytest.mark.parametrize(
    "wrong",
    [
        {"demand": -1},
        {"demand": math.nan},
        {"position": 0},
        {"volatility": -0.1},
        {"horizon_months": 12},
        {"growth": math.inf},
        {"kept": 1.0},
        {"discount": 0.0},
    ],
)
def test_a_figure_outside_its_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"expected|must be"):
        economic(**wrong)


def test_importing_the_trigger_imports_neither_scipy_nor_numba() -> None:
    code = "import sys, hardgate.models.trigger\nprint({'scipy', 'numba'} & set(sys.modules))"
    run = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert run.stdout == "set()\n"
