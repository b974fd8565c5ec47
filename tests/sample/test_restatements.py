"""A file of the sample edited in place: the past stays what it was, and a registration that moved is void from then on."""

from datetime import date, datetime
from pathlib import Path
from shutil import copytree

from hardgate.metrics.registration import Registration, registration
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from tests.sample.conftest import AS_OF

EDITED = datetime(2026, 11, 25)
FEATURE = "basket-suggestions"


def test_a_registration_edited_in_place_is_void_and_its_past_is_not(
    met: tuple[Path, Ingested, Review], tmp_path: Path
) -> None:
    folder = tmp_path / "edited"
    copytree(met[0], folder)
    file = folder / "data" / "experiments.csv"
    lines = file.read_text(encoding="utf-8").splitlines()
    at = next(i for i, one in enumerate(lines) if FEATURE in one)
    lines[at] = lines[at].replace("0.03", "0.01")
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")

    workspace = Workspace.open(folder)
    before = _registered(workspace, AS_OF)
    told = workspace.ingest([], source=None, table=None, clock=EDITED, known_at=None, dry_run=False, progress=None)
    assert dict(told.report.restated) == {"experiments": 1}
    assert _registered(workspace, AS_OF) == before
    assert before.void == ""
    assert _registered(workspace, EDITED.date()).void.startswith("void: changed in place")


def _registered(workspace: Workspace, as_of: date) -> Registration:
    with workspace.engine() as engine, workspace.lake() as lake:
        found = registration(workspace.archive(engine, lake, as_of).at(as_of), FEATURE)
    assert isinstance(found, Registration)
    return found
