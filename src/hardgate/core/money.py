"""Money is a decimal with a currency, converted by a dated rate and never added across currencies.

>>> short(Decimal("1200000000"), "RMB")
'RMB 1.20 bn'
>>> short(Decimal("-15.5"), "USD")
'USD -15.50'
"""

from collections.abc import Mapping
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal

_SCALES = ((Decimal(1_000_000_000), "bn"), (Decimal(1_000_000), "m"))
CENT = Decimal("0.01")


def short(amount: Decimal | float, currency: str) -> str:
    """Write an amount for people: two decimals, with m or bn from a million."""
    value = Decimal(str(amount))
    for scale, suffix in _SCALES:
        if abs(value) >= scale:
            return f"{currency} {(value / scale).quantize(CENT, ROUND_HALF_EVEN):,} {suffix}".strip()
    return f"{currency} {value.quantize(CENT, ROUND_HALF_EVEN):,}".strip()


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
