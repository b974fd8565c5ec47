from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.days import Window
from hardgate.models.backlog import (
    Commitment,
    PlannedTranche,
    allocate_commitments,
    concentration,
    coverage,
    revenue_needed,
)

AMOUNTS = [450, 200, 150, 100, 100]
HAIRCUTS = [0.9, 0.95, 0.95, 0.8, 0.8]
YEAR = Window(date(2027, 1, 1), date(2028, 1, 1))
NEXT_YEAR = Window(date(2028, 1, 1), date(2029, 1, 1))
BOTH = Window(date(2027, 1, 1), date(2029, 1, 1))


def test_five_customers_cover_a_need_of_800() -> None:
    assert coverage(AMOUNTS, HAIRCUTS, 800) == pytest.approx(1.122, abs=5e-4)


def test_with_no_name_above_a_quarter_they_do_not() -> None:
    assert coverage(AMOUNTS, HAIRCUTS, 800, cap=0.25) == pytest.approx(0.897, abs=5e-4)


def test_no_customer_covers_nothing() -> None:
    assert coverage([], [], 800) == 0.0


@pytest.mark.parametrize(
    ("amounts", "haircuts", "need", "says"),
    [
        ([100, 200], [0.9], 800, "haircuts"),
        ([100], [1.1], 800, "one share from 0 to 1 each"),
        ([100], [0.9], 0, "a need of 0"),
        ([-100], [0.9], 800, "none negative or missing"),
        ([float("nan")], [0.9], 800, "none negative or missing"),
    ],
)
def test_what_is_no_backlog_is_refused(amounts: list[float], haircuts: list[float], need: float, says: str) -> None:
    with pytest.raises(ValueError, match=says):
        coverage(amounts, haircuts, need)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=20), st.floats(0.05, 1))
def test_a_cap_never_adds_coverage(amounts: list[float], cap: float) -> None:
    haircuts = [0.9] * len(amounts)
    assert coverage(amounts, haircuts, 1000, cap) <= coverage(amounts, haircuts, 1000)


def test_five_customers_are_concentrated_in_one() -> None:
    found = concentration(AMOUNTS)
    assert found is not None
    assert (found.hhi, found.top1, found.top5) == pytest.approx((0.285, 0.45, 1.0))


def test_the_five_largest_of_ten_equal_customers_are_half() -> None:
    found = concentration([7] * 10)
    assert found is not None
    assert (found.hhi, found.top1, found.top5) == pytest.approx((0.1, 0.1, 0.5))


def test_no_backlog_is_not_concentrated_but_absent() -> None:
    assert concentration([]) is None
    assert concentration([0, 0]) is None


def test_without_interest_the_need_is_capital_over_months_and_the_running_cost() -> None:
    assert revenue_needed(1200, 30, 0.0, 48) == pytest.approx(55)


def test_with_interest_the_need_is_the_monthly_annuity() -> None:
    """i = 1.1^(1/12) - 1 = .00797414; i / (1 - 1.1^-4) = .0251561 a month."""
    assert revenue_needed(1000, 0, 0.10, 48) == pytest.approx(25.1561, abs=1e-4)


def test_a_year_until_live_makes_the_need_a_year_s_interest_larger() -> None:
    assert revenue_needed(1000, 0, 0.10, 48, live_after_months=12) == pytest.approx(1.1 * 25.1561, abs=2e-4)


def test_a_ramp_and_a_residual_move_the_need_by_what_they_take_and_give() -> None:
    """Two months: 100 / (.5 + 1) at half load in the first; (100 - 40) / 2 with 40 left at the end."""
    assert revenue_needed(100, 0, 0.0, 2, ramp=(0.5,)) == pytest.approx(66.6667, abs=1e-4)
    assert revenue_needed(100, 0, 0.0, 2, residual=40) == pytest.approx(30)


def test_the_need_makes_the_net_present_value_zero() -> None:
    need = revenue_needed(5000, 40, 0.15, 36, live_after_months=9, ramp=(0.2, 0.5, 0.8), residual=300)
    loads = [0.2, 0.5, 0.8] + [1.0] * 33
    value = -5000 + 300 / 1.15 ** (45 / 12)
    value += sum((need * load - 40) / 1.15 ** ((9 + month) / 12) for month, load in enumerate(loads, start=1))
    assert value == pytest.approx(0, abs=1e-8)


@pytest.mark.parametrize("wrong", [{"months": 0}, {"rate": -1.0}, {"ramp": (0.0,) * 12}])
def test_a_tranche_that_never_earns_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="expected a rate above -1 and a month with load"):
        revenue_needed(**{"capex": 100, "operating_cost_per_month": 0, "rate": 0.1, "months": 12, **wrong})  # type: ignore[arg-type]


def test_a_commitment_is_pledged_once_and_to_the_tranche_committed_first() -> None:
    """
    acme 730 over 2027; both tranches could serve it then
    second  committed 2026-06-01: what the first cannot serve
    first   committed 2026-03-01: 500
    """
    acme = Commitment("acme", YEAR, 730)
    second = PlannedTranche("a", date(2026, 6, 1), YEAR, 500)
    first = PlannedTranche("b", date(2026, 3, 1), YEAR, 500)
    assert allocate_commitments([acme], [second, first]).tolist() == [[pytest.approx(230)], [pytest.approx(500)]]


def test_of_two_tranches_committed_on_one_day_the_first_name_goes_first() -> None:
    acme = Commitment("acme", YEAR, 400)
    tranches = [PlannedTranche(name, date(2026, 3, 1), YEAR, 400) for name in ("b", "a")]
    assert allocate_commitments([acme], tranches).tolist() == [[0.0], [pytest.approx(400)]]


def test_only_what_falls_in_the_window_is_served() -> None:
    """731 evenly over the 731 days of two years: 365 of them in 2027."""
    acme = Commitment("acme", BOTH, 731)
    tranche = PlannedTranche("a", date(2026, 3, 1), YEAR, 10_000)
    assert allocate_commitments([acme], [tranche]).tolist() == [[pytest.approx(365)]]


def test_this_year_s_money_is_not_pledged_to_a_second_tranche_of_this_year() -> None:
    acme = Commitment("acme", BOTH, 731)
    tranches = [PlannedTranche(name, date(2026, 3, 1), YEAR, 10_000) for name in ("a", "b")]
    tranches.append(PlannedTranche("c", date(2026, 3, 1), NEXT_YEAR, 10_000))
    assert allocate_commitments([acme], tranches)[:, 0].tolist() == [pytest.approx(365), 0.0, pytest.approx(366)]


def test_a_full_tranche_takes_from_its_customers_in_proportion() -> None:
    commitments = [Commitment("acme", YEAR, 300), Commitment("bolt", YEAR, 100)]
    tranche = PlannedTranche("a", date(2026, 3, 1), YEAR, 200)
    assert allocate_commitments(commitments, [tranche]).tolist() == [[pytest.approx(150), pytest.approx(50)]]


def test_nobody_and_nothing_allocate_nothing() -> None:
    tranche = PlannedTranche("a", date(2026, 3, 1), YEAR, 200)
    assert allocate_commitments([], [tranche]).shape == (1, 0)
    assert allocate_commitments([Commitment("acme", YEAR, 300)], []).shape == (0, 1)
    assert allocate_commitments([], []).shape == (0, 0)


def test_an_empty_term_is_refused() -> None:
    with pytest.raises(ValueError, match="300 over 0 days"):
        allocate_commitments([Commitment("acme", Window(YEAR.start, YEAR.start), 300)], [])


windows = st.tuples(st.dates(date(2027, 1, 1), date(2028, 1, 1)), st.integers(1, 900)).map(
    lambda pair: Window(pair[0], date.fromordinal(pair[0].toordinal() + pair[1]))
)
commitments_drawn = st.lists(st.builds(Commitment, st.text("abc"), windows, st.floats(0, 1e6)), max_size=6)
tranches_drawn = st.lists(
    st.builds(PlannedTranche, st.text("xyz"), st.dates(date(2026, 1, 1), date(2026, 4, 1)), windows, st.floats(0, 1e6)),
    max_size=6,
)


@given(commitments_drawn, tranches_drawn)
def test_no_commitment_is_pledged_beyond_itself_and_no_tranche_beyond_what_it_serves(
    commitments: list[Commitment], tranches: list[PlannedTranche]
) -> None:
    pledged = allocate_commitments(commitments, tranches)
    assert (pledged >= 0).all()
    assert (pledged.sum(axis=0) <= np.array([each.amount for each in commitments]) * (1 + 1e-9) + 1e-9).all()
    assert (pledged.sum(axis=1) <= np.array([each.amount for each in tranches]) * (1 + 1e-9) + 1e-9).all()
