"""The policy replayed: over the record with what the workspace declares, and over a trace in a file."""

from dataclasses import replace
from pathlib import Path

import pytest

from hardgate.allocation.recorded import LASTS, MOMENT, PROMISED, recorded
from hardgate.allocation.replay import build
from hardgate.allocation.trace_file import given_pools, trace_of
from hardgate.core.errors import BadInput, Misconfigured
from hardgate.core.terms import Rows
from hardgate.engine import connect
from tests.allocation.test_area import EVIDENCE
from tests.allocation.world import RUNS
from tests.evidence import Tables, table

HOUR, DAY = 3600.0, 86_400.0
HEAD = "arrival,seconds,gpus,pool,tenant,worth,promised,priority"


def with_runs(text: str) -> Tables:
    return replace(EVIDENCE, tables={**EVIDENCE.tables, "workload_run": table(text)})


def test_a_workload_is_worth_what_its_tenant_declares_where_it_ran() -> None:
    """t2's requests on H20: 60 GPUs at 3 and 80 at USD 2 (RMB 14.4); the second lasts .3 + .7 (12 + 24 x .8)/36."""
    found = recorded(EVIDENCE)
    assert not isinstance(found, str)
    j1, j2, w1, j3, j4 = found.jobs
    assert found.pools == (("a", 100.0), ("b", 50.0), ("c", 30.0))
    assert (j1.arrival, j1.seconds, j1.gpus, j1.worth, j1.lasting) == (0.0, 3 * DAY, 60.0, 10.0, 1.0)
    assert j2.worth == pytest.approx((60 * 3 + 80 * 14.4) / 140)
    assert j2.lasting == pytest.approx((180 * 0.3 + 1152 * (0.3 + 0.7 * (12 + 24 * 0.8) / 36)) / 1332, abs=1e-6)
    assert (w1.seconds, w1.promised, w1.priority) == (6 * DAY, True, PROMISED)  # still runs: to the end of the week
    assert (j1.promised, j1.priority, j4.priority) == (False, LASTS, MOMENT)  # 60 are more than the 16 promised
    assert (j3.seconds, j3.patience) == (HOUR, DAY)  # never started: as long as j4, which has as many GPUs
    assert found.said == (
        "1 workloads never started: taken to need 30 GPU-hours, the median of those that ran",
        "left out: 1 workloads of no pool with capacity",
    )


def test_who_ran_before_the_week_is_in_it_with_what_was_left() -> None:
    first = "2026-08-31 j1 t1 north H20 a 60 1788134400 1788134400 1788393600"
    found = recorded(with_runs(RUNS.replace(first, first.replace("1788134400 1788134400", "1787000000 1787000000"))))
    assert not isinstance(found, str)
    assert (found.jobs[0].arrival, found.jobs[0].seconds) == (0.0, 3 * DAY)


def test_a_tenant_without_a_request_makes_the_replay_unknown_and_is_named() -> None:
    built = build(with_runs(RUNS.replace("t2     north", "t9     north")))
    assert built.missing == (
        "what a GPU-hour of t9 is worth is not declared: bring workload_requests of every tenant that runs"
    )


def test_without_a_record_it_says_what_to_bring() -> None:
    built = build(replace(EVIDENCE, tables={**EVIDENCE.tables, "workload_run": Rows()}))
    assert built.missing == (
        "no workload that ran from 2026-08-31 to 2026-09-06: bring workload_allocations, workload_requests and capacity"
    )


def test_two_of_equal_size_in_a_full_pool_are_served_by_worth_and_every_line_closes() -> None:
    """100 GPUs for the last day of the week: t2's worth 9.514 x .8247 = 7.846 came first, t1's worth 10 came after.

    First come serves t2's 100 for 24 hours and leaves t1's. The plan gives t1 the 23 hours that are left when it comes.
    """
    day = 1788652800
    text = f"""
        day         workload tenant region accelerator pool gpus queued_s start_s end_s
        2026-09-06  x2       t2     north  H20         a    100  {day} {day} -
        2026-09-06  x1       t1     north  H20         a    100  {day + 3600} {day + 3600} -
    """
    built = build(with_runs(text))
    rows = {row[0]: row for row in built.rows}
    assert rows["first come"][1] == pytest.approx(2400 * 7.846274, abs=1)
    assert rows["first come"][2] == pytest.approx(2400 * 9.514286, abs=1)
    assert rows["plan"][1] == pytest.approx(2300 * 10 + 100 * 5 / 6 * 7.846274, abs=1)  # 10 minutes are undone
    assert [row[6:8] for row in built.rows][:2] == [(2383.3, 2316.7), (2400.0, 2300.0)]
    assert "plan: served 2,383.3 + left 2,316.7 = 4,700.0; first come: served 2,400.0 + left 2,300.0" in built.closing
    assert built.closes is True
    assert rows["plan"][4] == 1


def test_the_promised_are_those_that_a_tenant_asked_for_first() -> None:
    """16 of t1 are promised in pool a: two of 8, and not the third; nor one of 16 while they run, but one after."""
    day = 1788652800
    rows = [(8, 0, 9), (8, 1, 9), (8, 2, 9), (16, 3, 9), (16, 9, 10)]
    text = "day workload tenant region accelerator pool gpus queued_s start_s end_s\n" + "\n".join(
        f"2026-09-06 x{at} t1 north H20 a {gpus} {day + 3600 * start} {day + 3600 * start} {day + 3600 * end}"
        for at, (gpus, start, end) in enumerate(rows)
    )
    found = recorded(with_runs(text))
    assert not isinstance(found, str)
    assert [one.promised for one in found.jobs] == [True, True, False, False, True]


def read(tmp_path: Path, text: str, *pools: str, name: str = "jobs.csv"):  # type: ignore[no-untyped-def]  # noqa: ANN201
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with connect() as engine:
        return trace_of(engine, path, tmp_path, given_pools(pools))


def test_a_file_is_read_by_its_heads_and_times_are_as_good_as_seconds(tmp_path: Path) -> None:
    seconds = read(tmp_path, f"{HEAD}\n0,60,2,a,t,1,no,0\n3600,60,0.5,,u,2.5,yes,3\n", "a=4", "b=2")
    times = f"{HEAD.upper()}\n2026-01-01T00:00:00Z,60,2,a,t,1,no,0\n2026-01-01T02:00:00+01:00,60,0.5,,u,2.5,yes,3\n"
    dated = read(tmp_path, times, "a=4", "b=2")
    assert [one[1:] for one in seconds.jobs] == [one[1:] for one in dated.jobs]
    assert dated.jobs[1].arrival - dated.jobs[0].arrival == 3600
    assert seconds.jobs[1] == (3600.0, 60.0, 0.5, (0, 1), "u", 2.5, 1.0, True, 3, None)
    assert seconds.pools == (("a", 4.0), ("b", 2.0))
    assert seconds.said == ("jobs.csv has no column durability, patience: see what that means in docs/allocation.md",)


def test_every_mistake_of_a_file_is_told_at_once_with_line_and_column(tmp_path: Path) -> None:
    text = f"{HEAD}\n0,60,2,a,t,1,no,0\n5,-3,2,a,t,1,maybe,0\n2026-01-01,3,0,h2O,,-3,,1.5\n1,2\n"
    with pytest.raises(BadInput) as caught:
        read(tmp_path, text, "h20=4", "a=1")
    told = str(caught.value).replace(f"{tmp_path}/", "").splitlines()
    assert told == [
        "jobs.csv:3: promised: found 'maybe', expected true or false",
        "jobs.csv:3: seconds: found '-3', expected 0 seconds or more",
        "jobs.csv:4: arrival: found '2026-01-01', expected seconds as in the rows before it",
        "jobs.csv:4: gpus: found '0', expected at least a thousandth of a GPU",
        "jobs.csv:4: pool: found 'h2O', expected a pool (did you mean 'h20'?), or name one with --pool NAME=GPUS",
        "jobs.csv:4: priority: found '1.5', expected a whole number",
        "jobs.csv:4: promised: found nothing, expected true or false",
        "jobs.csv:4: tenant: found nothing, expected text",
        "jobs.csv:4: worth: found '-3', expected 0 or more",
        "jobs.csv:5: 2 columns, expected 8: '1,2'",
        "nothing was replayed: correct these rows",
    ]


def test_a_file_without_a_column_or_a_row_or_a_pool_says_so(tmp_path: Path) -> None:
    with pytest.raises(
        BadInput, match=r"no column tenant \(who pays\); worth \(contribution of a GPU-hour\); found arr"
    ):
        read(tmp_path, "arrival,seconds,gpus\n1,2,3\n", "a=1")
    with pytest.raises(BadInput, match="no row; expected one workload a row"):
        read(tmp_path, HEAD + "\n", "a=1")
    with pytest.raises(BadInput, match="no pool to replay it in; bring capacity, or name each with --pool NAME=GPUS"):
        read(tmp_path, HEAD + "\n")
    with pytest.raises(BadInput, match="there is no such file"), connect() as engine:
        trace_of(engine, tmp_path / "none.csv", tmp_path, given_pools(["a=1"]))


@pytest.mark.parametrize("text", ["a", "a=", "=3", "a=0", "a=1.5", "a=-1"])
def test_a_pool_is_a_name_and_a_whole_number(text: str) -> None:
    with pytest.raises(Misconfigured, match="expected NAME=GPUS with a whole number"):
        given_pools([text])
    with pytest.raises(Misconfigured, match="each name once"):
        given_pools(["a=1", "a=2"])
