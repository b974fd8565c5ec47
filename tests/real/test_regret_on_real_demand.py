"""The study of regret on published demand: the committed figures come out again, and demand is what the tables say."""

import json
from pathlib import Path

import duckdb
import numpy as np
import pytest

from bench.regret import __main__ as command
from bench.regret import real
from bench.regret.fleets import Fleet
from bench.regret.study import Cell, choosers, peeking

DATA = Path(__file__).parents[2].parent / "shared" / "data"
COMMITTED = Path(__file__).parents[2] / "bench" / "results" / "regret-real.json"

pytestmark = pytest.mark.skipif(
    not (DATA / "capacity").is_dir(), reason="the shared real data are not beside this checkout"
)


@pytest.fixture(name="fleets", scope="module")
def _fleets() -> dict[str, Fleet]:
    return {one.name: one for one in real.load(DATA)}


def test_the_committed_study_comes_out_again(fleets: dict[str, Fleet]) -> None:
    kept = json.loads(COMMITTED.read_text(encoding="utf-8"))
    body = command.real_body(fleets.values(), kept["read_on"])
    for now, then in zip(body["fleets"], kept["fleets"], strict=True):
        assert (now["name"], now["source"], now["pools"]) == (then["name"], then["source"], then["pools"])
        for cell, other in zip(now["cells"], then["cells"], strict=True):
            assert cell["bound"] == pytest.approx(other["bound"], rel=1e-3, abs=1)
            for name, row in cell["rules"].items():
                assert row["regret"] == pytest.approx(other["rules"][name]["regret"], rel=2e-3, abs=10), (cell, name)


def test_helios_is_running_and_pending_by_day_over_the_size_of_the_cluster(fleets: dict[str, Fleet]) -> None:
    found = fleets[real.HELIOS]
    assert (found.demand.shape, found.position.tolist()) == ((8, 31), [208, 64, 64, 48, 64, 24, 56, 96])
    ((mean,),) = duckdb.execute(
        "select avg(running_gpu_num + pending_gpu_num) from read_parquet("
        f"'{DATA}/capacity/helios_earth_vc_minute_8vc.parquet') where vc = 'vcpDC' and time::date = date '2020-05-17'"
    ).fetchall()
    assert found.demand[6, 16] == pytest.approx(mean)


def test_philly_adds_up_to_the_gpu_time_of_its_jobs(fleets: dict[str, Fleet]) -> None:
    """Of jobs that lie wholly within the days, nothing is lost: the days hold at least their GPU-days."""
    ((inside, all_of_it),) = duckdb.execute(
        "select sum(gpu_time) filter (where timestamp >= '2017-09-25' and "
        "timestamp + to_seconds(duration) < '2017-12-22') / 86400, sum(gpu_time) / 86400 from read_parquet("
        f"'{DATA}/capacity/philly_jobs.parquet') where cluster in (select cluster from read_parquet("
        f"'{DATA}/capacity/philly_jobs.parquet') group by 1 having count(*) > 100)"
    ).fetchall()
    total = fleets[real.PHILLY].demand.sum()
    assert inside < total < all_of_it
    assert fleets[real.PHILLY].demand.shape == (11, 88)


def test_openb_asks_for_as_much_as_its_pods_do(fleets: dict[str, Fleet]) -> None:
    ((asked,),) = duckdb.execute(
        "select sum(num_gpu * gpu_milli / 1000 * greatest(least(deletion_time, 131 * 86400) - "
        "greatest(creation_time, 130 * 86400), 0)) / 86400 from read_parquet("
        f"'{DATA}/capacity/alibaba_openb_pods_gpuspec33.parquet') where gpu_spec = 'T4'"
    ).fetchall()
    assert fleets[real.OPENB].demand[2, 130 - 117] == pytest.approx(asked)


def test_cloud_revenue_stands_at_eighty_percent_and_grows_as_filed(fleets: dict[str, Fleet]) -> None:
    found = fleets[real.CLOUD].demand
    assert np.allclose(found[:, 11], 800)
    ((first, last),) = duckdb.execute(
        "select max(usd_bn) filter (where calendar_quarter = '2022Q4'), max(usd_bn) filter (where calendar_quarter = "
        f"'2025Q4') from read_parquet('{DATA}/finance/hyperscaler_quarterly.parquet') "
        "where ticker = 'GOOGL' and metric = 'cloud_revenue'"
    ).fetchall()
    assert found[3, -1] / found[3, 11] == pytest.approx(last / first)


def test_nobody_knows_the_days_to_come(fleets: dict[str, Fleet]) -> None:
    assert peeking(choosers(), fleets[real.HELIOS], Cell(5.0, 1, 0.5, 7)) == ()
