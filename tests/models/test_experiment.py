"""Effects, anytime-valid intervals and sample ratios beside gbstats and tea-tasting, from the same sums."""

import json
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from hardgate.models.confidence_sequence import radius
from hardgate.models.experiment import Arm, effect, family, holm, sample_ratio
from hardgate.models.group_sequential import bounds

PEERS = json.loads((Path(__file__).parents[1] / "against" / "markets.json").read_text("utf-8"))["experiments"]


def arm(sums: dict[str, float], *, ratio: bool) -> Arm:
    n = sums["n"]
    value, orders = sums["sum"] / n, sums["orders"] / n

    def spread(squares: float, product: float) -> float:
        return (squares - n * product) / (n - 1)

    if not ratio:
        return Arm(n, value, 1.0, spread(sums["squares"], value**2), 0.0, 0.0)
    return Arm(
        n, value, orders, spread(sums["squares"], value**2), spread(sums["orders_squares"], orders**2),
        spread(sums["product"], value * orders),
    )  # fmt: skip


def found(*, ratio: bool) -> Any:
    seen = effect(arm(PEERS["control"], ratio=ratio), arm(PEERS["treated"], ratio=ratio))
    assert seen is not None
    return seen


def test_a_mean_and_a_ratio_as_gbstats_has_them() -> None:
    for ratio, name in ((False, "gbstats_mean"), (True, "gbstats_ratio")):
        ours, peer = found(ratio=ratio), PEERS[name]
        assert (ours.value, ours.error) == pytest.approx((peer["value"], peer["error"]), rel=1e-9)
        z = NormalDist().inv_cdf(0.975)
        assert (ours.value - z * ours.error) == pytest.approx(peer["low"], abs=2e-5)


def test_a_ratio_as_tea_tasting_has_it() -> None:
    peer = PEERS["tea_tasting_ratio"]
    control, treated = (arm(PEERS[name], ratio=True) for name in ("control", "treated"))
    assert (control.ratio, treated.ratio) == pytest.approx((peer["control"], peer["treated"]), rel=1e-12)
    assert found(ratio=True).value == pytest.approx(peer["relative"], rel=1e-9)


def test_an_anytime_valid_interval_as_gbstats_has_it() -> None:
    ours, peer = found(ratio=False), PEERS["gbstats_anytime"]
    units = PEERS["control"]["n"] + PEERS["treated"]["n"]
    wide = radius(ours.error**2 * units, units, 0.05, tuned_for=5_000)
    assert (ours.value - wide, ours.value + wide) == pytest.approx((peer["low"], peer["high"]), rel=1e-9)


def test_a_sample_ratio_as_gbstats_has_it() -> None:
    assert sample_ratio([5_000, 5_300], [0.5, 0.5]) == pytest.approx(PEERS["gbstats_srm"], rel=1e-9)
    assert sample_ratio([500, 1_500], [1, 3]) == 1.0


def test_holm_asks_most_of_the_strongest() -> None:
    assert holm([2.0, 3.0, 1.0], 0.06) == pytest.approx((0.03, 0.02, 0.06))


def test_a_family_of_chances_as_r_adjusts_them() -> None:
    """p.adjust(c(.01, .04, .03, .005), "holm") of R is .03, .06, .06, .02."""
    assert family([0.01, 0.04, 0.03, 0.005]) == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert family([]) == ()


def test_orders_of_one_customer_are_one_observation() -> None:
    """Customers with ten orders each: the delta method sees 200 units where a test on orders would see 2,000."""
    random = np.random.default_rng(2)
    level = random.normal(50, 10, 200)
    value = level[:, None] + random.normal(0, 1, (200, 10))
    sums, orders = value.sum(axis=1), np.full(200, 10.0)
    whole = Arm(200, float(sums.mean()), 10.0, float(sums.var(ddof=1)), float(orders.var(ddof=1)), 0.0)
    honest = (whole.variance / whole.units) ** 0.5
    naive = value.std(ddof=1) / 2_000**0.5
    assert honest == pytest.approx(level.std(ddof=1) / 200**0.5, rel=0.02)
    assert honest > 3 * naive


def test_arms_of_nobody_and_a_control_of_nothing_have_no_effect() -> None:
    empty, plain = Arm(0, 0, 1, 0, 0, 0), Arm(10, 1.0, 1.0, 1.0, 0, 0)
    assert effect(empty, plain) is None
    assert effect(Arm(10, 0.0, 1.0, 1.0, 0, 0), plain) is None


@pytest.mark.parametrize("wrong", [(-1.0, 10, 0.05), (1.0, 0, 0.05), (1.0, 10, 1.0)])
def test_a_radius_needs_units_and_a_share(wrong: tuple[float, float, float]) -> None:
    with pytest.raises(ValueError, match="expected units"):
        radius(*wrong)


DAYS = 28


def alarms(draws: int, shift: float, seed: int = 1) -> dict[str, float]:
    """How often each way of looking daily for four weeks finds something."""
    random = np.random.default_rng(seed)
    step = random.standard_normal((draws, DAYS)) + shift
    share = np.arange(1, DAYS + 1) / DAYS
    total = np.cumsum(step, axis=1)
    z = total / np.sqrt(np.arange(1, DAYS + 1))
    units = 200.0 * np.arange(1, DAYS + 1)
    wide = np.array([radius(1.0, one, 0.05, tuned_for=200.0 * DAYS) for one in units]) * np.sqrt(units)
    return {
        "naive": float((np.abs(z) >= 1.96).any(axis=1).mean()),
        "bounds": float((np.abs(z) >= bounds(share)).any(axis=1).mean()),
        "anytime": float((np.abs(z) >= wide).any(axis=1).mean()),
    }


def test_looking_every_day_does_not_make_it_true() -> None:
    """A feature that does nothing, 28 looks: naively .278 false alarms, with spending at most nominal."""
    seen = alarms(20_000, 0.0)
    assert seen["naive"] == pytest.approx(0.278, abs=0.02)
    assert seen["bounds"] <= 0.053
    assert seen["anytime"] <= 0.03


def test_what_works_is_found_sooner_with_a_window_than_without() -> None:
    shift = 2.57 / DAYS**0.5
    seen = alarms(20_000, shift, seed=4)
    assert seen["bounds"] == pytest.approx(0.70, abs=0.04)
    assert seen["anytime"] < seen["bounds"] - 0.15
