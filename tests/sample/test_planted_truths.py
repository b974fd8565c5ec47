"""What is planted is found, and what is not planted is not invented: the whole path over twenty seeds."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from shutil import rmtree
from statistics import mean

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import Mode, Outcome, Scope
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.volatility import metric as volatility
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample import PLANTS, Plant, make

Meeting = Callable[[Path], tuple[Ingested, Review]]

AS_OF = date(2026, 9, 7)
SEEDS = range(20)
GATED = {name: plant for name, plant in PLANTS.items() if plant.outcome is not None}
WEAKER = {
    "cleared": 0.98,
    "idle_allocation": 0.35,
    "single_customer": 0.5,
    "lost_week": 4.0,
    "too_early": 0.5,
    "rising_peer": 0.30,
    "subsidised_feature": 0.3,
    "discount_below_floor": 0.7,
    "never_pays_back": 0.07,
    "moves_basket": 0.1,
    "moves_nothing": 0.9,
    "harms_basket": 0.8,
    "cheap_work": 0.15,
}
REMOVED = dict.fromkeys(GATED, 0.0)


@dataclass(frozen=True)
class Seen:
    """What one review said: which plants it found, and how demand moves in the pools."""

    found: frozenset[str]
    growth: float
    moves: float


def found(plant: Plant, review: Review) -> bool:
    """Tell whether every ask in a plant's scope has the planted outcome, at its gate or at all that block."""
    signals = [one for one in review.signals if one.gate == plant.gate and plant.scope.covers(one.scope)]
    if signals:
        return all(one.outcome is plant.outcome for one in signals)
    asked = [one for one in review.decisions if plant.scope.covers(one.ask.scope)]
    judged = [verdict for one in asked for verdict in one.verdicts if verdict.mode is Mode.BLOCK]
    verdicts = [verdict for verdict in judged if plant.gate in {"", verdict.gate}]
    return bool(verdicts) and all(verdict.outcome is plant.outcome for verdict in verdicts)


def seen(folder: Path, seed: int, plants: Mapping[str, float], meeting: Meeting) -> Seen:
    make(folder, seed=seed, scale=0.25, plants=plants)
    _, review = meeting(folder)
    workspace = Workspace.open(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        evidence = workspace.archive(engine, lake, AS_OF).at(AS_OF)
        window = Window(date(2026, 7, 13), AS_OF)
        places = [Scope.of(region=region, accelerator="H20") for region in ("cn-north", "cn-east", "cn-west")]
        growth, moves = (
            mean(evidence.reading(one, place, window).value or 0.0 for place in places)
            for one in (demand_growth, volatility)
        )
    rmtree(folder)
    return Seen(names(review), growth, moves)


def names(review: Review) -> frozenset[str]:
    """Return the plants that a review found."""
    return frozenset(name for name, plant in GATED.items() if found(plant, review))


def rates(many: list[Seen]) -> dict[str, float]:
    return {name: mean(name in one.found for one in many) for name in GATED}


def test_every_plant_of_the_sample_is_found(met: tuple[Path, Ingested, Review]) -> None:
    assert names(met[2]) == set(GATED)


@pytest.mark.slow
def test_plants_are_found_at_their_strength_and_not_invented_without(tmp_path: Path, meeting: Meeting) -> None:
    declared, weaker, removed = (
        [seen(tmp_path / "sample", seed, plants, meeting) for seed in SEEDS] for plants in ({}, WEAKER, REMOVED)
    )
    for name, rate in rates(declared).items():
        assert rate >= 0.95, f"{name} is found in {rate:.0%} of the seeds at its strength"
    for name, rate in rates(removed).items():
        assert rate <= 0.10, f"{name} is found in {rate:.0%} of the seeds without it"
    strong, weak = rates(declared), rates(weaker)
    assert all(weak[name] <= strong[name] for name in GATED), (weak, strong)
    assert mean(one.growth for one in declared) == pytest.approx(PLANTS["growth"].strength, abs=0.05)
    assert mean(one.moves for one in declared) == pytest.approx(PLANTS["volatility"].strength, rel=0.35)


def test_every_outcome_is_planted_somewhere() -> None:
    assert {plant.outcome for plant in GATED.values()} == {Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN}
