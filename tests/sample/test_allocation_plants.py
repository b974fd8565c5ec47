"""Allocation's planted truths over seeds and strengths: files, ingest, rollups and plan, without what else a sample has."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from shutil import rmtree
from statistics import mean

import pytest

from hardgate.metrics.allotment import Allotment, allotment
from hardgate.review.workspace import Workspace
from hardgate.sample import PLANTS
from hardgate.sample.books import write_inventory, write_rates
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.operator import pools
from hardgate.sample.plants import strengths
from hardgate.sample.policy import write_metric, write_policy
from hardgate.sample.settings import write_settings
from hardgate.sample.workload_requests import WAITS, write_requests

AS_OF = date(2026, 9, 7)
CHEAP = "ap-southeast"
LITTLE = 0.5
"""What one GPU more earns an hour, in the currency, where a pool is called full of work worth little."""
FEW, SEEDS = range(3), range(20)
WEAKER = {"cheap_work": 0.15, "lasting_wait": 0.35}
REMOVED = dict.fromkeys(WEAKER, 0.0)


@dataclass(frozen=True)
class Seen:
    """What a plan shows: which plants it found, prices by pool, and what the waiting workload lacks to be served."""

    found: frozenset[str]
    price: Mapping[str, float]
    lacking: float | None


def seen(folder: Path, seed: int, plants: Mapping[str, float]) -> Seen:
    draft, every = Draft(folder, seed, Span(AS_OF)), {pool.name: pool for pool in pools(1.0)}
    write_inventory(draft, every)
    write_rates(draft)
    write_requests(draft, every, strengths(plants))
    write_settings(draft, every)
    write_policy(draft)
    write_metric(draft)
    workspace = Workspace.open(folder)
    workspace.ingest(
        [], source=None, table=None, clock=datetime(2026, 11, 22), known_at=None, dry_run=False, progress=None
    )
    plan: Allotment | None = workspace.build(allotment, AS_OF)
    assert plan is not None
    rmtree(folder)
    names = [one.workload for one in plan.wishes.requests]
    waits = names.index(WAITS) if WAITS in names else None
    served = waits is not None and plan.gpus(waits) == plan.wishes.requests[waits].gpus
    found = {"cheap_work": full_of_little(plan), "lasting_wait": served}
    return Seen(
        frozenset(name for name, there in found.items() if there),
        {one.pool: plan.more[at] for at, one in enumerate(plan.wishes.pools)},
        None if waits is None else plan.lacking[waits],
    )


def full_of_little(plan: Allotment) -> bool:
    """Tell whether every pool of the cheap region is full, and one GPU more would earn little in each."""
    return all(
        sum(row.get(at, 0.0) for row in plan.given.values()) == pool.gpus and plan.more[at] < LITTLE
        for at, pool in enumerate(plan.wishes.pools)
        if pool.region == CHEAP
    )


def check(folder: Path, seeds: Iterable[int]) -> None:
    """Found at the declared strength, not invented without; the price rises with what the work earns.

    What runs in the cheap region scales with the plant, the little that waits there does not: at most in proportion.
    """
    declared, weaker, removed = (
        [seen(folder / "sample", seed, plants) for seed in seeds] for plants in ({}, WEAKER, REMOVED)
    )
    for name in WEAKER:
        strong, weak, none = (mean(name in one.found for one in many) for many in (declared, weaker, removed))
        assert strong >= 0.95, f"{name} is found in {strong:.0%} of the seeds at its strength"
        assert none <= 0.10, f"{name} is found in {none:.0%} of the seeds without it"
        assert weak <= strong, (
            f"{name} is found in {weak:.0%} of the seeds where it is weaker, {strong:.0%} as declared"
        )
    dearer = WEAKER["cheap_work"] / PLANTS["cheap_work"].strength
    for one, other in zip(declared, weaker, strict=True):
        for pool, price in one.price.items():
            if pool.startswith(CHEAP):
                assert 2 * price < other.price[pool] <= dearer * price * 1.05, (pool, price, other.price[pool])
        assert one.lacking is not None
        assert other.lacking is not None
        assert one.lacking < min(other.lacking, 0.0)


def test_the_plants_are_found_at_their_strength_and_not_invented_without(tmp_path: Path) -> None:
    check(tmp_path, FEW)


@pytest.mark.slow
def test_the_plants_are_found_in_twenty_seeds(tmp_path: Path) -> None:
    check(tmp_path, SEEDS)
