"""Money is a decimal with a currency, converted by a dated rate and never added across currencies.

>>> short(Decimal("1200000000"), "RMB")
'RMB 1.20 bn'
>>> short(Decimal("-15.5"), "USD")
'USD -15.50'
>>> exact(Decimal("11520000.0100000000"), "RMB")
'RMB 11,520,000.01'
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from typing import overload

_SCALES = ((Decimal(1_000_000_000), "bn"), (Decimal(1_000_000), "m"))
CENT = Decimal("0.01")


@overload
def cents(amount: Decimal | float) -> Decimal: ...


@overload
def cents(amount: None) -> None: ...


def cents(amount: Decimal | float | None) -> Decimal | None:
    """Round an amount to hundredths, a half to the even one; nothing has no sign, and no amount stays none.

    >>> cents(1234.565), cents(Decimal("-0.004")), cents(None)
    (Decimal('1234.56'), Decimal('0.00'), None)
    """
    return None if amount is None else Decimal(str(amount)).quantize(CENT, ROUND_HALF_EVEN) + 0


def short(amount: Decimal | float, currency: str) -> str:
    """Write an amount for people: two decimals, with m or bn from a million."""
    value = Decimal(str(amount))
    for scale, suffix in _SCALES:
        if abs(value) >= scale:
            return f"{currency} {(value / scale).quantize(CENT, ROUND_HALF_EVEN):,} {suffix}".strip()
    return f"{currency} {value.quantize(CENT, ROUND_HALF_EVEN):,}".strip()


def exact(amount: Decimal, currency: str = "") -> str:
    """Write an amount to its last digit, and without the zeros that a table's precision adds.

    >>> exact(Decimal("2400000.0000000000"), "USD")
    'USD 2,400,000'
    """
    whole, _, parts = f"{amount:,f}".partition(".")
    parts = parts.rstrip("0")
    return f"{currency} {whole}{'.' + parts.ljust(2, '0') if parts else ''}".strip()


def rate_on(
    rates: Mapping[tuple[str, str], Mapping[date, Decimal]],
    source: str,
    target: str,
    day: date,
) -> Decimal | None:
    """Return the last rate from one currency to another dated on or before a day, or None where there is none."""
    if source == target:
        return Decimal(1)
    dated = rates.get((source, target), {})
    known = [when for when in dated if when <= day]
    return dated[max(known)] if known else None
