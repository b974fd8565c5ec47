"""Acme's curves (Shanghai AI Lab): "GPU utilization" of 99 % with SM activity of 50 % are two rungs, and are shown so.

Each point of a published curve stands for one of a thousand devices, sampled once an hour on one day.
"""

from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from hardgate.capacity.activity_fields import exhibit
from hardgate.review.workspace import Workspace

CURVES = Path(__file__).parents[2].parent / "shared" / "data" / "capacity" / "acme_util_cdf.parquet"
SETTINGS = """
currency = "USD"
as_of = "2023-07-02"
[telemetry]
samples_per_hour = 1
[[inputs]]
source = "dcgm"
files = ["samples.parquet"]
[tables.accelerator_samples]
known_after = "0 days"
[[pools]]
pool = "seren"
region = "acme"
accelerator = "A100"
[[identities]]
table = "accelerator_samples"
column = "cluster"
rule = "exact"
match = "seren"
pool = "seren"
"""


@pytest.mark.skipif(not CURVES.is_file(), reason="the shared real data are not beside this checkout")
@pytest.mark.parametrize(("cluster", "utilization", "activity"), [("seren", 0.99, 0.50), ("kalos", 0.97, 0.33)])
def test_the_two_fields_are_different_rungs(tmp_path: Path, cluster: str, utilization: float, activity: float) -> None:
    duckdb.sql(
        "copy (select 'gpu-' || row_number() over (partition by metric order by cdf_pct, x) as \"GPU UUID\","
        " 'seren' as cluster, 'job' as pod, timestamp '2023-07-01 12:00:00' as timestamp,"
        " case metric when 'gpu_util' then 203 else 1002 end as field_id,"
        " case metric when 'gpu_util' then x else x / 100 end as value"
        f" from read_parquet('{CURVES}') where file like 'util_gpu_{cluster}%' and metric in ('gpu_util', 'sm_active'))"
        f" to '{tmp_path / 'samples.parquet'}' (format parquet)"
    )
    (tmp_path / "hardgate.toml").write_text(SETTINGS)
    (tmp_path / "policy.yaml").write_text("sign_off:\n  - {action: BUILD, roles: [capacity]}\n")
    workspace = Workspace.open(tmp_path)
    workspace.ingest(
        (), source=None, table=None, clock=datetime(2026, 9, 7), known_at=None, dry_run=False, progress=None
    )
    table = workspace.show(exhibit, date(2023, 7, 2))
    medians = {row[0]: row[3] for row in table.rows}
    assert medians == {"203": pytest.approx(utilization, abs=0.011), "1002": pytest.approx(activity, abs=0.011)}
    assert "field 203 has a median of" in table.sentence
