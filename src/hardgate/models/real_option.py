"""What waiting is worth: how far value must stand above cost before committing beats keeping the choice.

Value moves as a geometric Brownian motion and the right never lapses: invest at `hurdle_multiple` times the cost. A
right that lapses, and one that is used in stages, are valued on a lattice, and by least-squares Monte Carlo beside it.
Waiting is not always worth something: at no volatility and no growth, or when value lost by waiting exceeds what may
be learned, the answer is to invest now. Wrong with long lead times, under which uncertainty can bring the trigger down
(Bar-Ilan & Strange 1996): see `trigger`.

At 10 % a year, 2 % growth and a volatility of 20 % value must be 1.81 times the cost:

>>> f"{hurdle_multiple(0.10, 0.02, 0.2):.2f}"
'1.81'

Sources: McDonald & Siegel (1986), Quarterly Journal of Economics 101; Dixit & Pindyck (1994); Cox, Ross & Rubinstein
(1979) for the lattice; Longstaff & Schwartz (2001), Review of Financial Studies 14.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Right:
    """The right to pay `cost` for what is worth `value` today.

    Attributes:
        value: of what is paid for, were it paid for now.
        cost: to pay.
        years: until the right lapses.
        rate: at which money is discounted, a year, continuously compounded.
        drift: growth of the value a year, continuously compounded; what it falls short of the rate is lost by waiting.
        volatility: of log value a year.

    """

    value: float
    cost: float
    years: float
    rate: float
    drift: float
    volatility: float

    def __post_init__(self) -> None:
        if not (self.value > 0 and self.cost > 0 and self.years >= 0 and self.volatility >= 0):
            raise ValueError(f"{self}: expected positive value and cost, no negative time or volatility")


@dataclass(frozen=True, slots=True)
class Waiting:
    """What the right is worth, what investing now is worth, and whether now is best.

    `value_of_waiting` is what keeping the right is worth more than investing now; 0 where now is best.
    """

    value: float
    now: float
    value_of_waiting: float
    invest_now: bool


def hurdle_multiple(rate: float, drift: float, volatility: float) -> float:
    """Value over cost at which to invest, where the right never lapses; 1 without volatility or growth.

    Raises:
        ValueError: growth is not below the rate (one would wait for ever), or volatility is negative.

    """
    if not drift < rate:
        raise ValueError(f"growth {drift} at a rate of {rate}: expected growth below the rate, or one waits for ever")
    if volatility < 0:
        raise ValueError(f"volatility {volatility}: expected none below 0")
    if volatility == 0:
        return rate / (rate - drift) if drift > 0 else 1.0
    variance = volatility**2
    middle = 0.5 - drift / variance
    beta = middle + math.sqrt(middle**2 + 2 * rate / variance)
    return beta / (beta - 1)


def lattice(right: Right, steps: int = 400, use: Callable[[Floats, int], Floats] | None = None) -> Waiting:
    """Value the right on a recombining lattice, on which it may be used at any step.

    Args:
        right: what moves and how; with `use` its value is whatever moves, such as demand, and its cost counts nothing.
        steps: of the lattice.
        use: what using the right gives where things stand at a step; value less cost where not given.

    """
    return _tree(right, use or (lambda worth, _step: worth - right.cost), steps)


def staged(right: Right, first_share: float, apart_years: float, steps: int = 400) -> Waiting:
    """Value the right to pay a share first and the rest later, if it is still worth it.

    After the first stage the rest of the cost may be paid at any time from `apart_years` on, as long as the right runs;
    only then the whole value is had. Value of staging is this less the plain right whose value comes that much later.

    Raises:
        ValueError: the share is not between 0 and 1, or the second stage lies beyond the right.

    """
    if not (0 < first_share < 1 and 0 <= apart_years <= right.years):
        raise ValueError(f"a first share of {first_share}, {apart_years} years apart: expected within the right")
    second = max(round(steps * apart_years / max(right.years, 1e-12)), 0)
    later = _values(right, lambda worth, _step: worth - right.cost * (1 - first_share), steps)

    def use(worth: Floats, step: int) -> Floats:
        """What the first stage is worth at a step: the right to the second, from `second` steps later on."""
        if step + second > steps:
            return np.full_like(worth, -right.cost * first_share)
        ahead = _back(right, later[step + second], second, steps)
        return ahead - right.cost * first_share

    return _tree(right, use, steps)


def _tree(right: Right, use: Callable[[Floats, int], Floats], steps: int) -> Waiting:
    values = _values(right, use, steps)
    now = float(use(np.array([right.value]), 0)[0])
    value = float(values[0][0])
    best_now = value <= max(now, 0.0) * (1 + 1e-12) and now > 0
    return Waiting(value, now, max(value - now, 0.0) if not best_now else 0.0, best_now)


def _worth(right: Right, step: int, steps: int) -> Floats:
    dt = right.years / steps
    up, rise = right.volatility * math.sqrt(dt), (right.drift - right.volatility**2 / 2) * dt
    found: Floats = right.value * np.exp(rise * step + up * (2 * np.arange(step + 1, dtype=np.float64) - step))
    return found


def _chance(right: Right, steps: int) -> tuple[float, float]:
    """The chance of a step up, and the discount of a step; the drift lies in the nodes, so few steps can carry it."""
    dt = right.years / steps
    up = math.exp(right.volatility * math.sqrt(dt))
    return (math.exp(right.volatility**2 * dt / 2) - 1 / up) / (up - 1 / up), math.exp(-right.rate * dt)


def _values(right: Right, use: Callable[[Floats, int], Floats], steps: int) -> list[Floats]:
    """The value of the right at each step, each node."""
    if right.years == 0 or right.volatility == 0:
        return _certain(right, use, steps)
    chance, discount = _chance(right, steps)
    found = [np.maximum(use(_worth(right, steps, steps), steps), 0.0)]
    for step in range(steps - 1, -1, -1):
        kept = discount * (chance * found[-1][1:] + (1 - chance) * found[-1][:-1])
        found.append(np.maximum(use(_worth(right, step, steps), step), kept))
    return found[::-1]


def _back(right: Right, values: Floats, by: int, steps: int) -> Floats:
    """What values at one step are worth so many steps before."""
    if right.volatility == 0 or right.years == 0:
        return values * math.exp(-right.rate * right.years * by / steps)
    chance, discount = _chance(right, steps)
    for _ in range(by):
        values = discount * (chance * values[1:] + (1 - chance) * values[:-1])
    return values


def _certain(right: Right, use: Callable[[Floats, int], Floats], steps: int) -> list[Floats]:
    dt = right.years / steps
    found = [np.zeros(1)]
    for step in range(steps, -1, -1):
        worth = np.array([right.value * math.exp(right.drift * dt * step)])
        found.append(np.maximum(use(worth, step), found[-1] * math.exp(-right.rate * dt)))
    return found[:0:-1]


def least_squares(
    pay: Callable[[Floats, int], Floats], paths: Floats, rate: float, years: float, *, scale: float, degree: int = 3
) -> tuple[float, float]:
    """The value of a right that may be used at any of some dates, and its standard error, by regression on paths.

    What keeping is worth is estimated at each date from the paths on which using pays, as a polynomial of the state;
    the value is that of the rule so found, on the same paths.

    Args:
        pay: what using gives in each state at a date, 0 the first; an array in, an array out.
        paths: states at the dates, shape (dates, paths), the first date after today.
        rate: a year, continuously compounded.
        years: to the last date.
        scale: a typical state, such as the cost.
        degree: of the polynomial.

    """
    dates, count = paths.shape
    discount = math.exp(-rate * years / dates)
    cash = np.maximum(pay(paths[-1], dates - 1), 0.0)
    for date in range(dates - 2, -1, -1):
        state = paths[date]
        cash *= discount
        gain = pay(state, date)
        inside = gain > 0
        if np.count_nonzero(inside) > degree + 1:
            basis = np.vander(state[inside] / scale, degree + 1)
            kept = basis @ np.linalg.lstsq(basis.T @ basis, basis.T @ cash[inside], rcond=1e-13)[0]
            use = np.flatnonzero(inside)[gain[inside] > kept]
            cash[use] = gain[use]
    cash *= discount
    return float(cash.mean()), float(cash.std(ddof=1) / math.sqrt(count))


def simulated(right: Right, normals: Floats, steps: int = 50) -> tuple[float, float]:
    """The value of the right by least squares, and its standard error; antithetic normals, shape (steps, paths)."""
    dt = right.years / steps
    moves = (right.drift - right.volatility**2 / 2) * dt + right.volatility * math.sqrt(dt) * normals
    both = np.concatenate([moves, 2 * (right.drift - right.volatility**2 / 2) * dt - moves], axis=1)
    states = right.value * np.exp(np.cumsum(both, axis=0))
    value, error = least_squares(lambda worth, _: worth - right.cost, states, right.rate, right.years, scale=right.cost)
    return max(value, right.value - right.cost), error
