"""The telemetry rollup within a memory that its device hours do not fit into."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.rollups.build import RollupSettings, build

DEVICES, HOURS = 20_000, 96
START = date(2026, 3, 1)


@dataclass(frozen=True)
class Day:
    day: date
    known: date
    batch: str
    rows: int


class Generated:
    """Two samples an hour of many devices."""

    def days(self, table: str) -> list[Day]:
        days = [date.fromordinal(START.toordinal() + after) for after in range(HOURS // 24)]
        return [Day(day, date(2026, 4, 1), str(day), DEVICES * 48) for day in days if table == "accelerator_samples"]


def relation(lake: Any, engine: Engine, table: str, *, name: str | None = None, window: Any = None) -> str:
    sql = (
        "select 'GPU-' || md5(cast(i // 2 % 20000 as varchar)) as device, 'c' as cluster, cast(1002 as bigint) as field,"
        f" timestamp '2026-03-01' + to_minutes(cast(i // 40000 * 60 + i % 2 * 30 as int)) as time, (i % 101) / 100 as value,"
        " 'job' as workload, cast(timestamp '2026-03-01' + to_hours(cast(i // 40000 as int)) as date) as day,"
        f" date '2026-04-01' as known_from, date '9999-12-31' as known_to from range({DEVICES * HOURS * 2}) as t(i)"
    )
    engine.view(name or table, sql)
    return sql


@pytest.mark.slow
def test_device_hours_that_do_not_fit_into_memory_go_to_disk(tmp_path: Path) -> None:
    totals = []
    for memory in ("120MB", "4GB"):
        settings = RollupSettings(samples_per_hour=2)
        with connect(memory=memory, threads=2, temp=tmp_path / "spill") as engine:
            build(Generated(), engine, settings, tmp_path / memory, only=["pool_hour"], relation=relation)
            engine.files("made", sorted((tmp_path / memory / "pool_hour").glob("*.parquet")))
            totals.append(engine.rows("select count(*), sum(gpu_ms), sum(bin * gpu_ms) from made"))
    assert totals[0] == totals[1]
    assert totals[0][0][1] == DEVICES * HOURS * 3_600_000
