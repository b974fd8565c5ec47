"""One sample operator for all tests that only look: made, ingested and reviewed once, in a folder that nobody writes to."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from docs import consoles

# A busy machine is no finding: no example is judged by how long it or its making took.
settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("busy")


@pytest.fixture(scope="session")
def beside_the_sample(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that holds `sample`: the operator of `make review`, its packet recorded. Copy it to change it."""
    folder = tmp_path_factory.mktemp("beside")
    consoles.sample(folder)
    return folder
