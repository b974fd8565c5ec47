"""When what a new customer brings has paid for what it cost to win: the first passage of a discounted sum.

Each of many draws of how customers leave gives one curve of what is still to come; the draws that have not paid by the
horizon are a mass of their own and never a date. There is no mean where some never pay back. Wrong when a customer who
stays brings less over the years: what one brings a week is held as it was.

A customer costs 10 and brings 1 a week while there; half of the draws lose a tenth a week, half lose nothing:

>>> curves = np.array([0.9 ** np.arange(30), np.ones(30)])
>>> found = first_passage(curves * 1.0, np.array([10.0, 10.0]))
>>> found.tolist()
[-1, 10]

Source: METHODS 9; a first passage is the first period in which the sum reaches the cost.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
NEVER = -1
LATEST = 1_000_000
"""The week under which those that never pay back stand in a course: after all others."""
Course = Sequence[tuple[int, float]]
"""How many draws, or customers, pay back in which week, the earliest first."""
AT_ONCE = 16
"""Cities projected together: their draws of one week stay in the processor's cache."""
FULL = 0.8
"""Share of draws that have not paid, below which the others are left behind."""


def course(weeks: ArrayLike) -> Course:
    """Return in which week how many draws pay back, the earliest first and last those that never do.

    >>> course([10, NEVER, 20, 10])
    ((10, 2), (20, 1), (1000000, 1))
    """
    found = np.asarray(weeks, np.int64)
    at, draws = np.unique(np.where(found == NEVER, LATEST, found), return_counts=True)
    return tuple(zip(at.tolist(), draws.tolist(), strict=True))


def later(found: Course, weeks: int) -> float:
    """Return the share of a course that takes longer than some weeks.

    >>> later(((10, 60), (50, 20), (LATEST, 20)), 20)
    0.4
    """
    return round(sum(draws for week, draws in found if week > weeks) / _whole(found), 4)


def never(found: Course) -> float:
    """Return the share of a course that does not pay back within the horizon."""
    return later(found, LATEST - 1)


def reached(found: Course, share: float) -> int | None:
    """Return the week by which this share of a course has paid back; None where it never does.

    >>> reached(((10, 60), (50, 20), (LATEST, 20)), 0.5), reached(((10, 60), (50, 20), (LATEST, 20)), 0.95)
    (10, None)
    """
    due, paid = share * _whole(found) * (1 - 1e-12), 0.0
    for week, draws in found:
        paid += draws
        if paid >= due:
            return None if week == LATEST else week
    return None


def mixed(parts: Sequence[tuple[float, Course]]) -> Course:
    """Return the course of the customers of several markets together: so many customers of each, and its course.

    >>> mixed(((30, ((10, 100),)), (10, ((10, 50), (LATEST, 50)))))
    ((10, 35.0), (1000000, 5.0))
    """
    found: dict[int, float] = {}
    for customers, one in parts:
        for week, draws in one:
            found[week] = found.get(week, 0.0) + customers * draws / _whole(one)
    return tuple(sorted(found.items()))


def _whole(found: Course) -> float:
    return sum(draws for _, draws in found)


def discount(rate: float, weeks: int) -> Floats:
    """Return the factors of weeks 0, 1, ... at a yearly rate; what comes in a week is counted at its end."""
    return np.asarray((1 + rate) ** (-(np.arange(weeks) + 1) / 52.1775))


def first_passage(flows: ArrayLike, cost: ArrayLike) -> NDArray[np.int64]:
    """Return the number of periods after which the running sum of flows, shape (..., periods), reaches a cost.

    `NEVER` where it does not. A cost of nothing is paid back before the first period.
    """
    total = np.cumsum(np.asarray(flows, np.float64), axis=-1)
    due = np.asarray(cost, np.float64)
    reached = total >= due[..., None] - 1e-9
    weeks = np.where(reached.any(axis=-1), reached.argmax(axis=-1) + 1, NEVER)
    return np.asarray(np.where(due <= 0, 0, weeks), np.int64)


def project(
    params: Floats,
    each_week: Floats,
    error: Floats,
    cost: Floats,
    *,
    weeks: int,
    rate: float,
    early: Floats | None = None,
    seed: int = 0,
) -> tuple[Course, ...]:
    """Return the course of paybacks of each city's next customer over draws of how customers leave and what they bring.

    Args:
        params: draws of (a, b) of each city, shape (cities, draws, 2).
        each_week: what a customer who is there brings in each week since the first, shape (cities, weeks).
        error: the standard error of its level, shape (cities,).
        cost: what it costs to win one, shape (cities,).
        weeks: the horizon.
        rate: of discounting, a year.
        early: draws of the share that stays in each of the first weeks, shape (cities, draws, first weeks).
        seed: of the draws of what they bring.

    """
    params, each_week = np.asarray(params, np.float64), np.asarray(each_week, np.float64)
    error, cost = np.asarray(error, np.float64), np.asarray(cost, np.float64)
    counted = np.empty((*params.shape[:2], 0)) if early is None else np.asarray(early, np.float64)
    normal = np.asarray(np.random.default_rng(seed + 1).standard_normal(params.shape[1]), np.float64)
    found: list[Course] = []
    for first in range(0, len(params), AT_ONCE):
        some = slice(first, first + AT_ONCE)
        passed = _passages(
            params[some], counted[some], each_week[some], error[some], cost[some], normal, discount(rate, weeks)
        )
        found += [course(one) for one in passed]
    return tuple(found)


def _passages(
    params: Floats, counted: Floats, each_week: Floats, error: Floats, cost: Floats, normal: Floats, factors: Floats
) -> NDArray[np.int64]:
    """Return the first passage of each city and draw, week by week; draws that have paid are left behind."""
    weeks = np.where(cost[:, None] <= 0, 0, np.full(params.shape[:2], NEVER)).ravel()
    going = np.flatnonzero(weeks == NEVER)
    city, unpaid = going // params.shape[1], np.ones(len(going), np.bool_)
    b = params[..., 1].ravel()[going]
    noise = error[city] * np.tile(normal, len(params))[going]
    state = np.stack([b, params[..., 0].ravel()[going] + b, noise, cost[city] - 1e-9, b * 0 + 1, b * 0, b * 0])
    stays = counted.reshape(weeks.size, counted.shape[2])[going]
    part, whole = np.empty(len(going)), np.empty(len(going))
    for week, factor in enumerate(factors):
        b, both, noise, due, there, total, brings = state
        if week:
            np.divide(np.add(b, week - 1, out=part), np.add(both, week - 1, out=whole), out=part)
            np.multiply(there, stays[:, week - 1] if week <= stays.shape[1] else part, out=there)
        if not week or (each_week[:, week] != each_week[:, week - 1]).any():
            np.add(each_week[city, week], noise, out=brings)
        np.multiply(np.multiply(there, factor, out=part), brings, out=part)
        np.add(total, part, out=total)
        paid = (total >= due) & unpaid
        if paid.any():
            weeks[going[paid]] = week + 1
            unpaid &= ~paid
            if unpaid.mean() < FULL:
                going, city, stays = going[unpaid], city[unpaid], stays[unpaid]
                state = state.compress(unpaid, axis=1)
                part, whole, unpaid = part[: len(going)], whole[: len(going)], np.ones(len(going), np.bool_)
    return np.asarray(weeks.reshape(params.shape[:2]), np.int64)
