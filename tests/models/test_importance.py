"""Importance: the golden Shapley values of METHODS 13, groups, and what adds up."""

import numpy as np
import pytest
from scipy.special import ndtr

from hardgate.models.importance import MOST_GROUPS, normal_pair, shapley, sobol

PAIR = normal_pair(1 << 13, 3, seed=7)


def ishigami(z: np.ndarray) -> np.ndarray:
    x = 2 * np.pi * ndtr(z) - np.pi
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_the_golden_shapley_values_of_methods_13() -> None:
    found = shapley(ishigami, ((0,), (1,), (2,)), PAIR)
    assert found == pytest.approx((0.4357, 0.4424, 0.1218), abs=2e-3)
    assert sum(found) == pytest.approx(1.0)


def test_the_golden_indices_of_methods_13() -> None:
    found = sobol(ishigami, ((0,), (1,), (2,)), PAIR)
    assert found.first == pytest.approx((0.314, 0.443, 0.0), abs=4e-3)
    assert found.total == pytest.approx((0.558, 0.442, 0.245), abs=4e-3)
    assert found.variance == pytest.approx(13.845, rel=2e-3)


def test_a_group_brings_what_its_drivers_bring_together() -> None:
    """The first and the third have .5576 in all, since only they interact."""
    found = sobol(ishigami, ((0, 2), (1,)), PAIR)
    assert found.first == pytest.approx((0.5576, 0.4424), abs=4e-3)
    assert shapley(ishigami, ((0, 2), (1,)), PAIR) == pytest.approx((0.5576, 0.4424), abs=4e-3)


def test_what_does_not_vary_has_no_importance() -> None:
    flat = sobol(lambda z: np.zeros(z.shape[1]), ((0,), (1,), (2,)), PAIR)
    assert (flat.first, flat.total) == ((0, 0, 0), (0, 0, 0))
    assert shapley(lambda z: np.zeros(z.shape[1]), ((0,), (1,), (2,)), PAIR) == (0, 0, 0)


def test_more_than_twelve_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="13 groups"):
        shapley(ishigami, tuple((at,) for at in range(MOST_GROUPS + 1)), PAIR)
