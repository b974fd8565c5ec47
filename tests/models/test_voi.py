"""The value of information: the golden of METHODS 13, and its bounds."""

import numpy as np
import pytest

from hardgate.models.draw import normals
from hardgate.models.voi import evpi, evppi

DRAWN = normals(1 << 14, 2, seed=7)
GAIN = 3 + 4 * DRAWN[:, 0] + 3 * DRAWN[:, 1]
OPTIONS = np.stack([np.zeros_like(GAIN), GAIN], axis=1)


def test_the_golden_values_of_methods_13() -> None:
    assert evpi(OPTIONS) == pytest.approx(0.8434, abs=1e-3)
    assert evppi(OPTIONS, DRAWN[:, 0]) == pytest.approx(0.5247, abs=2e-3)
    assert evppi(OPTIONS, DRAWN[:, 1]) == pytest.approx(0.2499, abs=2e-3)


def test_knowing_both_is_knowing_everything() -> None:
    assert evppi(OPTIONS, DRAWN) == pytest.approx(evpi(OPTIONS), abs=3e-3)


def test_a_part_is_never_worth_more_than_all_nor_less_than_nothing() -> None:
    for driver in (*DRAWN.T, normals(1 << 14, 1, 9)[:, 0], np.zeros(1 << 14)):
        assert 0 <= evppi(OPTIONS, driver) <= evpi(OPTIONS)
    assert evppi(OPTIONS, np.ones(1 << 14)) == 0


def test_a_driver_that_bends_is_fitted() -> None:
    """Gain x^2 - 1: knowing x is knowing all, E max(0, x^2 - 1) = 2 phi(1) = .48394."""
    x = DRAWN[:, 0]
    options = np.stack([np.zeros_like(x), x**2 - 1], axis=1)
    assert evppi(options, x) == pytest.approx(0.48394, abs=5e-3)


def test_where_one_option_is_always_best_nothing_is_worth_knowing() -> None:
    options = np.stack([np.zeros_like(GAIN), np.abs(GAIN) + 1], axis=1)
    assert evpi(options) == pytest.approx(0, abs=1e-12)
    assert evppi(options, DRAWN[:, 0]) == pytest.approx(0, abs=1e-12)


def test_what_does_not_fit_is_refused() -> None:
    with pytest.raises(ValueError, match="draws, options"):
        evpi([1.0, 2.0])
    with pytest.raises(ValueError, match="expected 64 of each"):
        evppi(np.ones((10, 2)), np.ones(10))
