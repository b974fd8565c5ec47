"""What a file took back leaves the rollups from that day on, and every earlier date reads as it did."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from hardgate.rollups.build import RollupSettings, build
from hardgate.rollups.read import rows
from hardgate.sources.source import Input

FIRST, LATER, LAST = (datetime(2026, month, 7, 12) for month in (9, 10, 11))
ROLLUPS = ("stack_account", "capacity_day")
STACK = "account,level,order_column,from_date"
HALLS = "asset,pool,gpus,ordered_on,live_date"


@dataclass
class Works:
    """A lake and its rollups."""

    folder: Path
    lake: Lake
    engine: Engine

    def say(self, accounts: str, halls: str, clock: datetime) -> None:
        """Write both registers anew, ingest them, and bring the rollups up to date."""
        stack = [f"{one},CM1,,2026-01-01" for one in accounts]
        (self.folder / "stack.csv").write_text("\n".join([STACK, *stack]) + "\n")
        live = [f"{one},n,8,2026-02-01,2026-08-01" for one in halls]
        (self.folder / "halls.csv").write_text("\n".join([HALLS, *live]) + "\n")
        given = [Input("table", "cost_stack", ("stack.csv",)), Input("table", "capacity", ("halls.csv",))]
        ingest(self.lake, self.engine, given, root=self.folder, clock=clock, known_after={"cost_stack": 0})
        build(self.lake, self.engine, RollupSettings(), self.folder / "rollups", through=clock.date(), only=ROLLUPS)

    def read(self, rollup: str, column: str, as_of: datetime, day: date | None = None) -> list[Any]:
        """Return a column of a rollup as of a day, of all its days or of one."""
        found = rows(self.engine, self.folder / "rollups", rollup, as_of=as_of.date())
        days, values = found.columns["day"], found.columns[column]
        return [value for when, value in zip(days, values, strict=True) if day in {None, when}]


@pytest.fixture
def works(tmp_path: Path) -> Iterator[Works]:
    with connect(threads=2) as engine, Lake(tmp_path / "lake") as lake:
        yield Works(tmp_path, lake, engine)


def test_a_withdrawn_key_leaves_its_days_from_then_on_and_comes_back_when_it_is_said_again(works: Works) -> None:
    day = date(2026, 8, 20)
    works.say("ab", "xy", FIRST)
    before = works.read("stack_account", "account", FIRST), works.read("capacity_day", "installed_gpu_ms", FIRST, day)
    assert before == (["a", "b"], [16 * 86_400_000])
    works.say("b", "y", LATER)
    assert works.read("stack_account", "account", LATER) == ["b"]
    assert works.read("capacity_day", "installed_gpu_ms", LATER, day) == [8 * 86_400_000]
    works.say("ab", "xy", LAST)
    assert works.read("stack_account", "account", LAST) == ["a", "b"]
    assert works.read("capacity_day", "installed_gpu_ms", LAST, day) == [16 * 86_400_000]
    # And all of it is there still as it was believed.
    assert works.read("stack_account", "account", LATER) == ["b"]
    assert works.read("capacity_day", "installed_gpu_ms", LATER, day) == [8 * 86_400_000]
    assert (
        works.read("stack_account", "account", FIRST),
        works.read("capacity_day", "installed_gpu_ms", FIRST, day),
    ) == before
