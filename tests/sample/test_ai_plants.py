"""The plants of pricing over seeds: one operator's halls, bills and telemetry, and AI products of another seed each time."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from shutil import copytree, rmtree

import pytest

from hardgate.core.terms import Outcome
from hardgate.gates.judge import Rule, judge
from hardgate.review.asks import derived
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample.ai_products import write_ai_products
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.plants import PLANTS
from tests.sample.conftest import AS_OF

Meeting = Callable[[Path], tuple[Ingested, Review]]

CLOCK = datetime(2026, 11, 22)
NAMES = ("subsidised_feature", "discount_below_floor")
DECLARED = {name: PLANTS[name].strength for name in NAMES}
REMOVED = dict.fromkeys(NAMES, 0.0)
WRITTEN = ("genai_spans", "seats", "price_list", "quotes", "supplier_prices", "load_tests", "willingness_to_pay")


@pytest.fixture(name="halls", scope="module")
def _halls(small: Path, tmp_path_factory: pytest.TempPathFactory, meeting: Meeting) -> Path:
    """The small sample, ingested without anything of its AI products."""
    folder = tmp_path_factory.mktemp("halls") / "sample"
    copytree(small, folder)
    for name in WRITTEN:
        (folder / "data" / f"{name}.csv").unlink()
    meeting(folder)
    return folder


def found(halls: Path, seed: int, strength: dict[str, float]) -> dict[str, bool]:
    """Ingest AI products of a seed, and judge each plant's gate on the asks in its scope, as a meeting would."""
    folder = halls.parent / f"seed-{seed}"
    copytree(halls, folder)
    write_ai_products(Draft(folder, seed, Span(AS_OF)), 0.25, strength)
    workspace = Workspace.open(folder)
    workspace.ingest((), source=None, table=None, clock=CLOCK, known_at=None, dry_run=False, progress=None)
    said = {}
    with workspace.engine() as engine, workspace.lake() as lake:
        archive = workspace.archive(engine, lake, AS_OF)
        asks, gates = derived(archive.at(AS_OF), workspace.gates, "26w"), workspace.gates
        for name in NAMES:
            plant, gate = PLANTS[name], gates[PLANTS[name].gate]
            scopes = [ask.scope.narrowed(gate.per) for ask in asks if plant.scope.covers(ask.scope)]
            verdicts = [
                judge(gate, None, one, archive.at, [AS_OF], Rule(), workspace.policy.limits(gate.name, one))
                for one in scopes
            ]
            said[name] = bool(verdicts) and all(one.outcome is Outcome.FAIL for one in verdicts)
    rmtree(folder)
    return said


def test_what_is_planted_in_prices_is_found_and_nothing_else_is(halls: Path) -> None:
    assert found(halls, 11, DECLARED) == dict.fromkeys(NAMES, True)
    assert found(halls, 12, REMOVED) == dict.fromkeys(NAMES, False)
