"""The manifest: what is in it is in the lake, what is not is swept away."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.core.errors import Fault
from hardgate.engine import Engine
from hardgate.lake import batches
from hardgate.lake.batches import Lake
from hardgate.sources.source import Input
from tests.lake.conftest import Desk

POOL = "pool,region,accelerator,valid_from\nn,north,H20,2026-01-01"


def test_what_a_killed_process_left_is_swept_when_the_lake_opens(desk: Desk) -> None:
    desk.bring("pools", POOL)
    kept = desk.lake.path(desk.lake.batches()[0])
    (desk.root / "lake/aside/1-x").mkdir(parents=True)
    for orphan in ("lake/aside/1-x/pools.parquet", "lake/pools/0-0.parquet", "lake/rejects/pools/0-0.parquet"):
        desk.write(orphan, b"left")
    desk.lake.close()
    desk.lake = Lake(desk.root / "lake")
    assert list((desk.root / "lake").glob("**/*.parquet")) == [kept]


def test_nothing_is_swept_while_another_process_writes(desk: Desk) -> None:
    with desk.lake.scratch() as folder:
        (folder / "half.parquet").write_bytes(b"half")
        Lake(desk.root / "lake").close()
        assert (folder / "half.parquet").exists()
    assert not folder.exists()


def test_the_tables_of_one_file_are_entered_together_or_not_at_all(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("p.csv", "pool,gpus,live_date,month,allocated_gpu_hours\nn,8,2026-01-01,2026-08-01,100")
    moved: list[Path] = []

    def fail_at_the_second(source: Path, target: Path) -> None:
        moved.append(target)
        if len(moved) > 1:
            message = "disk full"
            raise OSError(message)
        target.parent.mkdir(parents=True, exist_ok=True)
        source.replace(target)

    monkeypatch.setattr(batches, "move", fail_at_the_second)
    with pytest.raises(OSError, match="disk full"):
        desk.ingest(Input("pools_file", files=("p.csv",)))
    assert desk.lake.batches() == ()
    monkeypatch.undo()
    assert [batch.table for batch in desk.ingest(Input("pools_file", files=("p.csv",))).added] == [
        "pool_usage",
        "capacity",
    ]


def test_the_digests_of_a_window_are_of_the_batches_that_touch_it(desk: Desk) -> None:
    for day in (1, 2):
        desk.bring(
            "pool_usage",
            f"pool,start_at,end_at,gpus,allocated_gpu_hours\nn,2026-08-0{day},2026-08-0{day + 1},8,1",
            known=date(2026, 8, 2 + day),
        )
    desk.bring("sales", "account,product,month,net_revenue,currency\na,p,2026-08-01,1,RMB", known=date(2026, 9, 1))
    one, two = (batch.digest for batch in desk.lake.batches("pool_usage"))
    (sold,) = (batch.digest for batch in desk.lake.batches("sales"))
    # A stretch that began before the window reaches into it; a month is touched by each of its days.
    assert desk.lake.digests(["pool_usage"], date(2026, 8, 2), date(2026, 8, 2)) == tuple(sorted((one, two)))
    assert desk.lake.digests(["pool_usage"], None, date(2026, 8, 1)) == (one,)
    assert desk.lake.digests(["pool_usage"], None, None, date(2026, 8, 3)) == (one,)
    assert desk.lake.digests(["sales"], date(2026, 8, 20), date(2026, 8, 25)) == (sold,)
    assert desk.lake.digests(["sales"], date(2026, 9, 1), date(2026, 9, 2)) == ()


def test_a_day_bears_its_batch_its_knowledge_and_its_counts(desk: Desk) -> None:
    desk.bring(
        "pool_usage",
        """
        pool,start_at,end_at,gpus,allocated_gpu_hours
        n,2026-08-01 01:00,2026-08-01 02:00,8,1
        n,2026-08-01 03:00,2026-08-01 04:00,8,1
        n,2026-08-02 03:00,2026-08-02 04:00,x,1
        """,
        known=date(2026, 8, 5),
    )
    (batch,) = desk.lake.batches()
    assert desk.lake.days("pool_usage") == [
        (
            date(2026, 8, 1), date(2026, 8, 5), batch.digest, 2, 0, batch.name, datetime(2026, 8, 1, 1),
            datetime(2026, 8, 1, 3), 0,
        ),
        (date(2026, 8, 2), date(2026, 8, 5), batch.digest, 0, 1, batch.name, None, None, 0),
    ]  # fmt: skip
    assert (batch.first_day, batch.last_day, batch.known_status) == (date(2026, 8, 1), date(2026, 8, 2), "reported")


def test_a_batch_lies_as_plain_parquet_with_its_line(desk: Desk, engine: Engine) -> None:
    desk.bring("pools", POOL, known=date(2026, 2, 1))
    path = desk.lake.path(desk.lake.batches()[0])
    assert engine.rows(f"select * from read_parquet('{path}')") == [
        ("n", "north", "H20", date(2026, 1, 1), None, date(2026, 1, 1), date(2026, 2, 1), path.stem, 2)
    ]


EARLIER = """
create table batches (
    seq integer primary key autoincrement,
    tbl text not null, digest text not null, mapping text not null,
    source text not null, note text not null, file text not null,
    rows integer not null, rejected integer not null, duplicates integer not null,
    first_day text, last_day text,
    ingested_at text not null, known_status text not null, known_at text,
    retired_at text,
    unique (tbl, digest, mapping)
);
create table days (
    seq integer not null references batches (seq),
    day text not null, known text not null,
    rows integer not null, rejected integer not null,
    first_at text, last_at text
);
create index days_of_batch on days (seq);
"""
"""The manifest of a hardgate that did not note what a file said when."""


def test_a_manifest_of_before_is_brought_up_to_date_and_knows_what_each_file_said(desk: Desk) -> None:
    desk.bring("pools", POOL, known=date(2026, 2, 1), name="p.csv")
    before = (desk.lake.batches(), desk.lake.days("pools"))
    told = "seq, tbl, digest, mapping, source, note, file, rows, rejected, duplicates, first_day, last_day"
    told += ", ingested_at, known_status, known_at, retired_at"
    path = desk.root / "lake/manifest.sqlite"
    with closing(sqlite3.connect(path)) as db:
        batch = db.execute(f"select {told} from batches").fetchall()
        days = db.execute("select seq, day, known, rows, rejected, first_at, last_at from days").fetchall()
        db.executescript("drop table statements; drop table days; drop table batches;" + EARLIER)
        db.executemany(f"insert into batches ({told}) values ({', '.join('?' * 16)})", batch)
        db.executemany("insert into days values (?, ?, ?, ?, ?, ?, ?)", days)
        db.commit()
    for _ in range(2):
        desk.lake.close()
        desk.lake = Lake(desk.root / "lake")
        assert (desk.lake.batches(), desk.lake.days("pools")) == before
        assert desk.lake.statements("p.csv") == before[0]
    assert desk.bring("pools", POOL, name="p.csv").known == ("p.csv",)
    # A second saying of the same bytes has room now.
    desk.bring("pools", POOL.replace("north", "south"), name="p.csv")
    desk.bring("pools", POOL, name="p.csv")
    assert [batch.nth for batch in desk.lake.batches("pools")] == [0, 0, 1]


def test_a_manifest_that_is_none_is_a_fault_that_names_it(tmp_path: Path) -> None:
    (tmp_path / "manifest.sqlite").write_bytes(b"no database, " * 100)
    with pytest.raises(
        Fault, match=r"manifest.sqlite: cannot be opened as the lake's manifest: file is not a database"
    ):
        Lake(tmp_path)


def test_many_may_open_a_new_lake_at_once(tmp_path: Path) -> None:
    script = """
import sys
from pathlib import Path
from hardgate.lake.batches import Lake
sys.stdout.write("ready\\n")
sys.stdout.flush()
sys.stdin.readline()
for at in range(20):
    Lake(Path(sys.argv[1]) / str(at)).close()
"""
    command = [sys.executable, "-c", script, str(tmp_path)]
    openers = [subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    for process in openers:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in openers:
        process.communicate("go\n")
    assert [process.returncode for process in openers] == [0, 0, 0]
    assert len(list(tmp_path.glob("*/manifest.sqlite"))) == 20
