"""Go now, later, elsewhere, or lease: what each way of using the same capital is worth, on the same draws of demand.

Demand of every pool is moved by one set of draws, each pool with its own growth and volatility, so that what differs
between two options is the options and not the luck of the draw. Nothing after the horizon counts: what is ordered now
lives until then, what is ordered later has that much less. A lease runs in terms; the next term is taken only where
what demand then uses would pay for it. Wrong when pools move against each other: then a move to another pool is worth
more than here, since one draw moves all of them.

Demand is 100, certain, over a position of 90: of 20 GPUs half are used, at 30 a month and a cost of 10, for two months;
waiting a month loses one of them:

>>> from dataclasses import replace
>>> still = Course(100, 0.0, 0.0)
>>> now = Option("go now", still, 90, 20, live=0, gain=30, own=10)
>>> [float(one.mean()) for one in worths([now, replace(now, live=1)], 2, 0.0, courses(2, 4, 1))]
[200.0, 100.0]

Sources: METHODS 13; Rockafellar & Uryasev (2000), Journal of Risk 2, for the mean of the worst.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.models import draw

Floats = NDArray[np.float64]

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Course:
    """Demand of a pool: GPUs today, growth of the mean and volatility a year, continuously compounded."""

    demand: float
    growth: float
    volatility: float


@dataclass(frozen=True, slots=True)
class Option:
    """One way to use the capital.

    Attributes:
        name: what it is called.
        course: demand of the pool that it serves.
        position: GPUs that are there before it.
        size: GPUs that it adds.
        live: months until it earns.
        gain: of a used GPU-month.
        own: of a GPU-month, used or not; of a lease, its price.
        fee: for what it cancels, today.
        term: months of one lease term; 0 is owned to the horizon.

    """

    name: str
    course: Course
    position: float
    size: float
    live: int
    gain: float
    own: float
    fee: float = 0.0
    term: int = 0


def courses(months: int, count: int, seed: int) -> Floats:
    """Return a standard Brownian motion by month, from today's zero on; shape (count, months + 1), `count` even.

    Raises:
        ValueError: the count is no power of two.

    """
    path = np.empty((months + 1, count))
    draw.bridge(draw.normals(count, months, seed).T, path)
    return np.asarray(path.T / math.sqrt(MONTHS_A_YEAR))


def worths(options: Sequence[Option], horizon: int, discount: float, walked: Floats) -> Floats:
    """Return what each option is worth on each draw, discounted to today, shape (options, draws).

    Args:
        options: what may be done; those of one pool share its `course`.
        horizon: months that count.
        discount: annual rate, continuously compounded.
        walked: of `courses`, with at least this many months.

    """
    years = np.arange(horizon) / MONTHS_A_YEAR
    away = np.exp(-discount * years)
    demand: dict[Course, Floats] = {}
    for one in options:
        if one.course not in demand:
            demand[one.course] = _demand(one.course, walked[:, :horizon], years)
    return np.array([_worth(one, demand[one.course], away) for one in options])


def _demand(course: Course, walked: Floats, years: Floats) -> Floats:
    drift = (course.growth - course.volatility**2 / 2) * years
    return np.asarray(course.demand * np.exp(drift + course.volatility * walked))


def _worth(option: Option, demand: Floats, away: Floats) -> Floats:
    used = np.clip(demand - option.position, 0, option.size)
    earned = option.gain * used - option.own * option.size
    if option.term:
        starts = option.live + np.arange(demand.shape[1] - option.live) // option.term * option.term
        taken = earned[:, starts] >= 0  # seen at the start of each term
        earned[:, option.live :] *= taken
    return np.asarray(earned[:, option.live :] @ away[option.live :] - option.fee)


def tail_mean(worth: Floats, level: float) -> float:
    """Return the mean loss of the worst draws, those beyond `level` (the CVaR of the loss); a gain is negative.

    >>> tail_mean(np.array([-4.0, -2.0, 1.0, 3.0]), 0.5)
    3.0
    """
    worst = np.sort(-worth)[::-1]
    whole, left = divmod(round((1 - level) * worst.size, 9), 1)
    beyond = worst[: int(whole)].sum() + (left * worst[int(whole)] if left else 0.0)
    return float(beyond / ((1 - level) * worst.size))
