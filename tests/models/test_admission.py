"""What is said to admit a workload does: the plan is solved again with just that change, for every one turned away."""

import numpy as np
import pytest

from hardgate.models import allocation
from hardgate.models.admission import admission, enlarged, raised, served
from hardgate.models.allocation_claims import Wanted


def wanted(seed: int) -> Wanted:
    draw = np.random.default_rng(seed)
    count, pools = 24, 3
    value = np.round(draw.uniform(1, 10, (count, pools)), 2)
    value[draw.random((count, pools)) < 0.3] = np.nan
    gang = draw.choice([1, 2, 4], count)
    demand = gang * draw.integers(1, 4, count)
    return Wanted.of(
        value, draw.integers(15, 30, pools), demand, gang=gang, commitment=demand * (draw.random(count) < 0.2),
        held=demand * (draw.random(count) < 0.3), held_pool=draw.integers(0, pools, count), move_cost=np.full(count, 0.5),
    )  # fmt: skip


@pytest.mark.parametrize("whole", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_what_would_admit_a_workload_admits_it(seed: int, whole: bool) -> None:
    given = wanted(seed)
    turned = [at for at in range(len(given.demand)) if not served(given, at, whole=whole)]
    assert len(turned) >= 3
    answered = 0
    for at in turned:
        found = admission(given, at, whole=whole)
        if found.more_value is not None:
            answered += 1
            assert served(raised(given, at, found.more_value), at, whole=whole)
        if found.more_gpus is not None:
            assert found.pool is not None
            answered += 1
            assert served(enlarged(given, found.pool, found.more_gpus), at, whole=whole)
    usable = [at for at in turned if np.isfinite(given.value[at]).any()]
    assert answered >= 2 * len(usable) - 2


def test_the_first_unit_lacks_what_the_dual_says() -> None:
    given = Wanted.of([[5.0], [3.0]], [4], [4, 2])
    assert 0.0 <= allocation.of(given).lacking[1] <= 2.0
