"""What a row of cash flows is worth, what it returns, when it has paid back, and how deep it goes before.

The first flow is today's and is not discounted. A return that no rate or several rates give is not a number; the
modified return, which names the rates at which money is raised and put away, is one wherever money goes out and comes
in. Wrong when flows after the last one matter: nothing is counted beyond it.

>>> flows = [-100, -50, 20, 60, 80, 70]
>>> f"{npv(flows, 0.10):.4f} {irr(flows):.6f} {mirr(flows, 0.10, 0.10):.6f}"
'14.2588 0.130129 0.120767'
>>> float(irr([-1000, 2300, -1320]))
nan
>>> int(payback([-100, 60, 60, -30, 20])), int(payback([-100, 30]))
(4, -1)

Sources: Lin (1976) for the modified return; Norstrom (1972), Journal of Financial and Quantitative Analysis 7, for when
there is one return only.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]

NEVER = -1
"""Not within the horizon: a state of its own, never infinity."""

LOWEST, HIGHEST = -0.95, 10.0  # rates a period between which a return is looked for
HALVINGS = 60


def npv(flows: ArrayLike, rate: ArrayLike) -> Floats:
    """The net present value: each flow over (1 + rate) to its period, the first at 0.

    Args:
        flows: shape (periods,) or (periods, paths).
        rate: of one period, effective; one, or one a path.

    """
    cash = np.asarray(flows, dtype=np.float64)
    value = np.zeros(cash.shape[1:])
    for flow in cash[::-1]:
        value = value / (1 + np.asarray(rate, dtype=np.float64)) + flow
    return value


def irr(flows: ArrayLike) -> Floats:
    """The rate of one period at which the flows are worth nothing; nan where there is none, or may be several.

    There is exactly one rate above 0 where the flows added up change their sign once, and one at all where the flows
    themselves change theirs once. Where neither holds the rate is not told.

    Args:
        flows: shape (periods,) or (periods, paths).

    """
    cash = np.asarray(flows, dtype=np.float64)
    once = (_turns(cash) == 1) | ((_turns(np.cumsum(cash, axis=0)) == 1) & (cash.sum(axis=0) > 0))
    low, high = np.full(cash.shape[1:], LOWEST), np.full(cash.shape[1:], HIGHEST)
    low = np.where(_turns(cash) == 1, low, 0.0)
    below = np.sign(npv(cash, low))
    found = once & (below * np.sign(npv(cash, high)) < 0)
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        same = np.sign(npv(cash, middle)) == below
        low, high = np.where(same, middle, low), np.where(same, high, middle)
    return np.where(found, (low + high) / 2, np.nan)


def mirr(flows: ArrayLike, finance_rate: float, reinvestment_rate: float) -> Floats:
    """The modified return of one period: what comes in, put away to the end, over what goes out, as of today.

    Where nothing goes out or nothing comes in there is none: nan.

    Args:
        flows: shape (periods,) or (periods, paths).
        finance_rate: at which money that goes out is raised, of one period.
        reinvestment_rate: at which money that comes in is put away, of one period.

    """
    cash = np.asarray(flows, dtype=np.float64)
    last = cash.shape[0] - 1
    inflow = npv(np.maximum(cash, 0), reinvestment_rate) * (1 + reinvestment_rate) ** last
    outflow = -npv(np.minimum(cash, 0), finance_rate)
    there = (inflow > 0) & (outflow > 0)
    ratio = np.divide(inflow, outflow, out=np.ones_like(inflow), where=there)
    return np.where(there, ratio ** (1 / last) - 1, np.nan)


def payback(flows: ArrayLike, rate: float = 0.0) -> Counts:
    """The first period from which the flows added up are at least nothing and stay so; -1 where not in the horizon.

    Args:
        flows: shape (periods,) or (periods, paths).
        rate: at which they are discounted, of one period; at 0 it is the simple payback.

    """
    cash = np.asarray(flows, dtype=np.float64)
    when = np.arange(cash.shape[0]).reshape(-1, *(1,) * (cash.ndim - 1))
    return stays(np.cumsum(cash / (1 + rate) ** when, axis=0) >= 0)


def stays(holds: NDArray[np.bool_]) -> Counts:
    """The first period from which something holds to the end; -1 where it does not hold at the end.

    >>> stays(np.array([True, False, True, True])).tolist()
    2
    """
    periods = holds.shape[0]
    back = np.argmin(holds[::-1], axis=0)
    always = holds.all(axis=0)
    first = np.where(always, 0, periods - back)
    return np.where(holds[-1], first, NEVER).astype(np.int64)


def turn(flows: ArrayLike, year: int = 4, quarters: int = 2) -> Counts:
    """The first period whose flows of a year are above nothing, as are those of the next ones; -1 where never.

    Args:
        flows: shape (periods,) or (periods, paths).
        year: periods of a year.
        quarters: how many periods in a row it must hold, the first one included.

    Returns:
        the period; `year - 1`, the first with a whole year behind it, where it never was otherwise.

    """
    cash = np.asarray(flows, dtype=np.float64)
    if cash.shape[0] < year + quarters - 1:
        return np.full(cash.shape[1:], NEVER, dtype=np.int64)
    summed = np.cumsum(cash, axis=0)
    trailing = summed[year - 1 :].copy()
    trailing[1:] -= summed[:-year]
    above = trailing > 0
    run = above[: above.shape[0] - quarters + 1].copy()
    for later in range(1, quarters):
        run &= above[later : later + run.shape[0]]
    return np.where(run.any(axis=0), np.argmax(run, axis=0) + year - 1, NEVER).astype(np.int64)


def peak_funding(flows: ArrayLike) -> Floats:
    """The most that has to be found at any time: how far the flows added up fall below nothing.

    >>> float(peak_funding([-100, -50, 20, 60]))
    150.0
    """
    deepest: Floats = np.cumsum(np.asarray(flows, dtype=np.float64), axis=0).min(axis=0)
    return np.maximum(-deepest, 0.0)


def _turns(cash: Floats) -> Counts:
    """How often the sign changes from one flow to the next; a flow of nothing changes none."""
    sign = np.sign(cash)
    for at in range(1, sign.shape[0]):
        sign[at] = np.where(sign[at] == 0, sign[at - 1], sign[at])
    return np.asarray((sign[1:] * sign[:-1] < 0).sum(axis=0), dtype=np.int64)
