"""Samples for all tests that only read them: the declared one, one without its plants, and one of another seed."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from shutil import copytree

import pytest

from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample import make

AS_OF = date(2026, 9, 7)


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make(folder, scale=0.25)
    return folder


@pytest.fixture(scope="session")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("bare")
    make(folder, scale=0.25, plants={"lost_week": 0, "single_customer": 0, "idle_allocation": 0})
    return folder


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("other")
    make(folder, scale=0.25, seed=8, plants={"idle_allocation": 0.3})
    return folder


@pytest.fixture(scope="session")
def met(small: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Ingested, Review]:
    """The small sample, ingested and reviewed in a folder of its own."""
    folder = tmp_path_factory.mktemp("met") / "sample"
    copytree(small, folder)
    return (folder, *meet(folder))


@pytest.fixture(scope="session")
def meeting() -> Callable[[Path], tuple[Ingested, Review]]:
    return meet


def meet(folder: Path) -> tuple[Ingested, Review]:
    workspace = Workspace.open(folder)
    clock = datetime(2026, 11, 22)
    told = workspace.ingest([], source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return told, workspace.review(AS_OF)
