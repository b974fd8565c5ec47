from datetime import date
from decimal import Decimal

from hardgate.core.money import cents, rate_on, short


def test_an_amount_is_written_with_two_decimals_and_its_scale() -> None:
    assert short(Decimal(1_200_000_000), "RMB") == "RMB 1.20 bn"
    assert short(Decimal("999999.994"), "USD") == "USD 999,999.99"
    assert short(Decimal(-2_500_000), "USD") == "USD -2.50 m"


def test_the_last_rate_on_or_before_the_day_holds() -> None:
    rates = {("USD", "RMB"): {date(2026, 1, 1): Decimal("7.1"), date(2026, 7, 1): Decimal("7.0")}}
    assert rate_on(rates, "USD", "RMB", date(2026, 6, 30)) == Decimal("7.1")
    assert rate_on(rates, "USD", "RMB", date(2026, 7, 1)) == Decimal("7.0")
    assert rate_on(rates, "USD", "RMB", date(2025, 12, 31)) is None
    assert rate_on(rates, "RMB", "RMB", date(2025, 12, 31)) == 1


def test_an_amount_is_rounded_to_hundredths_and_no_amount_stays_none() -> None:
    assert cents(Decimal("2.675")) == Decimal("2.68")
    assert cents(2.665) == Decimal("2.66")
    assert cents(1_000_000) == Decimal("1000000.00")
    assert cents(None) is None


def test_nothing_is_never_printed_as_less_than_nothing() -> None:
    assert str(cents(-0.004)) == "0.00"
    assert str(cents(-0.006)) == "-0.01"
    assert str(cents(Decimal("-0.0"))) == "0.00"
