"""The curve against METHODS 9, and against published tables and SciPy."""

import json
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.kaplan_meier import curve, log_rank
from tests.against.nudges import waits

STRATA = json.loads((Path(__file__).parents[1] / "against/qini_and_strata.json").read_text())["strata"]

TIMES = [3, 4, 5, 5, 6, 8, 9, 9, 12, 12]
SEEN = [True, False, True, True, False, True, False, False, True, False]
# Freireich et al. 1963, weeks in remission of acute leukaemia: 6-mercaptopurine against placebo.
DRUG = ([6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35],
        [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0])  # fmt: skip
PLACEBO = ([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23], [1] * 21)


def test_the_golden_curve() -> None:
    found = curve(TIMES, SEEN)
    assert found.survival == pytest.approx([0.9, 0.675, 0.54, 0.27], abs=1e-12)
    assert found.standard_error == pytest.approx([0.0949, 0.1551, 0.1731, 0.2096], abs=5e-5)
    assert found.at_risk.tolist() == [10, 8, 5, 2]


def test_the_median_and_the_restricted_mean_of_the_golden_curve() -> None:
    """By hand: 3 + .9 x 2 + .675 x 3 + .54 x 4 = 8.985 up to 12; up to 8 it is 6.825."""
    found = curve(TIMES, SEEN)
    assert found.quantile() == 12.0
    twelve, eight = found.restricted_mean(12), found.restricted_mean(8)
    assert twelve is not None
    assert eight is not None
    assert (twelve[0], eight[0]) == pytest.approx((8.985, 6.825))
    # sqrt(5.985^2/(10 x 9) + 4.185^2 x 2/(8 x 6) + 2.16^2/(5 x 4))
    assert twelve[1] == pytest.approx(np.sqrt(5.985**2 / 90 + 4.185**2 / 24 + 2.16**2 / 20))
    assert found.restricted_mean(12.5) is None


def test_leukaemia_as_it_was_published() -> None:
    """Medians 23 and 8 weeks; log-rank chi-square 16.79 (Cox & Oakes 1984; R's survdiff)."""
    drug, placebo = curve(*DRUG), curve(*PLACEBO)
    assert (drug.quantile(), placebo.quantile()) == (23.0, 8.0)
    found = log_rank([DRUG, PLACEBO])
    assert found is not None
    assert found.chi_square == pytest.approx(16.79, abs=5e-3)
    assert found.degrees == 1
    assert found.probability == pytest.approx(4.17e-5, rel=5e-3)


def test_curve_and_test_agree_with_scipy() -> None:
    from scipy import stats

    rng = np.random.default_rng(5)
    samples = []
    for mean in (10, 14):
        lasted, ended = rng.exponential(mean, 60).round(1), rng.exponential(20, 60).round(1)
        samples.append((np.minimum(lasted, ended), lasted <= ended))
    censored = [stats.CensoredData(t[seen], right=t[~seen]) for t, seen in samples]
    theirs = stats.logrank(*censored)
    ours = log_rank(samples)
    assert ours is not None
    assert ours.chi_square == pytest.approx(theirs.statistic**2)
    assert ours.probability == pytest.approx(theirs.pvalue)
    one = stats.ecdf(censored[0]).sf
    found = curve(*samples[0])
    assert found.survival == pytest.approx(one.evaluate(found.times))
    low, high = found.band(0.9)
    with pytest.warns(RuntimeWarning, match="undefined at some observations"):  # those that are censored at the end
        interval = one.confidence_interval(0.9, method="log-log")
    assert low[:-3] == pytest.approx(interval.low.evaluate(found.times)[:-3])
    assert high[:-3] == pytest.approx(interval.high.evaluate(found.times)[:-3])


def test_the_interval_of_a_median_is_where_the_band_crosses_a_half() -> None:
    """R's survfit(conf.type = "log-log", conf.int = .95) of the same patients: drug 13 to NA, placebo 4 to 11."""
    assert curve(*DRUG).quantile_interval(confidence=0.95) == (13.0, None)
    assert curve(*PLACEBO).quantile_interval(confidence=0.95) == (4.0, 11.0)


def test_where_nothing_has_happened_yet_the_bound_is_that_of_those_who_were_watched() -> None:
    """Clopper-Pearson, one-sided 90 %: nobody of 8 watched to week 26, so up to 1 - .1^(1/8) = 25.0 % may have by then.

    Two more were seen to week 10 alone, and one gets there in week 30.
    """
    found = curve([10, 10, 26, 30, 40, 40, 40, 40, 40, 40], [False, False, False, True, *([False] * 6)])
    assert found.survives(26) == 1.0
    assert found.interval(26, 0.9) == pytest.approx((0.1 ** (1 / 8), 1.0))
    assert found.interval(9, 0.9) == pytest.approx((0.1 ** (1 / 10), 1.0))
    assert found.interval(41) is None
    later = found.interval(30, 0.9)
    assert later is not None
    assert later[0] < 6 / 7 < later[1] < 1


def test_where_nobody_is_left_the_upper_end_is_that_of_the_last_at_risk() -> None:
    """All ten at once: 1 - .1^(1/10) = 20.6 % may be left of others like them, as of none of ten exactly."""
    low, high = curve([5] * 10, [True] * 10).band(0.9)
    assert (low[-1], high[-1]) == (0.0, pytest.approx(1 - 0.1 ** (1 / 10)))
    low, high = curve([3, 4, 5, 5], [True] * 4).band(0.9)
    assert (low[-1], high[-1]) == (0.0, pytest.approx(high[-2] * (1 - 0.1**0.5)))


def test_strata_and_a_horizon_agree_with_statsmodels() -> None:
    """Groups that are mixed otherwise over strata look alike, and within each stratum they are not."""
    lasted, ended, group, layer = waits()
    two = [(lasted[group == at], ended[group == at]) for at in (1, 0)]
    strata = [layer[group == at] for at in (1, 0)]
    told = {"plain": log_rank(two), "stratified": log_rank(two, strata), "within 20": log_rank(two, strata, within=20)}
    for name, (square, luck) in STRATA.items():
        found = told[name]
        assert found is not None
        assert found.chi_square == pytest.approx(square, rel=1e-9)
        assert found.probability == pytest.approx(luck, rel=1e-9)
    assert STRATA["plain"][1] > 0.5
    assert STRATA["stratified"][1] < 0.001


def test_a_stratum_with_one_group_says_nothing() -> None:
    """Nobody of the second stratum can be compared: it is as if they were not there."""
    drug, placebo = DRUG, PLACEBO
    more = ([*drug[0], 1, 2], [*drug[1], 1, 1])
    found, same = log_rank([more, placebo], [[0] * 21 + [1, 1], [0] * 21]), log_rank([drug, placebo])
    assert found is not None
    assert same is not None
    assert found.chi_square == pytest.approx(same.chi_square)
    with pytest.raises(ValueError, match="found strata of \\[1, 21\\] members"):
        log_rank([drug, placebo], [[0], [0] * 21])


def test_what_was_not_seen_is_not_said() -> None:
    nobody, none_yet = curve([], []), curve([4, 7], [False, False])
    assert (nobody.count, nobody.quantile()) == (0, None)
    assert (none_yet.quantile(), none_yet.survives(5), none_yet.survives(8)) == (None, 1.0, None)
    assert log_rank([([4.0], [True])]) is None
    assert log_rank([([4.0], [False]), ([5.0], [False])]) is None


def test_all_got_there_leaves_nothing_and_no_error() -> None:
    found = curve([1, 2], [True, True])
    assert found.survival.tolist() == [0.5, 0.0]
    assert found.standard_error.tolist() == pytest.approx([np.sqrt(0.125), 0.0])
    assert found.survives(100) == 0.0


@pytest.mark.parametrize(
    ("durations", "observed", "said"),
    [([1, -2], [True, True], "duration 1 is -2"), ([1, np.nan], [True, True], "is nan"), ([1], [], "shape")],
)
def test_what_is_no_duration_is_refused(durations: list[float], observed: list[bool], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        curve(durations, observed)
