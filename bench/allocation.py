"""Allocation beside its peers, each in a process of its own: `python -m bench.allocation OUT.json`.

Needs cvxpy and ortools beside hardgate, in an environment of their own. The instance is drawn once: workloads with a
value, a preference for each of five accelerator types and a little noise a pool, six tenths of the types acceptable,
pools for seven tenths of what is asked. The max-min policy of Gavel (OSDI'20) is written from the paper, over 40 groups.
"""

import json
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

SIZES = ((10_000, 200), (100_000, 200))
PEERS = ("hardgate", "hardgate, prices only", "ortools", "cvxpy", "gavel in cvxpy")
SLOWEST = 10_000
"""Workloads up to which the slow peers are asked."""


def instance(workloads: int, pools: int) -> tuple[Any, Any, Any]:
    """Return values, demand and capacity."""
    draw = np.random.default_rng(1)
    types = draw.integers(0, 5, pools)
    value, preference = np.exp(draw.normal(1, 0.5, workloads)), draw.uniform(0.6, 1.4, (workloads, 5))
    usable = draw.random((workloads, 5)) < 0.6
    usable[np.arange(workloads), draw.integers(0, 5, workloads)] = True
    noise = np.exp(0.05 * draw.normal(size=(workloads, pools)))
    worth = np.round(value[:, None] * preference[:, types] * noise, 3)
    demand = draw.integers(1, 64, workloads)
    capacity = np.round(draw.uniform(0.5, 1.5, pools) * demand.sum() * 0.7 / pools).astype(np.int64)
    return np.where(usable[:, types], worth, np.nan), demand, capacity


def hardgate(value: Any, demand: Any, capacity: Any, *, sides: bool = True) -> float:
    """Plan, prices on both sides, and what every workload lacks."""
    from hardgate.models.allocation import plan

    found = plan(value, capacity, demand, sides=sides)
    assert found.gap < 1e-9
    return found.objective


def ortools(value: Any, demand: Any, capacity: Any) -> float:
    """The same as one min-cost flow, without prices."""
    from ortools.graph.python import min_cost_flow

    count, pools = value.shape
    rows, columns = np.nonzero(~np.isnan(value))
    source, sink = count + pools, count + pools + 1
    tails = np.concatenate([np.full(count, source), rows, count + np.arange(pools), [source]])
    heads = np.concatenate([np.arange(count), count + columns, np.full(pools, sink), [sink]])
    total = int(demand.sum())
    room = np.concatenate([demand, demand[rows], capacity, [total]])
    cost = np.concatenate([np.zeros(count), -np.round(1000 * value[rows, columns]), np.zeros(pools + 1)])
    flow = min_cost_flow.SimpleMinCostFlow()
    flow.add_arcs_with_capacity_and_unit_cost(tails, heads, room, cost.astype(np.int64))
    flow.set_nodes_supplies(np.array([source, sink]), np.array([total, -total]))
    assert flow.solve() == flow.OPTIMAL
    return float(-flow.optimal_cost() / 1000)


def in_cvxpy(value: Any, demand: Any, capacity: Any) -> float:
    """The same model as a user would write it in cvxpy, on HiGHS."""
    import cvxpy
    from scipy.sparse import csr_array

    rows, columns = np.nonzero(~np.isnan(value))
    arcs = np.arange(len(rows))
    x = cvxpy.Variable(len(rows), nonneg=True)
    by_row = csr_array((np.ones(len(rows)), (rows, arcs)), shape=(len(demand), len(rows)))
    by_pool = csr_array((np.ones(len(rows)), (columns, arcs)), shape=(len(capacity), len(rows)))
    problem = cvxpy.Problem(cvxpy.Maximize(value[rows, columns] @ x), [by_row @ x <= demand, by_pool @ x <= capacity])
    return float(problem.solve(solver=cvxpy.HIGHS))


def gavel(value: Any, demand: Any, capacity: Any) -> float:
    """The least normalised throughput of 40 groups, as Gavel's max-min policy has it."""
    import cvxpy

    groups = 40
    member = np.arange(len(demand)) % groups
    speed = np.stack([np.nanmean(np.nan_to_num(value[member == g]), axis=0) for g in range(groups)])
    wanted = np.bincount(member, weights=demand, minlength=groups)
    x, least = cvxpy.Variable(speed.shape, nonneg=True), cvxpy.Variable()
    equal = speed @ (capacity / groups)
    rules = [cvxpy.sum(x, axis=1) <= wanted, cvxpy.sum(x, axis=0) <= capacity]
    rules.append(cvxpy.sum(cvxpy.multiply(speed, x), axis=1) >= least * equal)
    return float(cvxpy.Problem(cvxpy.Maximize(least), rules).solve(solver=cvxpy.HIGHS))


def run(peer: str, workloads: int, pools: int) -> dict[str, Any]:
    """Time one peer, imports and the drawing of the instance apart."""
    given = instance(workloads, pools)
    if "cvxpy" in peer:
        import cvxpy  # noqa: F401  before the clock
    import highspy  # noqa: F401  before the clock

    call = {"hardgate": hardgate, "ortools": ortools, "cvxpy": in_cvxpy, "gavel in cvxpy": gavel}.get(peer)
    before, cpu = time.perf_counter(), time.process_time()
    value = hardgate(*given, sides=False) if call is None else call(*given)
    took = {"wall": round(time.perf_counter() - before, 3), "cpu": round(time.process_time() - cpu, 3)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"peer": peer, "workloads": workloads, "pools": pools, **took, "peak_mb": round(peak), "objective": value}


def main(out: str) -> None:
    """Run every peer three times in turn and keep the medians."""
    from importlib.metadata import version
    from os import getloadavg

    kept = []
    for workloads, pools in SIZES:
        peers = [one for one in PEERS if workloads <= SLOWEST or "hardgate" in one]
        runs: dict[str, list[dict[str, Any]]] = {one: [] for one in peers}
        for _ in range(3 if workloads <= SLOWEST else 1):
            for peer in peers:
                told = subprocess.run(
                    [sys.executable, "-m", "bench.allocation", peer, str(workloads), str(pools)],
                    capture_output=True, text=True, check=True,
                )  # fmt: skip
                runs[peer].append(json.loads(told.stdout))
                print(told.stdout.strip(), file=sys.stderr, flush=True)
        kept += [sorted(of, key=lambda one: one["cpu"])[len(of) // 2] for of in runs.values()]
    names = ("numpy", "highspy", "ortools", "cvxpy")
    body = {
        "schema": "hardgate.bench.allocation/1", "date": str(datetime.now(UTC).date()),
        "load": [round(one, 1) for one in getloadavg()], "cores": 2, "versions": {one: version(one) for one in names},
        "measured": kept,
    }  # fmt: skip
    Path(out).write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) == 2:
        main(sys.argv[1])
    else:
        print(json.dumps(run(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))))
