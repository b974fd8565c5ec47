"""Whole plans by holdings against every holding there is, and against SciPy's integer programme over every arc."""

from itertools import product
from math import ceil
from typing import Any

import numpy as np
import pytest
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

from hardgate.models import allocation
from hardgate.models.allocation_choice import chosen
from hardgate.models.allocation_claims import Wanted
from hardgate.models.allocation_holdings import at_hand, every, holdings
from hardgate.models.allocation_mixture import relax
from hardgate.models.flow import Prices
from hardgate.models.solve import Programme


def drawn(seed: int, *, workloads: int, pools: int, tight: float = 0.6, floors: bool = False) -> dict[str, Any]:
    """Throughputs of their own, gangs, promises, and GPUs held; pools for a share of what is asked."""
    draw = np.random.default_rng(seed)
    work = np.round(draw.uniform(0.3, 2.5, (workloads, pools)), 2)
    work[draw.random(work.shape) < 0.3] = 0.0
    work[np.arange(workloads), draw.integers(0, pools, workloads)] = 1.0
    value = np.where(work > 0, np.round(np.exp(draw.normal(1, 0.5, (workloads, 1))) * work, 3), np.nan)
    gang = draw.choice([1, 1, 2, 4], workloads)
    demand = gang * draw.integers(1, 5, workloads)
    holds = np.where(draw.random(workloads) < 0.4, gang, 0)
    given = {
        "value": value, "throughput": work, "gang": gang, "demand": demand, "held": holds,
        "capacity": np.round(draw.uniform(0.5, 1.5, pools) * demand.sum() * tight / pools),
        "commitment": np.where(draw.random(workloads) < 0.3, demand, 0), "penalty": np.full(workloads, 2.0),
        "held_pool": np.where(holds > 0, draw.integers(0, pools, workloads), -1), "move_cost": np.full(workloads, 0.5),
    }  # fmt: skip
    floor = np.round(np.full(2, 0.15 * given["capacity"].sum()))
    return {**given, "tenant": draw.integers(0, 2, workloads), "floor": floor} if floors else given


def earns(wanted: Wanted, at: int, gangs: tuple[int, ...], prices: Prices) -> float:
    """What a holding of one workload earns beyond prices: GPUs used, kept and promised, by SciPy."""
    pools = len(gangs)
    held = np.array(gangs) * wanted.gang[at]
    value = np.where(np.isfinite(wanted.value[at]), wanted.value[at], 0.0)
    value = value + (prices.group[wanted.tenant[at]] if len(prices.group) else 0.0)
    work = np.zeros(pools) if wanted.work is None else wanted.work[at]
    home = wanted.held_pool[at]
    use = [*work, 0.0, 0.0]
    rows = [use, [*-work, 1.0, 0.0], [*[-1.0 * (p == home) for p in range(pools)], 0.0, 1.0]]
    found = linprog(
        [*-value, -(wanted.penalty[at] + prices.need), -wanted.move_cost[at]],
        rows, [wanted.demand[at], 0.0, 0.0],
        bounds=[*((0, h) for h in held), (0, wanted.commitment[at]), (0, wanted.held[at] if home >= 0 else 0)],
    )  # fmt: skip
    return float(-found.fun - held @ prices.pool)


@pytest.mark.parametrize("seed", range(6))
def test_every_holding_that_comes_to_the_bar_is_found_and_no_other(seed: int) -> None:
    wanted = Wanted.of(**drawn(seed, workloads=4, pools=3, floors=True))
    draw = np.random.default_rng(seed)
    prices = Prices(np.round(draw.uniform(0, 4, 3), 2), np.array([0.0, 0.7]), 0.3)
    bars = at_hand(wanted, prices) - 1.5
    found, best = every(wanted, prices, bars), holdings(wanted, prices, bars, 400)
    assert found is not None
    for at in range(4):
        size = wanted.gang[at]
        most = [
            min(ceil(wanted.demand[at] / (size * w)), int(room // size)) if w > 0 else 0
            for w, room in zip(wanted.work[at], wanted.capacity, strict=True)  # type: ignore[index]
        ]
        tried = {one: earns(wanted, at, one, prices) for one in product(*(range(m + 1) for m in most))}
        mine = np.flatnonzero(found.row == at)
        listed = {tuple(found.gangs[one].tolist()): found.beyond[one] for one in mine}
        assert all(worth <= tried[one] + 1e-6 for one, worth in listed.items())
        for one in (one for one, worth in tried.items() if worth >= bars[at] + 1e-6):
            fewer = [tuple(g - (p == q) for q, g in enumerate(one)) for p in range(3) if one[p]]
            spared = size * prices.pool[[p for p in range(3) if one[p]]]
            if all(tried[less] - cost < tried[one] - 1e-6 for less, cost in zip(fewer, spared, strict=True)):
                assert listed[one] == pytest.approx(tried[one], abs=1e-6), "no gang of it is idle"
        assert best.beyond[best.row == at].max(initial=-np.inf) == pytest.approx(max(tried.values()), abs=1e-6)


def by_integers(wanted: Wanted) -> tuple[float, float]:
    """The most promised units that whole gangs can keep, and the most value with as many, over every arc."""
    assert wanted.work is not None
    (count, pools), arcs = wanted.value.shape, list(zip(*np.nonzero(np.isfinite(wanted.value)), strict=True))
    many = len(arcs)
    width = 2 * many + 2 * count  # gangs, GPUs used, promises, what stays
    rows, most = [], []

    def at_most(entries: dict[int, float], limit: float) -> None:
        rows.append(np.zeros(width))
        for column, factor in entries.items():
            rows[-1][column] += factor
        most.append(limit)

    for k, (i, _) in enumerate(arcs):
        at_most({many + k: 1.0, k: -float(wanted.gang[i])}, 0.0)
    for p in range(pools):
        at_most({k: float(wanted.gang[i]) for k, (i, q) in enumerate(arcs) if q == p}, wanted.capacity[p])
    for i in range(count):
        units = {many + k: wanted.work[one] for k, one in enumerate(arcs) if one[0] == i}
        at_most(units, wanted.demand[i])
        at_most({2 * many + i: 1.0, **{k: -w for k, w in units.items()}}, 0.0)
        kept = {many + k: -1.0 for k, one in enumerate(arcs) if one == (i, wanted.held_pool[i])}
        at_most({2 * many + count + i: 1.0, **kept}, 0.0)
    upper = np.concatenate([np.full(2 * many, 1e3), wanted.commitment, wanted.held])
    whole = np.concatenate([np.ones(many), np.zeros(width - many)])
    promised = np.concatenate([np.zeros(2 * many), np.ones(count), np.zeros(count)])
    worth = np.concatenate([np.zeros(many), [wanted.value[one] for one in arcs], wanted.penalty, wanted.move_cost])
    exact = {"mip_rel_gap": 0.0}
    rules = LinearConstraint(np.array(rows), ub=np.array(most))
    first = milp(-promised, constraints=rules, bounds=Bounds(0, upper), integrality=whole, options=exact)
    keep = LinearConstraint(promised, lb=-first.fun - 1e-7)
    best = milp(-worth, constraints=[rules, keep], bounds=Bounds(0, upper), integrality=whole, options=exact)
    return -first.fun, -best.fun - float((wanted.penalty * wanted.commitment).sum())


@pytest.mark.parametrize("tight", [0.3, 0.7])
@pytest.mark.parametrize("seed", range(6))
def test_a_small_whole_plan_keeps_the_most_promises_and_is_the_best_that_does(seed: int, tight: float) -> None:
    given = drawn(seed, workloads=8, pools=2, tight=tight)
    found, (promised, objective) = allocation.plan(**given, whole=True), by_integers(Wanted.of(**given))
    assert given["commitment"].sum() - found.short.sum() == pytest.approx(promised, abs=1e-5)
    assert found.objective == pytest.approx(objective, rel=2e-5, abs=1e-5)
    assert found.objective <= found.bound + 1e-6
    assert found.gap <= 2e-5


def test_two_hundred_workloads_with_throughputs_of_their_own_are_within_a_hundredth_of_a_bound_that_knows_gangs() -> (
    None
):
    given = drawn(3, workloads=200, pools=10, floors=True)
    linear, found = allocation.plan(**given), allocation.plan(**given, whole=True)
    assert found.gap <= 0.01
    assert found.objective <= found.bound <= linear.objective + 1e-6
    assert found.missed <= 1e-5
    assert np.all(found.gpus.sum(axis=0) <= given["capacity"])
    assert np.all(found.gpus % given["gang"][:, None] == 0)
    assert found.price.tolist() == linear.price.tolist()


@pytest.mark.parametrize("seed", range(2))
def test_where_workloads_are_many_those_that_choose_anew_find_a_plan_under_the_bound(seed: int) -> None:
    """Beyond 240 workloads most keep what the programme over holdings gives them."""
    given = drawn(seed, workloads=300, pools=4)
    wanted, linear = Wanted.of(**given), allocation.plan(**given)
    found = chosen(wanted, linear)
    assert 0 <= found.bound - found.worth <= 0.005 * found.bound
    assert np.all(found.gpus.sum(axis=0) <= given["capacity"])
    assert np.all(found.used <= found.gpus + 1e-9)
    assert found.bound <= linear.bound + float((wanted.penalty * wanted.commitment).sum()) + 1e-4


def test_the_bound_holds_at_any_prices_and_is_the_programme_s_own_at_its_end() -> None:
    given = drawn(1, workloads=12, pools=3)
    wanted, linear = Wanted.of(**given), allocation.plan(**given)
    keeps = float((wanted.commitment - linear.short).sum())
    near, far = relax(wanted, linear.price, keeps), relax(wanted, np.zeros(3), keeps)
    assert near.bound == pytest.approx(far.bound, rel=1e-6)
    assert float((near.found.worth * near.share).sum()) == pytest.approx(near.bound, rel=1e-6)


def test_a_tree_that_is_cut_short_gives_the_best_plan_so_far_with_its_bound() -> None:
    """Thirty things of nearly equal worth a kilo in three bags: one node proves nothing."""
    draw = np.random.default_rng(5)
    size = draw.integers(100, 1000, 30)
    packing = Programme()
    bags = packing.rows(-np.inf, np.full(3, size.sum() // 7 + 0.5))
    once = packing.rows(-np.inf, np.ones(30))
    worth = size[:, None] + draw.integers(-9, 9, (30, 3))
    packing.columns(
        worth.ravel(), 1.0, [[bags[b], once[i]] for i in range(30) for b in range(3)],
        [[float(size[i]), 1.0] for i in range(30) for _ in range(3)], whole=True,
    )  # fmt: skip
    found = packing.solve(nodes=1)
    assert found.value < found.bound < 1.05 * found.value
