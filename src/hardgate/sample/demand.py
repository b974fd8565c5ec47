"""How many GPUs customers want, half-hour by half-hour: growth, volatility, weeks, days and an autocorrelated rest.

The random walk is tied at both ends, so that growth over the whole history is exactly the planted one and the
last day stands at the planted level whatever the seed; between them it wanders with the planted volatility.

>>> from datetime import date
>>> from pathlib import Path
>>> from hardgate.sample.calendar import Span
>>> span = Span(date(2026, 9, 7))
>>> draft = Draft(Path("sample"), 7, span)
>>> path = wanted(draft, "some-pool", Course(end=100.0, growth=0.26, volatility=0.0, swing=0.0))
>>> round(float(np.log(path[-1] / path[0]) / span.days * 365), 2)
0.26
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.sample.calendar import STEPS_A_DAY
from hardgate.sample.draft import Draft

WEEK = np.array([1.015, 1.02, 1.02, 1.015, 1.005, 0.965, 0.96])
"""Monday to Sunday, around 1."""

_REST, _PERSISTENCE = 0.012, 0.6


@dataclass(frozen=True, slots=True)
class Course:
    """Where demand goes: level on the last day, growth and volatility in a year, height of a day's wave."""

    end: float
    growth: float
    volatility: float
    swing: float


def wanted(draft: Draft, pool: str, course: Course) -> NDArray[np.float64]:
    """Return the GPUs wanted in each half-hour."""
    random, days = draft.draws("demand", pool), draft.span.days
    walk = np.cumsum(random.normal(0.0, 1.0, days))
    tied = walk - walk[0] - (walk[-1] - walk[0]) * np.arange(days) / (days - 1)
    trend = course.growth / 365.0 * (np.arange(days) - (days - 1))
    rest = _autocorrelated(random.normal(0.0, _REST, days)) if course.volatility else np.zeros(days)
    level = np.log(course.end) + trend + tied * course.volatility / np.sqrt(365.0) + rest
    weekday = (np.arange(days) + draft.span.start.weekday()) % 7
    season = np.log(WEEK[weekday]) if course.swing else 0.0
    smooth = np.interp(np.arange(days * STEPS_A_DAY) / STEPS_A_DAY - 0.5, np.arange(days), level + season)
    hour = np.arange(days * STEPS_A_DAY) % STEPS_A_DAY / STEPS_A_DAY
    path: NDArray[np.float64] = np.exp(smooth + course.swing * np.sin(2 * np.pi * (hour - 0.375)))
    return path


def _autocorrelated(shocks: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return a first-order autoregression of these shocks, begun at rest."""
    out = np.empty_like(shocks)
    state = 0.0
    for at, shock in enumerate(shocks):
        state = _PERSISTENCE * state + shock
        out[at] = state
    return out
