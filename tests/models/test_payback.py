"""First passages, masses that never pay back, and what clusters of a holdout say."""

import numpy as np
import pytest

from hardgate.models.geo_test import difference
from hardgate.models.payback import NEVER, course, discount, first_passage, later, never, project, reached


def test_the_week_in_which_the_sum_reaches_the_cost() -> None:
    assert first_passage([[4, 4, 4], [1, 1, 1], [0, 0, 0]], [8, 8, 0]).tolist() == [2, NEVER, 0]


def test_never_is_a_mass_and_no_date() -> None:
    found = course([10, 20, 30, NEVER])
    assert (never(found), later(found, 20), reached(found, 0.5), reached(found, 0.9)) == (0.25, 0.5, 20, None)


def test_a_year_of_discounting_is_the_yearly_rate() -> None:
    assert discount(0.12, 53)[51] == pytest.approx(1.12 ** (-52 / 52.1775))


def test_customers_who_never_leave_pay_back_like_an_annuity() -> None:
    """100 at 5 a week without discounting is 20 weeks, and a loss-making one never."""
    stay = np.tile(np.array([1e-9, 1e3]), (2, 50, 1))
    flows = np.array([np.full(60, 5.0), np.full(60, -1.0)])
    good, bad = project(stay, flows, np.zeros(2), np.array([99.99, 10.0]), weeks=60, rate=0.0)
    assert (reached(good, 0.5), never(good)) == (20, 0.0)
    assert never(bad) == 1.0


def test_clusters_are_what_is_counted() -> None:
    """Six clusters, worked by hand: 2 against 0, pooled variance (0.5 + 0.02) / 4, t of 4 at 90 % is 2.1318."""
    found = difference(np.array([2.0, 2.5, 1.5, 0.1, -0.1, 0.0]), np.array([True, True, True, False, False, False]))
    assert found is not None
    half = 2.13185 * (0.52 / 4 * 2 / 3) ** 0.5
    assert (found.value, found.low, found.high) == pytest.approx((2.0, 2 - half, 2 + half), abs=1e-4)
    assert found.p == pytest.approx(2 / 20)


def test_one_cluster_on_a_side_says_nothing() -> None:
    assert difference(np.array([1.0, 2.0, 3.0]), np.array([True, False, False])) is None


def test_intervals_of_few_clusters_hold_the_truth() -> None:
    random = np.random.default_rng(8)
    treated = np.arange(10) % 2 == 0
    inside = 0
    for _ in range(600):
        found = difference(random.normal(0, 1, 10) + 0.7 * treated, treated)
        assert found is not None
        inside += found.low <= 0.7 <= found.high
    assert 0.87 <= inside / 600 <= 0.93
