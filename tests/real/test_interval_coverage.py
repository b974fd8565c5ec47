"""How often the interval holds on eight real clusters: a month of Helios Earth, redrawn in weeks to 56 days."""

from pathlib import Path

import numpy as np
import pytest

from hardgate.engine import connect
from hardgate.models import intervals

HELIOS = Path(__file__).parents[2].parent / "shared" / "data" / "capacity" / "helios_earth_vc_minute_8vc.parquet"

pytestmark = pytest.mark.skipif(not HELIOS.is_file(), reason="the shared real data are not beside this checkout")

DAILY = """
    select vc, list(running order by day), list(total order by day)
    from (
        select vc, cast(time as date) as day, sum(running_gpu_num) as running, sum(total_gpu_num) as total
        from helios group by vc, day
    )
    group by vc order by vc
"""


COVERED = {
    "vc6YE": 0.855, "vcLJZ": 0.884, "vcMod": 0.945, "vcTJs": 0.885,
    "vchbv": 0.990, "vcira": 0.865, "vcpDC": 0.868, "vcvlY": 0.827,
}  # fmt: skip


def test_eight_real_clusters_are_covered_nine_times_in_ten() -> None:
    """METHODS 12 asks for 88 to 92 %; the standard error of 8,000 histories is .003 a cluster, .001 for all."""
    with connect(threads=2) as engine:
        engine.files("helios", [HELIOS])
        clusters = {vc: (running, total) for vc, running, total in engine.rows(DAILY)}
    rng = np.random.default_rng(20260907)
    covered = {vc: intervals.coverage(*days, rng, histories=8_000) for vc, days in clusters.items()}
    mean = float(np.mean(list(covered.values())))
    print({vc: round(share, 3) for vc, share in covered.items()}, f"mean {mean:.4f}")  # noqa: T201 the figures are the answer
    assert covered == pytest.approx(COVERED, abs=0.001)
    assert 0.88 <= mean <= 0.92
    assert mean == pytest.approx(0.890, abs=0.001)
