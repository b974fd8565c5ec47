"""The benchmark at a tiny size: it runs, its figures are sane, and a wrong answer is no result."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from bench import contests, results
from bench.__main__ import compare, main
from bench.measure import Contestant, Failed, Run, in_turn, spread
from bench.operator import Size, make_files
from bench.results import Aim, Measured
from bench.works import equal
from hardgate.engine.connect import connect

ROWS = 30_000


@pytest.fixture(scope="module")
def body(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Results of one run of the rollup's contest."""
    folder = tmp_path_factory.mktemp("bench")
    told = ["--rows", str(ROWS), "--repeat", "1", "--only", "rollup", "--work-in", str(folder / "w")]
    assert main([*told, "--results", str(folder / "results")]) == 0
    assert not list((folder / "w").iterdir())
    (path,) = (folder / "results").glob("*.json")
    return results.read(path)


def test_everybody_works_on_the_same_rows_and_takes_time(body: dict[str, Any]) -> None:
    measured = {one["contestant"]: one for one in body["measured"]}
    assert list(measured) == ["read and hash", "polars", "hardgate, telemetry", "hardgate, every rollup"]
    rows = Size.of(ROWS).rows
    assert {one["rows"] for one in measured.values()} == {rows}
    assert measured["read and hash"]["facts"]["rows"] == rows
    assert measured["hardgate, telemetry"]["facts"]["days"] == 3
    for one in measured.values():
        assert 0 < one["wall"]["min"] <= one["wall"]["median"] <= one["wall"]["max"] < 60
        assert 0 < one["cpu"]["median"] < 60
        assert 20 < one["peak_mb"]["median"] < 2000


def test_the_machine_and_the_versions_are_named(body: dict[str, Any]) -> None:
    assert body["machine"]["cores"] >= 1
    assert set(body["versions"]) == {"python", "duckdb", "polars", "numpy", "commit"}
    assert date.fromisoformat(body["date"]).year >= 2026
    assert body["repeats"] == 1


def test_aims_are_judged_by_what_was_measured(body: dict[str, Any]) -> None:
    aims = {one["aim"].partition(",")[0]: one for one in body["aims"]}
    cpu = {one["contestant"]: one["cpu"]["median"] for one in body["measured"]}
    floor = aims["telemetry rollup over the floor"]
    assert floor["measured"] == pytest.approx(cpu["hardgate, telemetry"] / cpu["read and hash"])
    assert floor["met"] == (floor["measured"] <= 3)


@pytest.mark.parametrize(("theirs", "different"), [("(1, 2.5), (1, 3)", 0), ("(1, 2.5), (1, 4)", 2), ("(1, 3)", 1)])
def test_another_answer_than_ours_is_no_result(tmp_path: Path, theirs: str, different: int) -> None:
    with connect() as engine:
        for name in ("pool_hour", "telemetry_day"):
            folder = tmp_path / ".hardgate" / "rollups" / name
            folder.mkdir(parents=True)
            engine.save("select 9 as more, * from (values (1, 3), (1, 2.5)) as t(a, b)", folder / "2026-03.parquet")
            engine.save(f"select * from (values {theirs}) as t(a, b)", tmp_path / f"{name}.parquet")
    found = equal(str(tmp_path), str(tmp_path))()
    assert found["pool_hour_different"] == found["telemetry_day_different"] == different
    if different:
        with pytest.raises(Failed, match="polars and hardgate differ"):
            contests.refuse_wrong(found)
    else:
        contests.refuse_wrong(found)


def test_contestants_run_in_turn_and_an_unexpected_code_stops_them() -> None:
    told: list[str] = []
    sleepy = Contestant("true", command=("python3", "-c", "print('warm')"))
    runs = in_turn([sleepy, Contestant("pass", command=("python3", "-c", "pass"))], 2, told.append)
    assert [line.split()[1].rstrip(":") for line in told] == ["true", "pass", "true", "pass"]
    assert all(run.wall > 0 and run.peak_mb > 1 for one in runs.values() for run in one)
    with pytest.raises(Failed, match="ended with 7"):
        Contestant("seven", command=("python3", "-c", "raise SystemExit(7)")).run()


def test_a_peer_that_wants_more_memory_than_it_may_have_did_not_end_and_is_not_asked_again() -> None:
    told: list[str] = []
    greedy = Contestant("greedy", command=("python3", "-c", "import os; os.abort()"), memory=2**30)
    runs = in_turn([greedy, Contestant("pass", command=("python3", "-c", "pass"))], 2, told.append)
    assert [len(one) for one in runs.values()] == [1, 2]
    assert told[0] == "  greedy did not end: more memory than 1.0 GB (code -6)"
    with pytest.raises(Failed, match="ended with 7"):
        Contestant("wrong", command=("python3", "-c", "raise SystemExit(7)"), memory=2**30).run()
    with pytest.raises(Failed, match="ended with -6"):
        Contestant("without a limit", command=greedy.command).run()


def test_a_work_may_have_so_much_memory_and_no_more(tmp_path: Path) -> None:
    """The limit is set in the work's own process: a hundred megabytes do not hold numbers for a million customers."""
    found = Contestant("payback", "bgnbd", {"cities": 500}, memory=100 * 2**20).run()
    assert found.did_not_end.startswith("more memory than 0.1 GB")


def test_the_new_day_lies_in_a_file_of_its_own(tmp_path: Path) -> None:
    size = make_files(tmp_path, ROWS)
    assert size == Size(devices=8, days=3)
    with connect() as engine:
        for folder, rows, days in (("telemetry", size.rows, 3), ("new-day", size.day_rows, 1)):
            found = engine.rows(
                f"""select count(*), count(distinct cast("time" as date)), min(cast("time" as date)) from """
                f"read_parquet('{tmp_path / folder}/*.parquet')"
            )
            assert found == [(rows, days, date(2026, 3, 9) if days > 1 else size.new_day)]


def test_two_results_are_compared_by_their_medians(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = {"date": "2026-11-22", "machine": {"cpu": "x", "cores": 2}, "versions": {"commit": "abc"}}
    for name, times in (("a", [1.0, 2.0, 9.0]), ("b", [1.0, 1.0, 1.0])):
        runs = [Run(wall, 2 * wall, 100) for wall in times]
        aim = Aim("wall", 1.5, spread(times)["median"], "s")
        results.write(tmp_path / f"{name}.json", head, [Measured.of("rollup", "polars", 10, runs)], [aim])
    assert [one["met"] for one in json.loads((tmp_path / "a.json").read_text())["aims"]] == [False]
    assert compare([str(tmp_path / "a.json"), str(tmp_path / "b.json")]) == 0
    assert capsys.readouterr().out.splitlines()[-1].split() == ["rollup", "polars", "10", "0.50", "0.50", "1.00"]


def test_results_of_something_else_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text("{}")
    with pytest.raises(ValueError, match=r"hardgate.bench/1, found None"):
        results.read(tmp_path / "a.json")
