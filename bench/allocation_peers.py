"""One instance of allocation, and what each peer makes of it: what it earns an hour, or the least share it gives.

The instance is drawn once: workloads with a value, a preference for each of five accelerator types and a little noise a
pool, six tenths of the types acceptable, pools for seven tenths of what is asked. The max-min policy of Gavel (OSDI'20)
is written from the paper: the least throughput over that of a share of every pool in proportion to what is asked; for
40 tenants, and for every workload as a job of its own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

TENANTS = 40
Facts = dict[str, float]


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


def hardgate(value: Any, demand: Any, capacity: Any) -> Facts:
    """Plan, prices on both sides, and what every workload lacks."""
    return _planned(value, demand, capacity, sides=True)


def prices_only(value: Any, demand: Any, capacity: Any) -> Facts:
    """The plan with one side of the prices."""
    return _planned(value, demand, capacity, sides=False)


def _planned(value: Any, demand: Any, capacity: Any, *, sides: bool) -> Facts:
    from hardgate.models.allocation import plan

    found = plan(value, capacity, demand, sides=sides)
    assert found.gap < 1e-9
    return {"objective": found.objective, "prices": float(found.price @ capacity)}


def highs(value: Any, demand: Any, capacity: Any) -> Facts:
    """The whole linear programme, every arc a column, by the interior points of HiGHS and its crossover."""
    import highspy

    rows, columns = np.nonzero(~np.isnan(value))
    count, many = len(demand), len(rows)
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = many, count + len(capacity)
    model.col_cost_, model.col_lower_, model.col_upper_ = value[rows, columns], np.zeros(many), np.full(many, np.inf)
    model.row_lower_, model.row_upper_ = (
        np.full(model.num_row_, -np.inf),
        np.concatenate([demand, capacity]).astype(float),
    )
    model.a_matrix_.format_ = highspy.MatrixFormat.kColwise
    model.a_matrix_.start_ = np.arange(0, 2 * many + 1, 2, dtype=np.int32)
    model.a_matrix_.index_ = np.stack([rows, count + columns], axis=1).ravel().astype(np.int32)
    model.a_matrix_.value_ = np.ones(2 * many)
    model.sense_ = highspy.ObjSense.kMaximize
    solver = highspy.Highs()
    for option, setting in (("output_flag", False), ("threads", 1), ("solver", "ipm")):
        solver.setOptionValue(option, setting)
    solver.passModel(model)
    solver.run()
    assert solver.getModelStatus() == highspy.HighsModelStatus.kOptimal
    prices = np.array(solver.getSolution().row_dual)[count:]
    return {"objective": float(solver.getInfo().objective_function_value), "prices": float(prices @ capacity)}


def in_cvxpy(value: Any, demand: Any, capacity: Any) -> Facts:
    """The same in cvxpy: one variable an acceptable arc, incidence matrices, interior points of HiGHS."""
    import cvxpy

    x, by_row, by_pool, worth = _arcs(value)
    wanted, room = by_row @ x <= demand, by_pool @ x <= capacity
    problem = cvxpy.Problem(cvxpy.Maximize(worth @ x), [wanted, room])
    found = float(problem.solve(solver=cvxpy.HIGHS, highs_options={"solver": "ipm", "threads": 1}))
    return {"objective": found, "prices": float(np.abs(room.dual_value) @ capacity)}


def _arcs(value: Any) -> tuple[Any, Any, Any, Any]:
    """A variable for each acceptable arc, its workload and its pool as incidence, and what a unit is worth."""
    import cvxpy
    from scipy.sparse import csr_array

    rows, columns = np.nonzero(~np.isnan(value))
    arcs, ones = np.arange(len(rows)), np.ones(len(rows))
    by_row = csr_array((ones, (rows, arcs)), shape=(value.shape[0], len(rows)))
    by_pool = csr_array((ones, (columns, arcs)), shape=(value.shape[1], len(rows)))
    return cvxpy.Variable(len(rows), nonneg=True), by_row, by_pool, value[rows, columns]


def ortools(value: Any, demand: Any, capacity: Any) -> Facts:
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
    return {"objective": float(-flow.optimal_cost() / 1000)}


def gavel(value: Any, demand: Any, capacity: Any) -> Facts:
    """Gavel's max-min policy for every workload as a job of its own."""
    import cvxpy
    from scipy.sparse import diags_array

    share, by_row, by_pool, worth = _arcs(value)  # of what a job asks, as in the paper
    least, equal = cvxpy.Variable(), np.nan_to_num(value) @ (capacity / demand.sum())
    gpus = diags_array(by_row.T @ demand)
    rules = [by_row @ share <= 1, (by_pool @ gpus) @ share <= capacity]
    rules.append((diags_array(1 / equal) @ by_row @ diags_array(worth)) @ share >= least)
    problem = cvxpy.Problem(cvxpy.Maximize(least), rules)
    found = float(problem.solve(solver=cvxpy.HIGHS, highs_options={"solver": "ipm", "threads": 1}))
    return {"objective": found, "earned": float(worth @ (gpus @ share.value))}


def tenants(value: Any, demand: Any, capacity: Any) -> tuple[Any, Any, Any]:
    """Return what a GPU of each pool is worth to 40 tenants, what they ask for, and what their equal share is worth."""
    member = np.arange(len(demand)) % TENANTS
    speed = np.stack([np.nan_to_num(value[member == one]).mean(axis=0) for one in range(TENANTS)])
    wanted = np.bincount(member, weights=demand, minlength=TENANTS)
    return speed, wanted, wanted * (speed @ (capacity / wanted.sum()))


def gavel_tenants(value: Any, demand: Any, capacity: Any) -> Facts:
    """Gavel's max-min policy for 40 tenants."""
    import cvxpy

    speed, wanted, equal = tenants(value, demand, capacity)
    share, least = cvxpy.Variable(speed.shape, nonneg=True), cvxpy.Variable()
    rules = [cvxpy.sum(share, axis=1) <= 1, wanted @ share <= capacity]
    rules.append(cvxpy.sum(cvxpy.multiply(speed * (wanted / equal)[:, np.newaxis], share), axis=1) >= least)
    found = float(cvxpy.Problem(cvxpy.Maximize(least), rules).solve(solver=cvxpy.HIGHS))
    return {"objective": found, "earned": float((speed * wanted[:, np.newaxis] * share.value).sum())}


def fair_tenants(value: Any, demand: Any, capacity: Any) -> Facts:
    """The fairness variant of hardgate for the same tenants: the least, then the next, and so on."""
    from hardgate.models.max_min import fair

    speed, wanted, equal = tenants(value, demand, capacity)
    found = fair(speed > 0, capacity, wanted, np.arange(TENANTS), weight=equal, throughput=speed)
    return {"objective": float(found.level.min()), "earned": float((speed * found.gpus).sum())}


@dataclass(frozen=True, slots=True)
class Peer:
    """What it does, the package it needs, what its objective is, and up to how many workloads it is asked."""

    call: Callable[[Any, Any, Any], Facts]
    needs: str
    of: str = "money an hour"
    most: int = 10_000


PEERS = {
    "hardgate": Peer(hardgate, "highspy", most=1_000_000),
    "hardgate, prices only": Peer(prices_only, "highspy", most=1_000_000),
    "HiGHS": Peer(highs, "highspy"),
    "cvxpy": Peer(in_cvxpy, "cvxpy"),
    "ortools": Peer(ortools, "ortools", most=100_000),
    "hardgate, fair to 40 tenants": Peer(fair_tenants, "highspy", "least share of 40 tenants"),
    "gavel in cvxpy, 40 tenants": Peer(gavel_tenants, "cvxpy", "least share of 40 tenants"),
    "gavel in cvxpy, every workload": Peer(gavel, "cvxpy", "least share of all workloads", 1_000),
}
