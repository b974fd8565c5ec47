"""The inverse of a value is the number that it was made with."""

import pytest

from hardgate.models import implied


def by_years(sales: float, margin: float, growth: float, rate: float) -> float:
    """The same value, year by year: ten years, then a growing perpetuity from the eleventh on."""
    total = sum(sales * margin * (1 + growth) ** t / (1 + rate) ** t for t in range(1, 11))
    last = sales * margin * (1 + growth) ** 10 * 1.02 / (rate - 0.02)
    return total + last / (1 + rate) ** 10


@pytest.mark.parametrize("growth", [-0.3, 0.0, 0.08, 0.1, 0.35])
@pytest.mark.parametrize("rate", [0.08, 0.1, 0.15])
def test_the_closed_form_is_the_sum_over_the_years(growth: float, rate: float) -> None:
    assert implied.value(1000, 0.12, growth, rate) == pytest.approx(by_years(1000, 0.12, growth, rate), rel=1e-12)


@pytest.mark.parametrize("growth", [-0.3, 0.05, 0.1, 0.4])
def test_the_growth_and_the_margin_that_a_price_implies_are_those_it_was_made_with(growth: float) -> None:
    price = implied.value(1000, 0.12, growth, 0.1)
    assert implied.growth(price, 1000, 0.12, 0.1) == pytest.approx(growth, abs=1e-6)
    assert implied.margin(price, 1000, growth, 0.1) == pytest.approx(0.12, abs=1e-6)


def test_no_value_in_range_is_an_answer() -> None:
    assert implied.growth(1e9, 1000, 0.12, 0.1) is None
    assert implied.growth(5000, 1000, -0.2, 0.1) is None
    assert implied.margin(1e9, 1000, 0.05, 0.1) is None


def test_a_rate_at_or_below_growth_for_ever_has_no_value() -> None:
    with pytest.raises(ValueError, match="has no bound"):
        implied.value(1000, 0.12, 0.05, 0.02)
