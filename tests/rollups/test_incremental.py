"""On a real lake: a new day costs that day, a restated day that day, and nothing new costs nothing."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.engine.connect import DuckDB
from hardgate.lake.batches import Lake
from hardgate.lake.identities import Rule
from hardgate.lake.ingest import ingest
from hardgate.rollups.build import Built, Pool, RollupSettings, build
from hardgate.rollups.definition import names
from hardgate.rollups.read import inputs_of, rows, sql_of
from hardgate.sources.source import Input

FIRST = date(2026, 3, 1)
SETTINGS = RollupSettings(
    pools=(Pool("p1", "north", "H20"),),
    rules=(
        Rule("accelerator_samples", "cluster", "exact", "one", "p1"),
        Rule("cost_and_usage", "resource_id", "prefix", "r", "p1"),
    ),
    samples_per_hour=2,
)


@dataclass
class Site:
    root: Path
    engine: Engine
    lake: Lake

    def bring(self, table: str, known: date, head: str, lines: list[str]) -> None:
        path = self.root / f"{table}-{len(self.lake.batches())}.csv"
        path.write_text("\n".join([head, *lines]) + "\n", encoding="utf-8")
        given = Input("table", table=table, files=(path.name,))
        report = ingest(self.lake, self.engine, [given], root=self.root, clock=datetime(2026, 9, 7), known_at=known)
        assert (report.rejected, report.problems) == (0, ())

    def samples(self, day: date, known: date, value: float = 0.9) -> None:
        lines = [f"d1,one,{day} {hour:02}:{minute:02}:00,1002,{value},job" for hour in range(24) for minute in (0, 30)]
        self.bring("accelerator_samples", known, "device,cluster,time,field,value,workload", lines)

    def bill(self, day: date, known: date, amount: str = "10") -> None:
        head = "charge_day,charge_period_start,charge_period_end,billing_period_start,provider,billing_account,currency,resource_id,billed_cost,effective_cost"
        lines = [
            f"{day},{day} 00:00:00,{day + timedelta(days=1)} 00:00:00,2026-03-01,aws,1,USD,{key},{amount},{amount}"
            for key in ("r1", "x")
        ]
        self.bring("cost_and_usage", known, head, lines)

    def build(self, through: date, root: Path | None = None) -> Built:
        return build(self.lake, self.engine, SETTINGS, root or self.root / "rollups", through=through)

    def table(self, name: str, *columns: str, as_of: date) -> list[tuple[Any, ...]]:
        found = rows(self.engine, self.root / "rollups", name, as_of=as_of)
        return list(zip(*(list(found.columns[column]) for column in columns), strict=True))


@pytest.fixture(scope="module")
def four_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site with four days, each known a day later, built."""
    root = tmp_path_factory.mktemp("site")
    with connect(memory="1GB", threads=2) as engine, Lake(root / "lake") as lake:
        made = Site(root, engine, lake)
        made.bring("capacity", FIRST, "asset,pool,gpus,live_date", ["a,p1,2,2026-03-01"])
        for after in range(4):
            day = FIRST + timedelta(days=after)
            made.samples(day, day + timedelta(days=1))
            made.bill(day, day + timedelta(days=1))
        made.build(through=FIRST + timedelta(days=3))
    return root


@pytest.fixture
def site(four_days: Path, tmp_path: Path) -> Iterator[Site]:
    root = shutil.copytree(four_days, tmp_path / "site")
    with connect(memory="1GB", threads=2) as engine, Lake(root / "lake") as lake:
        yield Site(root, engine, lake)


def test_a_new_day_makes_that_day_only(site: Site) -> None:
    fifth = FIRST + timedelta(days=4)
    site.samples(fifth, fifth + timedelta(days=1))
    site.bill(fifth, fifth + timedelta(days=1))
    built = site.build(through=fifth)
    made = ("capacity_day", "cost_day", "pool_hour", "telemetry_day", "pool_day")
    assert built.days == dict.fromkeys(made, (fifth,))
    assert site.table("pool_day", "day", "active_gpu_ms", "unlabelled_gpu_ms", as_of=fifth + timedelta(days=1)) == [
        (FIRST + timedelta(days=after), 86_400_000, 86_400_000) for after in range(5)
    ]


def test_a_restated_day_makes_that_day_only_and_keeps_what_was_known(site: Site) -> None:
    second = FIRST + timedelta(days=1)
    site.samples(second, date(2026, 3, 20), value=0.1)
    site.bill(second, date(2026, 3, 20), amount="7.5")
    built = site.build(through=FIRST + timedelta(days=3))
    assert built.days == dict.fromkeys(("cost_day", "pool_hour", "telemetry_day", "pool_day"), (second,))
    for as_of, active, billed in ((date(2026, 3, 19), 86_400_000, Decimal(10)), (date(2026, 3, 20), 0, Decimal("7.5"))):
        assert site.table("pool_day", "active_gpu_ms", as_of=as_of)[1] == (active,)
        found = site.table("cost_day", "day", "pool", "billed_cost", as_of=as_of)
        assert sorted((row[1:] for row in found if row[0] == second), key=str) == sorted(
            [("p1", billed), (None, billed)], key=str
        )


def test_nothing_new_makes_nothing_and_asks_the_engine_nothing(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    for asked in ("files", "view", "keep", "rows", "arrays", "save"):
        monkeypatch.setattr(DuckDB, asked, None)  # calling it would be a fault
    assert site.build(through=FIRST + timedelta(days=3)).days == {}


def test_a_later_as_of_date_adds_the_days_that_telemetry_does_not_reach(site: Site) -> None:
    fifth = FIRST + timedelta(days=4)
    built = site.build(through=fifth)
    assert built.days == {"capacity_day": (fifth,), "pool_day": (fifth,)}
    assert site.table("pool_day", "day", "active_gpu_ms", "unlabelled_gpu_ms", as_of=fifth)[-1] == (
        fifth,
        0,
        2 * 86_400_000,
    )
    assert site.build(through=FIRST).days == {}


def test_a_file_that_was_deleted_or_changed_is_made_again(site: Site) -> None:
    path = site.root / "rollups" / "cost_day" / "2026-03.parquet"
    before = site.table("cost_day", "day", "pool", "billed_cost", as_of=date(2026, 4, 1))
    for spoil in (Path.unlink, lambda one: one.write_bytes(b"spoilt")):
        spoil(path)
        assert len(site.build(through=FIRST + timedelta(days=3)).days["cost_day"]) == 4
        assert site.table("cost_day", "day", "pool", "billed_cost", as_of=date(2026, 4, 1)) == before


def test_a_setting_makes_only_what_asks_for_it(site: Site) -> None:
    tighter = RollupSettings(pools=SETTINGS.pools, rules=SETTINGS.rules, samples_per_hour=2, active_at_least=0.95)
    built = build(site.lake, site.engine, tighter, site.root / "rollups", through=FIRST + timedelta(days=3))
    assert set(built.days) == {"telemetry_day", "pool_day"}
    assert site.table("pool_day", "active_gpu_ms", as_of=date(2026, 4, 1)) == [(0,)] * 4


def test_a_killed_build_is_finished_by_the_next(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    from hardgate.rollups.stored import Stored

    site.samples(FIRST, date(2026, 3, 21), value=0.2)
    monkeypatch.setattr(Stored, "save", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        site.build(through=FIRST + timedelta(days=3))
    monkeypatch.undo()
    site.build(through=FIRST + timedelta(days=3))
    site.build(through=FIRST + timedelta(days=3), root=site.root / "fresh")
    for name in ("pool_hour", "pool_day"):
        told, fresh = (rows(site.engine, site.root / folder, name).records() for folder in ("rollups", "fresh"))
        assert told == fresh


def test_what_a_rollup_is_made_of_can_be_asked(site: Site) -> None:
    assert inputs_of("pool_day") == ("accelerator_samples", "capacity", "pool_usage", "workload_allocations")
    assert inputs_of("cost_day") == ("cost_and_usage",)
    sql, digest = sql_of("cost_day")
    assert sql.startswith("-- The bill by day")
    assert len(digest) == 64
    assert all(
        rows(site.engine, site.root / "rollups", name).columns.keys() >= {"day", "known", "known_to"}
        for name in names()
    )
