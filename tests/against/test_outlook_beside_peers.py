"""Cash flows, importance, Theta, scores and blocks beside numpy-financial, SALib, statsforecast, scoringrules, cvxpy.

What the peers gave stands in outlook.json with their versions; make_outlook.py made it.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.special import ndtr

from hardgate.models import block, cash_flow, forecast, importance

PEERS: dict[str, Any] = json.loads(Path(__file__).with_name("outlook.json").read_text("utf-8"))


@pytest.mark.parametrize("one", PEERS["cash_flows"], ids=lambda one: f"{one['npv']:.0f}")
def test_cash_flows_as_numpy_financial(one: dict[str, Any]) -> None:
    flows = one["flows"]
    assert cash_flow.npv(flows, 0.1) == pytest.approx(one["npv"], abs=1e-9)
    assert cash_flow.mirr(flows, 0.08, 0.12) == pytest.approx(one["mirr"], abs=1e-12)
    assert cash_flow.irr(flows) == pytest.approx(one["irr"], abs=1e-9)


def ishigami(z: np.ndarray) -> np.ndarray:
    x = 2 * np.pi * ndtr(z) - np.pi
    return np.asarray(np.sin(x[0]) + 7 * np.sin(x[1]) ** 2 + 0.1 * x[2] ** 4 * np.sin(x[0]))


def test_importance_as_salib_and_as_known_exactly() -> None:
    """S1 .3139 .4424 0, ST .5576 .4424 .2437 in closed form."""
    found = importance.sobol(ishigami, ((0,), (1,), (2,)), importance.normal_pair(1 << 14, 3, seed=7))
    assert found.first == pytest.approx((0.3139, 0.4424, 0.0), abs=2e-3)
    assert found.total == pytest.approx((0.5576, 0.4424, 0.2437), abs=2e-3)
    assert found.first == pytest.approx(PEERS["ishigami"]["first"], abs=5e-3)
    assert found.total == pytest.approx(PEERS["ishigami"]["total"], abs=5e-3)


@pytest.mark.parametrize("one", PEERS["theta"], ids=lambda one: f"{len(one['series'])} months")
def test_theta_as_statsforecast(one: dict[str, Any]) -> None:
    """With its alpha and first level our line is its forecast; its search stops short of the least squares, ours not."""
    found, level, squares = forecast.theta(one["series"]), one["first"], 0.0
    for at, value in enumerate(one["series"]):
        left = (1 - one["alpha"]) ** at
        line = left * found.intercept + (1 - left * (1 - one["alpha"])) / one["alpha"] * found.slope
        squares += (value - level - line / 2) ** 2
        level = one["alpha"] * value + (1 - one["alpha"]) * level
    same = forecast.Theta(one["alpha"], level, found.intercept, found.slope, found.periods)
    assert same.after(6) == pytest.approx(one["forecast"], abs=1e-9)
    least, _ = forecast._theta_errors(np.array(one["series"]), np.array([found.alpha]), found.intercept, found.slope)
    assert least[0] <= squares
    assert found.after(6) == pytest.approx(one["forecast"], abs=1e-2)


@pytest.mark.parametrize("one", PEERS["scores"], ids=lambda one: f"{len(one['ensemble'])} members")
def test_scores_as_scoringrules(one: dict[str, Any]) -> None:
    found = forecast.crps(np.array(one["ensemble"])[:, np.newaxis], [one["came"]])
    assert found[0] == pytest.approx(one["crps"], abs=1e-9)


@pytest.mark.parametrize("one", PEERS["blocks"], ids=lambda one: f"{len(one['margin'])} kinds")
def test_blocks_as_cvxpy(one: dict[str, Any]) -> None:
    columns = zip(one["margin"], one["cost"], one["need"], strict=True)
    kinds = [block.Kind(str(at), margin, cost, {"kW": need}) for at, (margin, cost, need) in enumerate(columns)]
    found = block.best(kinds, {"kW": one["power"]}, np.array(one["demand"]))
    assert found.profit == pytest.approx(one["profit"], rel=1e-5)
    assert found.prices["kW"] == pytest.approx(one["price"], abs=1e-4)
