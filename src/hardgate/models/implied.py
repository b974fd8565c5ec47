"""What a price implies: the growth, or the margin, at which a business is worth exactly what the market says.

Sales grow at one rate for some years and at a low one for ever after; a share of them is free to the owners; all is
discounted at one rate. Value is a line in the margin, so that the implied margin is one division; it rises in growth,
so that the implied growth is found by bisection. Where no growth in range gives the price the answer is None: "no value
in range". Wrong for a business whose margin changes with its growth: use the programme model for that.

Source: the dividend discount model of Gordon (1959) in two stages.

>>> round(value(100.0, 0.2, 0.1, 0.1), 2)
455.0
>>> growth(value(100.0, 0.2, 0.1, 0.1), 100.0, 0.2, 0.1), growth(1e9, 100.0, 0.2, 0.1)
(0.1, None)
>>> margin(value(100.0, 0.2, 0.1, 0.1), 100.0, 0.1, 0.1)
0.2
"""

from collections.abc import Callable

YEARS, FOREVER = 10, 0.02
LOWEST, HIGHEST = -0.5, 1.0
_STEPS = 80


def value(
    sales: float, margin: float, growth: float, rate: float, years: int = YEARS, forever: float = FOREVER
) -> float:
    """Return the worth of sales that grow for some years and then slowly, of which a margin is free, at a rate.

    Raises:
        ValueError: the rate does not exceed the growth for ever.

    """
    if rate <= forever:
        message = f"rate {rate} does not exceed growth for ever {forever}: the value has no bound"
        raise ValueError(message)
    ratio = (1 + growth) / (1 + rate)
    near = years * 1.0 if abs(ratio - 1) < 1e-12 else ratio * (1 - ratio**years) / (1 - ratio)
    return sales * margin * (near + ratio**years * (1 + forever) / (rate - forever))


def growth(
    price: float, sales: float, margin: float, rate: float, years: int = YEARS, forever: float = FOREVER
) -> float | None:
    """Return the yearly growth that a price implies at a margin; None where none from -50 % to +100 % does."""
    if margin <= 0 or sales <= 0:
        return None
    return _solved(lambda g: value(sales, margin, g, rate, years, forever) - price)


def margin(
    price: float, sales: float, growth: float, rate: float, years: int = YEARS, forever: float = FOREVER
) -> float | None:
    """Return the margin that a price implies at a growth; None where it is not between nothing and all of sales."""
    whole = value(sales, 1.0, growth, rate, years, forever)
    found = price / whole if whole > 0 else None
    return round(found, 6) if found is not None and 0 < found <= 1 else None


def _solved(gap: Callable[[float], float]) -> float | None:
    low, high = LOWEST, HIGHEST
    if gap(low) > 0 or gap(high) < 0:
        return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if gap(middle) < 0:
            low = middle
        else:
            high = middle
    return round((low + high) / 2, 6)
