"""Allocation's plants in three seeds: what runs in the cheap region sets its price, what waits comes nearer to a place."""

from pathlib import Path

import pytest

from hardgate.sample import PLANTS
from hardgate.sample.workload_requests import WAITS
from tests.sample.planted import CHEAP, STRENGTHS, planned

WEAKER = STRENGTHS["requests"]["weaker"]


@pytest.mark.parametrize("seed", range(3))
def test_prices_rise_with_what_the_cheap_work_earns_at_most_in_proportion(tmp_path: Path, seed: int) -> None:
    """What runs in the cheap region scales with the plant, the little that waits there does not."""
    declared, weaker = (planned(tmp_path / "sample", seed, plants) for plants in ({}, WEAKER))
    dearer = WEAKER["cheap_work"] / PLANTS["cheap_work"].strength
    prices = [(one.pool, declared.more[at], weaker.more[at]) for at, one in enumerate(declared.wishes.pools)]
    cheap = [one for one in prices if one[0].startswith(CHEAP)]
    assert cheap
    for pool, price, other in cheap:
        assert 2 * price < other <= dearer * price * 1.05, pool
    waits = [one.workload for one in declared.wishes.requests].index(WAITS)
    lacks, would = declared.lacking[waits], weaker.lacking[waits]
    assert lacks is not None
    assert would is not None
    assert lacks < min(would, 0.0)
