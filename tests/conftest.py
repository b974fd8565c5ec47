"""One sample operator for all tests that only look: made, ingested and reviewed once, in a folder that nobody writes to."""

from pathlib import Path

import pytest

from docs import consoles


@pytest.fixture(scope="session")
def beside_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds `sample`: the operator of `make review`, its packet recorded. Copy it to change it."""
    folder = tmp_path_factory.mktemp("beside")
    consoles.sample(folder)
    return folder
