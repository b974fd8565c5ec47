"""The peer that takes off is found at its strength over twenty seeds, and none is found without it."""

import csv
from datetime import date
from pathlib import Path

import pytest

from hardgate.core.terms import Action, Outcome, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.plants import PLANTS
from hardgate.sample.releases import ISSUERS, write_releases
from hardgate.watch.cloud_growth import gate
from tests.evidence import Tables, table

AS_OF = date(2026, 9, 7)
HEAD = "day company measure concept segment period_start value unit method document filed"


def outcomes(folder: Path, seed: int, growth: float) -> dict[str, Outcome]:
    """What the gate says of each issuer, on the file as it is written."""
    path = write_releases(Draft(folder, seed, Span(AS_OF)), growth)
    lines = [HEAD]
    with path.open() as file:
        for row in csv.DictReader(file):
            name, unit, document = (row[one].replace(" ", "_") for one in ("issuer", "in_unit", "release"))
            lines.append(
                f"{row['to_day']} {name} {row['line']} {row['line']} consolidated {row['from_day']} {row['amount']} "
                f"{unit.replace('_', '')} reported {document} {row['out_on']}"
            )
    evidence = Tables(AS_OF, {"published": table("\n".join(lines))})
    return {
        one.name: judge(
            gate, None, Scope.of(company=one.name.replace(" ", "_")), evidence.at, [AS_OF], Rule(), gate.limits
        ).outcome
        for one in ISSUERS
    }


def test_the_plant_is_found_at_its_strength_and_at_less_and_not_invented(tmp_path: Path) -> None:
    plant = PLANTS["rising_peer"]
    rising = plant.scope["company"]
    for growth, wanted in ((plant.strength, Outcome.PASS), (0.30, Outcome.PASS), (0.0, Outcome.FAIL)):
        said = [outcomes(tmp_path, seed, growth) for seed in range(20)]
        assert [one[rising] for one in said] == [wanted] * 20
        assert {one[name] for one in said for name in one if name != rising} == {Outcome.FAIL}


@pytest.mark.parametrize("seed", [7])
def test_equal_seeds_give_equal_bytes(tmp_path: Path, seed: int) -> None:
    first, second = (
        write_releases(Draft(tmp_path / name, seed, Span(AS_OF)), 0.4).read_bytes() for name in ("one", "two")
    )
    assert first == second


def test_the_peer_that_takes_off_is_evidence_in_every_ask_to_shift(met: tuple[Path, Ingested, Review]) -> None:
    shifts = [one for one in met[2].decisions if one.ask.action is Action.SHIFT]
    assert shifts
    for decision in shifts:
        (verdict,) = (one for one in decision.verdicts if one.gate == "outlook.shift")
        assert ("watch.cloud_growth", "Harbour Compute") in [(one.gate, str(one.scope)) for one in verdict.heard]
        assert "fired: watch.cloud_growth, Harbour Compute: " in verdict.because
        signed = met[2].statements[decision.ask.id]["verdicts"]
        assert "watch.cloud_growth" in [one["gate"] for said in signed for one in said.get("heard", ())]
