"""Days are made in runs: however they are cut, the rows are the same, and no row of before is left among them."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from hardgate.rollups import build

DAYS = (date(2026, 3, 1), date(2026, 3, 2), date(2026, 4, 1))


@pytest.fixture
def seen(operator: Any, owned_by: Callable[..., Any]) -> Any:
    return owned_by(operator, "accelerator_samples", "cluster", one="p1")


def test_a_month_made_in_several_runs_has_the_rows_of_one(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    accelerator_samples @ 2026-04-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.9    job
    d1      one      2026-03-01T12:15  1002   0.7    job
    d1      one      2026-03-02T12:00  1002   0.5    job
    d1      one      2026-03-02T12:15  1002   0.5    -
    d1      one      2026-04-01T12:15  1002   0.3    job
    d1      one      2026-04-01T12:30  1002   0.3    job

    accelerator_samples @ 2026-04-05
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:15  1002   0.1    job
    """
    seen.build("telemetry_day")
    whole = seen.rows("pool_hour"), seen.rows("telemetry_day")
    assert {row["day"] for row in whole[0]} == set(DAYS)
    monkeypatch.setattr(build, "CHUNK_ROWS", 1)
    seen.set(samples_per_hour=8).build("telemetry_day")
    assert (seen.rows("pool_hour"), seen.rows("telemetry_day")) != whole
    assert seen.set(samples_per_hour=4).build("telemetry_day").days["pool_hour"] == DAYS
    assert (seen.rows("pool_hour"), seen.rows("telemetry_day")) == whole


def test_a_month_counts_with_all_of_its_rows_where_days_are_cut_into_runs(
    operator: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """
    orders @ 2026-05-02
    order_id  customer  city  placed_at         value  discount_platform  currency
    1         u         a     2026-03-05T12:00  50     0                  RMB
    2         u         a     2026-03-06T12:00  50     2                  RMB
    3         v         a     2026-04-07T12:00  50     0                  RMB
    4         v         a     2026-05-01T12:00  50     2                  RMB
    """
    keep, made = operator.engine.keep, []

    def counted(name: str, sql: str) -> int:
        count: int = keep(name, sql)
        made.append(count)
        return count

    monkeypatch.setattr(build, "CHUNK_ROWS", 2)
    monkeypatch.setattr(operator.engine, "keep", counted)
    operator.build("city_month")
    assert made == [1, 2]  # March alone has two orders; April and May have one each
    found = operator.table("city_month", "day", "customers", "paying_customers", "orders")
    assert found == [(date(2026, 3, 1), 1, 1, 2), (date(2026, 4, 1), 1, 1, 1), (date(2026, 5, 1), 1, 0, 1)]


def test_a_run_that_fails_leaves_only_what_is_up_to_date(seen: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """
    accelerator_samples @ 2026-04-02
    device  cluster  time              field  value  workload
    d1      one      2026-03-01T12:00  1002   0.9    job
    d1      one      2026-03-01T12:15  1002   0.7    job
    d1      one      2026-03-02T12:00  1002   0.5    job
    d1      one      2026-03-02T12:15  1002   0.5    job
    """
    seen.build("pool_hour")
    right = seen.rows("pool_hour")
    monkeypatch.setattr(build, "CHUNK_ROWS", 1)
    keep, made = seen.engine.keep, []

    def fails_at_the_second_run(name: str, sql: str) -> int:
        made.append(name)
        if len(made) == 2:
            raise RuntimeError("stopped")
        count: int = keep(name, sql)
        return count

    monkeypatch.setattr(seen.engine, "keep", fails_at_the_second_run)
    with pytest.raises(RuntimeError, match="stopped"):
        seen.set(samples_per_hour=8).build("pool_hour")
    monkeypatch.setattr(seen.engine, "keep", keep)
    assert {row["day"] for row in seen.rows("pool_hour")} == {date(2026, 3, 1)}
    seen.set(samples_per_hour=4).build("pool_hour")
    assert seen.rows("pool_hour") == right
