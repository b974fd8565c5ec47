"""Alibaba's openb trace: allocation of each GPU model over time, from the intervals of pods that name one model.

Times count seconds from an unknown start; 2023-01-01 stands for it. Pods that name several models or none belong to no
pool: they stay in the unallocated row, and the join says how many they are.
"""

from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import numpy as np
import pytest

from hardgate.core.days import Window
from hardgate.review.evidence import Archive
from hardgate.review.joins import joins
from hardgate.review.workspace import Workspace

CAPACITY = Path(__file__).parents[2].parent / "shared" / "data" / "capacity"
PODS, NODES = CAPACITY / "alibaba_openb_pods_gpuspec33.parquet", CAPACITY / "alibaba_openb_nodes.parquet"
MODELS = ("A10", "G2", "G3", "P100", "T4", "V100M16", "V100M32")
START, DAYS = date(2023, 1, 1), 150
SETTINGS = f"""
currency = "USD"
as_of = "{START + timedelta(days=DAYS + 1)}"

[[inputs]]
source = "kubernetes"
files = ["{PODS}"]
epoch = "{START}"

[[inputs]]
source = "table"
table = "capacity"
files = ["{NODES}"]
columns.asset = "sn"
columns.pool = "coalesce(model, 'none')"
columns.gpus = "gpu"
columns.live_date = "date '{START}'"

[tables.workload_allocations]
known_after = "0 days"

[tables.capacity]
known_after = "0 days"
"""
POOL = '\n[[pools]]\npool = "{0}"\nregion = "openb"\naccelerator = "{0}"\n'
RULE = (
    '\n[[identities]]\ntable = "workload_allocations"\ncolumn = "model"\nrule = "exact"\nmatch = "{0}"\npool = "{0}"\n'
)


@pytest.fixture(name="workspace", scope="module")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    if not PODS.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("openb")
    parts = [POOL.format(one) + RULE.format(one) for one in MODELS] + [POOL.format("none")]
    (root / "hardgate.toml").write_text(SETTINGS + "".join(parts))
    (root / "policy.yaml").write_text("sign_off:\n  - {action: BUILD, roles: [capacity]}\n")
    workspace = Workspace.open(root)
    workspace.ingest(
        (), source=None, table=None, clock=datetime(2026, 9, 7), known_at=None, dry_run=False, progress=None
    )
    return workspace


def direct() -> dict[tuple[str, date], float]:
    """Return GPU-hours by model and day, pod by pod, from the trace itself."""
    pods = duckdb.execute(
        f"select gpu_spec, num_gpu * gpu_milli / 1000.0, scheduled_time, deletion_time from read_parquet('{PODS}') "
        "where scheduled_time is not null and num_gpu > 0"
    ).fetchall()
    hours: dict[tuple[str, date], float] = defaultdict(float)
    for model, gpus, start, end in pods:
        if model in MODELS:
            for day in range(int(start) // 86400, min(int(end) // 86400, DAYS) + 1):
                overlap = min(end, (day + 1) * 86400) - max(start, day * 86400)
                hours[model, START + timedelta(days=day)] += gpus * max(overlap, 0) / 3600
    return hours


def archive(workspace: Workspace) -> tuple[Archive, date]:
    as_of = workspace.settings.as_of
    assert as_of is not None
    with workspace.engine() as engine, workspace.lake() as lake:
        found = workspace.archive(engine, lake, as_of)
        found.versions("pool_day")
    return found, as_of


def test_each_model_is_allocated_as_its_pods_say(workspace: Workspace) -> None:
    found, as_of = archive(workspace)
    rows = found.at(as_of).rows("pool_day", window=Window(START, START + timedelta(days=DAYS)))
    hours = direct()
    read = {(row["pool"], row["day"]): row["allocated_gpu_ms"] for row in rows.records() if row["pool"] in MODELS}
    known = {key: value / 3_600_000 for key, value in read.items() if value is not None}
    assert len(read) == len(MODELS) * DAYS
    assert len(known) > 250
    for key, value in known.items():
        assert value == pytest.approx(hours.get(key, 0.0), abs=1e-3)


def test_a_day_before_the_first_pod_or_not_yet_over_is_unknown_and_not_idle(workspace: Workspace) -> None:
    found, as_of = archive(workspace)
    rows = found.at(as_of).rows("pool_day", window=Window(START, START + timedelta(days=DAYS)))
    first: dict[str, date] = {}
    for model, day in direct():
        first[model] = min(first.get(model, day), day)
    last = START + timedelta(days=DAYS - 1)
    unknown = {
        (row["pool"], row["day"]) for row in rows.records() if row["pool"] in MODELS and row["allocated_gpu_ms"] is None
    }
    assert all(model not in first or day < first[model] or day == last for model, day in unknown)
    assert ("T4", START) in unknown


def test_what_is_installed_is_what_the_nodes_hold(workspace: Workspace) -> None:
    found, as_of = archive(workspace)
    rows = found.at(as_of).rows("pool_day", window=Window(START, START + timedelta(days=1)))
    installed = dict(zip(rows.columns["pool"], np.asarray(rows.columns["installed_gpu_ms"]) / 86_400_000, strict=True))
    assert {pool: installed[pool] for pool in MODELS} == {
        "A10": 2, "G2": 4392, "G3": 312, "P100": 265, "T4": 842, "V100M16": 195, "V100M32": 204,
    }  # fmt: skip


def test_pods_of_no_one_model_stay_unallocated_and_are_counted(workspace: Workspace) -> None:
    with workspace.engine() as engine, workspace.lake() as lake:
        found = {one.table: one for one in joins(lake, engine, workspace.settings.rollups.rules)}
    pods = found["workload_allocations"]
    total, named = duckdb.execute(
        f"select count(*), count(*) filter (where gpu_spec in {MODELS}) from read_parquet('{PODS}')"
    ).fetchall()[0]
    assert (pods.rows, pods.matched_rows) == (total, named)
