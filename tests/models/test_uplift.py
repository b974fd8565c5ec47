"""Adoption effects: by hand, against what peers say of the same data, and over many drawn panels."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardgate.models.uplift import contrast, cuped, detrended_did, per_adopter, same_size
from tests.against.adoption_panel import EFFECT, panel, study

AGAINST = Path(__file__).parents[1] / "against"
ORACLES = json.loads((AGAINST / "adoption_oracles.json").read_text("utf-8"))
STUDY = json.loads((AGAINST / "adoption_study.json").read_text("utf-8"))
SEED = 20


def test_the_line_of_the_months_before_is_drawn_on() -> None:
    """Two points 1 and 2 make a line that stands at 4 and 5 two months later: 6 and 8 are 2.5 above it on the mean."""
    assert np.array([1, 2, 99, 6, 8]) @ contrast(2, 1, 2) == pytest.approx(2.5)
    line = 3 + 0.5 * np.arange(19)
    assert line @ contrast(12, 1, 6) == pytest.approx(0.0, abs=1e-12)


def test_what_everybody_has_is_no_effect_and_what_adopters_have_is() -> None:
    months = np.arange(24.0)
    rng = np.random.default_rng(3)
    y = rng.normal(10, 1, (40, 1)) + rng.normal(0, 0.02, (40, 1)) * months + 0.3 * (months >= 15)
    when = np.where(np.arange(40) < 20, 14.0, np.inf)
    y[:20, 14:] += 0.2
    found = detrended_did(y, when, draws=0)
    assert found is not None
    assert found.effect.value == pytest.approx(0.2)
    assert (found.effect.treated, found.effect.controls) == (20, 20)
    assert found.placebo is not None
    assert found.placebo.value == pytest.approx(0.0, abs=1e-9)


def test_the_bend_that_erases_an_effect_makes_it_out_of_nothing() -> None:
    """A slope that bends by `erased_by` at the adoption gives the very effect without any."""
    rng = np.random.default_rng(4)
    y, when = panel(rng)
    found = detrended_did(y, when, draws=0)
    assert found is not None
    flat, same = panel(np.random.default_rng(4), effect=0.0)
    since = np.arange(24) - np.where(np.isfinite(same), same, 99)[:, None]
    flat += found.erased_by * np.clip(since + 1, 0, None)
    bent = detrended_did(flat, when, draws=0)
    nothing = detrended_did(panel(np.random.default_rng(4), effect=0.0)[0], same, draws=0)
    assert bent is not None
    assert nothing is not None
    assert bent.effect.value - nothing.effect.value == pytest.approx(found.effect.value)
    assert found.erased_by == pytest.approx(found.effect.value / 4.5)
    assert found.doubted_by == pytest.approx(found.effect.low / 4.5)


def test_a_course_that_bends_before_the_adoption_fails_the_placebo() -> None:
    found = detrended_did(*panel(np.random.default_rng(5), bend=0.03))
    assert found is not None
    assert not found.holds
    assert found.placebo_bend > 0.004


def test_without_adopters_or_without_others_nothing_is_said() -> None:
    y = np.zeros((5, 24))
    assert detrended_did(y, np.full(5, np.inf)) is None
    assert detrended_did(y, np.full(5, 14.0)) is None
    assert detrended_did(y, [14.0, np.inf, np.inf, np.inf, np.inf]) is None


@pytest.mark.parametrize(
    ("shape", "before", "said"), [((5,), 12, "expected"), ((5, 24), 3, "at least four")], ids=["shape", "before"]
)
def test_what_cannot_be_asked_is_refused(shape: tuple[int, ...], before: int, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        detrended_did(np.zeros(shape), np.full(5, np.inf), before=before)


def test_an_unknown_month_leaves_the_account_out() -> None:
    y, when = panel(np.random.default_rng(6))
    whole = detrended_did(y, when, draws=0)
    adopter = int(np.flatnonzero(when == 14)[0])
    y[adopter, 13] = np.nan
    less = detrended_did(y, when, draws=0)
    assert whole is not None
    assert less is not None
    assert less.effect.treated == whole.effect.treated - 1


# Peers, by their committed output.


def test_one_cohort_is_the_regression_of_pyfixest() -> None:
    """Same effect; our deviation takes each group's own variance over n - 1, HC1 both over n - 2: equal within 1 %."""
    told: Any = ORACLES["one_cohort"]
    y, when = panel(np.random.default_rng(SEED))
    when = np.where((when == told["month"]) | (when >= told["month"] + 7), when, np.nan)
    y = np.where(np.isnan(when)[:, None], np.nan, y)[:, : told["month"] + 7]
    found = detrended_did(y, np.where(when == told["month"], when, np.inf), draws=0)
    assert found is not None
    assert found.effect.value == pytest.approx(told["effect"], abs=1e-9)
    assert found.effect.deviation == pytest.approx(told["deviation"], rel=0.03)
    assert found.effect.treated + found.effect.controls == told["units"]


def test_cuped_is_that_of_tea_tasting() -> None:
    """Our slope on the month before is that inside the groups, theirs that over both: equal to a hundredth of the width."""
    told: Any = ORACLES["cuped"]
    rng = np.random.default_rng(SEED)
    before = rng.normal(10, 1, 600)
    who = rng.permutation(600) < 300
    after = before + rng.normal(0, 0.3, 600) + 0.11 * who
    found = cuped(after, before, who)
    assert found is not None
    assert found.value == pytest.approx(told["effect"], abs=8e-4)
    assert (found.low, found.high) == pytest.approx((told["low"], told["high"]), abs=8e-4)


def test_detrending_has_less_bias_than_the_doubly_robust_peer() -> None:
    """DoubleML's doubly robust difference, given the slope before, on the same forty panels."""
    peer = ORACLES["doubly_robust"]["mean"] - EFFECT
    ours = np.mean([_value(seed) for seed in range(40)]) - EFFECT
    assert abs(ours) < 0.005
    assert abs(peer) > 3 * abs(ours)


def _value(seed: int) -> float:
    found = detrended_did(*panel(np.random.default_rng(seed)), draws=0)
    assert found is not None
    return found.effect.value


# Groups that were drawn.


def test_what_was_known_before_narrows_a_drawn_comparison() -> None:
    rng = np.random.default_rng(9)
    before = rng.normal(10, 1, 200)
    who = np.arange(200) % 2 == 0
    after = before + rng.normal(0, 0.1, 200) + 0.11 * who
    with_it, without = cuped(after, before, who), cuped(after, np.zeros(200), who)
    assert with_it is not None
    assert without is not None
    assert with_it.low < 0.11 < with_it.high
    assert with_it.high - with_it.low < 0.15 * (without.high - without.low)


def test_an_offer_that_half_take_counts_double_for_those_who_take_it() -> None:
    rng = np.random.default_rng(10)
    who = np.arange(400) % 2 == 0
    took = who & (rng.random(400) < 0.5)
    y = rng.normal(0, 0.05, 400) + 0.12 * took
    offered, uptake = cuped(y, np.zeros(400), who), cuped(took, np.zeros(400), who)
    assert offered is not None
    assert uptake is not None
    found = per_adopter(offered, uptake)
    assert found is not None
    assert found.low < 0.12 < found.high
    assert found.value == pytest.approx(offered.value / uptake.value)
    none = cuped(np.where(np.arange(400) % 4 < 2, 1.0, 0.0), np.zeros(400), who)
    assert none is not None
    assert per_adopter(offered, none) is None


def test_groups_that_are_too_small_or_uneven_are_seen() -> None:
    assert cuped([1.0, 2.0, 3.0], [0.0, 0.0, 0.0], [True, False, False]) is None
    assert same_size(600, 400) < 1e-9


# The simulation study of METHODS 8.


def test_forty_panels_show_the_bias_of_the_dashboard_and_not_ours() -> None:
    found = study(40, draws=0)
    assert abs(found["bias"]) < 0.005
    assert found["covered"] >= 0.85
    assert found["naive_bias"] > 0.05
    assert found["naive_covered"] < 0.05


@pytest.mark.slow
def test_five_hundred_panels_cover_as_they_say() -> None:
    """The interval of 95 % covers within 92 to 98 %, and so does the placebo's own; the dashboard's hardly ever does."""
    found = study(STUDY["panels"], draws=STUDY["draws"])
    assert 0.92 <= found["covered"] <= 0.98
    assert 0.92 <= found["placebo_holds"] <= 0.98
    assert found == pytest.approx(STUDY["found"], abs=1e-6)
