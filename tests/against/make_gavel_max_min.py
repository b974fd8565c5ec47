"""Makes gavel_max_min.json: `python make_gavel_max_min.py`, in an environment with cvxpy and HiGHS.

The max-min policy of Gavel (Narayanan et al., OSDI'20, section 4.1), written from the paper: the least throughput over
that of an equal share of every type. GPUs take the place of shares of time.
"""

import json
from importlib.metadata import version
from pathlib import Path

import cvxpy
import numpy as np


def least(speed: np.ndarray, capacity: np.ndarray, demand: np.ndarray) -> float:
    """Return the optimum of the policy."""
    jobs = len(speed)
    x, level = cvxpy.Variable(speed.shape, nonneg=True), cvxpy.Variable()
    equal = speed @ (capacity / jobs)
    rules = [cvxpy.sum(x, axis=1) <= demand, cvxpy.sum(x, axis=0) <= capacity]
    rules.append(cvxpy.sum(cvxpy.multiply(speed, x), axis=1) >= cvxpy.multiply(level, equal))
    return float(cvxpy.Problem(cvxpy.Maximize(level), rules).solve(solver=cvxpy.HIGHS))


def main() -> None:
    """Write twelve cases."""
    draw, cases = np.random.default_rng(20), []
    for jobs, types in ((2, 2), (3, 2), (4, 3), (6, 3)) * 3:
        speed = np.round(draw.uniform(0.2, 4, (jobs, types)), 2)
        capacity = draw.integers(2, 12, types).astype(float)
        demand = draw.integers(4, 20, jobs).astype(float)
        one = {"speed": speed.tolist(), "capacity": capacity.tolist(), "demand": demand.tolist()}
        cases.append({**one, "least": least(speed, capacity, demand)})
    body = {"made_by": "tests/against/make_gavel_max_min.py", "cvxpy": version("cvxpy"), "cases": cases}
    path = Path(__file__).with_name("gavel_max_min.json")
    path.write_text(json.dumps(body, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
