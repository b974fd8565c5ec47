"""One small sample for all tests that only read it."""

from pathlib import Path

import pytest

from hardgate.sample import make


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sample")
    make(folder, scale=0.25)
    return folder
