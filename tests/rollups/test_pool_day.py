from datetime import date
from typing import Any

import pytest

HOUR = 3_600_000
DAY = 24 * HOUR
FIRST, SECOND, THIRD = date(2026, 3, 1), date(2026, 3, 2), date(2026, 3, 3)


@pytest.fixture
def seen(operator: Any, owned_by: Any) -> Any:
    return owned_by(operator, "accelerator_samples", "cluster", one="p1", two="p2")


def test_a_pool_is_installed_from_its_live_date_until_it_retires(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  ordered_on  live_date   retire_date  maintenance_share
    x      p1    8     2025-06-01  2026-03-01  2026-03-03   0.25
    y      p1    2     2025-06-01  2026-03-02  -            -
    """
    operator.build("pool_day", through=THIRD)
    assert operator.table("pool_day", "day", "region", "accelerator", "installed_gpu_ms", "available_gpu_ms") == [
        (FIRST, "north", "H20", 8 * DAY, 6 * DAY),
        (SECOND, "north", "H20", 10 * DAY, 8 * DAY),
        (THIRD, "north", "H20", 2 * DAY, 2 * DAY),
    ]


def test_without_evidence_a_rung_is_unknown_and_not_zero(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    8     2026-03-01
    """
    operator.build("pool_day", through=FIRST)
    [row] = operator.rows("pool_day")
    unknown = (
        "allocated_gpu_ms", "allocated_from", "active_gpu_ms", "productive_gpu_ms", "unlabelled_gpu_ms", "idle_gpu_ms",
        "queued_gpu_ms", "lost_gpu_ms", "lost_unknown_gpu_ms",
    )  # fmt: skip
    assert [row[name] for name in unknown] == [None] * 9
    assert row["available_gpu_ms"] == 8 * DAY


def test_a_missing_count_of_accelerators_makes_the_day_missing(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    8     2026-03-01
    y      p1    -     2026-03-01
    """
    operator.build("pool_day", through=FIRST)
    assert operator.table("pool_day", "installed_gpu_ms", "available_gpu_ms") == [(None, None)]


def test_workloads_hold_wait_and_lose_what_was_not_saved(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01

    workload_allocations @ 2026-03-04
    workload  pool  gpus  queued_at         start_at          end_at            outcome    last_checkpoint_at  restart_seconds
    a         p1    4     2026-03-01T20:00  2026-03-01T22:00  2026-03-02T06:00  failed     2026-03-02T03:00    1800
    b         p1    0.5   2026-03-02T00:00  2026-03-02T00:00  2026-03-02T10:00  done       -                   -
    c         p1    2     2026-03-01T12:00  -                 2026-03-02T12:00  denied     -                   -
    d         p1    1     2026-03-02T00:00  2026-03-02T00:00  2026-03-02T01:00  preempted  -                   -
    """
    operator.build("pool_day", through=SECOND)
    columns = ("day", "allocated_gpu_ms", "queued_gpu_ms", "lost_gpu_ms", "lost_unknown_gpu_ms", "allocated_from")
    assert operator.table("pool_day", *columns, as_of=date(2026, 3, 4)) == [
        (FIRST, 8 * HOUR, (4 * 2 + 2 * 12) * HOUR, 0, 0, "workload_allocations"),
        (SECOND, (24 + 5 + 1) * HOUR, 24 * HOUR, 12 * HOUR + 4 * HOUR // 2, HOUR, "workload_allocations"),
    ]


def test_a_running_workload_holds_on_every_day_that_the_export_speaks_of(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01
    y      p2    10    2026-03-01

    workload_allocations @ 2026-03-03
    workload  pool  gpus  queued_at         start_at          end_at  outcome
    a         p1    1     2026-03-01T00:00  2026-03-01T00:00  -       running
    """
    operator.build("pool_day", through=THIRD)
    assert operator.table("pool_day", "day", "pool", "allocated_gpu_ms", as_of=THIRD) == [
        (FIRST, "p1", DAY),
        (FIRST, "p2", None),
        (SECOND, "p1", DAY),
        (SECOND, "p2", None),
        (THIRD, "p1", None),
        (THIRD, "p2", None),
    ]


def test_a_day_without_workloads_between_two_exports_is_quiet_and_not_missing(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01

    workload_allocations @ 2026-03-02
    workload  pool  gpus  queued_at         start_at          end_at            outcome
    a         p1    1     2026-03-01T00:00  2026-03-01T00:00  2026-03-01T01:00  done

    workload_allocations @ 2026-03-04
    workload  pool  gpus  queued_at         start_at          end_at            outcome
    b         p1    1     2026-03-03T00:00  2026-03-03T00:00  2026-03-03T02:00  done
    """
    operator.build("pool_day", through=THIRD)
    assert operator.table("pool_day", "allocated_gpu_ms", as_of=date(2026, 3, 3)) == [(HOUR,), (None,), (None,)]
    assert operator.table("pool_day", "allocated_gpu_ms", as_of=date(2026, 3, 4)) == [(HOUR,), (0,), (2 * HOUR,)]


def test_an_unknown_number_of_accelerators_makes_the_allocation_unknown(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01

    workload_allocations @ 2026-03-02
    workload  pool  gpus  queued_at         start_at          end_at            outcome
    a         p1    1     2026-03-01T00:00  2026-03-01T00:00  2026-03-01T01:00  done
    b         p1    -     2026-03-01T00:00  2026-03-01T00:00  2026-03-01T01:00  done
    """
    operator.build("pool_day", through=FIRST)
    assert operator.table("pool_day", "allocated_gpu_ms", "allocated_from", as_of=SECOND) == [
        (None, "workload_allocations")
    ]


def test_a_month_of_a_whole_pool_is_spread_over_its_days_and_adds_up(operator: Any) -> None:
    """
    pool_usage @ 2026-03-02
    pool  start_at          end_at            gpus  allocated_gpu_hours  queued_gpu_hours
    p1    2026-02-01T00:00  2026-03-01T00:00  10    1000                 -
    """
    operator.build("pool_day", through=THIRD)
    found = operator.rows("pool_day")
    assert len(found) == 28
    assert {row["installed_gpu_ms"] for row in found} == {10 * DAY}
    assert {row["monthly"] for row in found} == {1}
    assert {row["allocated_from"] for row in found} == {"pool_usage"}
    assert {row["queued_gpu_ms"] for row in found} == {None}
    assert sum(row["allocated_gpu_ms"] for row in found) == 1000 * HOUR
    assert {row["allocated_gpu_ms"] for row in found} == {1000 * HOUR // 28, 1000 * HOUR // 28 + 1}


def test_counts_of_part_of_a_day_do_not_stand_for_the_day_of_a_listed_pool(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01

    pool_usage @ 2026-03-04
    pool  start_at          end_at            gpus  allocated_gpu_hours  queued_gpu_hours
    p1    2026-03-01T00:00  2026-03-01T12:00  10    60                   1
    p1    2026-03-01T12:00  2026-03-02T00:00  10    40                   1
    p1    2026-03-02T00:00  2026-03-02T12:00  10    40                   1
    p2    2026-03-02T00:00  2026-03-02T12:00  5     40                   1
    """
    operator.build("pool_day", through=SECOND)
    columns = ("day", "pool", "installed_gpu_ms", "allocated_gpu_ms", "queued_gpu_ms", "monthly")
    assert operator.table("pool_day", *columns, as_of=date(2026, 3, 4)) == [
        (FIRST, "p1", 10 * DAY, 100 * HOUR, 2 * HOUR, 0),
        (SECOND, "p1", 10 * DAY, None, None, 0),
        (SECOND, "p2", 5 * DAY // 2, 40 * HOUR, HOUR, 0),
    ]


def test_a_lost_day_of_telemetry_is_unlabelled_and_not_idle(seen: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    1     2026-02-28

    accelerator_samples @ 2026-03-05
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.9    job
    d1      one      2026-03-01T12:30  1002   0.9    job
    d1      one      2026-03-01T13:00  1002   0.1    job
    d1      one      2026-03-01T13:15  1002   0.1    job
    d1      one      2026-03-01T13:30  1002   0.1    job
    d1      one      2026-03-01T13:45  1002   0.1    job
    d1      one      2026-03-03T12:00  1002   0.9    -
    d1      one      2026-03-03T12:15  1002   0.9    -
    d1      one      2026-03-03T12:30  1002   0.9    -
    d1      one      2026-03-03T12:45  1002   0.9    -
    """
    seen.build("pool_day", through=THIRD)
    columns = ("day", "active_gpu_ms", "idle_gpu_ms", "unlabelled_gpu_ms", "productive_gpu_ms", "allocated_gpu_ms")
    assert seen.table("pool_day", *columns, as_of=date(2026, 3, 5)) == [
        (date(2026, 2, 28), None, None, None, None, None),
        (FIRST, HOUR, HOUR, 22 * HOUR, None, 2 * HOUR),
        (SECOND, 0, 0, DAY, None, None),
        (THIRD, 0, HOUR, 23 * HOUR, None, 0),
    ]


def test_productive_is_active_less_lost(seen: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    1     2026-03-01

    workload_allocations @ 2026-03-02
    workload  pool  gpus  queued_at         start_at          end_at            outcome  last_checkpoint_at
    a         p1    1     2026-03-01T12:00  2026-03-01T12:00  2026-03-01T13:00  failed   2026-03-01T12:45

    accelerator_samples @ 2026-03-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.9    a
    d1      one      2026-03-01T12:30  1002   0.9    a
    d1      one      2026-03-01T12:00  203    0.9    a
    d1      one      2026-03-01T12:30  203    0.9    a
    """
    seen.build("pool_day", through=FIRST)
    columns = ("active_gpu_ms", "lost_gpu_ms", "productive_gpu_ms")
    assert seen.table("pool_day", *columns, as_of=SECOND) == [(HOUR, HOUR // 4, HOUR * 3 // 4)]


def test_a_pool_that_nobody_declares_is_unknown_and_reported(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p9    1     2026-03-01
    """
    built = operator.build("pool_day", through=FIRST)
    assert operator.table("pool_day", "pool", "region", "accelerator") == [("p9", "unknown", "unknown")]
    assert built.undeclared == ("p9",)
    assert "p9" in built.findings[0]
    assert operator.build("pool_day", through=FIRST).undeclared == ("p9",)


def test_the_table_pools_declares_from_when_it_is_known(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p9    1     2026-03-01

    pools @ 2026-03-02
    pool  region  accelerator  valid_from  valid_to
    p9    east    H100         2026-01-01  2026-03-02
    p9    west    H100         2026-03-02  -
    """
    assert operator.build("pool_day", through=SECOND).undeclared == ()
    assert operator.table("pool_day", "day", "region", as_of=FIRST) == [(FIRST, "unknown")]
    assert operator.table("pool_day", "day", "region", as_of=SECOND) == [(FIRST, "east"), (SECOND, "west")]


def test_the_table_identities_gives_a_pool_for_its_days(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    10    2026-03-01
    y      p2    10    2026-03-01

    identities @ 2026-03-02
    system                foreign_key  entity_kind  entity  valid_from  valid_to
    workload_allocations  c            pool         p1      2026-01-01  2026-03-02
    workload_allocations  c            pool         p2      2026-03-02  -

    workload_allocations @ 2026-03-03
    workload  cluster  gpus  queued_at         start_at          end_at            outcome
    a         c        1     2026-03-01T00:00  2026-03-01T00:00  2026-03-02T01:00  done
    """
    operator.build("pool_day", through=SECOND)
    assert operator.table("pool_day", "day", "pool", "allocated_gpu_ms", as_of=THIRD) == [
        (FIRST, "p1", DAY),
        (FIRST, "p2", None),
        (SECOND, "p1", None),
        (SECOND, "p2", HOUR),
    ]
