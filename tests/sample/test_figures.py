"""The whole path, ingest and rollups, gives the figures that a direct count over the foreign files gives."""

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import Rows
from hardgate.engine.connect import Engine, connect
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.rollups import read
from hardgate.sample.operator import pools

AS_OF = date(2026, 9, 7)
WINDOW = Window(date(2026, 7, 13), AS_OF)
HOUR_MS = 3_600_000


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    with connect() as opened:
        yield opened


@pytest.fixture(scope="module")
def rollups(met: tuple[Path, Ingested, Review]) -> Path:
    return met[0] / ".hardgate/rollups"


@pytest.fixture(scope="module")
def pool_day(engine: Engine, rollups: Path) -> Rows:
    return read.rows(engine, rollups, "pool_day", as_of=AS_OF, window=WINDOW)


def hours(rows: Rows, pool: str, column: str) -> NDArray[np.float64]:
    """Return one column of a pool in GPU-hours, day by day."""
    mine = np.asarray(rows.columns["pool"]) == pool
    return np.asarray(np.asarray(rows.columns[column])[mine], dtype=np.float64) / HOUR_MS


def test_every_row_of_every_file_is_good(met: tuple[Path, Ingested, Review]) -> None:
    report = met[1].report
    assert (report.problems, report.known) == ((), ())
    assert (report.rejected, report.duplicates) == (0, 0)
    assert len(report.added) == 47


def test_every_pool_has_a_row_on_every_day(pool_day: Rows) -> None:
    assert pool_day.count == 8 * 56


def test_what_is_available_is_what_is_not_in_repair(pool_day: Rows) -> None:
    for pool in pools(0.25):
        assert hours(pool_day, pool.name, "installed_gpu_ms") == pytest.approx(pool.gpus * 24)
        assert hours(pool_day, pool.name, "available_gpu_ms") == pytest.approx(pool.available * 24, rel=1e-4)


def test_allocated_and_queued_are_the_overlaps_of_pods_with_days(small: Path, engine: Engine, pool_day: Rows) -> None:
    pods = engine.arrays(
        f"""select cluster, num_gpu, epoch(creation_time) as created, epoch(scheduled_time) as started,
            epoch(coalesce(deletion_time, timestamp '2026-09-07')) as ended
        from read_csv('{small}/data/pods/*.csv',
            types = {{'creation_time': 'timestamp', 'scheduled_time': 'timestamp', 'deletion_time': 'timestamp'}})"""
    )
    never = np.array([one is None for one in pods["started"]])
    started = np.where(never, pods["ended"], pods["started"]).astype(np.float64)
    for pool in pools(0.25):
        mine = pods["cluster"] == pool.cluster
        for first, last, column in (
            (started, pods["ended"], "allocated_gpu_ms"),
            (pods["created"], started, "queued_gpu_ms"),
        ):
            expected = [
                float(
                    (np.maximum(0, np.minimum(last, begins + 86400) - np.maximum(first, begins)) * pods["num_gpu"])[
                        mine
                    ].sum()
                )
                / 3600
                for begins in (datetime(*day.timetuple()[:3]).timestamp() for day in WINDOW.each_day())
            ]
            assert hours(pool_day, pool.name, column) == pytest.approx(expected, abs=0.01), (pool.name, column)


def test_active_and_unlabelled_are_counted_device_by_device_and_hour_by_hour(
    small: Path, engine: Engine, pool_day: Rows
) -> None:
    found = engine.arrays(
        f"""select cluster, cast("time" as date) as day, cast(epoch("time") as bigint) // 3600 as hour, "UUID" as device,
            count(*) filter (where pod is not null) as held, count(*) as samples,
            coalesce(sum(value) filter (where pod is not null), 0) as total
        from read_parquet('{small}/data/telemetry/*.parquet') where "time" >= timestamp '2026-07-13' group by all"""
    )
    held, samples = found["held"].astype(np.float64), found["samples"].astype(np.float64)
    total, lost = found["total"].astype(np.float64), 2 - samples
    active = np.where((held > 0) & (total >= 0.5 * held - 1e-9), held / samples, 0.0)
    # Idle was seen idle: not held, or held and still below a half if every lost sample had been one.
    idle = (samples - held + np.where((held > 0) & (total + lost < 0.5 * (held + lost) - 1e-9), held, 0.0)) / 2
    day = np.array([one.toordinal() for one in found["day"]]) - WINDOW.start.toordinal()
    for pool in pools(0.25):
        mine = found["cluster"] == pool.cluster
        run, stood = (np.bincount(day[mine], each[mine], minlength=56) for each in (active, idle))
        assert hours(pool_day, pool.name, "active_gpu_ms") == pytest.approx(run, abs=0.01), pool.name
        unseen = np.maximum(0, pool.available * 24 - run - stood)
        assert hours(pool_day, pool.name, "unlabelled_gpu_ms") == pytest.approx(unseen, abs=0.01), pool.name


def test_the_planted_shares_stand_in_the_rungs(pool_day: Rows) -> None:
    def of_available(pool: str, column: str) -> float:
        return float(hours(pool_day, pool, column).sum() / hours(pool_day, pool, "available_gpu_ms").sum())

    assert of_available("cn-east-h20", "allocated_gpu_ms") > 0.93
    assert of_available("cn-east-h20", "productive_gpu_ms") == pytest.approx(0.55 * 0.97, abs=0.03)
    assert of_available("cn-north-h20", "productive_gpu_ms") > 0.90
    assert of_available("ap-southeast-h200", "unlabelled_gpu_ms") == pytest.approx(7 / 56, abs=0.005)
    assert of_available("cn-west-l20", "allocated_gpu_ms") < 0.68


def test_the_bill_closes_and_what_names_no_pool_is_seen(small: Path, engine: Engine, rollups: Path) -> None:
    july = Window(date(2026, 7, 1), date(2026, 8, 1))
    rows = read.rows(engine, rollups, "cost_day", as_of=AS_OF, window=july).records()
    billed = engine.rows(
        f"""select "BillingCurrency", cast(sum("EffectiveCost") as double),
            cast(sum("EffectiveCost") filter (where "Tags" is null and "CommitmentDiscountId" is null) as double)
        from read_csv('{small}/data/bills/focus-2026-07.csv') group by 1 order by 1"""
    )
    for currency, whole, lost in billed:
        mine = [row for row in rows if row["currency"] == currency]
        assert float(sum(row["effective_cost"] for row in mine)) == pytest.approx(whole, abs=0.001)
        unallocated = [row for row in mine if row["pool"] is None]
        assert float(sum(row["effective_cost"] for row in unallocated)) == pytest.approx(lost, abs=0.001)


def test_contracts_sum_to_what_was_committed(small: Path, engine: Engine, rollups: Path) -> None:
    rows = read.rows(engine, rollups, "contract_month", as_of=AS_OF).records()
    found = {
        currency: float(sum(row["committed_amount"] for row in rows if row["currency"] == currency))
        for currency in ("RMB", "USD")
    }
    expected = dict(
        engine.rows(f"select ccy, cast(sum(value) as double) from read_csv('{small}/data/contracts.csv') group by 1")
    )
    assert found == pytest.approx(expected, abs=0.01)
