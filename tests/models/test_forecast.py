"""Forecasts: paths around their centre, spreads that are checked, seasons that are seen, scores by hand."""

import numpy as np
import pytest

from hardgate.models.forecast import check, crps, damped, fit, paths, pooled_factor, seasonal, theta

RNG = np.random.default_rng(4)
WALKS = [100 * np.exp(np.cumsum(0.01 + 0.04 * RNG.standard_normal(36))) for _ in range(30)]


def test_paths_have_the_centre_as_their_median_and_the_factor_in_their_spread() -> None:
    series = WALKS[0]
    one, two = (np.log(paths(series, 6, 1 << 12, 3, factor)) for factor in (1.0, 2.0))
    fitted = fit(series, 6)
    assert np.median(one, axis=1) == pytest.approx(fitted.centre, abs=2e-3)
    assert one.std(axis=1) == pytest.approx(fitted.spread, rel=0.02)
    assert two.std(axis=1) == pytest.approx(2 * fitted.spread, rel=0.02)


def test_the_same_seed_gives_the_same_bytes() -> None:
    assert paths(WALKS[1], 4, 64, 5).tobytes() == paths(WALKS[1], 4, 64, 5).tobytes()


def test_theta_carries_half_the_trend_from_where_the_series_stands() -> None:
    """On a straight line alpha is as high as it may be and the forecast rises by half the slope a step."""
    found = theta(5 + 0.1 * np.arange(30)).after(3)
    assert np.diff(found) == pytest.approx(0.05)
    assert found[0] == pytest.approx(7.95, abs=0.02)


def test_a_damped_trend_flattens() -> None:
    found = damped(5 + 0.1 * np.arange(30)).after(40)
    steps = np.diff(found)
    assert (steps > 0).all()
    assert (np.diff(steps) < 0).all()


def test_a_season_is_seen_and_carried_on_and_noise_is_not_taken_for_one() -> None:
    months = np.arange(72)
    wave = 0.3 * np.sin(2 * np.pi * months / 12)
    series = np.exp(5 + wave + 0.02 * RNG.standard_normal(72))
    assert seasonal(np.log(series)) == pytest.approx(wave[:12], abs=0.03)
    assert fit(series, 12).centre - 5 == pytest.approx(wave[:12], abs=0.12)
    assert fit(series[:-5], 12).centre[5:] - 5 == pytest.approx(wave[:7], abs=0.12)
    assert not seasonal(5 + 0.02 * RNG.standard_normal(48)).any()
    assert not seasonal(np.log(series[:20])).any()


def test_intervals_of_random_walks_hold_what_comes_once_the_factor_is_pooled() -> None:
    """90 % intervals, three months ahead, over thirty series: the factor is from origins that are not checked on."""
    early = [one[:30] for one in WALKS]
    factor = pooled_factor(early, 3)
    checked = [check(one, 3, 33, spread_factor=factor) for one in WALKS]
    inside = np.average([one.coverage for one in checked if one], weights=[one.count for one in checked if one])
    assert inside == pytest.approx(0.90, abs=0.06)


def test_too_few_errors_give_no_factor() -> None:
    assert pooled_factor([WALKS[0][:12]], 3) == 1.0
    assert pooled_factor([], 3) == 1.0


def test_what_is_certain_is_inside_its_interval_and_scores_nothing() -> None:
    found = check(100 * np.ones(20), 2, 10)
    assert found is not None
    assert (found.coverage, found.count) == (1.0, 19)
    assert found.score == pytest.approx(0.0, abs=1e-6)


def test_without_a_past_origin_there_is_no_check() -> None:
    assert check(WALKS[0][:15], 3, 15) is None


def test_the_score_of_a_normal_ensemble_is_near_its_closed_form() -> None:
    """At its own median a standard normal scores 2 phi(0) - 1/sqrt(pi) = .23370."""
    ensemble = np.sort(np.random.default_rng(1).standard_normal((4000, 1)), axis=0)
    assert crps(ensemble, [0.0])[0] == pytest.approx(0.2337, abs=0.01)


def test_the_score_by_hand() -> None:
    """Members 1, 2, 6 against 3: mean distance 2, mean spread (1 + 5 + 4) x 2 / 9 / 2 = 1.1111."""
    assert crps([[1.0], [2.0], [6.0]], [3.0])[0] == pytest.approx(2 - 10 / 9)


@pytest.mark.parametrize("bad", [[1.0] * 7, [1.0] * 9 + [0.0], [1.0] * 9 + [float("nan")]])
def test_what_cannot_be_forecast_is_refused(bad: list[float]) -> None:
    with pytest.raises(ValueError, match="expected at least 8, all positive"):
        fit(bad, 3)
