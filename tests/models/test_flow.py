"""The steps of the plan against one programme over every claim: equal claims, nearly equal ones, and moved bounds."""

from dataclasses import replace

import numpy as np
import pytest

from hardgate.models import flow_plan
from hardgate.models.flow import Floats, Flow
from hardgate.models.flow_plan import Served, moved, serve
from hardgate.models.flow_prices import near


def drawn(claims: int, pools: int, *, kinds: int = 0, noise: float = 0.0, seed: int = 1) -> Flow:
    """Claims with values of their own, or of some kinds with a little noise."""
    draw = np.random.default_rng(seed)
    value = np.round(draw.uniform(1, 10, (kinds or claims, pools)), 2)
    value[draw.random(value.shape) < 0.3] = -np.inf
    if kinds:
        value = value[draw.integers(0, kinds, claims)] + noise * draw.random((claims, 1))
    demand = draw.integers(1, 9, claims).astype(float)
    return Flow(value, demand, np.round(draw.uniform(0.5, 1.5, pools) * 0.7 * demand.sum() / pools))


def earned(flow: Flow, found: Served) -> float:
    return float((flow.value[found.claim, found.pool] * found.amount).sum())


def at_once(flow: Flow, monkeypatch: pytest.MonkeyPatch) -> Served:
    with monkeypatch.context() as patch:
        patch.setattr(flow_plan, "SMALL", 10**9)
        return serve(flow)


def dual(flow: Flow, prices: Floats) -> float:
    return float(flow.capacity @ prices + flow.demand @ np.maximum((flow.value - prices).max(axis=1), 0.0))


@pytest.mark.parametrize("noise", [0.0, 1e-6])
def test_many_equal_claims_are_served_as_well_as_all_at_once(noise: float, monkeypatch: pytest.MonkeyPatch) -> None:
    flow = drawn(1500, 10, kinds=6, noise=noise)
    found, best = serve(flow), at_once(flow, monkeypatch)
    assert earned(flow, found) == pytest.approx(earned(flow, best), rel=1e-9)
    assert dual(flow, found.prices.pool) == pytest.approx(earned(flow, found), rel=1e-9)
    gpus = found.gpus()
    assert gpus.shape == (1500, 10)
    assert np.all(gpus.sum(axis=1) <= flow.demand + 1e-9)
    assert np.all(gpus.sum(axis=0) <= flow.capacity + 1e-9)
    assert np.all(gpus == np.round(gpus))
    assert found.margin == pytest.approx(np.maximum((flow.value - found.prices.pool).max(axis=1), 0.0), abs=1e-9)


def test_equal_claims_of_two_groups_are_two_kinds() -> None:
    flow = replace(drawn(1500, 4, kinds=2), group=np.arange(1500) % 2, floor=np.array([1500.0, 0.0]))
    found = serve(flow)
    assert found.kinds is not None
    assert len(found.kinds.flow.demand) == 4
    assert found.gpus()[flow.group == 0].sum() >= 1500 - 1e-6


@pytest.mark.parametrize(("claims", "pools"), [(2500, 12), (20_000, 12)])
def test_first_prices_are_near_to_the_best(claims: int, pools: int) -> None:
    flow = drawn(claims, pools)
    best = serve(flow)
    assert dual(flow, best.prices.pool) == pytest.approx(earned(flow, best), rel=1e-9)
    assert 1.0 <= dual(flow, near(flow).pool) / earned(flow, best) < 1.0001


def test_one_programme_serves_most_claims_once_prices_are_near() -> None:
    assert serve(drawn(5000, 20)).rounds == 1


@pytest.mark.parametrize("by", [1.0, -1.0, 40.0])
@pytest.mark.parametrize("kinds", [0, 8])
def test_a_plan_moved_to_other_capacities_is_the_plan_made_anew(by: float, kinds: int) -> None:
    flow = drawn(1500, 6, kinds=kinds)
    other = replace(flow, capacity=flow.capacity + by * np.eye(6)[2])
    assert earned(flow, moved(other, serve(flow))) == pytest.approx(earned(flow, serve(other)), rel=1e-9)
