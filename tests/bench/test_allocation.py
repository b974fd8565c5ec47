"""Allocation's benchmark at a tiny size: the peers that are there plan the same instance, and the result is kept."""

import json
from pathlib import Path

import numpy as np
import pytest

from bench import allocation


def test_both_ways_of_hardgate_earn_the_same_and_the_result_is_kept(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = ["--workloads", "300", "--pools", "12", "--repeat", "1", "--results", str(tmp_path)]
    assert allocation.main([*told, "--only", "hardgate", "hardgate, prices only"]) == 0
    (path,) = tmp_path.glob("*-allocation.json")
    body = json.loads(path.read_text(encoding="utf-8"))
    both, prices = body["measured"]
    assert (both["peer"], prices["peer"]) == ("hardgate", "hardgate, prices only")
    assert both["objective"] == pytest.approx(prices["objective"], rel=1e-9)
    assert 0 < both["cpu"] < 60
    assert f"{both['objective']:,.3f}" in capsys.readouterr().out


def test_the_plan_of_the_instance_is_that_of_scipy() -> None:
    """The instance as a dense linear programme."""
    from scipy.optimize import linprog

    value, demand, capacity = allocation.instance(40, 6)
    rows, columns = np.nonzero(~np.isnan(value))
    limits = np.zeros((46, len(rows)))
    limits[rows, np.arange(len(rows))] = 1.0
    limits[40 + columns, np.arange(len(rows))] = 1.0
    found = linprog(-value[rows, columns], A_ub=limits, b_ub=np.concatenate([demand, capacity]))
    assert allocation.hardgate(value, demand, capacity) == pytest.approx(-found.fun, rel=1e-9)


def test_a_run_that_takes_too_long_is_said_and_not_counted(tmp_path: Path) -> None:
    told = ["--workloads", "300", "--repeat", "1", "--limit", "0", "--only", "hardgate", "--results", str(tmp_path)]
    assert allocation.main(told) == 0
    (path,) = tmp_path.glob("*-allocation.json")
    (one,) = json.loads(path.read_text(encoding="utf-8"))["measured"]
    assert (one["wall"], one["note"]) == (None, "did not end in 0 s of wall time")
