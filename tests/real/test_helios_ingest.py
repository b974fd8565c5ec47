"""Helios Earth, minute by minute, through a column map with expressions."""

from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.engine import connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.sources.source import Input

HELIOS = Path(__file__).parents[2].parent / "shared" / "data" / "capacity" / "helios_earth_vc_minute_8vc.parquet"
COLUMNS = {
    "pool": "vc",
    "start_at": "time",
    "end_at": "time + interval 1 minute",
    "gpus": "total_gpu_num",
    "allocated_gpu_hours": "running_gpu_num / 60.0",
    "queued_gpu_hours": "pending_gpu_num / 60.0",
}


@pytest.mark.skipif(not HELIOS.is_file(), reason="the shared real data are not beside this checkout")
def test_each_clusters_allocation_is_running_over_total(tmp_path: Path) -> None:
    given = Input("table", "pool_usage", (str(HELIOS),), None, COLUMNS)
    with connect(threads=2) as engine, Lake(tmp_path / "lake") as lake:
        report = ingest(lake, engine, [given], root=tmp_path, clock=datetime(2026, 9, 7))
        assert (report.rows, report.rejected, report.duplicates, report.problems) == (357120, 0, 0, ())
        assert len(lake.days("pool_usage")) == 31
        relation(lake, engine, "pool_usage")
        means = engine.rows(
            "select pool, round(avg(allocated_gpu_hours * 60 / gpus), 3), max(gpus),"
            " round(avg(cast(queued_gpu_hours > 0 as integer)), 2) from pool_usage group by pool order by 2 desc"
        )
        assert means[:2] == [("vcpDC", 0.91, 56, 0.77), ("vc6YE", 0.903, 208, 0.55)]
        assert {pool: mean for pool, mean, _, _ in means[2:]} == {
            "vcLJZ": 0.872, "vcTJs": 0.73, "vcvlY": 0.674, "vcMod": 0.513, "vchbv": 0.411, "vcira": 0.021,
        }  # fmt: skip
        assert [batch.first_day for batch in lake.batches()] == [date(2020, 5, 1)]
