"""The allocation against SciPy's linear programmes over every arc, against brute force, and against its own laws."""

from dataclasses import dataclass
from itertools import product
from math import ceil
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hardgate.models import allocation, flow_plan
from hardgate.models.allocation_claims import Wanted


@dataclass(frozen=True)
class Case:
    """One random instance, as the keywords of `plan`."""

    given: dict[str, Any]

    @classmethod
    def of(cls, seed: int, *, workloads: int = 14, pools: int = 4, work: bool = False, floors: bool = False) -> "Case":
        draw = np.random.default_rng(seed)
        value = np.round(draw.uniform(1, 10, (workloads, pools)), 2)
        value[draw.random((workloads, pools)) < 0.3] = np.nan
        value[np.arange(workloads), draw.integers(0, pools, workloads)] = 5.0
        demand = draw.integers(1, 9, workloads).astype(float)
        given: dict[str, Any] = {
            "value": value, "demand": demand, "capacity": draw.integers(4, 14, pools).astype(float),
            "commitment": np.floor(demand * draw.choice([0, 0, 0.5, 1], workloads)),
            "penalty": draw.integers(0, 3, workloads).astype(float),
            "held": draw.integers(0, 4, workloads).astype(float), "held_pool": draw.integers(-1, pools, workloads),
            "move_cost": np.round(draw.uniform(0, 2, workloads), 2),
        }  # fmt: skip
        if work:
            given["throughput"] = draw.choice([0.5, 1.0, 1.6], (workloads, pools))
        if floors:
            given |= {"tenant": draw.integers(0, 3, workloads), "floor": np.array([3.0, 2.0, 0.0])}
        return cls(given)

    def plan(self, **changed: Any) -> allocation.Plan:
        return allocation.plan(**{**self.given, **changed})


def solved(case: Case) -> tuple[float, float]:
    """The most promised units, and the most value with as many: every arc in SciPy's dense programme, no claims."""
    wanted = Wanted.of(**case.given)
    count, pools = wanted.value.shape
    arcs = [(i, p) for i in range(count) for p in range(pools) if np.isfinite(wanted.value[i, p])]
    unit = np.ones((count, pools)) if wanted.work is None else wanted.work
    width = len(arcs) + 2 * count  # arcs, promised units served, held GPUs kept
    rows, most = [], []

    def at_most(entries: dict[int, float], limit: float) -> None:
        row = np.zeros(width)
        for column, factor in entries.items():
            row[column] = factor
        rows.append(row)
        most.append(limit)

    for p in range(pools):
        at_most({k: 1.0 for k, one in enumerate(arcs) if one[1] == p}, wanted.capacity[p])
    for i in range(count):
        mine = {k: unit[one] for k, one in enumerate(arcs) if one[0] == i}
        at_most(mine, wanted.demand[i])
        at_most({len(arcs) + i: 1.0, **{k: -u for k, u in mine.items()}}, 0.0)
        at_most({len(arcs) + i: 1.0}, wanted.commitment[i])
        kept = {k: -1.0 for k, one in enumerate(arcs) if one == (i, wanted.held_pool[i])}
        at_most({len(arcs) + count + i: 1.0, **kept}, 0.0)
        at_most({len(arcs) + count + i: 1.0}, wanted.held[i])
    for t, floor in enumerate(wanted.floor):
        asked = wanted.demand[wanted.tenant == t].sum()
        at_most({k: -1.0 for k, one in enumerate(arcs) if wanted.tenant[one[0]] == t}, -min(floor, asked))
    promised = np.zeros(width)
    promised[len(arcs) : len(arcs) + count] = 1.0
    first = linprog(-promised, np.array(rows), np.array(most), method="highs")
    worth = np.concatenate([[wanted.value[one] for one in arcs], wanted.penalty, wanted.move_cost])
    best = linprog(
        -worth, np.vstack([*rows, -promised]), np.append(most, first.fun + 1e-9), method="highs"
    )  # fmt: skip
    assert best.status == 0
    return -first.fun, -best.fun - float((wanted.penalty * wanted.commitment).sum())


KINDS = [pytest.param(kind, id="-".join(kind) or "plain") for kind in ((), ("work",), ("floors",), ("work", "floors"))]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_the_plan_is_as_good_as_the_programme_over_every_arc(seed: int, kind: tuple[str, ...]) -> None:
    case = Case.of(seed, **dict.fromkeys(kind, True))
    found = case.plan()
    promised, objective = solved(case)
    assert found.objective == pytest.approx(objective, abs=1e-6)
    assert case.given["commitment"].sum() - found.short.sum() == pytest.approx(promised, abs=1e-6)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(12))
def test_primal_and_dual_are_feasible_without_a_gap_and_complementary(seed: int, kind: tuple[str, ...]) -> None:
    case = Case.of(seed, workloads=40, **dict.fromkeys(kind, True))
    found, wanted = case.plan(), Wanted.of(**case.given)
    used = found.gpus.sum(axis=0)
    units = (found.gpus if wanted.work is None else found.gpus * wanted.work).sum(axis=1)
    assert np.all(found.gpus >= -1e-9)
    assert np.all(used <= wanted.capacity + 1e-7)
    assert np.all(units <= wanted.demand + 1e-7)
    assert np.all(found.gpus[~np.isfinite(wanted.value)] == 0)
    assert np.all(found.price >= 0)
    assert np.all(found.price * (wanted.capacity - used) <= 1e-7)
    assert abs(found.bound - found.objective) <= 1e-7 * max(1.0, abs(found.bound))
    for tenant, floor in enumerate(wanted.floor):
        assert (
            found.gpus[wanted.tenant == tenant].sum() >= min(floor, wanted.demand[wanted.tenant == tenant].sum()) - 1e-7
        )


@pytest.mark.parametrize("work", [False, True])
@pytest.mark.parametrize("seed", range(12))
def test_a_shadow_price_is_what_one_gpu_more_or_less_changes(seed: int, work: bool) -> None:
    case = Case.of(seed, work=work, floors=seed % 2 == 1)
    found = case.plan()
    for pool in range(len(case.given["capacity"])):
        for by, price in ((1.0, found.more[pool]), (-1.0, found.fewer[pool])):
            capacity = case.given["capacity"].copy()
            capacity[pool] += by
            again = case.plan(capacity=capacity, sides=False)
            if by < 0 and again.short.sum() > found.short.sum() + 1e-9:
                assert price == np.inf
            elif np.isfinite(price) and again.short.sum() == pytest.approx(found.short.sum()):
                assert by * (again.objective - found.objective) == pytest.approx(price, abs=1e-6)
    assert np.all(found.more <= found.price + 1e-9)
    assert np.all(found.price <= found.fewer + 1e-9)


def test_the_left_and_the_right_price_differ_where_supply_just_meets_demand() -> None:
    found = allocation.plan([[5.0], [3.0]], [4], [4, 4])
    assert (found.more[0], found.fewer[0]) == (3.0, 5.0)


@pytest.mark.parametrize("seed", range(3))
def test_many_claims_solved_step_by_step_are_as_good_as_all_at_once(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    case = Case.of(seed, workloads=300, pools=12, floors=seed > 0)
    case.given["capacity"] = case.given["capacity"] * 8
    at_once = case.plan()
    for name, value in (("SMALL", 30), ("CORE", 40)):
        monkeypatch.setattr(flow_plan, name, value)
    stepped = case.plan()
    assert stepped.objective == pytest.approx(at_once.objective, rel=1e-9)
    assert stepped.more == pytest.approx(at_once.more, abs=1e-7)
    assert stepped.fewer == pytest.approx(at_once.fewer, abs=1e-7)


def brute(value: Any, capacity: list[int], demand: list[int], gang: list[int]) -> float:
    """The best plan of whole gangs, by trying every one."""
    options = []
    for most, size in zip(demand, gang, strict=True):
        counts = range(most // size + 1)
        options.append([c for c in product(counts, repeat=len(capacity)) if size * sum(c) <= most])
    best = 0.0
    for chosen in product(*options):
        used = [sum(size * one[p] for one, size in zip(chosen, gang, strict=True)) for p in range(len(capacity))]
        if all(u <= c for u, c in zip(used, capacity, strict=True)):
            worth = sum(
                g * n * v for c, g, row in zip(chosen, gang, value, strict=True) for n, v in zip(c, row, strict=True)
            )
            best = max(best, worth)
    return best


@pytest.mark.parametrize("seed", range(10))
def test_a_whole_plan_is_the_best_of_all_whole_plans(seed: int) -> None:
    draw = np.random.default_rng(seed)
    value, gang = np.round(draw.uniform(1, 9, (4, 2)), 1), draw.choice([1, 2, 4], 4).tolist()
    demand, capacity = (draw.integers(3, 9, n).tolist() for n in (4, 2))
    found = allocation.plan(value, capacity, demand, gang=gang, whole=True)
    assert found.objective == pytest.approx(brute(value, capacity, demand, gang), abs=1e-6)
    assert np.all(found.gpus % np.array(gang)[:, None] == 0)
    assert found.objective <= found.bound + 1e-9


def brute_work(value: Any, work: Any, capacity: list[int], demand: list[int], gang: list[int]) -> float:
    """The best plan of whole gangs whose last may be partly idle, by trying every one."""
    options = []
    for row, most, size in zip(work, demand, gang, strict=True):
        counts = product(*(range(ceil(most / (w * size)) + 1) for w in row))
        options.append([tuple(size * n for n in c) for c in counts])
    best = 0.0
    for chosen in product(*options):
        if all(sum(one[p] for one in chosen) <= room for p, room in enumerate(capacity)):
            worth = 0.0
            for gpus, row, unit, most in zip(chosen, value, work, demand, strict=True):
                left = float(most)
                for v, w, n in sorted(zip(row, unit, gpus, strict=True), key=lambda one: -one[0] / one[1]):
                    used = min(n, left / w)
                    worth, left = worth + v * used, left - w * used
            best = max(best, worth)
    return best


@pytest.mark.parametrize("seed", range(8))
def test_a_whole_plan_of_work_is_the_best_of_all_whole_plans(seed: int) -> None:
    draw = np.random.default_rng(seed)
    work, gang = draw.choice([0.5, 1.0, 2.2], (3, 2)), draw.choice([1, 2], 3).tolist()
    value = np.round(draw.uniform(1, 9, (3, 2)), 1)
    demand, capacity = draw.integers(2, 6, 3).tolist(), draw.integers(2, 6, 2).tolist()
    found = allocation.plan(value, capacity, demand, gang=gang, throughput=work, whole=True)
    assert found.objective == pytest.approx(brute_work(value, work, capacity, demand, gang), abs=1e-6)
    assert np.all(found.gpus % np.array(gang)[:, None] == 0)
    assert np.all(found.gpus.sum(axis=0) <= capacity)
    assert np.all(found.units <= np.array(demand) + 1e-6)
    assert np.all(found.units <= (found.gpus * work).sum(axis=1) + 1e-6)
    assert found.objective <= found.bound + 1e-9
    assert 0 <= found.gap < 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(4))
def test_parts_that_share_nothing_are_planned_apart_and_add_up(seed: int, kind: tuple[str, ...]) -> None:
    """Two instances side by side, and one who can use nothing: value, bound and prices of each on its own."""
    cases = [Case.of(one, workloads=8, pools=2, **dict.fromkeys(kind, True)).given for one in (seed, seed + 100)]
    lost = {"demand": 1.0, "commitment": 0.0, "penalty": 0.0, "held": 0.0, "move_cost": 0.0}
    value, work = np.full((17, 4), np.nan), np.ones((17, 4))
    for at, one in enumerate(cases):
        place = np.ix_(range(8 * at, 8 * at + 8), (2 * at, 2 * at + 1))
        value[place], work[place] = one["value"], one.get("throughput", 1.0)
    given: dict[str, Any] = {name: np.append([one[name] for one in cases], alone) for name, alone in lost.items()}
    held = [np.where(one["held_pool"] >= 0, one["held_pool"] + 2 * at, -1) for at, one in enumerate(cases)]
    given |= {"held_pool": np.append(held, -1), "capacity": np.concatenate([one["capacity"] for one in cases])}
    if "floors" in kind:
        tenants = np.append([one["tenant"] + 3 * at for at, one in enumerate(cases)], -1)
        given |= {"tenant": tenants, "floor": np.concatenate([one["floor"] for one in cases])}
    found = allocation.plan(value, **given, throughput=work if "work" in kind else None, whole=True)
    alone = [allocation.plan(**one, whole=True) for one in cases]
    for name in ("value", "penalties", "bound", "missed"):
        assert getattr(found, name) == pytest.approx(sum(getattr(one, name) for one in alone), abs=1e-6)
    for name in ("more", "fewer", "units"):
        assert getattr(found, name)[:16] == pytest.approx(
            np.concatenate([getattr(one, name) for one in alone]), abs=1e-6
        )
    assert (found.lacking[-1], found.gpus[-1].sum()) == (np.inf, 0.0)


@pytest.mark.parametrize("seed", range(4))
def test_gangs_miss_no_promise_that_fits(seed: int) -> None:
    draw = np.random.default_rng(seed)
    count, gang = 400, draw.choice([1, 8, 16], 400, p=[0.6, 0.3, 0.1])
    demand = gang * draw.integers(1, 4, count)
    sure = demand * (draw.random(count) < 0.25)
    found = allocation.plan(
        draw.lognormal(1, 0.5, (count, 6)), np.full(6, 8 * (demand.sum() // 72)), demand, commitment=sure, gang=gang,
        whole=True,
    )  # fmt: skip
    assert found.short.sum() == 0
    assert found.gap < 0.01
    assert np.all(found.gpus.sum(axis=0) <= np.full(6, 8 * (demand.sum() // 72)))


def test_the_smallest_set_of_floors_in_conflict_is_named() -> None:
    with pytest.raises(allocation.FloorsConflict, match=r"tenants 0, 2 ask for 7.0 GPUs of 5.0") as caught:
        allocation.plan(
            [[1.0, np.nan], [1.0, 1.0], [1.0, np.nan]], [5, 9], [9, 9, 9], tenant=[0, 1, 2], floor=[4, 5, 3]
        )
    assert caught.value.tenants == (0, 2)


def test_what_means_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match=r"demand\[1\] is -3.0"):
        allocation.plan([[1.0], [1.0]], [5], [1, -3])
    with pytest.raises(ValueError, match="capacity has shape"):
        allocation.plan([[1.0], [1.0]], [5, 6], [1, 3])


def test_what_no_pool_can_serve_gets_nothing_and_lacks_without_end() -> None:
    found = allocation.plan([[np.nan], [2.0]], [5], [3, 3])
    assert (found.gpus.tolist(), found.lacking.tolist()) == ([[0.0], [3.0]], [np.inf, -2.0])
    alone = allocation.plan([[np.nan]], [5], [3])
    assert (alone.gpus.tolist(), alone.price.tolist(), alone.fewer.tolist()) == ([[0.0]], [0.0], [0.0])


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 10_000), extra=st.integers(1, 5))
def test_more_gpus_never_lower_the_value_nor_raise_the_price(seed: int, extra: int) -> None:
    case = Case.of(seed, workloads=8, pools=3)
    before = case.plan(commitment=None)
    after = case.plan(commitment=None, capacity=case.given["capacity"] + extra)
    assert after.objective >= before.objective - 1e-7
    assert np.all(after.more <= before.fewer + 1e-7)
