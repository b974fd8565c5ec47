"""The data that qini_and_strata.json was made from: a list with a nudge by lot, and waits of two groups in three strata."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def nudged(digits: int) -> tuple[NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return scores rounded to some digits, what happened, and who was treated: 400 cases."""
    rng = np.random.default_rng(31)
    moved = rng.uniform(-0.1, 0.5, 400)
    treated = rng.permutation(400) < 180
    happened = rng.random(400) < 0.3 + moved * treated
    scores = np.round(moved + rng.normal(0, 0.1, 400), digits)
    return scores, happened.astype(np.int64), treated.astype(np.int64)


def waits() -> tuple[NDArray[Any], NDArray[Any], NDArray[Any], NDArray[Any]]:
    """Return days, whether they ended, group and stratum: groups are mixed otherwise over strata that differ much."""
    rng = np.random.default_rng(32)
    layer = rng.integers(0, 3, 150)
    group = (rng.random(150) < np.array([0.3, 0.5, 0.8])[layer]).astype(np.int64)
    ends = rng.exponential(np.array([10.0, 25.0, 60.0])[layer] * np.where(group == 1, 0.6, 1.0)).round()
    leaves = rng.exponential(60.0, 150).round()
    return np.minimum(ends, leaves), ends <= leaves, group, layer
