"""Plants that a whole review finds: every file of a seed's sample is written, ingested and judged."""

from collections.abc import Mapping
from pathlib import Path
from shutil import rmtree
from statistics import mean

from hardgate.core.terms import Mode, Scope
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.volatility import metric as volatility
from hardgate.review.meeting import Review
from hardgate.sample import PLANTS, Plant, make
from tests.sample.plants_seen import AS_OF, SMALL, WINDOW, Seen, ingested

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
FIGURES = {"demand growth": demand_growth, "demand volatility": volatility}


def found(plant: Plant, review: Review) -> bool:
    """Tell whether every ask in a plant's scope has the planted outcome, at its gate or at all that block."""
    signals = [one for one in review.signals if one.gate == plant.gate and plant.scope.covers(one.scope)]
    if signals:
        return all(one.outcome is plant.outcome for one in signals)
    asked = [one for one in review.decisions if plant.scope.covers(one.ask.scope)]
    judged = [verdict for one in asked for verdict in one.verdicts if verdict.mode is Mode.BLOCK]
    verdicts = [verdict for verdict in judged if plant.gate in {"", verdict.gate}]
    return bool(verdicts) and all(verdict.outcome is plant.outcome for verdict in verdicts)


def names(review: Review) -> frozenset[str]:
    """Return the plants that a review found."""
    return frozenset(name for name, plant in GATED.items() if found(plant, review))


def reviews(folder: Path, seed: int, plants: Mapping[str, float]) -> dict[str, Seen]:
    """Review one seed's whole sample; say also how demand for one accelerator grows and moves in three regions."""
    make(folder, seed=seed, scale=SMALL, plants=plants)
    workspace = ingested(folder)
    there = names(workspace.review(AS_OF))
    places = [Scope.of(region=region, accelerator="H20") for region in ("cn-north", "cn-east", "cn-west")]
    with workspace.engine() as engine, workspace.lake() as lake:
        evidence = workspace.archive(engine, lake, AS_OF).at(AS_OF)
        reads = {
            name: mean(evidence.reading(one, place, WINDOW).value or 0.0 for place in places)
            for name, one in FIGURES.items()
        }
    rmtree(folder)
    return {name: Seen(name in there) for name in GATED} | {name: Seen(one > 0, one) for name, one in reads.items()}
