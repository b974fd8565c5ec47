"""Samples for all tests that only read them: the declared one, one without its plants, and one of another seed."""

from pathlib import Path

import pytest

from hardgate.sample import make


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
