"""The panel that the simulation studies of adoption draw: accounts that grow adopt more, and adopting lifts them by a known step.

Log revenue of an account is its level, its own straight growth, a common season and an autocorrelated rest; the chance
to adopt in a month rises with the own growth, so that whoever compares adopters with others compares growth, too.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.models.uplift import detrended_did, naive

EFFECT = 0.11


def panel(
    rng: np.random.Generator, *, units: int = 300, periods: int = 24, effect: float = EFFECT, bend: float = 0.0
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Return log revenue (units, periods) and the month of adopting (units,), inf where none.

    `bend` is what the slope of an adopter rises by, a month, over the three months before it adopts.
    """
    slope = rng.normal(0.01, 0.012, units)
    level = rng.normal(10, 1, units)
    rest = rng.normal(0, 0.05, (units, periods + 20))
    for t in range(1, periods + 20):
        rest[:, t] += 0.4 * rest[:, t - 1]
    chance = 1 / (1 + np.exp(3.2 - 60 * (slope - 0.01)))
    when = np.full(units, np.inf)
    for t in range(12, periods):
        when[~np.isfinite(when) & (rng.random(units) < chance)] = t
    months = np.arange(periods)
    y = level[:, None] + slope[:, None] * months + 0.03 * np.sin(months * np.pi / 6) + rest[:, 20:]
    since = months[None, :] - np.where(np.isfinite(when), when, 10 * periods)[:, None]
    y += effect * (since >= 0) + bend * np.clip(since + 3, 0, 3)
    return y, when


def study(count: int, draws: int) -> dict[str, float]:
    """Bias and coverage of ours, of what a dashboard says, and of the placebo, over drawn panels, at 95 %."""
    rows = []
    for seed in range(count):
        y, when = panel(np.random.default_rng([88, seed]))
        ours, plain = detrended_did(y, when, confidence=0.95, draws=draws), naive(y, when, confidence=0.95)
        assert ours is not None
        assert plain is not None
        assert ours.placebo is not None
        rows.append((
            ours.effect.value - EFFECT, ours.effect.low <= EFFECT <= ours.effect.high,
            plain.value - EFFECT, plain.low <= EFFECT <= plain.high, ours.holds,
            ours.placebo.low <= 0 <= ours.placebo.high,
        ))  # fmt: skip
    names = ("bias", "covered", "naive_bias", "naive_covered", "placebo_holds", "placebo_covered")
    return dict(zip(names, np.mean(np.array(rows, dtype=float), axis=0).tolist(), strict=True))
