import pytest

from hardgate.models import marginal_unit, trigger


@pytest.mark.parametrize(("lead_years", "ratio"), [(0.0, 1.5072), (0.75, 1.5745)])
def test_the_unit_is_ordered_at_the_ratio_of_the_textbook(lead_years: float, ratio: float) -> None:
    assert marginal_unit.ratio(0.05, 0.3, 0.12, 0.5, lead_years) == pytest.approx(ratio, abs=5e-5)


def test_a_vanishing_lead_time_is_none() -> None:
    assert marginal_unit.ratio(0.05, 0.3, 0.12, 0.5, 1e-9) == pytest.approx(1.507224, abs=1e-6)


def test_a_unit_that_costs_most_of_its_margin_waits_for_three_times_the_demand() -> None:
    """b = -1.68949: (1 - .85)^(1/b) = 3.0737."""
    assert marginal_unit.ratio(0.05, 0.3, 0.12, 0.85) == pytest.approx(3.0737, abs=5e-5)
    assert marginal_unit.ratio(0.05, 0.3, 0.12, 0.85, 0.75) > 3.0737


def test_a_long_lead_time_can_bring_the_order_forward() -> None:
    """Bar-Ilan & Strange 1996: with fast growth what matters is demand when the unit is live."""
    assert marginal_unit.ratio(0.30, 0.2, 0.35, 0.5, 3.0) < marginal_unit.ratio(0.30, 0.2, 0.35, 0.5) < 1.4


@pytest.mark.parametrize("lead_months", [0, 9])
def test_the_programme_for_a_small_tranche_that_lasts_comes_to_the_formula(lead_months: int) -> None:
    found = trigger.economic(
        1000, 1000, 1, lead_months, 0.05, 0.3, 0.12, 1.0, 0.5, horizon_months=1200, life_months=1200
    )
    formula = marginal_unit.monthly(marginal_unit.ratio(0.05, 0.3, 0.12, 0.5, lead_months / 12), 0.3)
    assert found.ratio == pytest.approx(formula, rel=0.005)


@pytest.mark.parametrize("wrong", [(0.05, 0.0, 0.12, 0.5), (0.05, 0.3, 0.0, 0.5), (0.05, 0.3, 0.12, 1.0)])
def test_what_has_no_trigger_is_refused(wrong: tuple[float, float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected positive rates"):
        marginal_unit.ratio(*wrong)
