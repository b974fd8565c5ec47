from datetime import date

import pytest

from hardgate.core.days import Window, add_months, days_of, duration, month_of, months_between, week_of, window_ending


def test_a_window_of_weeks_ends_before_its_end() -> None:
    window = window_ending("8w", date(2026, 9, 7))
    assert (window.days, window.each_day()[0], window.each_day()[-1]) == (56, date(2026, 7, 13), date(2026, 9, 6))
    assert date(2026, 9, 7) not in window


def test_a_window_of_months_holds_whole_months() -> None:
    assert window_ending("3m", date(2026, 9, 7)) == Window(date(2026, 6, 1), date(2026, 9, 1))
    assert window_ending("1 year", date(2026, 9, 1)) == Window(date(2025, 9, 1), date(2026, 9, 1))


@pytest.mark.parametrize(("text", "days"), [("8w", 56), ("35 days", 35), ("1 week", 7), (" 3 d ", 3)])
def test_a_duration_in_days_or_weeks_is_days(text: str, days: int) -> None:
    assert days_of(text) == days


@pytest.mark.parametrize("text", ["", "8", "w8", "-3d", "1.5w", "8 fortnights"])
def test_what_is_no_duration_says_what_to_write(text: str) -> None:
    with pytest.raises(ValueError, match="whole number and d, w, m or y"):
        duration(text)


def test_months_have_no_fixed_number_of_days() -> None:
    with pytest.raises(ValueError, match="no fixed number of days"):
        days_of("2 months")


def test_months_are_counted_by_their_first_days() -> None:
    assert add_months(date(2026, 11, 30), 3) == date(2027, 2, 1)
    assert add_months(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert months_between(date(2025, 12, 31), date(2026, 2, 1)) == 2
    assert month_of(date(2026, 2, 28)) == date(2026, 2, 1)


def test_a_week_begins_on_monday() -> None:
    assert week_of(date(2026, 9, 6)) == date(2026, 8, 31)
    assert week_of(date(2026, 9, 7)) == date(2026, 9, 7)
