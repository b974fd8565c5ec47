"""Alibaba's openb trace: pods with shares of a GPU, some never scheduled, on nodes of several models."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.sources.source import Input

CAPACITY = Path(__file__).parents[2].parent / "shared" / "data" / "capacity"
PODS, NODES = CAPACITY / "alibaba_openb_pods.parquet", CAPACITY / "alibaba_openb_nodes.parquet"

pytestmark = pytest.mark.skipif(not PODS.is_file(), reason="the shared real data are not beside this checkout")


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Engine]:
    """Read pods and nodes once."""
    folder = tmp_path_factory.mktemp("openb")
    inputs = [
        Input("kubernetes", files=(str(PODS),), options={"epoch": "2023-01-01"}),
        Input(
            "table", "capacity", (str(NODES),), None,
            {"asset": "sn", "pool": "coalesce(model, 'cpu')", "gpus": "gpu", "live_date": "date '2023-01-01'"},
        ),
    ]  # fmt: skip
    with connect(threads=2) as opened, Lake(folder / "lake") as lake:
        report = ingest(lake, opened, inputs, root=folder, clock=datetime(2026, 9, 7))
        assert (report.rejected, report.problems) == (0, ())
        for table in ("workload_allocations", "capacity"):
            relation(lake, opened, table)
        yield opened


def test_every_pod_is_there_and_those_never_scheduled_have_no_start(engine: Engine) -> None:
    assert engine.rows(
        "select count(*), count(*) - count(start_at), count(*) filter (where start_at is null and outcome = 'denied')"
        " from workload_allocations"
    ) == [(8152, 897, 897)]


def test_the_mix_of_tasks_is_that_of_the_trace(engine: Engine) -> None:
    kind = "case when gpus = 0 then 'none' when gpus < 1 then 'shared' else cast(cast(gpus as integer) as varchar) end"
    mix = engine.rows(
        f"select {kind} as kind, round(100.0 * count(*) / sum(count(*)) over (), 1) from workload_allocations group by 1"
    )
    assert dict(mix) == {"none": 13.3, "shared": 37.8, "1": 48.0, "2": 0.2, "4": 0.2, "8": 0.5}


def test_the_nodes_hold_their_gpus_by_model(engine: Engine) -> None:
    assert engine.rows("select count(*), sum(gpus), count(*) filter (where gpus > 0) from capacity") == [
        (1523, 6212, 1213)
    ]
    assert engine.rows("select pool, sum(gpus) from capacity where gpus > 0 group by 1 order by 2 desc limit 2") == [
        ("G2", 4392),
        ("T4", 842),
    ]
