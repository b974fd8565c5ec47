"""Eight clusters of Helios Earth, May 2020: the trigger replayed week by week, beside the capacity that then moved.

Running and pending GPUs of every minute, and the GPUs of each cluster day by day (S-Lab, Nanyang Technological
University). Assumed, and not in the data: that each cluster asked for 16 GPUs by the first of June, and that no more
than one job in twenty may wait. Twelve months of demand are not there, so that only the ceiling can speak.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from hardgate.core.terms import Outcome
from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.workspace import Workspace

CAPACITY = Path(__file__).parents[2].parent / "shared" / "data" / "capacity"
MINUTES, DAILY = CAPACITY / "helios_earth_vc_minute_8vc.parquet", CAPACITY / "helios_earth_gpu_number_daily.parquet"
CLUSTERS = ("vc6YE", "vcLJZ", "vcMod", "vcTJs", "vchbv", "vcira", "vcpDC", "vcvlY")
START, END = date(2020, 5, 1), date(2020, 6, 1)
"""The minutes are those of May; sizes before it are left out."""
OUTAGE = date(2020, 5, 9)
"""All clusters stand at 0 GPUs on this one day of the daily table, and at their full size in the minutes."""
SETTINGS = f"""
currency = "USD"
as_of = "{END}"

[[inputs]]
source = "table"
table = "pool_usage"
files = ["{MINUTES}"]
columns.pool = "vc"
columns.start_at = "time"
columns.end_at = "time + interval 1 minute"
columns.gpus = "total_gpu_num"
columns.allocated_gpu_hours = "running_gpu_num / 60.0"
columns.queued_gpu_hours = "pending_gpu_num / 60.0"

[[inputs]]
source = "table"
table = "capacity"
files = ["steps.csv"]

[[inputs]]
source = "table"
table = "capacity_plan"
files = ["plan.csv"]

[tables.pool_usage]
known_after = "0 days"
"""
POLICY = """
horizon: 26w
gates:
  capacity.trigger: {mode: block, limit: ceiling}
assumptions:
  wait_probability: {value: 5%, source: assumed}
  gang: {value: 1, source: "assumed: most jobs of the trace take one GPU"}
sign_off:
  - {action: BUILD, roles: [capacity]}
"""


def steps() -> Iterator[tuple[str, date, date | None, int]]:
    """Yield each stretch of constant size: cluster, first day, day after the last, GPUs."""
    for cluster in CLUSTERS:
        days = duckdb.execute(
            f"select date, gpus from read_parquet('{DAILY}') where vc = ? and date <> date '{OUTAGE}' order by date",
            [cluster],
        ).fetchall()
        start, size = days[0]
        for day, gpus in days:
            if gpus != size:
                yield cluster, start, day, size
                start, size = day, gpus
        yield cluster, start, None, size


def moved() -> dict[tuple[str, date], int]:
    """Return what each cluster gained or lost, by day."""
    known: dict[str, int] = {}
    found = {}
    for cluster, start, _, size in steps():
        if cluster in known:
            found[cluster, start] = size - known[cluster]
        known[cluster] = size
    return found


@pytest.fixture(name="replayed", scope="module")
def _replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    if not MINUTES.is_file():
        pytest.skip("the shared real data are not beside this checkout")
    root = tmp_path_factory.mktemp("helios")
    lines = ["asset,pool,gpus,ordered_on,live_date,retire_date"]
    for c, begun, end, size in steps():
        start = max(begun, START)
        if size and (
            end is None or end > START
        ):  # that it ends is stated again on the day on which it ends: before, nobody knew
            lines.append(f"{c}-{start},{c},{size},{start},{start},")
            lines += [f"{c}-{start},{c},{size},{end},{start},{end}"] if end else []
    (root / "steps.csv").write_text("\n".join(lines) + "\n")
    plan = ["tranche,pool,gpus,amount,currency,proposed_on,commit_date,live_date"]
    plan += [f"{c}-more,{c},16,160000,USD,2020-05-02,{END},2020-07-01" for c in CLUSTERS]
    (root / "plan.csv").write_text("\n".join(plan) + "\n")
    pools = "".join(f'\n[[pools]]\npool = "{one}"\nregion = "earth"\naccelerator = "V100"\n' for one in CLUSTERS)
    (root / "hardgate.toml").write_text(SETTINGS + pools)
    (root / "policy.yaml").write_text(POLICY)
    workspace = Workspace.open(root)
    clock = datetime(2026, 9, 7)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return backtest(workspace, END, Span(every="1w"), checked=True)


def weeks(replayed: Replayed) -> dict[str, list[Outcome]]:
    return {
        one.ask.scope["pool"]: [look.verdicts["capacity.trigger"].outcome for look in one.looks]
        for one in replayed.backtest.pasts
    }


def test_the_trigger_week_by_week(replayed: Replayed) -> None:
    """As it comes, Monday by Monday and on the first of June: the two clusters with queues may grow."""
    said = {pool: " ".join(one.value for one in outcomes) for pool, outcomes in weeks(replayed).items()}
    assert said == {
        "vc6YE": "unknown hold hold pass pass",
        "vcpDC": "unknown hold pass pass pass",
        "vcLJZ": "unknown hold hold pass hold",
        "vcTJs": "unknown hold hold pass hold",
        "vcvlY": "unknown fail hold hold hold",
        "vchbv": "unknown hold fail fail fail",
        "vcMod": "unknown fail unknown unknown unknown",  # its demand swings from nothing: no ceiling is known
        "vcira": "unknown unknown unknown unknown unknown",
    }


def test_each_ratio_is_running_and_pending_over_the_size_of_the_cluster(replayed: Replayed) -> None:
    """Of the last review, whose four weeks lie within the minutes; before the first of May nothing is known."""
    for one in replayed.backtest.pasts:
        pool = one.ask.scope["pool"]
        for look in one.looks[-1:]:
            first = look.day - timedelta(days=28)
            (direct,) = duckdb.execute(
                f"select avg(running_gpu_num + pending_gpu_num) from read_parquet('{MINUTES}') "
                "where vc = ? and time >= ? and time < ?",
                [pool, first, look.day],
            ).fetchone() or (None,)
            reading = look.verdicts["capacity.trigger"].judged[0].reading
            size = dict(reading.facts)["capacity_position"]
            assert direct is not None
            assert reading.value == pytest.approx(direct / size, abs=2e-3)


def test_no_verdict_of_may_knows_the_steps_of_june(replayed: Replayed) -> None:
    sizes = {
        one.ask.scope["pool"]: dict(one.looks[-1].verdicts["capacity.trigger"].judged[0].reading.facts)[
            "capacity_position"
        ]
        for one in replayed.backtest.pasts
    }
    assert sizes == {
        "vc6YE": 208, "vcLJZ": 64, "vcMod": 64, "vcTJs": 48, "vchbv": 64, "vcira": 24, "vcpDC": 56, "vcvlY": 96,
    }  # fmt: skip
    assert replayed.peeking == ()


def test_capacity_went_where_the_trigger_did_not_point_and_came_back(replayed: Replayed) -> None:
    """On 16 June 80 GPUs left vc6YE, which had passed, for vcvlY, which had not; within 16 days they went back."""
    said = weeks(replayed)
    changes = moved()
    assert (changes["vc6YE", date(2020, 6, 16)], changes["vcvlY", date(2020, 6, 16)]) == (-80, 80)
    assert (changes["vc6YE", date(2020, 7, 2)], changes["vcvlY", date(2020, 7, 2)]) == (80, -80)
    assert (said["vc6YE"][-1], said["vcvlY"][-1]) == (Outcome.PASS, Outcome.HOLD)


def test_what_came_after_may_is_not_in_the_data_and_is_not_valued(replayed: Replayed) -> None:
    assert all(one.worth == () for one in replayed.backtest.pasts)
