"""Writes what peer libraries give for the questions of the outlook into tests/against/outlook.json.

    python -m venv /tmp/peers && /tmp/peers/bin/pip install numpy-financial==1.0.0 SALib==1.6.0 statsforecast==2.1.1 \\
        scoringrules==0.10.0 cvxpy==1.9.3
    /tmp/peers/bin/python tests/against/make_outlook.py
"""

import json
import math
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

OUT = Path(__file__).with_name("outlook.json")


def cash_flows() -> list[dict[str, Any]]:
    npf = import_module("numpy_financial")

    rng = np.random.default_rng(3)
    rows: list[list[float]] = [[-100, -50, 20, 60, 80, 70], [-1000, 300, 300, 300, 300], [-80, 10, -20, 40, 90]]
    rows += [[-float(abs(x[0]) + 200), *map(float, np.abs(x[1:]) * 40)] for x in rng.normal(size=(6, 8)) * 3]
    return [
        {"flows": row, "npv": float(npf.npv(0.1, row)), "irr": float(npf.irr(row)),
         "mirr": float(npf.mirr(row, 0.08, 0.12))}
        for row in rows
    ]  # fmt: skip


def ishigami() -> dict[str, Any]:
    sobol, sample = import_module("SALib.analyze.sobol"), import_module("SALib.sample.sobol")

    problem = {"num_vars": 3, "names": ["a", "b", "c"], "bounds": [[-math.pi, math.pi]] * 3}
    x = sample.sample(problem, 1 << 14, calc_second_order=False, seed=7)
    y = np.sin(x[:, 0]) + 7 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])
    found = sobol.analyze(problem, y, calc_second_order=False, seed=7)
    return {"first": found["S1"].tolist(), "total": found["ST"].tolist()}


def series() -> list[list[float]]:
    rng = np.random.default_rng(16)
    found = []
    for n, growth, spread in ((24, 0.01, 0.03), (30, 0.02, 0.05), (36, 0.0, 0.08), (48, -0.01, 0.04), (60, 0.015, 0.1)):
        walk = np.cumsum(growth + spread * rng.normal(size=n)) + 0.02 * rng.normal(size=n)
        found.append((5 + walk).round(9).tolist())
    return found


def theta() -> list[dict[str, Any]]:
    models = import_module("statsforecast.models")

    rows = []
    for one in series():
        model = models.Theta(season_length=1).fit(np.array(one))
        alpha, first = (float(model.model_["par"][name]) for name in ("alpha", "initial_smoothed"))
        ahead = [float(value) for value in model.predict(h=6)["mean"]]
        rows.append({"series": one, "forecast": ahead, "alpha": alpha, "first": first})
    return rows


def scores() -> list[dict[str, Any]]:
    scoringrules = import_module("scoringrules")

    rng = np.random.default_rng(5)
    rows = []
    for members in (5, 20, 100):
        ensemble = rng.gamma(2.0, 10.0, size=members)
        came = float(rng.gamma(2.0, 10.0))
        score = float(scoringrules.crps_ensemble(came, ensemble, estimator="nrg"))
        rows.append({"ensemble": ensemble.tolist(), "came": came, "crps": score})
    return rows


def blocks() -> list[dict[str, Any]]:
    cp = import_module("cvxpy")

    rng = np.random.default_rng(2)
    rows = []
    for kinds, samples, power in ((2, 40, 100.0), (3, 60, 250.0), (4, 50, 1e6)):
        margin, need = rng.uniform(8, 20, kinds), rng.uniform(0.5, 2, kinds)
        cost, demand = margin * rng.uniform(0.3, 0.8, kinds), rng.gamma(4.0, 20.0, size=(samples, kinds))
        size, used = cp.Variable(kinds, nonneg=True), cp.Variable((samples, kinds), nonneg=True)
        limit = need @ size <= power
        held = [used[i] <= size for i in range(samples)]
        problem = cp.Problem(cp.Maximize(cp.sum(used @ margin) / samples - cost @ size), [limit, used <= demand, *held])
        problem.solve(solver=cp.CLARABEL)
        rows.append({
            "margin": margin.tolist(), "cost": cost.tolist(), "need": need.tolist(), "power": power,
            "demand": demand.tolist(), "profit": float(problem.value), "price": float(limit.dual_value),
        })  # fmt: skip
    return rows


def main() -> None:
    peers = ("numpy-financial", "SALib", "statsforecast", "scoringrules", "cvxpy")
    found = {
        "made_by": "tests/against/make_outlook.py",
        "versions": {name: version(name) for name in peers},
        "cash_flows": cash_flows(),
        "ishigami": ishigami(),
        "theta": theta(),
        "scores": scores(),
        "blocks": blocks(),
    }
    OUT.write_text(json.dumps(found, indent=1) + "\n", "utf-8")


if __name__ == "__main__":
    main()
