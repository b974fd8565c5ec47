"""The requests' plants are found in the files alone: cheap work has a low price, and what lasts and waits is admitted."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hardgate.allocation import shadow_price
from hardgate.allocation.turned_away import turned_away
from hardgate.metrics.allotment import Allotment, allotment, arrays
from hardgate.models.admission import admission, enlarged, raised, served
from hardgate.models.allocation_claims import Wanted
from hardgate.review.workspace import Workspace
from hardgate.sample.workload_requests import WAITS

AS_OF = date(2026, 9, 7)


def test_a_full_pool_of_cheap_work_is_worth_little_and_lasting_work_that_waits_is_admitted(
    met: tuple[Path, Any, Any],
) -> None:
    found: Allotment | None = Workspace.open(met[0]).build(allotment, AS_OF)
    assert found is not None
    at = next(i for i, one in enumerate(found.wishes.requests) if one.workload == WAITS)
    assert found.gpus(at) == found.wishes.requests[at].gpus == 8
    for place, pool in enumerate(found.wishes.pools):
        if pool.region == "ap-southeast":
            used = sum(row.get(place, 0.0) for row in found.given.values())
            assert used == pool.gpus, "the pool is full"
            assert found.more[place] < 1.0
    dear = max(found.more[i] for i, one in enumerate(found.wishes.pools) if one.pool == "cn-north-h20")
    assert dear > 2.0


def test_the_price_of_a_full_pool_has_an_interval_where_demand_moves_it(met: tuple[Path, Any, Any]) -> None:
    built = Workspace.open(met[0]).show(shadow_price.exhibit, AS_OF)
    names = [one.name for one in built.headings]
    pool, price, low, high = (names.index(one) for one in ("pool", "one more earns", "low", "high"))
    rows: list[list[Any]] = [[row[at] for at in (pool, low, price, high)] for row in built.rows]
    assert all(row[1] - 1e-9 <= row[2] <= row[3] + 1e-9 for row in rows)
    moved = {row[0] for row in rows if row[3] - row[1] > 0.01}
    assert {"cn-north-h20", "cn-east-h20", "cn-west-h20"} <= moved, "where the dearest work waits"
    asked = re.search(r"([0-9]+) and ([0-9]+) GPUs asked for, ([0-9]+) now", built.notes[-1])
    assert asked is not None
    least, most, now = map(int, asked.groups())
    assert 0.9 * now < least < 0.98 * now < 1.02 * now < most < 1.1 * now


@pytest.mark.parametrize("every", [10, pytest.param(1, marks=pytest.mark.slow)])
def test_what_would_admit_each_of_those_turned_away_admits_it_and_less_does_not(
    met: tuple[Path, Any, Any], every: int
) -> None:
    found: Allotment | None = Workspace.open(met[0]).build(allotment, AS_OF)
    assert found is not None
    wanted, turned = Wanted.of(**arrays(found.wishes)), turned_away(found)
    assert len(turned) > 20
    for at in turned[::every]:
        told = admission(wanted, at)
        assert told.more_value is not None
        assert told.more_gpus is not None
        assert told.pool is not None
        assert (told.least_value, told.least_gpus) == (True, True)
        assert served(raised(wanted, at, told.more_value), at)
        assert not served(raised(wanted, at, told.more_value - 0.02), at)
        assert served(enlarged(wanted, told.pool, told.more_gpus), at)
        assert not served(enlarged(wanted, told.pool, told.more_gpus - 1), at)


def test_work_that_can_run_on_slower_accelerators_is_counted_by_its_throughput(met: tuple[Path, Any, Any]) -> None:
    found: Allotment | None = Workspace.open(met[0]).build(allotment, AS_OF)
    assert found is not None
    throughput = arrays(found.wishes)["throughput"]
    assert set(throughput[throughput > 0].tolist()) == {0.5, 1.0, 2.2}
    for at, served_units in enumerate(found.served):
        work = sum(gpus * throughput[at, pool] for pool, gpus in found.given.get(at, {}).items())
        assert served_units <= min(found.wishes.requests[at].gpus, work) + 1e-5
        assert work - served_units < max((throughput[at, p] for p in found.given.get(at, {})), default=0.1)
