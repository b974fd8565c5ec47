"""What is said to admit a workload does, and less does not: the plan is solved again, for every one turned away."""

import numpy as np
import pytest

from hardgate.models import allocation
from hardgate.models.admission import admission, enlarged, least, raised, served
from hardgate.models.allocation_claims import Wanted


def wanted(seed: int, *, work: bool = False) -> Wanted:
    draw = np.random.default_rng(seed)
    count, pools = (10, 3) if work else (24, 3)
    value = np.round(draw.uniform(1, 10, (count, pools)), 2)
    value[draw.random((count, pools)) < 0.3] = np.nan
    gang = draw.choice([1, 2, 4], count)
    demand = gang * draw.integers(1, 4, count)
    return Wanted.of(
        value, draw.integers(8, 12, pools) if work else draw.integers(15, 30, pools), demand, gang=gang, commitment=demand * (draw.random(count) < 0.2),
        held=demand * (draw.random(count) < 0.3), held_pool=draw.integers(0, pools, count), move_cost=np.full(count, 0.5),
        throughput=draw.choice([0.5, 1.0, 2.2], (count, pools)) if work else None,
    )  # fmt: skip


CASES = [
    *(pytest.param(seed, whole, work) for seed in range(2) for whole, work in ((False, False), (True, False), (False, True))),
    *(pytest.param(seed, True, True, marks=[pytest.mark.slow] if seed else []) for seed in range(4)),
]  # fmt: skip


@pytest.mark.parametrize(("seed", "whole", "work"), CASES)
def test_what_would_admit_a_workload_admits_it_and_less_does_not(seed: int, whole: bool, work: bool) -> None:
    given = wanted(seed, work=work)
    turned = [at for at in range(len(given.demand)) if not served(given, at, whole=whole)]
    usable = [at for at in turned if np.isfinite(given.value[at]).any()]
    assert len(usable) >= 2
    answered = narrowed = 0
    for at in usable:
        found = admission(given, at, whole=whole)
        if found.more_value is not None:
            answered += 1
            narrowed += found.least_value
            assert served(raised(given, at, found.more_value), at, whole=whole)
            if found.least_value:
                assert not served(raised(given, at, found.more_value - 0.02), at, whole=whole)
        if found.more_gpus is not None:
            assert found.pool is not None
            answered += 1
            narrowed += found.least_gpus
            assert served(enlarged(given, found.pool, found.more_gpus), at, whole=whole)
            if found.least_gpus:
                assert not served(enlarged(given, found.pool, found.more_gpus - 1), at, whole=whole)
    assert answered >= 2 * len(usable) - 2
    assert narrowed == answered, "nothing here is out of reach of the search"


def test_an_answer_that_was_not_narrowed_down_is_no_least() -> None:
    """Doubling from 1 comes to 64 after six plans that are too little; then 48 is too little, and 56 enough."""
    assert least(lambda count: count >= 50, 1, tries=6) == (None, False)
    assert least(lambda count: count >= 50, 1, tries=7) == (64, False)
    assert least(lambda count: count >= 50, 1, tries=8) == (56, False)
    assert least(lambda count: count >= 50, 1, tries=20) == (50, True)


def test_the_first_unit_lacks_what_the_dual_says() -> None:
    given = Wanted.of([[5.0], [3.0]], [4], [4, 2])
    assert 0.0 <= allocation.of(given).lacking[1] <= 2.0


def test_more_money_never_turns_away_what_less_admits() -> None:
    """What a workload is served is the slope of a convex function of what it pays: the least that admits is the least.

    It holds for the best of any plans, whole gangs and promises among them; these are small enough to be the best.
    """
    turned = 0
    for seed in range(3):
        draw = np.random.default_rng(seed)
        gang, value = draw.choice([1, 2, 4], 5), np.round(draw.uniform(1, 9, (5, 2)), 2)
        demand = gang * draw.integers(1, 4, 5)
        given = Wanted.of(value, draw.integers(5, 9, 2), demand, gang=gang, commitment=demand * (draw.random(5) < 0.3))
        for at in range(5):
            gets = [served(raised(given, at, by), at) for by in (0.0, 0.505, 1.505, 3.005, 6.005, 12.005)]
            turned += not gets[0]
            assert gets == sorted(gets)
    assert turned >= 4


def test_more_gpus_can_turn_away_what_fewer_admit_where_gangs_come_whole() -> None:
    """A gang of 4 that pays more fits at 4 GPUs and takes the place of 2 that fitted at 2; both fit at 6.

    So the GPUs that are named admit and one less does not, but fewer still may.
    """
    given = Wanted.of([[5.0], [3.0]], [1], [4, 2], gang=[4, 2])
    gets = [served(enlarged(given, 0, more), 1) for more in range(7)]
    assert gets == [False, True, True, False, False, True, True]
    found = admission(given, 1)
    assert (found.more_gpus, found.least_gpus) == (5, True)


def test_where_gpus_are_counted_one_by_one_more_of_them_never_turn_anybody_away() -> None:
    """The next GPU goes along a path that ends at one more served, and everyone on it stays served."""
    turned = 0
    for seed in range(4):
        draw = np.random.default_rng(seed)
        given = Wanted.of(np.round(draw.uniform(1, 9, (5, 2)), 2), draw.integers(3, 7, 2), draw.integers(1, 6, 5))
        for at in range(5):
            gets = [served(enlarged(given, 0, more), at, whole=False) for more in range(14)]
            turned += not gets[0]
            assert gets == sorted(gets)
    assert turned >= 4
