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
