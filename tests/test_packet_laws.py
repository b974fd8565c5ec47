"""Laws 1, 5 and 6 on the whole way from files to the packet, on a small sample operator.

What is read is a year of the sample: eight pools, five tranches, telemetry of the last months. One workspace holds all
of it; variants are copies in which one file is another.
"""

import csv
import hashlib
import json
import random
import shutil
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from hardgate.sample import make
from tests.command import Done, here

LAST = "data/telemetry/dcgm-2026-08.parquet"
DROPPED = ("telemetry/dcgm-2026-0[34]*", "pods/pods-2024*", "pods/pods-2025Q[12]*", "bills/focus-202[45]*",
           "bills/focus-2026-0[1234]*")  # fmt: skip
EARLIER = date(2026, 7, 1)
"""On this day nothing was known of the files of July and later: telemetry and pods come a day after, bills three."""
LATER = (
    "telemetry/dcgm-2026-0[789]*", "pods/pods-2026Q3*", "bills/focus-2026-0[789]*", "quotes.csv", "experiments.csv",
    "exposures.csv",
)  # fmt: skip


def remove(folder: Path, *patterns: str) -> None:
    for pattern in patterns:
        for path in (folder / "data").glob(pattern):
            path.unlink()


def set_threads(folder: Path, count: int) -> None:
    path = folder / "hardgate.toml"
    lines = [line for line in path.read_text().splitlines() if not line.startswith("threads")]
    path.write_text("\n".join(lines).replace("[engine]", f"[engine]\nthreads = {count}") + "\n")


def files_of(folder: Path) -> list[str]:
    """Return the files in the order in which hardgate.toml names them."""
    import tomllib

    settings = tomllib.loads((folder / "hardgate.toml").read_text())
    return [str(path) for given in settings["inputs"] for glob in given["files"] for path in sorted(folder.glob(glob))]


def ingest(folder: Path, *args: str) -> Done:
    done = here("-C", folder, "ingest", *args)
    assert done.code == 0, done.err
    return done


def packet_text(folder: Path, *args: str) -> str:
    done = here("-C", folder, "review", "--json", "--dry-run", *args)
    assert done.code in {3, 4}, done.err
    return done.out


def packet_of(folder: Path, *args: str) -> dict[str, Any]:
    packet: dict[str, Any] = json.loads(packet_text(folder, *args))
    return packet


def verdict(packet: Mapping[str, Any], ask: str, gate: str) -> dict[str, Any]:
    asked = next(one for one in packet["asks"] if one["id"] == ask)
    found: dict[str, Any] = next(one for one in asked["verdicts"] if one["gate"] == gate)
    return found


def reading(packet: Mapping[str, Any], ask: str, gate: str, metric: str) -> dict[str, Any]:
    conditions = verdict(packet, ask, gate)["conditions"]
    found: dict[str, Any] = next(one["reading"] for one in conditions if one["reading"]["metric"] == metric)
    return found


@pytest.fixture(scope="module", name="files")
def _files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the operator, nothing ingested."""
    folder = tmp_path_factory.mktemp("laws") / "files"
    make(folder, scale=0.05)
    remove(folder, *DROPPED)
    set_threads(folder, 2)
    return folder


@pytest.fixture(scope="module", name="without_august")
def _without_august(files: Path) -> Path:
    """A workspace into which all but the telemetry of August was read."""
    folder = shutil.copytree(files, files.parent / "without_august")
    (folder / LAST).unlink()
    ingest(folder)
    return folder


@pytest.fixture(scope="module", name="whole")
def _whole(without_august: Path, files: Path) -> Path:
    """The whole operator, read with one thread."""
    return with_august(without_august, "whole", lambda path: shutil.copy(files / LAST, path))


def with_august(without_august: Path, name: str, write: Callable[[Path], object]) -> Path:
    """Return a workspace whose telemetry of August is what `write` writes."""
    folder = shutil.copytree(without_august, without_august.parent / name)
    write(folder / LAST)
    ingest(folder, str(folder / LAST))
    return folder


@pytest.fixture(scope="module", name="said")
def _said(whole: Path) -> str:
    return packet_text(whole)


def test_two_runs_give_the_same_bytes(whole: Path, said: str) -> None:
    assert packet_text(whole) == said


def test_rollups_made_again_with_one_thread_give_the_same_bytes(whole: Path, said: str) -> None:
    folder = shutil.copytree(whole, whole.parent / "alone", ignore=shutil.ignore_patterns("rollups", "data"))
    set_threads(folder, 1)
    assert packet_text(folder) == said


def test_files_in_another_order_and_with_eight_threads_give_the_same_bytes(files: Path, said: str) -> None:
    folder = shutil.copytree(files, files.parent / "shuffled")
    set_threads(folder, 8)
    shuffled = files_of(folder)
    random.Random(7).shuffle(shuffled)  # noqa: S311  any order will do
    ingest(folder, *shuffled)
    assert packet_text(folder) == said


def test_an_older_date_sees_what_was_known_then_and_nothing_else(files: Path, whole: Path) -> None:
    folder = shutil.copytree(files, files.parent / "earlier")
    remove(folder, *LATER)
    ingest(folder)
    then = packet_text(whole, "--as-of", str(EARLIER))
    assert then == packet_text(folder, "--as-of", str(EARLIER))
    assert json.loads(then)["as_of"] == "2026-07-01"
    seen = {one["file"] for one in json.loads(then)["evidence"]}
    assert seen == {str(path.relative_to(folder)) for path in (folder / "data").rglob("*.*")}


def test_a_file_that_is_there_twice_changes_nothing(whole: Path, said: str) -> None:
    folder = shutil.copytree(whole, whole.parent / "twice")
    shutil.copy(folder / LAST, folder / "data/telemetry/dcgm-2026-08-copy.parquet")
    assert f"{len(files_of(folder))} files were known already and add nothing" in ingest(folder).out
    assert packet_text(folder) == said


def test_a_lost_day_is_named_and_widens_the_reading(without_august: Path, files: Path, said: str) -> None:
    source = f"read_parquet('{files / LAST}')"
    kept = f"select * from {source} where not (cast(time as date) = date '2026-08-12' and Hostname like 'cnn-%')"
    folder = with_august(without_august, "lost", lambda path: duckdb.sql(f"copy ({kept}) to '{path}' (format parquet)"))
    place = ("cn-north-hall-4", "capacity.utilization", "productive_utilization")
    before, after = reading(json.loads(said), *place), reading(packet_of(folder), *place)
    assert after["gaps"] == ["cn-north-h20: no telemetry on 2026-08-12"]
    assert after["missing"] - before["missing"] == pytest.approx(1 / 56, abs=1e-4)
    assert after["low"] < before["low"] - 0.005
    assert after["high"] > before["high"] - 1e-9
    assert after["high"] - after["low"] > before["high"] - before["low"] + 0.005

    policy = folder / "policy.yaml"
    policy.write_text(policy.read_text().replace("{mode: block, owner: capacity, rung: productive,",
                                                 "{mode: block, owner: capacity, max_missing: 0, rung: productive,"))  # fmt: skip
    strict = verdict(packet_of(folder), "cn-north-hall-4", "capacity.utilization")
    assert strict["outcome"] == "unknown"
    assert "cn-north-h20: no telemetry on 2026-08-12" in strict["because"]


def test_a_row_is_explained_down_to_its_files(whole: Path, said: str) -> None:
    done = here("-C", whole, "explain", "utilization", "cn-north-hall-4")
    place = ("cn-north-hall-4", "capacity.utilization", "productive_utilization")
    seen, lines = reading(json.loads(said), *place), done.lines()
    assert done.code == 0
    assert f"numerator {seen['facts']['productive_gpu_hours']:,.0f} GPU-hours productive" in lines
    assert f"denominator {seen['facts']['available_gpu_hours']:,.0f} GPU-hours available" in lines
    bounds = f"[{100 * seen['low']:.1f}, {100 * seen['high']:.1f}]"
    assert f"interval {100 * seen['value']:.1f} % {bounds}" in lines
    assert any(line.startswith("sql select day, sum(productive_gpu_ms)") for line in lines)
    digest = hashlib.sha256((whole / LAST).read_bytes()).hexdigest()
    assert f"{digest} {LAST}" in lines
    assert any("productive_utilization policy.yaml line 6" in line for line in lines if line.startswith("limits "))
    assert any(line.startswith(f"flip flips at -{100 * (seen['low'] - 0.75):.1f} points") for line in lines)
    assert "who signs 1 x capacity, 1 x finance" in lines


def test_a_null_in_a_required_column_is_unknown_and_no_smaller_sum(whole: Path, said: str) -> None:
    folder = shutil.copytree(whole, whole.parent / "null")
    with (folder / "data/contracts.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    mine = next(row for row in rows if row["pledged_to"] == "cn-north-hall-4" and row["value"])
    mine["value"] = ""
    with (folder / "data/contracts.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    ingest(folder, str(folder / "data/contracts.csv"), "--known-at", "2026-09-01")
    before = verdict(json.loads(said), "cn-north-hall-4", "capacity.backlog")
    after = verdict(packet_of(folder), "cn-north-hall-4", "capacity.backlog")
    assert (before["outcome"], after["outcome"]) == ("pass", "unknown")
    assert "committed_amount is null on " in after["because"]
