"""Max-min against Gavel's policy in cvxpy (committed), and the properties that fairness alone promises."""

import json
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.max_min import fair

GAVEL = json.loads((Path(__file__).parents[1] / "against" / "gavel_max_min.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", GAVEL["cases"], ids=lambda case: f"{len(case['speed'])}x{len(case['capacity'])}")
def test_the_least_level_is_that_of_gavel(case: dict[str, list[float]]) -> None:
    speed, capacity = np.array(case["speed"]), np.array(case["capacity"])
    jobs = len(speed)
    equal = (speed * (capacity / jobs)).sum(axis=1)
    found = fair(speed > 0, capacity, case["demand"], np.arange(jobs), weight=equal, throughput=speed)
    assert found.level.min() == pytest.approx(case["least"], abs=1e-6)
    assert np.all(found.gpus.sum(axis=0) <= capacity + 1e-6)


def drawn(seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    draw = np.random.default_rng(seed)
    usable = draw.random((6, 4)) < 0.6
    usable[np.arange(6), draw.integers(0, 4, 6)] = True
    return usable, draw.integers(2, 12, 4).astype(float), draw.integers(3, 20, 6).astype(float)


@pytest.mark.parametrize("seed", range(10))
def test_nobody_would_rather_have_what_another_has_and_all_have_their_share(seed: int) -> None:
    usable, capacity, demand = drawn(seed)
    found = fair(usable, capacity, demand, np.arange(6))
    mine = found.gpus.sum(axis=1)
    for at in range(6):
        theirs = (found.gpus * usable[at]).sum(axis=1)
        assert np.all(np.minimum(theirs, demand[at]) <= mine[at] + 1e-6)
        assert mine[at] >= min((capacity * usable[at]).sum() / 6, demand[at]) - 1e-6


@pytest.mark.parametrize("seed", range(10))
def test_nothing_that_somebody_wants_is_left(seed: int) -> None:
    usable, capacity, demand = drawn(seed)
    found = fair(usable, capacity, demand, np.arange(6))
    left = capacity - found.gpus.sum(axis=0)
    hungry = found.gpus.sum(axis=1) < demand - 1e-6
    assert np.all(left[usable[hungry].any(axis=0)] <= 1e-6)
