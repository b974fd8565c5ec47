"""What is planted in the sample's programme, found by the outlook: it pays back, and at three times the erosion not."""

from pathlib import Path
from typing import Any

import pytest

from hardgate.metrics.programme_flips import flips
from hardgate.metrics.programme_model import assemble
from hardgate.metrics.programme_outcome import outcome
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample.plants import PLANTS
from hardgate.sample.programme import PROGRAMME
from tests.sample.conftest import AS_OF

EROSION = PLANTS["price_erosion"].strength


@pytest.fixture(scope="module")
def evidence(met: tuple[Path, Ingested, Review]) -> Any:
    workspace = Workspace.open(met[0])
    with workspace.engine() as engine, workspace.lake() as lake:
        yield workspace.archive(engine, lake, AS_OF).at(AS_OF)


def test_the_programme_has_everything_it_needs(evidence: Any) -> None:
    found = assemble(evidence, PROGRAMME)
    assert found.gaps == ()
    assert found.given["price_erosion"].value == EROSION
    assert found.programme is not None
    assert sum(not one.committed for one in found.programme.vintages) == 5


def test_the_planted_programme_pays_back(evidence: Any) -> None:
    _, came = outcome(evidence, PROGRAMME)
    assert came is not None
    assert came.npv.value > 0
    assert came.p_hurdle.value > 0.5


def test_the_planted_metric_flips_it_below_three_times_its_strength(evidence: Any) -> None:
    _, turned = flips(evidence, PROGRAMME)
    assert turned is not None
    assert turned["stands"]
    erosion = next(one for one in turned["nearest"] if one["driver"] == "erosion")
    assert 0 < erosion["change"] < 2 * EROSION


def test_the_exhibits_of_the_outlook_are_in_the_packet(met: tuple[Path, Ingested, Review]) -> None:
    built = {exhibit.name: table for exhibit, table in met[2].exhibits}
    for name in ("programme", "simulate", "flip", "measure_next", "impairment", "forecast"):
        assert built[f"outlook.{name}"].missing == ""
    assert built["capacity.waiting"].missing == built["capacity.block_size"].missing == ""
    parts = [part for part, _ in met[2].not_available]
    assert not [part for part in parts if "flips the decision" in part or "P(hurdle)" in part or "measure" in part]
