"""What cash flows are worth and return; figures by hand, and numpy-financial's in tests/against."""

import numpy as np
import pytest

from hardgate.models.cash_flow import irr, mirr, npv, payback, peak_funding, stays, turn

FLOWS = [-100, -50, 20, 60, 80, 70]


def test_the_golden_programme_of_methods_11() -> None:
    assert npv(FLOWS, 0.10) == pytest.approx(14.2588, abs=5e-5)
    assert irr(FLOWS) == pytest.approx(0.130129, abs=5e-7)
    assert mirr(FLOWS, 0.10, 0.10) == pytest.approx(0.120767, abs=5e-7)


def test_a_return_that_no_rate_gives_is_no_number() -> None:
    assert np.isnan(irr([10, 20, 30]))
    assert np.isnan(irr([-10, -20, -30]))


def test_a_return_that_two_rates_give_is_no_number() -> None:
    """-1000 + 2300/x - 1320/x^2 is nothing at 10 % and at 20 %."""
    assert np.isnan(irr([-1000, 2300, -1320]))
    assert npv([-1000, 2300, -1320], 0.1) == pytest.approx(0.0, abs=1e-9)
    assert npv([-1000, 2300, -1320], 0.2) == pytest.approx(0.0, abs=1e-9)


def test_flows_that_turn_twice_but_add_up_once_have_one_positive_return() -> None:
    """-100, 50, -10, 100: added up -100, -50, -60, 40."""
    found = irr([-100, 50, -10, 100])
    assert found > 0
    assert npv([-100, 50, -10, 100], found) == pytest.approx(0.0, abs=1e-9)


def test_a_loss_has_a_negative_return() -> None:
    assert irr([-100, 50]) == pytest.approx(-0.5)


def test_paths_are_columns() -> None:
    both = np.array([FLOWS, [-1000, 2300, -1320, 0, 0, 0]], dtype=float).T
    assert irr(both)[0] == pytest.approx(0.130129, abs=5e-7)
    assert np.isnan(irr(both)[1])
    assert npv(both, 0.1) == pytest.approx([14.2588, 0.0], abs=5e-5)


def test_a_modified_return_needs_money_going_out_and_coming_in() -> None:
    assert np.isnan(mirr([1, 2, 3], 0.1, 0.1))
    assert np.isnan(mirr([-1, -2, -3], 0.1, 0.1))


def test_payback_counts_only_where_it_stays() -> None:
    """Added up: -100, -40, 20, -10, 10: above nothing in period 2 and again, for good, in period 4."""
    assert payback([-100, 60, 60, -30, 20]) == 4
    assert payback([-100, 60, 60]) == 2


def test_payback_beyond_the_horizon_is_a_state_of_its_own() -> None:
    assert payback([-100, 30, 30]) == -1
    assert payback([-100, 60, 45], rate=0.1) == -1
    assert payback([5, 5]) == 0


def test_what_holds_to_the_end_holds_from_somewhere() -> None:
    holds = np.array([[True, True, False], [False, True, False], [True, True, True], [True, True, False]])
    assert stays(holds).tolist() == [2, 0, -1]


def test_cash_turns_when_a_year_of_it_is_positive_and_stays_so_for_two_quarters() -> None:
    """A year's flow from period 3 on: -1, 2, -1, 1, 5."""
    assert turn([-4, 1, 1, 1, -1, -2, 3, 5]) == 6
    assert turn([-4, 1, 1, 1, -1, -2, 3]) == -1
    assert turn([1, 1, 1, 1, 1]) == 3
    assert turn([1, 1, 1, 1]) == -1


def test_the_deepest_point_is_what_must_be_found() -> None:
    assert peak_funding(FLOWS) == 150
    assert peak_funding([10, -5]) == 0
