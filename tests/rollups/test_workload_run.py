from datetime import date
from typing import Any


def test_a_workload_is_there_on_every_day_from_its_asking_to_its_end(operator: Any) -> None:
    """
    workload_allocations @ 2026-03-05
    workload  tenant  pool  gpus  queued_at            start_at             end_at
    w1        t1      p1    8     2026-03-01T23:00:00  2026-03-02T01:00:00  2026-03-03T00:30:00
    w2        t2      p2    0.5   2026-03-02T00:00:00  -                    2026-03-02T06:00:00
    """
    operator.build("workload_run")
    midnight = 1772323200  # 2026-03-01
    mine = (midnight + 23 * 3600, midnight + 25 * 3600, midnight + 48 * 3600 + 1800)
    found = operator.table("workload_run", "day", "workload", "region", "pool", "gpus", "queued_s", "start_s", "end_s")
    assert sorted(found) == [
        (date(2026, 3, 1), "w1", "north", "p1", 8.0, *mine),
        (date(2026, 3, 2), "w1", "north", "p1", 8.0, *mine),
        (date(2026, 3, 2), "w2", "south", "p2", 0.5, midnight + 86_400, None, midnight + 86_400 + 6 * 3600),
        (date(2026, 3, 3), "w1", "north", "p1", 8.0, *mine),
    ]


def test_what_is_said_later_of_a_workload_changes_its_days_from_then_on(operator: Any) -> None:
    """
    workload_allocations @ 2026-03-02
    workload  tenant  pool  gpus  queued_at            start_at             end_at
    w1        t1      p1    8     2026-03-01T00:00:00  2026-03-01T01:00:00  -

    workload_allocations @ 2026-03-04
    workload  tenant  pool  gpus  queued_at            start_at             end_at
    w1        t1      p1    8     2026-03-01T00:00:00  2026-03-01T01:00:00  2026-03-01T02:00:00
    """
    operator.build("workload_run", through=date(2026, 3, 5))
    before = operator.table("workload_run", "day", "end_s", as_of=date(2026, 3, 3))
    assert (date(2026, 3, 1), None) in before
    assert (date(2026, 3, 2), None) in before
    assert operator.table("workload_run", "day", "end_s", as_of=date(2026, 3, 4)) == [(date(2026, 3, 1), 1772330400)]
