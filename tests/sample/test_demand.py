"""Demand goes where it is planted to go."""

from datetime import date
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardgate.sample.calendar import STEPS_A_DAY, Span
from hardgate.sample.demand import Course, wanted
from hardgate.sample.draft import Draft


def daily(seed: int, course: Course) -> NDArray[np.float64]:
    draft = Draft(Path("nowhere"), seed, Span(date(2026, 9, 7)))
    days: NDArray[np.float64] = np.log(wanted(draft, "pool", course)).reshape(-1, STEPS_A_DAY).mean(axis=1)
    return days


@pytest.mark.parametrize("growth", [0.0, 0.26, 0.6])
def test_growth_over_the_history_is_the_planted_one(growth: float) -> None:
    path = daily(3, Course(100.0, growth, 0.12, 0.04))
    years = (len(path) - 28) / 365
    assert (path[-28:].mean() - path[:28].mean()) / years == pytest.approx(growth, abs=0.03)


@pytest.mark.parametrize("volatility", [0.06, 0.12, 0.24])
def test_volatility_of_four_week_changes_is_the_planted_one(volatility: float) -> None:
    found = []
    for seed in range(40):
        path = daily(seed, Course(100.0, 0.26, volatility, 0.04))
        blocks = path[-(len(path) // 28) * 28 :].reshape(-1, 28).mean(axis=1)
        # Differences of block means of a random walk have 2/3 of the variance of its steps.
        found.append(np.diff(blocks).var(ddof=1) * 365 / 28 * 1.5)
    assert np.sqrt(np.mean(found)) == pytest.approx(volatility, rel=0.08, abs=0.01)


def test_the_last_day_stands_at_the_planted_level() -> None:
    for seed in range(5):
        path = daily(seed, Course(100.0, 0.26, 0.12, 0.04))
        assert np.exp(path[-7:].mean()) == pytest.approx(100.0, rel=0.04)


def test_a_week_and_a_day_have_their_waves() -> None:
    draft = Draft(Path("nowhere"), 7, Span(date(2026, 9, 7)))
    path = wanted(draft, "pool", Course(100.0, 0.0, 0.0, 0.05))
    hours = path[: 700 * STEPS_A_DAY].reshape(-1, STEPS_A_DAY).mean(axis=0)
    assert hours.max() / hours.min() == pytest.approx(np.exp(0.1), rel=0.01)
    days = path[: 700 * STEPS_A_DAY].reshape(-1, 7, STEPS_A_DAY).mean(axis=(0, 2))
    tuesday_first = days[[(1 + at) % 7 for at in range(7)]]
    assert days.max() / days.min() == pytest.approx(1.02 / 0.96, rel=0.02)
    assert tuesday_first.argmin() in {3, 4}
