"""What is planted in the sample is found by its review, and every outcome is planted somewhere."""

from pathlib import Path

from hardgate.core.terms import Outcome
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from tests.sample.planted_reviews import GATED, names


def test_every_plant_of_the_sample_is_found(met: tuple[Path, Ingested, Review]) -> None:
    assert names(met[2]) == set(GATED)


def test_every_outcome_is_planted_somewhere() -> None:
    assert {plant.outcome for plant in GATED.values()} == {Outcome.PASS, Outcome.FAIL, Outcome.UNKNOWN}
