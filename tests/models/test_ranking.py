"""Calibration and lift, by hand and where the truth is known."""

import numpy as np
import pytest

from hardgate.models.ranking import calibration, descending, top_share


def test_groups_say_what_was_said_and_what_happened() -> None:
    """Ten cases in two groups: .1 and .5 were said; 1 of 5 and 2 of 5 happened."""
    found = calibration([0.1] * 5 + [0.5] * 5, [1, 0, 0, 0, 0, 1, 1, 0, 0, 0], groups=2)
    assert [one.said for one in found.groups] == pytest.approx([0.1, 0.5])
    assert [(one.happened, one.count) for one in found.groups] == [(0.2, 5), (0.4, 5)]
    assert found.brier == pytest.approx((0.81 + 4 * 0.01 + 5 * 0.25) / 10)
    assert found.slope == pytest.approx((np.log(0.4 / 0.6) - np.log(0.2 / 0.8)) / (0 - np.log(0.1 / 0.9)))


def test_true_chances_have_slope_one_and_bold_ones_less() -> None:
    rng = np.random.default_rng(1)
    p = rng.beta(2, 5, 20_000)
    y = rng.random(20_000) < p
    true, bold = calibration(p, y), calibration(p**2 / (p**2 + (1 - p) ** 2), y)
    assert true.slope == pytest.approx(1.0, abs=0.05)
    assert bold.slope == pytest.approx(0.5, abs=0.03)


def test_chances_that_do_not_vary_have_no_slope() -> None:
    assert calibration([0.2, 0.2, 0.2], [0, 1, 0]).slope is None
    assert calibration([0.2, 0.3], [0, 0]).slope is None
    with pytest.raises(ValueError, match="no case"):
        calibration([], [])


def test_the_top_of_a_list_holds_so_much_of_all() -> None:
    assert top_share([10, 0, 0, 0, 0, 0, 0, 0, 0, 10], order=range(10)) == 0.5
    assert top_share([4.0, 1.0, 1.0], order=[0, 1, 2], share=0.5) == pytest.approx((4 + 0.5) / 6)
    assert top_share([0.0, 0.0], order=[0, 1]) == 0.0
    assert descending([1.0, 3.0, 2.0, 3.0]).tolist() == [1, 3, 2, 0]


def test_a_random_order_gives_the_share_itself_on_average() -> None:
    rng = np.random.default_rng(2)
    amounts = rng.lognormal(0, 1, 137)
    found = [top_share(amounts, rng.permutation(137)) for _ in range(2_000)]
    assert np.mean(found) == pytest.approx(0.1, abs=0.002)


def test_value_by_chance_finds_more_than_chance_alone_or_size_alone() -> None:
    """METHODS 8: the order by chance times contribution beats that by chance, and lies below the oracle."""
    rng = np.random.default_rng(3)
    chance, worth = rng.beta(1.5, 6, 5_000), rng.lognormal(0, 0.9, 5_000)
    won = (rng.random(5_000) < chance) * worth
    both, alone, size, oracle = (top_share(won, descending(one)) for one in (chance * worth, chance, worth, won))
    assert oracle > both > max(alone, size) > 0.2
