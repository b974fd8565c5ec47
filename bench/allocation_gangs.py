"""Whole plans where throughput differs, beside HiGHS on every arc: `python -m bench.allocation_gangs`.

Every workload has a throughput of its own on each of five types and comes in gangs of 1 to 8; a fifth is promised. The
peer is the integer programme that one writes first: whole gangs and GPUs in use on every arc, parted from a bound by at
most a thousandth, one thread, so many seconds of CPU at most. Both say their plan and their bound, and neither plan may
exceed the other's bound: otherwise there is no result.
"""

import argparse
import json
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import commit, label, machine

_RESULTS = Path(__file__).parent / "results"
SIZES = ((24, 4), (200, 10), (500, 20))
AIMED, SECONDS, GAP = (200, 10), 2.0, 0.01
"""The size at which a plan has to be there in so many seconds of CPU, with at most that gap."""
GANGS, TYPES = (1, 1, 1, 2, 4, 8), 5
EXACT = 1e-9  # feasibility, as in hardgate's own programmes


def instance(workloads: int, pools: int, seed: int = 1) -> dict[str, Any]:
    """Return one instance as the keywords of `models.allocation.plan`."""
    draw = np.random.default_rng(seed)
    types = draw.integers(0, min(TYPES, pools), pools)
    speed = np.round(draw.uniform(0.3, 2.5, (workloads, TYPES)), 2) * (draw.random((workloads, TYPES)) < 0.7)
    speed[np.arange(workloads), draw.integers(0, min(TYPES, pools), workloads)] = 1.0
    work = speed[:, types]
    value = np.where(work > 0, np.round(np.exp(draw.normal(1, 0.5, workloads))[:, None] * work, 4), np.nan)
    gang = draw.choice(GANGS, workloads)
    demand = gang * draw.integers(1, 9, workloads)
    capacity = np.round(draw.uniform(0.5, 1.5, pools) * demand.sum() * 0.5 / pools)
    return {
        "value": value, "capacity": capacity, "demand": demand, "throughput": work, "gang": gang,
        "commitment": np.where(draw.random(workloads) < 0.2, demand, 0), "penalty": np.full(workloads, 2.0),
    }  # fmt: skip


def hardgate(given: dict[str, Any]) -> tuple[float, float, float]:
    """Return what the plan earns an hour and its bound, kept promises counted in, and promised units that it keeps."""
    from hardgate.models.allocation import plan

    found = plan(**given, whole=True, sides=False)
    owed = float((given["penalty"] * given["commitment"]).sum())
    return found.objective + owed, found.bound + owed, float((given["commitment"] - found.short).sum())


def every_arc(given: dict[str, Any], keeps: float, limit: float) -> tuple[float, float]:
    """Return the same of the integer programme over every arc that keeps as many promised units."""
    import highspy

    model = _model(given, keeps)
    highs = highspy.Highs()
    for option, value in (
        ("output_flag", False), ("threads", 1), ("random_seed", 0), ("primal_feasibility_tolerance", EXACT),
        ("dual_feasibility_tolerance", EXACT), ("mip_feasibility_tolerance", EXACT), ("mip_rel_gap", 1e-3),
        ("time_limit", limit),
    ):  # fmt: skip
        highs.setOptionValue(option, value)
    assert highs.passModel(model) == highspy.HighsStatus.kOk
    highs.run()
    info = highs.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)


def _model(given: dict[str, Any], keeps: float) -> Any:
    """Columns: whole gangs and then GPUs in use on every arc, and what is kept of each promise."""
    import highspy
    from scipy.sparse import block_array, csc_array, diags_array, identity

    work, gang, demand = given["throughput"], given["gang"].astype(float), given["demand"].astype(float)
    at, pool = np.nonzero(work > 0)
    arcs, count, units = len(at), len(demand), work[at, pool]
    in_pool = csc_array((gang[at], (pool, np.arange(arcs))), shape=(len(given["capacity"]), arcs))
    does = csc_array((units, (at, np.arange(arcs))), shape=(count, arcs))
    sizes, kept = diags_array(gang[at]), identity(count, format="csc")
    matrix = block_array([
        [in_pool, None, None],  # gangs fit in their pool,
        [None, does, None],  # nobody gets more than is asked for,
        [None, -does, kept],  # a promise is kept by work that is done,
        [-sizes, identity(arcs), None],  # on GPUs of gangs that are there,
        [None, None, csc_array(np.ones((1, count)))],  # and as many promises as hardgate keeps
    ], format="csc")  # fmt: skip
    model = highspy.HighsLp()
    model.num_row_, model.num_col_ = matrix.shape
    model.col_cost_ = np.concatenate([np.zeros(arcs), given["value"][at, pool], given["penalty"]])
    model.col_lower_ = np.zeros(model.num_col_)
    most = np.ceil(demand[at] / (gang[at] * units) - 1e-6)
    model.col_upper_ = np.concatenate([most, np.full(arcs, np.inf), given["commitment"]])
    model.row_lower_ = np.append(np.full(model.num_row_ - 1, -np.inf), keeps - 1e-6)
    model.row_upper_ = np.concatenate([given["capacity"], demand, np.zeros(count + arcs), [np.inf]])
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_, model.a_matrix_.index_ = matrix.indptr, matrix.indices
    model.a_matrix_.value_ = matrix.data
    model.sense_ = highspy.ObjSense.kMaximize
    model.integrality_ = [
        highspy.HighsVarType.kInteger if one < arcs else highspy.HighsVarType.kContinuous
        for one in range(model.num_col_)
    ]
    return model


def main(arguments: list[str]) -> int:
    """Measure both at each size, write the result and print it."""
    parser = argparse.ArgumentParser(prog="python -m bench.allocation_gangs", description=__doc__)
    parser.add_argument("--limit", type=float, default=60.0, help="seconds that the peer may take")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="where the result is written")
    given, load, rows = parser.parse_args(arguments), os.getloadavg(), []
    hardgate(instance(*SIZES[0]))  # imports, before the clock
    for size in SIZES:
        row = _measured(*size, given.limit)
        rows.append(row)
        print(json.dumps(row), flush=True)
        if row["worth"] > row["peer_bound"] * (1 + 1e-6) or row["peer_worth"] > row["bound"] * (1 + 1e-6):
            print("bench: a plan exceeds the other's bound", file=sys.stderr)
            return 1
    aimed = next(one for one in rows if (one["workloads"], one["pools"]) == AIMED)
    body = {
        "schema": "hardgate.bench.allocation_gangs/1", "date": str(datetime.now(UTC).date()), "machine": machine(),
        "load_before_and_after": [round(one[0], 1) for one in (load, os.getloadavg())], "commit": commit(),
        "measured": rows, "met": aimed["cpu"] <= SECONDS and aimed["gap"] <= GAP,
    }  # fmt: skip
    path = given.results / f"allocation-gangs-{body['date']}-{label(machine())}.json"
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    print("met" if body["met"] else "missed", "written to", path)
    return 0


def _measured(workloads: int, pools: int, limit: float) -> dict[str, Any]:
    given = instance(workloads, pools)
    before = time.process_time()
    worth, bound, keeps = hardgate(given)
    middle = time.process_time()
    peer_worth, peer_bound = every_arc(given, keeps, limit)
    after = time.process_time()
    return {
        "workloads": workloads, "pools": pools, "cpu": round(middle - before, 2), "worth": worth, "bound": bound,
        "gap": 1 - worth / bound, "peer_cpu": round(after - middle, 2), "peer_worth": peer_worth,
        "peer_bound": peer_bound, "peer_gap": 1 - peer_worth / peer_bound,
    }  # fmt: skip


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
