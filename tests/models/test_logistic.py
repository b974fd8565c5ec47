"""The regression against scikit-learn's committed output, and what balancing classes does to chances."""

import json
from pathlib import Path

import numpy as np
import pytest

from hardgate.models.logistic import fit

TOLD = json.loads((Path(__file__).parents[1] / "against" / "adoption_oracles.json").read_text("utf-8"))["logistic"]


def drawn() -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(20)
    x = rng.normal(0, 1, (400, 4))
    return x, (rng.random(400) < 1 / (1 + np.exp(1.2 - x @ [0.8, -0.5, 0.0, 0.3]))).astype(int)


def test_weights_are_those_of_scikit_learn() -> None:
    found = fit(*drawn(), ridge=2.0)
    assert found.intercept == pytest.approx(TOLD["intercept"], abs=1e-6)
    assert found.weights == pytest.approx(TOLD["weights"], abs=1e-6)


def test_the_mean_chance_is_the_share_that_happened_and_balancing_would_ruin_it() -> None:
    x, y = drawn()
    assert fit(x, y, ridge=2.0).chances(x).mean() == pytest.approx(y.mean(), abs=1e-9)
    assert TOLD["mean_chance"] == pytest.approx(TOLD["happened"], abs=1e-6)
    assert TOLD["mean_chance_balanced"] > TOLD["happened"] + 0.15


def test_cases_that_can_be_told_apart_wholly_do_not_run_away() -> None:
    found = fit([[-1.0], [-2.0], [1.0], [2.0]], [0, 0, 1, 1], ridge=0.1)
    assert np.isfinite(found.weights).all()
    assert found.chances([[-2.0], [2.0]]) == pytest.approx([0.0312, 0.9688], abs=1e-4)


def test_a_feature_that_never_varies_says_nothing() -> None:
    found = fit([[5.0, 0.0], [5.0, 1.0], [5.0, 2.0], [5.0, 3.0]], [0, 1, 0, 1])
    assert found.weights[0] == 0.0


@pytest.mark.parametrize(
    ("x", "y", "said"),
    [([[1.0], [2.0]], [1, 1], "ended alike"), ([[np.nan], [2.0]], [0, 1], "whole"), ([[1.0]], [0, 1], "expected")],
)
def test_what_cannot_be_fitted_is_refused(x: list[list[float]], y: list[int], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        fit(x, y)
