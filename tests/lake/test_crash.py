"""Killed with SIGKILL at any moment, an ingest loses nothing and doubles nothing; three at once are one.

A child process ingests files of several tables into a fresh lake and is killed after a random part of the time that a
whole run takes. What it left must be whole: every batch that the manifest names is there with its rows, all tables of a
file or none, nothing else lies around, and going on gives exactly what an undisturbed run gives.
"""

import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import ingest
from tests.lake.killed import CLOCK, INPUTS

ALL = 12
"""Batches of a whole run: five tables of two pools files, and two of samples."""
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with four files, one of them with a bad row."""
    made = tmp_path_factory.mktemp("crash")
    (made / "pools").mkdir()
    (made / "samples").mkdir()
    head = "pool,gpus,live_date,month,allocated_gpu_hours,cost,revenue,region,accelerator,currency"
    for pool in "ab":
        lines = [f"{pool},{100 + month},2025-12-01,2026-0{month},{month}000,5,9,north,H20,RMB" for month in range(1, 9)]
        (made / "pools" / f"{pool}.csv").write_text(
            "\n".join([head, *lines, f"{pool},x,2025-12-01,2026-09,1,1,1,n,H,R"])
        )
    for at in range(2):
        rows = [
            f"2026-08-01T{hour:02d}:{minute:02d}:00Z,GPU-{at}-{device},1002,0.5,{'pod' if device % 2 else ''}"
            for device in range(40)
            for hour in range(24)
            for minute in range(0, 60, 10)
        ]
        (made / "samples" / f"{at}.csv").write_text("\n".join(["time,UUID,field_id,value,pod", *rows]))
    return made


@pytest.fixture(scope="module")
def whole(folder: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what an undisturbed run gives."""
    with connect(threads=2) as engine, Lake(folder / "whole") as lake:
        ingest(lake, engine, INPUTS, root=folder, clock=CLOCK)
        return contents(lake, engine)


def contents(lake: Lake, engine: Engine) -> dict[str, list[tuple[Any, ...]]]:
    """Return everything that a lake says, and what it counts."""
    found: dict[str, list[tuple[Any, ...]]] = {}
    for table in lake.tables():
        relation(lake, engine, table)
        found[table] = engine.rows(f"select * from {table} order by all")
        found[f"{table} days"] = sorted(tuple(day) for day in lake.days(table))
    return found


@contextmanager
def child(folder: Path, name: str) -> Iterator["subprocess.Popen[str]"]:
    """Start a process that ingests as soon as it is told to."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.lake.killed", str(folder), name],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=REPOSITORY,
    )  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        yield process
        if process.poll() is None:
            process.kill()


def go(process: "subprocess.Popen[str]") -> None:
    """Tell a child to begin."""
    assert process.stdin is not None
    process.stdin.write("go\n")
    process.stdin.flush()


@pytest.fixture(scope="module")
def seconds(folder: Path) -> float:
    """Return how long a whole run takes a child."""
    with child(folder, "timed") as process:
        started = time.monotonic()
        go(process)
        assert process.stdout is not None
        assert process.stdout.readline() == "done\n"
        return time.monotonic() - started


def killed(folder: Path, name: str, after: float) -> bool:
    """Let a child ingest for some time and kill it; tell whether it was still at work."""
    with child(folder, name) as process:
        go(process)
        time.sleep(after)
        process.send_signal(signal.SIGKILL)
        return process.wait() == -signal.SIGKILL


def check_left(lake: Lake, engine: Engine) -> None:
    """Check that what the manifest names is there and whole, and that nothing else is."""
    batches = lake.batches()
    files = {lake.path(batch): batch.rows for batch in batches}
    files |= {lake.rejects(batch): batch.rejected for batch in batches if batch.rejected}
    files |= {lake.withdrawn(batch): batch.withdrawn for batch in batches if batch.withdrawn}
    assert set(lake.root.glob("**/*.parquet")) == set(files)
    for path, rows in files.items():
        assert engine.rows(f"select count(*) from read_parquet('{path}')") == [(rows,)]
    by_file: dict[str, set[str]] = {}
    for batch in batches:
        by_file.setdefault(batch.file, set()).add(batch.table)
    assert set(map(frozenset, by_file.values())) <= {
        frozenset({"pool_usage", "capacity", "pools", "general_ledger", "sales"}),
        frozenset({"accelerator_samples"}),
    }


def kill_at_moments(
    count: int, folder: Path, whole: dict[str, list[tuple[Any, ...]]], seconds: float, engine: Engine, seed: int
) -> list[int]:
    """Kill at random moments, check what is left, go on, and return how many batches each kill had left."""
    draw = random.Random(seed)  # noqa: S311  moments, not secrets
    left = []
    for at in range(count):
        name = f"killed-{seed}-{at}"
        # Each moment is drawn from its own part of the run, so that they lie all over it.
        at_work = killed(folder, name, seconds * (at + draw.uniform(0.0, 1.0)) / count)
        with Lake(folder / name) as lake:
            check_left(lake, engine)
            left.append(len(lake.batches()) if at_work else -1)
            ingest(lake, engine, INPUTS, root=folder, clock=CLOCK)
            assert contents(lake, engine) == whole
            check_left(lake, engine)
    return left


def test_an_ingest_killed_at_any_moment_loses_nothing_and_doubles_nothing(
    folder: Path, whole: dict[str, list[tuple[Any, ...]]], seconds: float, engine: Engine
) -> None:
    left = kill_at_moments(10, folder, whole, seconds, engine, seed=1)
    assert any(0 < batches < ALL for batches in left), f"no kill fell between two files: {left}"


@pytest.mark.slow
def test_fifty_moments(folder: Path, whole: dict[str, list[tuple[Any, ...]]], seconds: float, engine: Engine) -> None:
    left = kill_at_moments(50, folder, whole, seconds, engine, seed=2)
    assert any(0 < batches < ALL for batches in left), f"no kill fell between two files: {left}"


def test_three_processes_at_once_are_one(folder: Path, whole: dict[str, list[tuple[Any, ...]]], engine: Engine) -> None:
    with child(folder, "three") as one, child(folder, "three") as two, child(folder, "three") as three:
        for process in (one, two, three):
            go(process)
        assert [process.wait() for process in (one, two, three)] == [0, 0, 0]
    with Lake(folder / "three") as lake:
        check_left(lake, engine)
        assert contents(lake, engine) == whole


@pytest.fixture(scope="module")
def edited(folder: Path) -> Path:
    """Return a lake that knows all files, and of which two pools files were edited since: they are as they were now."""
    pools = sorted((folder / "pools").iterdir())
    kept = {path: path.read_text() for path in pools}
    with connect(threads=2) as engine, Lake(folder / "edited") as lake:
        ingest(lake, engine, INPUTS, root=folder, clock=CLOCK - timedelta(days=2))
        for path, text in kept.items():
            lines = text.replace("2000,5,9", "2222,5,9").splitlines()
            # In front stands the first month, which is the one that this loses.
            path.write_text("\n".join([lines[0], *lines[2:]]))
        ingest(lake, engine, INPUTS, root=folder, clock=CLOCK - timedelta(days=1))
    for path, text in kept.items():
        path.write_text(text)
    return folder / "edited"


@pytest.fixture(scope="module")
def undone(folder: Path, edited: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what an undisturbed run gives that finds the edits undone."""
    shutil.copytree(edited, folder / "undone")
    with connect(threads=2) as engine, Lake(folder / "undone") as lake:
        report = ingest(lake, engine, INPUTS, root=folder, clock=CLOCK)
        assert [batch.nth for batch in report.added] == [1] * 10
        return contents(lake, engine)


def test_edits_that_are_undone_come_in_whole_though_killed_at_any_moment(
    folder: Path, edited: Path, undone: dict[str, list[tuple[Any, ...]]], seconds: float, engine: Engine
) -> None:
    draw = random.Random(3)  # noqa: S311  moments, not secrets
    left = []
    for at in range(4):
        name = f"undone-{at}"
        shutil.copytree(edited, folder / name)
        at_work = killed(folder, name, seconds * (at + draw.uniform(0.0, 1.0)) / 4)
        with Lake(folder / name) as lake:
            check_left(lake, engine)
            left.append(at_work)
            ingest(lake, engine, INPUTS, root=folder, clock=CLOCK)
            assert contents(lake, engine) == undone
            check_left(lake, engine)
    assert any(left), "no kill fell before the end"


def test_three_processes_that_find_an_edit_undone_are_one(
    folder: Path, edited: Path, undone: dict[str, list[tuple[Any, ...]]], engine: Engine
) -> None:
    shutil.copytree(edited, folder / "undone-three")
    with (
        child(folder, "undone-three") as one, child(folder, "undone-three") as two, child(folder, "undone-three") as three,
    ):  # fmt: skip
        for process in (one, two, three):
            go(process)
        assert [process.wait() for process in (one, two, three)] == [0, 0, 0]
    with Lake(folder / "undone-three") as lake:
        check_left(lake, engine)
        assert contents(lake, engine) == undone
