"""The score of a lognormal forecast against its definition, integrated, and against many draws."""

import math

import numpy as np
import pytest

from hardgate.models.forecast_score import Lognormal


@pytest.mark.parametrize("came", [40.0, 95.0, 120.0, 260.0])
@pytest.mark.parametrize("deviation", [0.05, 0.3, 0.8])
def test_the_score_is_the_integral_of_its_definition(came: float, deviation: float) -> None:
    from scipy.special import ndtr

    at = np.linspace(1e-6, 4000, 400_001)
    below = ndtr((np.log(at) - math.log(100)) / deviation)
    integral = np.trapezoid((below - (at >= came)) ** 2, at)
    assert Lognormal(math.log(100), deviation).score(came) == pytest.approx(integral, rel=2e-3)


def test_a_sure_forecast_scores_its_distance() -> None:
    assert Lognormal(math.log(100), 0.0).score(120) == pytest.approx(20)


def test_a_growing_quantity_is_forecast_at_its_own_rates() -> None:
    """Mean 100 exp(.3 x 2); the interval holds nine tenths of many draws."""
    forecast = Lognormal.of_growth(100, 0.3, 0.2, 2)
    draws = np.exp(np.random.default_rng(5).normal(forecast.centre, forecast.deviation, 200_000))
    low, high = forecast.interval(0.9)
    assert draws.mean() == pytest.approx(100 * math.exp(0.6), rel=5e-3)
    assert np.mean((draws >= low) & (draws <= high)) == pytest.approx(0.9, abs=3e-3)
