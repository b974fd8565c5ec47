"""The hazards of many cities, from counts."""

import numpy as np
import pytest

from hardgate.models.renewals import counted, fit, most_likely, survival


def counts(a: float, b: float, size: float, periods: int) -> tuple[np.ndarray, np.ndarray]:
    """Counts exactly as (a, b) expects them."""
    there = size * survival(np.array([a, b]), periods)
    return -np.diff(there), there[:-1]


def test_exact_counts_give_their_parameters_back() -> None:
    lost, risk = counts(1.1, 9.0, 10_000, 40)
    assert np.exp(most_likely(lost[None], risk[None]))[0] == pytest.approx([1.1, 9.0], rel=1e-4)


def test_survival_is_the_product_of_staying() -> None:
    assert survival(np.array([1.0, 3.0]), 3) == pytest.approx([1.0, 0.75, 0.6, 0.5])


def test_the_first_periods_stay_as_they_were_counted() -> None:
    early = np.array([[0.5, 0.8]])
    assert survival(np.array([[1.0, 3.0]]), 3, early)[0] == pytest.approx([1.0, 0.5, 0.4, 0.4 * 5 / 6])


def test_counts_of_the_first_periods_are_drawn_around_their_share() -> None:
    """A city of 1,000 keeps its own share, one of ten goes most of the way to that of all: (20 x 0.2 + 5) / 30 leave."""
    lost, risk = np.array([[200.0], [5.0]]), np.array([[1_000.0], [10.0]])
    draws = counted(lost, risk, 4_000)
    assert draws.shape == (2, 4_000, 1)
    all_ = (205 + 0.5) / (1_010 + 1)
    assert 1 - draws[0].mean() == pytest.approx((200 + 20 * all_) / 1_020, abs=2e-3)
    assert 1 - draws[1].mean() == pytest.approx((5 + 20 * all_) / 30, abs=5e-3)
    assert draws[0].std() < 0.02 < draws[1].std()
    assert np.array_equal(draws, counted(lost, risk, 4_000))


def test_who_comes_once_does_not_tell_how_long_the_others_stay() -> None:
    """Four in ten never come again; those who do follow (1.1, 9). The law is found when the first period is left out."""
    lost, risk = counts(1.1, 9.0, 10_000, 40)
    lost, risk = np.r_[4_000.0, lost[1:]][None], np.r_[risk[0], risk[1:]][None]
    assert np.exp(fit(lost, risk, first=1).mean[0]) == pytest.approx([1.1, 9.0], rel=0.02)
    assert np.exp(fit(lost, risk).mean[0, 0]) < 0.7


def test_a_city_of_ten_customers_borrows_from_the_others() -> None:
    """Alone, a city in which nobody left yet would never lose anyone."""
    rows = [counts(1.0, 8.0, 2_000, 30) for _ in range(6)]
    lost = np.array([*(one for one, _ in rows), np.zeros(30)])
    risk = np.array([*(one for _, one in rows), np.r_[np.full(4, 10.0), np.zeros(26)]])
    found = fit(lost, risk)
    a, b = np.exp(found.mean[-1])
    big_a, big_b = np.exp(found.mean[0])
    assert (big_a, big_b) == pytest.approx((1.0, 8.0), rel=0.05)
    assert 0.03 < a / (a + b) < 0.14
    assert found.covariance[-1, 0, 0] > found.covariance[0, 0, 0]


def test_draws_are_the_same_every_time_and_as_wide_as_the_posterior() -> None:
    lost, risk = counts(1.0, 8.0, 300, 30)
    found = fit(lost[None], risk[None])
    draws = found.draws(2_000)
    assert np.array_equal(draws, found.draws(2_000))
    assert np.log(draws[0]).mean(axis=0) == pytest.approx(found.mean[0], abs=0.05)
    assert np.log(draws[0]).std(axis=0) == pytest.approx(np.sqrt(np.diag(found.covariance[0])), rel=0.1)


def test_more_lost_than_watched_is_refused() -> None:
    with pytest.raises(ValueError, match="never more lost"):
        fit(np.array([[2.0]]), np.array([[1.0]]))


@pytest.mark.slow
def test_nine_tenths_of_true_hazards_lie_in_nine_tenths_of_the_draws() -> None:
    """Forty cities of many sizes from one population, each watched for a while: the draws cover what they should."""
    random = np.random.default_rng(11)
    inside = []
    for _ in range(10):
        true = np.exp(random.normal([0.1, 2.1], [0.2, 0.3], (40, 2)))
        sizes = random.integers(40, 800, 40)
        lost, risk = np.zeros((40, 30)), np.zeros((40, 30))
        for at, (a, b) in enumerate(true):
            there = int(sizes[at])
            for k in range(random.integers(6, 30)):
                risk[at, k] = there
                lost[at, k] = random.binomial(there, a / (a + b + k))
                there -= int(lost[at, k])
        draws = fit(lost, risk).draws(1_000)
        stay = survival(draws, 52)[:, :, -1]
        low, high = np.quantile(stay, [0.05, 0.95], axis=1)
        kept = survival(true, 52)[:, -1]
        inside += ((low <= kept) & (kept <= high)).tolist()
    assert 0.84 <= np.mean(inside) <= 0.95
