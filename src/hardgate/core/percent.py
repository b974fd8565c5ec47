"""A share for people: in percent, with a space before the sign, one digit unless another count is asked for.

>>> percent(0.345), percent(-0.24), percent(0.5, 0), percent(0.0034, 2), percent(0.34, signed=True)
('34.5 %', '-24.0 %', '50 %', '0.34 %', '+34.0 %')

Wrong for a change of a share: that is in points.
"""


def percent(share: float, digits: int = 1, *, signed: bool = False) -> str:
    """Write a share for people."""
    return f"{100 * share:{'+' if signed else ''},.{digits}f} %"
