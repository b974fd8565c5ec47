"""The requests' plants are found in the files alone: cheap work has a low price, and what lasts and waits is admitted."""

from datetime import date
from pathlib import Path
from typing import Any

from hardgate.metrics.allotment import Allotment, allotment
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
