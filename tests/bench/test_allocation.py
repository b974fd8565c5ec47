"""Allocation's benchmark at a tiny size: the peers agree, who is not there or does not end is said, the result is kept."""

import json
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bench import allocation
from bench.allocation_peers import PEERS, instance, tenants

KEPT: dict[str, Any] = json.loads((Path(__file__).parents[1] / "against" / "allocation_peers.json").read_text("utf-8"))
TINY = instance(KEPT["workloads"], KEPT["pools"])
OURS = {"money an hour": "hardgate", "least share of 40 tenants": "hardgate, fair to 40 tenants"}


def result(folder: Path) -> dict[str, Any]:
    (path,) = folder.glob("allocation-*.json")
    body: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return body


@pytest.mark.parametrize("peer", [name for name in KEPT["found"] if PEERS[name].of in OURS])
def test_the_peers_agree_on_the_objective_of_a_tiny_instance(peer: str) -> None:
    ours, theirs = PEERS[OURS[PEERS[peer].of]].call(*TINY), KEPT["found"][peer]
    assert ours["objective"] == pytest.approx(theirs["objective"], rel=1e-7)


def test_the_peers_that_are_installed_say_what_was_kept_of_them() -> None:
    there = [name for name in KEPT["found"] if find_spec(PEERS[name].needs)]
    assert "HiGHS" in there
    for name in there:
        assert PEERS[name].call(*TINY)["objective"] == pytest.approx(KEPT["found"][name]["objective"], rel=1e-6), name


def test_the_plan_of_the_instance_is_that_of_scipy() -> None:
    """The instance as a dense linear programme."""
    from scipy.optimize import linprog

    value, demand, capacity = TINY
    rows, columns = np.nonzero(~np.isnan(value))
    limits = np.zeros((66, len(rows)))
    limits[rows, np.arange(len(rows))] = 1.0
    limits[60 + columns, np.arange(len(rows))] = 1.0
    found = linprog(-value[rows, columns], A_ub=limits, b_ub=np.concatenate([demand, capacity]))
    ours = PEERS["hardgate"].call(*TINY)
    assert ours["objective"] == pytest.approx(-found.fun, rel=1e-9)
    assert ours["prices"] <= ours["objective"]


def test_the_equal_shares_of_all_tenants_are_what_there_is() -> None:
    speed, wanted, equal = tenants(*TINY)
    assert wanted.sum() == TINY[1].sum()
    assert equal[0] == pytest.approx(sum(speed[0] * TINY[2]) * wanted[0] / wanted.sum())


def test_both_ways_of_hardgate_earn_the_same_and_the_result_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--workloads", "300", "--pools", "12", "--repeat", "1", "--results", str(tmp_path)]
    assert allocation.main([*told, "--only", "hardgate", "hardgate, prices only"]) == 0
    both, prices = result(tmp_path)["measured"]
    assert (both["peer"], prices["peer"]) == ("hardgate", "hardgate, prices only")
    assert both["objective"] == pytest.approx(prices["objective"], rel=1e-9)
    assert 0 < both["cpu"] < 60
    assert f"{both['objective']:,.3f}" in capsys.readouterr().out


def test_who_does_not_end_within_the_limit_of_cpu_is_said_and_not_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(allocation, "COMMAND", (sys.executable, "-c", "while True: pass"))
    told = ["--workloads", "300", "--repeat", "3", "--limit", "1", "--only", "hardgate", "--results", str(tmp_path)]
    assert allocation.main(told) == 0
    (one,) = result(tmp_path)["measured"]
    assert (one["cpu"], one["note"]) == (None, "did not end in 1 s of CPU")


def test_who_is_not_installed_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(allocation, "find_spec", {}.get)
    told = ["--workloads", "300", "--only", "cvxpy", "ortools", "--results", str(tmp_path)]
    assert allocation.main(told) == 0
    notes = [one["note"] for one in result(tmp_path)["measured"]]
    assert notes == ["cvxpy is not installed", "ortools is not installed"]


def test_another_answer_is_no_result() -> None:
    ours = {"peer": "hardgate", "workloads": 60, "cpu": 1.0, "objective": 100.0}
    theirs = {**ours, "peer": "cvxpy", "objective": 100.001}
    assert list(allocation.different([ours, theirs])) == ["cvxpy gives 100.001000, hardgate 100.000000"]
    assert list(allocation.different([ours, {**theirs, "objective": 100.00001}])) == []


def test_a_ratio_over_a_peer_that_did_not_end_is_a_bound_and_the_largest_that_did_stands_beside_it() -> None:
    rows = [("hardgate", 10_000, 0.2, ""), ("cvxpy", 10_000, None, "did not end in 300 s of CPU"),
            ("hardgate", 1_000, 0.1, ""), ("cvxpy", 1_000, 2.0, "")]  # fmt: skip
    kept = [{"peer": p, "workloads": size, "cpu": cpu, "note": note} for p, size, cpu, note in rows]
    measured = {one.aim: one.measured for one in allocation.aims(kept, 300)}
    assert measured == {
        "allocation of 10,000 workloads, both sides of every price": 0.2,
        "allocation of 1,000 workloads over cvxpy, CPU": 0.05,
        "allocation of 10,000 workloads over cvxpy, CPU": pytest.approx(0.2 / 300),
    }
