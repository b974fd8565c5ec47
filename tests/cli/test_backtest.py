"""hardgate backtest as a user would run it, on an operator with a known past."""

import json
from datetime import datetime
from pathlib import Path

import pytest

from hardgate.review.workspace import Workspace
from hardgate.sample.history import make_history
from tests.command import here


@pytest.fixture(name="folder", scope="module")
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("history")
    make_history(folder)
    clock = datetime(2026, 11, 1)
    Workspace.open(folder).ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return folder


def test_it_says_who_was_right(folder: Path) -> None:
    done = here("-C", folder, "backtest")
    assert done.code == 0, done.err
    lines = done.lines()
    assert lines[0] == "Back-test as of 2026-09-01, asks reviewed every month from 2024-04-01 to 2026-09-01"
    said = "2 asks are past their decision date; 2 can be valued on what came: waiting was right in 1 and wrong in 1."
    assert said in lines
    assert any(line.startswith("fading-2 2024-09-01 fail capacity.trigger not built hold 17 0.0 64") for line in lines)
    assert any(
        line.startswith("rising-2 2024-09-01 fail capacity.trigger not built go on 2024-06-01") for line in lines
    )
    assert "backtest.thresholds" not in done.out


def test_json_holds_the_tables_and_every_review(folder: Path) -> None:
    done = here("-C", folder, "backtest", "--json", "--every", "1w", "--check")
    body = json.loads(done.out)
    assert (body["schema"], body["every"], body["looks_ahead"]) == ("hardgate.backtest/1", "1w", [])
    assert [one["name"] for one in body["tables"]] == ["backtest.asks", "backtest.rules", "backtest.forecasts"]
    assert {one["id"]: len(one["reviews"]) for one in body["asks"]} == {"fading-2": 23, "rising-2": 23}
    last = body["asks"][1]["reviews"][-1]
    assert (last["day"], last["gates"]["capacity.trigger"]) == ("2024-09-01", "fail")
    assert body["tables"][1]["closes"] is True


def test_one_gate_is_calibrated_by_the_beginning_of_its_name(folder: Path) -> None:
    done = here("-C", folder, "backtest", "--gate", "trigger")
    assert done.code == 0, done.err
    marked = [line for line in done.lines() if line.startswith("capacity.trigger demand_over_position")]
    assert marked[0].endswith("in force, cheapest")
    assert len(marked) > 5
    assert "rule of thumb" not in done.out
    assert "policy.yaml is not changed" in done.out


def test_without_a_past_ask_the_evidence_is_missing(folder: Path) -> None:
    done = here("-C", folder, "backtest", "--from", "2024-09-02")
    assert done.code == 4
    assert "bring capacity_plan of the past" in done.out


def test_a_name_that_no_gate_has_is_a_mistake(folder: Path) -> None:
    assert here("-C", folder, "backtest", "--gate", "capacity.tirgger").code == 2
