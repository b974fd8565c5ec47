import math

import pytest

from hardgate.models.price_floor import capital_recovery, per_gpu_hour, per_thousand_tokens, with_margin

FLOORS = {
    3: (5.90, 4.24, 3.51),
    4: (4.81, 3.46, 2.87),
    5: (4.16, 3.00, 2.49),
    6: (3.73, 2.69, 2.23),
}


@pytest.mark.parametrize(("years", "factor"), [(3, 0.4021), (4, 0.3155), (5, 0.2638), (6, 0.2296)])
def test_ten_percent_is_recovered_as_in_the_tables(years: int, factor: float) -> None:
    assert capital_recovery(0.10, years) == pytest.approx(factor, abs=5e-5)


def test_without_interest_capital_comes_back_in_equal_parts() -> None:
    assert capital_recovery(0.0, 4) == 0.25
    assert capital_recovery(1e-12, 4) == pytest.approx(0.25, abs=1e-9)


def test_payments_of_the_factor_are_worth_one_today() -> None:
    assert sum(capital_recovery(0.17, 7) / 1.17**year for year in range(1, 8)) == pytest.approx(1.0)


@pytest.mark.parametrize("years", FLOORS)
def test_the_floor_is_that_of_the_methods_at_each_utilization(years: int) -> None:
    found = tuple(round(per_gpu_hour(55_000, 0.10, years, 0.06, busy, 0.9, 1.3, 0.08), 2) for busy in (0.5, 0.7, 0.85))
    assert found == FLOORS[years]


@pytest.mark.parametrize("wrong", [(0.1, 0), (0.1, math.inf), (-1, 4), (math.nan, 4)])
def test_a_rate_or_life_without_a_factor_is_refused(wrong: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="expected a rate above -1 and some years"):
        capital_recovery(*wrong)


@pytest.mark.parametrize("busy", [0, -0.1, 1.1, 60, math.nan])
def test_a_utilization_in_percent_is_refused(busy: float) -> None:
    with pytest.raises(ValueError, match="expected a share above 0, up to 1"):
        per_gpu_hour(55_000, 0.10, 4, 0.06, busy, 0.9, 1.3, 0.08)


def test_a_thousand_tokens_cost_more_on_an_idle_machine() -> None:
    found = [per_thousand_tokens(2.5, 900, busy, 1.08, 0.0004) for busy in (0.25, 0.5, 0.8)]
    assert found == pytest.approx([0.00373, 0.00207, 0.00144], abs=5e-6)
    with pytest.raises(ValueError, match="tokens/s"):
        per_thousand_tokens(2.5, 0, 0.5)


def test_a_full_pool_sets_the_floor_and_not_its_average_cost() -> None:
    assert with_margin(2.0, 9.0, 0.5, 0.1) == pytest.approx(5.0)
    assert with_margin(2.0, 0.0, 0.5, 0.2) == pytest.approx(2.5)
    with pytest.raises(ValueError, match="below 1"):
        with_margin(2.0, 0.0, 0.5, 1.0)


@pytest.mark.parametrize(
    ("busy", "hour", "million"), [(0.30, 5.493, 0.3503), (0.60, 2.814, 0.1795), (0.85, 2.026, 0.1292)]
)
def test_the_worked_example_of_the_documentation(busy: float, hour: float, million: float) -> None:
    """docs/pricing.md: 4,356 tokens a second of MLPerf's H200-SXM, a GPU of 37,500, 1.3 kW, PUE 1.3, .08 a kWh."""
    found = per_gpu_hour(37_500, 0.10, 4, 0.06, busy, 1.3, 1.3, 0.08)
    assert found == pytest.approx(hour, abs=5e-4)
    assert per_thousand_tokens(found, 4356, 1.0) * 1000 == pytest.approx(million, abs=5e-5)
