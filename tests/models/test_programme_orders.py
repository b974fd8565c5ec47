"""A trigger that decides on each course: against one path at a time, a hand-made case, and the run without it."""

import math
from dataclasses import replace

import numpy as np
import pytest

from hardgate.models.programme import HOURS_PER_QUARTER, NAMES, STILL, Levels, Programme, Vintage
from hardgate.models.programme_paths import Draws, draw, orders, simulate
from hardgate.models.programme_run import run
from tests.models.test_programme_paths import UNCERTAIN, course

PRICE = 10 / HOURS_PER_QUARTER
LIVE = Vintage("live", spend=-1, amount=0, lead=1, life=9, gpus=100, price=PRICE, committed=True)
NEXT = Vintage("next", spend=1, amount=300, lead=1, life=2, gpus=50, price=PRICE)
LAST = Vintage("last", spend=2, amount=900, lead=1, life=9, gpus=50, price=PRICE, productive_share=0.8)


def triggered(programme: Programme, **at: float) -> Programme:
    vintages = (replace(one, trigger=at.get(one.name)) for one in programme.vintages)
    return replace(programme, vintages=tuple(vintages))


def test_by_hand_a_vintage_that_is_not_ordered_leaves_no_trace() -> None:
    """Demand 90 or 70 of 100: at 80 % the 50 more are ordered on the first course, for 300, and sell nothing; at 2 %
    of 10 a quarter each would. The second course is that of the live hall alone."""
    plan = triggered(Programme((LIVE, NEXT), quarters=4, demand=80, volatility=1.0), next=0.8)
    up, down = (2 * (math.log(demand / 80) + 1 / 8) for demand in (90, 70))  # a quarter's step is half a year's root
    moves = np.array([[0.0, 0.0], [up, down], [up + 2, down], [up + 2, down]])
    draws = Draws(np.zeros((len(NAMES), 2)), moves, np.zeros((4, 2)))
    found = simulate(plan, draws)
    assert orders(plan, draws).tolist() == [[True, True], [True, False]]
    assert found.free_cash_flow[1].tolist() == pytest.approx([900 - 300, 700])
    assert found.revenue[2, 0] == pytest.approx(1500)  # demand of 215 fills what is live and what was ordered
    assert found.cash[:, 1].tolist() == [0, 0, 0, 0]
    assert found.cash[:, 0].tolist() == pytest.approx([0, -300, 500, 10 * min(90 * math.exp(1 - 1 / 4) - 100, 50)])


def test_what_is_ordered_is_what_a_loop_over_courses_orders() -> None:
    """Each course by itself: demand, then each vintage in turn against all that is there when it would be live."""
    plan = replace(UNCERTAIN, vintages=(*UNCERTAIN.vintages, NEXT, LAST), volatility=0.6)
    plan = triggered(plan, **{"hall-2": 0.95, "next": 0.8, "last": 0.9})
    draws = draw(8, 64, seed=4)
    goes = orders(plan, draws)
    seen = set()
    for at in range(64):
        z = dict(zip(NAMES, draws.levels[:, at], strict=True))
        growth = plan.growth + plan.spread.growth * z["growth"]
        taken: list[Vintage] = [one for one in plan.vintages if one.committed]
        for one in sorted((v for v in plan.vintages if not v.committed), key=lambda v: v.spend):
            years = one.spend / 4
            walk = draws.demand[one.spend, at] / 2 if one.spend >= 0 else 0.0
            move = math.exp((growth - plan.volatility**2 / 2) * years + plan.volatility * walk)
            wanted = plan.demand * math.exp(plan.spread.demand * z["demand"]) * move
            there = sum(v.gpus * v.productive_share for v in taken if v.live <= one.live < v.live + v.life)
            if one.trigger is None or wanted >= one.trigger * there:
                taken.append(one)
        names = {one.name for one in taken}
        assert {v.name for v, go in zip(plan.vintages, goes[:, at], strict=True) if go} == names
        seen.add(frozenset(names))
    assert len(seen) > 2


@pytest.mark.parametrize("at", [0, 3, 41, 63])
def test_a_course_is_the_plain_run_of_what_is_ordered_on_it(at: int) -> None:
    more = (replace(NEXT, productive_share=0.8), LAST)
    plan = triggered(replace(UNCERTAIN, vintages=(*UNCERTAIN.vintages, *more)), next=0.8, last=0.9)
    draws = draw(8, 64, seed=4)
    goes, found = orders(plan, draws)[:, at], simulate(plan, draws)
    kept = (one for one, go in zip(plan.vintages, goes, strict=True) if go)
    alone = replace(plan, vintages=tuple(replace(one, trigger=None) for one in kept))
    for name, line in course(alone, draws, at).items():
        assert getattr(found, name)[:, at] == pytest.approx(line, rel=1e-11, abs=1e-6), name
    for name, line in course(plan, draws, at).items():
        assert getattr(found, name)[:, at] == pytest.approx(line, rel=1e-11, abs=1e-6), name


def test_a_trigger_that_is_always_reached_changes_no_byte() -> None:
    draws = draw(8, 256, seed=3)
    names = {one.name: 0.0 for one in UNCERTAIN.vintages}
    assert simulate(triggered(UNCERTAIN, **names), draws).cash.tobytes() == simulate(UNCERTAIN, draws).cash.tobytes()


def test_a_trigger_that_is_never_reached_leaves_the_committed_business() -> None:
    draws = draw(8, 64, seed=3)
    names = {one.name: math.inf for one in UNCERTAIN.vintages}
    plan = replace(triggered(UNCERTAIN, **names), fees=())
    assert not simulate(plan, draws).cash.any()


def test_deciding_on_the_way_spares_the_courses_on_which_demand_does_not_come() -> None:
    """A vintage that pays where demand holds, and loses where it falls: the chance of a loss falls, the mean rises."""
    late = replace(NEXT, spend=4, life=9, amount=2500)
    plain = Programme((LIVE, late), quarters=14, demand=100, volatility=0.5, spread=STILL, centre=Levels())
    draws = draw(14, 4096, seed=5)
    every, some = (simulate(one, draws).cash.sum(axis=0) for one in (plain, triggered(plain, next=1.1)))
    assert (some < 0).mean() < 0.6 * (every < 0).mean()
    assert some.mean() > every.mean()


def test_one_course_run_plainly_decides_too() -> None:
    plan = triggered(Programme((LIVE, NEXT), quarters=4, demand=70), next=0.8)
    assert run(plan).cash.tolist() == [0, 0, 0, 0]
    assert run(plan.moved(demand=90 / 70)).cash[1] == -300
