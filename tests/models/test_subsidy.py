import math

import numpy as np
import pytest

from hardgate.models.subsidy import covering_price, covering_quota, expected, share

MU = math.log(1000)


def test_the_golden_seat() -> None:
    assert expected(30, 0.01, MU, 1.2) == pytest.approx(7.17391, abs=5e-6)
    assert share(30, 0.01, MU, 1.2) == pytest.approx(0.17996, abs=5e-6)


@pytest.mark.parametrize(("price", "sigma"), [(30, 1.2), (5, 0.4), (60, 1.8)])
def test_the_formula_is_the_mean_of_drawn_seats(price: float, sigma: float) -> None:
    drawn = 0.01 * np.exp(np.random.default_rng(1).normal(MU, sigma, 4_000_000))
    assert expected(price, 0.01, MU, sigma) == pytest.approx(np.maximum(drawn - price, 0).mean(), rel=0.02)
    assert share(price, 0.01, MU, sigma) == pytest.approx((drawn > price).mean(), abs=0.001)


def test_a_free_seat_costs_all_that_it_uses() -> None:
    assert expected(0, 0.01, MU, 1.2) == pytest.approx(0.01 * math.exp(MU + 0.72))
    assert share(0, 0.01, MU, 1.2) == 1
    with pytest.raises(ValueError, match="expected a price"):
        expected(30, 0, MU, 1.2)


def test_what_covers_at_a_confidence_covers_about_that_often() -> None:
    """200 sets of 150 accounts with one seat; percentile bootstrap of a heavy tail is a little short, and says so."""
    random, truth = np.random.default_rng(5), math.exp(0.5 * 1.0**2)
    hits = [
        covering_price(np.exp(random.normal(0, 1.0, 150)), np.ones(150), 0.9, draws=400, seed=i) >= truth
        for i in range(200)
    ]
    assert 0.80 <= np.mean(hits) <= 0.95


def test_the_quota_that_pays_is_the_price_over_the_unit_cost_where_all_reach_it() -> None:
    assert covering_quota([9000, 9000], [1, 1], 0.01, 30.0) == pytest.approx(3000)
    assert covering_quota([1000, 2000], [1, 1], 0.01, 30.0) == math.inf
    with pytest.raises(ValueError, match="positive"):
        covering_quota([1], [1], 0, 1)
    with pytest.raises(ValueError, match="some seats"):
        covering_price([1], [0])
