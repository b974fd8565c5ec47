import re
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.review import quantities
from hardgate.review.quantities import NotUnderstood

percents = st.decimals(min_value=0, max_value=100, places=3, allow_nan=False)
blanks = st.sampled_from(["", " ", "  ", "\t"])


@given(percents, blanks, blanks)
def test_a_percentage_is_its_hundredth_exactly(percent: Decimal, before: str, after: str) -> None:
    assert quantities.share(f"{before}{percent}{after}%{after}") == float(percent / 100)


@given(percents)
def test_a_percentage_and_the_share_it_means_are_one(percent: Decimal) -> None:
    assert quantities.share(f"{percent}%") == quantities.share(float(str(percent / 100)))


@given(st.text(max_size=8))
def test_a_text_is_a_share_or_refused_and_never_a_guess(text: str) -> None:
    meant = re.fullmatch(r"\s*([+-]?\d+(?:\.\d+)?)\s*%\s*", text)
    if meant and 0 <= Decimal(meant[1]) <= 100:
        assert quantities.share(text) == float(Decimal(meant[1]) / 100)
    else:
        with pytest.raises(NotUnderstood):
            quantities.share(text)


@given(st.floats(min_value=1, exclude_min=True, allow_nan=False, allow_infinity=False))
def test_a_bare_number_over_one_is_never_divided_by_a_hundred(value: float) -> None:
    with pytest.raises(NotUnderstood, match="a share lies between 0 and 1"):
        quantities.share(value)


@given(st.decimals(min_value=0, max_value=10**6, places=2), st.sampled_from(["", "k", "m", "bn"]), blanks)
def test_an_amount_is_exact(amount: Decimal, scale: str, blank: str) -> None:
    factor = {"": 1, "k": 10**3, "m": 10**6, "bn": 10**9}[scale]
    assert quantities.money(f"{amount:f}{blank}{scale}") == amount * factor


@pytest.mark.parametrize(
    ("read", "written", "value"),
    [
        (quantities.share, "72%", 0.72),
        (quantities.share, "72 %", 0.72),
        (quantities.share, 0.72, 0.72),
        (quantities.share, 1, 1.0),
        (quantities.number, "110%", 1.1),
        (quantities.number, -3, -3.0),
        (quantities.points, "2 points", 0.02),
        (quantities.points, "1 point", 0.01),
        (quantities.points, 3, 3.0),
        (quantities.evaluations, "4w", 4),
        (quantities.evaluations, "14 days", 2),
        (quantities.evaluations, 4, 4),
        (quantities.days, "35 days", 35),
        (quantities.window, "12 months", "12 months"),
        (quantities.money, 1_200_000_000, Decimal(1_200_000_000)),
        (quantities.money, 0.1, Decimal("0.1")),
        (quantities.money, "1.2 bn", Decimal("1200000000.0")),
        (quantities.money, "10_000_000", Decimal(10_000_000)),
        (quantities.money, 1e30, Decimal("1E+30")),
        (quantities.day, date(2026, 12, 1), date(2026, 12, 1)),
        (quantities.day, "2026-12-01", date(2026, 12, 1)),
    ],
)
def test_what_people_write_is_read(read: "type", written: object, value: object) -> None:
    assert read(written) == value


@pytest.mark.parametrize(
    ("read", "written", "said"),
    [
        (quantities.share, True, "expected a share, found true"),
        (quantities.share, float("nan"), "expected a share, found nan"),
        (quantities.share, "-1%", "a share lies between 0 and 1, found '-1%'"),
        (quantities.inner_share, "0%", "expected a share above 0 and below 1, found '0%'"),
        (quantities.number, "ten", "expected a number, found 'ten'"),
        (quantities.points, "two", "expected a distance, found 'two'"),
        (quantities.whole, -1, "expected a whole number of at least 0, found -1"),
        (quantities.whole, True, "expected a whole number of at least 0, found true"),
        (quantities.count, 0, "expected a whole number of at least 1, found 0"),
        (quantities.evaluations, "2 months", "duration '2 months' has no fixed number of days: use days or weeks"),
        (quantities.window, "0w", "a window of '0w' holds no day"),
        (quantities.money, -1, "expected an amount of at least 0, found -1"),
        (quantities.money, True, "expected an amount of at least 0, found true"),
        (quantities.day, datetime(2026, 12, 1, 8), "expected a date, found 2026-12-01 08:00:00"),
        (quantities.day, "1.12.2026", "expected a date, found '1.12.2026'"),
        (quantities.text, "  ", "expected a text, found '  '"),
        (quantities.text, None, "expected a text, found nothing"),
        (quantities.number, {}, "expected a number, found a mapping"),
    ],
)
def test_what_is_not_understood_says_what_was_found(read: "type", written: object, said: str) -> None:
    with pytest.raises(NotUnderstood) as caught:
        read(written)
    assert str(caught.value) == said


def test_names_are_found_in_any_case_and_returned_as_they_are_called() -> None:
    assert quantities.one_of("build", ["BUILD", "SELL"], "action") == "BUILD"
