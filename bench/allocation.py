"""Allocation beside its peers, each run in a process of its own: `python -m bench.allocation`.

Peers that are not installed are named and left out; all need cvxpy and ortools beside hardgate, in an environment of
their own. The instance is drawn once: workloads with a value, a preference for each of five accelerator types and a
little noise a pool, six tenths of the types acceptable, pools for seven tenths of what is asked. The max-min policy of
Gavel (OSDI'20) is written from the paper, over 40 groups.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

_RESULTS = Path(__file__).parent / "results"
SIZES = (10_000, 100_000)
NEEDS = {
    "hardgate": "highspy",
    "hardgate, prices only": "highspy",
    "ortools": "ortools",
    "cvxpy": "cvxpy",
    "gavel in cvxpy": "cvxpy",
}
"""Peers with the package that each needs."""
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
    for name in (NEEDS[peer], "highspy"):  # before the clock
        import_module(name)

    call = {"hardgate": hardgate, "ortools": ortools, "cvxpy": in_cvxpy, "gavel in cvxpy": gavel}.get(peer)
    before, cpu = time.perf_counter(), time.process_time()
    value = hardgate(*given, sides=False) if call is None else call(*given)
    took = {"wall": round(time.perf_counter() - before, 3), "cpu": round(time.process_time() - cpu, 3)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"peer": peer, "workloads": workloads, "pools": pools, **took, "peak_mb": round(peak), "objective": value}


def main(arguments: list[str]) -> int:
    """Run every peer in turn, keep the run of median CPU time, write the result and print it."""
    given = _parser().parse_args(arguments)
    if given.one:
        print(json.dumps(run(given.one, given.workloads[0], given.pools)))
        return 0
    there = [one for one in given.only or NEEDS if find_spec(NEEDS[one])]
    for one in sorted(set(given.only or NEEDS) - set(there)):
        _tell(f"{one}: left out, {NEEDS[one]} is not installed")
    kept = [one for size in given.workloads for one in _measured(there, size, given)]
    body = {
        "schema": "hardgate.bench.allocation/1", "date": str(datetime.now(UTC).date()),
        "load": [round(one, 1) for one in os.getloadavg()], "cores": os.cpu_count(), "runs": given.repeat,
        "versions": {one: _version(one) for one in ("numpy", "highspy", "ortools", "cvxpy")}, "measured": kept,
    }  # fmt: skip
    path = given.results / f"{body['date']}-allocation.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    _tell(f"written to {path}")
    print("\n".join(_line(one) for one in kept))
    return 0


def _measured(peers: list[str], workloads: int, given: argparse.Namespace) -> list[dict[str, Any]]:
    runs: dict[str, list[dict[str, Any]]] = {
        one: [] for one in peers if workloads <= SLOWEST or one.startswith("hardgate")
    }
    for _ in range(given.repeat):
        for peer, of in runs.items():
            of.append(_apart(peer, workloads, given))
            _tell(_line(of[-1]))
    return [sorted(of, key=lambda one: one["cpu"] or np.inf)[(len(of) - 1) // 2] for of in runs.values()]


def _apart(peer: str, workloads: int, given: argparse.Namespace) -> dict[str, Any]:
    """Run one peer in a process of its own, as long as the limit allows."""
    asked = ["--one", peer, "--workloads", str(workloads), "--pools", str(given.pools)]
    command = [sys.executable, "-m", "bench.allocation", *asked]
    try:
        told = subprocess.run(command, capture_output=True, text=True, check=True, timeout=given.limit)
    except subprocess.TimeoutExpired:
        note = f"did not end in {given.limit} s of wall time"
        return {"peer": peer, "workloads": workloads, "pools": given.pools, "wall": None, "cpu": None, "note": note}
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def _line(one: dict[str, Any]) -> str:
    what = f"{one['peer']:<24} {one['workloads']:>8,} x {one['pools']:<4}"
    if one["cpu"] is None:
        return f"{what} {one['note']}"
    return f"{what} {one['cpu']:>8.2f} s CPU {one['wall']:>8.2f} s {one['peak_mb']:>6} MB  {one['objective']:,.3f}"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.allocation", description=__doc__)
    parser.add_argument("--workloads", type=int, nargs="+", default=SIZES, help="one or more sizes")
    parser.add_argument("--pools", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each peer (default 3)")
    parser.add_argument("--only", nargs="+", choices=tuple(NEEDS), help="run these only")
    parser.add_argument("--limit", type=int, default=600, help="seconds of wall time that one run may take")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="where the result is written")
    parser.add_argument("--one", choices=tuple(NEEDS), help=argparse.SUPPRESS)
    return parser


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
