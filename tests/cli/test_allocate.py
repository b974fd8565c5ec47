"""`hardgate allocate` where nobody asks, and with a trace of one's own."""

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Operator


def test_without_requests_it_says_what_to_bring_and_writes_nothing(made: Operator, tmp_path: Path) -> None:
    done = made.do("allocate", "--kueue", tmp_path / "changes")
    assert (done.code, done.out) == (4, "")
    assert done.err == "allocation: no request; bring workload_requests, and capacity for what is live\n"
    assert not (tmp_path / "changes").exists()


TRACE = """\
arrival,seconds,gpus,pool,tenant,worth,promised,priority
0,7140,2,a,batch,1,false,0
60,7140,2,a,chat,3,true,1
"""


@pytest.fixture(name="trace")
def _trace(tmp_path: Path) -> Path:
    path = tmp_path / "jobs.csv"
    path.write_text(TRACE)
    return path


def test_a_trace_in_a_file_is_replayed_under_every_policy(made: Operator, trace: Path) -> None:
    """2 GPUs: chat comes a minute after batch, was promised and pays three times as much; 10 minutes undo the minute."""
    done = made.do("allocate", "--replay", trace, "--pool", "a=2", "--json")
    body = json.loads(done.out)
    assert (done.code, body["schema"]) == (0, "hardgate.allocation_replay/1")
    found = {one["policy"]: one for one in body["policies"]}
    assert list(found) == ["plan", "first come", "largest first", "priority"]
    assert (found["plan"]["durable_revenue"], found["plan"]["missed"], found["plan"]["preemptions"]) == (11.9, 0, 1)
    assert (found["first come"]["durable_revenue"], found["first come"]["missed"]) == (4.067, 1)
    lines = made.do("allocate", "--replay", trace, "--pool", "a=2").lines()
    assert lines[1] == (
        "Over jobs.csv the plan serves USD 11.90 of durable revenue, 192.6 % more than first come, with 0 of 1 promises"
        " missed against 1 and 1 preemptions."
    )
    assert any("plan: served 4.0 + left 3.9 = 7.9; first come: served 4.0 + left 3.9 = 7.9" in line for line in lines)


def test_a_bad_row_of_a_trace_is_told_and_does_not_hide_the_next(made: Operator, trace: Path) -> None:
    trace.write_text(TRACE + "120,60,-2,a,chat,3,true,1\n180,60,1,b2,chat,x,true,1\n")
    done = made.do("allocate", "--replay", trace, "--pool", "a=2")
    assert (done.code, done.out) == (4, "")
    assert done.err.splitlines() == [
        f"hardgate: {trace}:4: gpus: found '-2', expected at least a thousandth of a GPU",
        f"{trace}:5: pool: found 'b2', expected a pool (expected one of: a), or name one with --pool NAME=GPUS",
        f"{trace}:5: worth: found 'x', expected a number",
        "nothing was replayed: correct these rows",
    ]


def test_without_a_record_a_replay_says_what_to_bring(made: Operator) -> None:
    done = made.do("allocate", "--replay")
    assert (done.code, done.out) == (4, "")
    assert done.err == (
        "allocation.replay: no pool or no request: bring workload_allocations, workload_requests and capacity\n"
    )


def test_pools_without_a_file_to_replay_are_a_mistake(made: Operator) -> None:
    assert made.do("allocate", "--pool", "a=2").code == 2
    done = made.do("allocate", "--replay", "--pool", "a=2")
    assert (done.code, done.err) == (2, "hardgate: --pool names the pools of a trace: name its file after --replay\n")
