from datetime import date
from typing import Any

import pytest

from hardgate.rollups.settings import Pool

HOUR = 3_600_000
FIRST, SECOND = date(2026, 3, 1), date(2026, 3, 2)
RUNGS = ("installed_gpu_ms", "available_gpu_ms", "allocated_gpu_ms", "active_gpu_ms", "productive_gpu_ms")


@pytest.fixture
def telemetry(operator: Any) -> Any:
    from tests.rollups.conftest import Exact

    return operator.set(rules=(Exact("accelerator_samples", "cluster", "one", "p1"),))
