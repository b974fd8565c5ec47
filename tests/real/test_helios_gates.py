"""Eight virtual clusters of one real data centre, judged as eight pools and as one region.

Helios Earth, May 2020, minute by minute (S-Lab, Nanyang Technological University). The limit of 75 % on allocation and
the 2 % on queueing are ours, and so is every word of policy here.
"""

from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.core.terms import Outcome, Verdict
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace

HELIOS = Path(__file__).parents[2].parent / "shared" / "data" / "capacity" / "helios_earth_vc_minute_8vc.parquet"
CLUSTERS = ("vc6YE", "vcpDC", "vcLJZ", "vcMod", "vcTJs", "vchbv", "vcira", "vcvlY")
SETTINGS = """
currency = "USD"
as_of = "2020-06-01"

[[inputs]]
source = "table"
table = "pool_usage"
files = ["{file}"]
columns.pool = "vc"
columns.start_at = "time"
columns.end_at = "time + interval 1 minute"
columns.gpus = "total_gpu_num"
columns.allocated_gpu_hours = "running_gpu_num / 60.0"
columns.queued_gpu_hours = "pending_gpu_num / 60.0"

[tables.pool_usage]
known_after = "0 days"
"""
POOL = '\n[[pools]]\npool = "{pool}"\nregion = "earth"\naccelerator = "V100"\n'
POLICY = """
gates:
  capacity.utilization: {mode: block, window: 4w, per: [region, accelerator, pool], held_for: 1, rung: allocated, allocated_utilization: 75%, activation: 0}
own_gates:
  - {name: own.waiting, metric: queued_share, at_least: 2%, opens: BUILD, per: [region, accelerator, pool], window: 4w, mode: block}
sign_off:
  - {action: BUILD, roles: [capacity]}
"""
ASK = "action: BUILD\nregion: earth\naccelerator: V100\n{pool}by: owner\namount: 1000000\ncurrency: USD\ngpus: 8\n"


@pytest.fixture(name="review", scope="module")
def _review(tmp_path_factory: pytest.TempPathFactory) -> Review:
    if not HELIOS.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("helios")
    (root / "hardgate.toml").write_text(
        SETTINGS.format(file=HELIOS) + "".join(POOL.format(pool=one) for one in CLUSTERS)
    )
    (root / "policy.yaml").write_text(POLICY)
    (root / "asks").mkdir()
    for pool in CLUSTERS:
        (root / "asks" / f"{pool}.yaml").write_text(ASK.format(pool=f"pool: {pool}\n"))
    (root / "asks" / "whole.yaml").write_text(ASK.format(pool=""))
    workspace = Workspace.open(root)
    workspace.ingest(
        (), source=None, table=None, clock=datetime(2026, 9, 7), known_at=None, dry_run=False, progress=None
    )
    return workspace.review(date(2020, 6, 1))


def of(review: Review, ask: str, gate: str) -> Verdict:
    decision = next(one for one in review.decisions if one.ask.id == ask)
    return next(one for one in decision.verdicts if one.gate == gate)


def test_the_full_clusters_and_the_idle_ones_get_different_verdicts(review: Review) -> None:
    said = {pool: of(review, pool, "capacity.utilization").outcome for pool in CLUSTERS}
    assert said == {
        "vcpDC": Outcome.PASS,
        "vc6YE": Outcome.PASS,
        "vcLJZ": Outcome.PASS,
        "vcTJs": Outcome.HOLD,
        "vcvlY": Outcome.HOLD,
        "vcMod": Outcome.HOLD,
        "vchbv": Outcome.FAIL,
        "vcira": Outcome.FAIL,
    }


def test_each_reading_is_running_over_total_of_the_last_four_weeks(review: Review) -> None:
    import duckdb

    direct = dict(
        duckdb.execute(
            f"select vc, sum(running_gpu_num) / sum(total_gpu_num) from read_parquet('{HELIOS}') "
            "where time >= '2020-05-04' and time < '2020-06-01' group by vc"
        ).fetchall()
    )
    for pool in CLUSTERS:
        value = of(review, pool, "capacity.utilization").judged[0].reading.value
        assert value == pytest.approx(direct[pool], abs=1e-4)


def test_the_whole_does_not_hide_its_pools(review: Review) -> None:
    """All together read 73 % and comfortable; beneath stand the full pools and the idle ones."""
    whole = of(review, "whole", "capacity.utilization")
    assert whole.outcome is Outcome.HOLD
    assert whole.judged[0].reading.value == pytest.approx(0.7336, abs=1e-4)  # sum of running over sum of total
    assert {part.scope["pool"]: part.outcome for part in whole.parts} == {
        "vcpDC": Outcome.PASS,
        "vc6YE": Outcome.PASS,
        "vcLJZ": Outcome.PASS,
        "vchbv": Outcome.FAIL,
        "vcira": Outcome.FAIL,
    }


def test_queueing_shows_where_it_is(review: Review) -> None:
    shares = {pool: of(review, pool, "own.waiting").judged[0].reading.value or 0.0 for pool in CLUSTERS}
    assert of(review, "vcpDC", "own.waiting").outcome is Outcome.PASS
    assert of(review, "vcira", "own.waiting").outcome is Outcome.FAIL
    assert shares["vcpDC"] > 0.1 > shares["vcira"]
