"""What the same bytes mean depends on what the file said last: nothing new, or that an edit was undone."""

from datetime import date, datetime

import pytest

from hardgate.lake.as_of import FOREVER
from hardgate.lake.ingest import Report
from hardgate.sources.source import Input
from tests.lake.conftest import Desk

CLOCKS = [datetime(2026, month, 7, 12) for month in (7, 8, 9, 10)]
DAYS = [clock.date() for clock in CLOCKS]
SALES = "account,product,pool,month,quantity,net_revenue,variable_cost,currency\na,h20,n,2026-05-01,1,{revenue},1,RMB"
MONTH_END = date(2026, 6, 5)


def say(desk: Desk, revenue: int, clock: datetime, *names: str, known: date | None = None) -> Report:
    """Let files say a revenue, and ingest them in one go."""
    for name in names or ("s.csv",):
        desk.write(name, SALES.format(revenue=revenue))
    files = names or ("s.csv",)
    return desk.ingest(Input("table", "sales", files), clock=clock, known_after={"sales": 35}, known_at=known)


HELD = "net_revenue, known_from, known_to"


def test_an_edit_that_is_undone_is_undone_from_then_on(desk: Desk) -> None:
    reports = [say(desk, revenue, clock) for revenue, clock in zip((1, 2, 1), CLOCKS, strict=False)]
    assert [report.restated for report in reports] == [{}, {"sales": 1}, {"sales": 1}]
    assert desk.rows("sales", HELD) == [
        (1, MONTH_END, DAYS[1]), (1, DAYS[2], FOREVER), (2, DAYS[1], DAYS[2]),
    ]  # fmt: skip
    assert [(batch.nth, batch.known_status) for batch in desk.lake.batches("sales")] == [
        (0, "assumed"), (0, "assumed"), (1, "measured"),
    ]  # fmt: skip
    # Now it says what it said before, and there is nothing to do.
    assert say(desk, 1, CLOCKS[3]).known == ("s.csv",)
    assert len(desk.lake.batches("sales")) == 3


def test_an_edit_that_is_made_again_holds_again(desk: Desk) -> None:
    for revenue, clock in zip((1, 2, 1, 2), CLOCKS, strict=True):
        say(desk, revenue, clock)
    assert desk.rows("sales", HELD) == [
        (1, MONTH_END, DAYS[1]), (1, DAYS[2], DAYS[3]), (2, DAYS[1], DAYS[2]), (2, DAYS[3], FOREVER),
    ]  # fmt: skip
    assert len({desk.lake.path(batch) for batch in desk.lake.batches("sales")}) == 4


def test_an_edit_made_and_undone_on_one_day_leaves_what_was_said_first(desk: Desk) -> None:
    for revenue in (1, 2, 1):
        say(desk, revenue, CLOCKS[0])
    assert [row[0] for row in desk.rows("sales", HELD) if row[2] == FOREVER] == [1]


def test_a_copy_under_another_name_says_nothing_new_whenever_it_comes(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    assert say(desk, 1, CLOCKS[1], "copy.csv").known == ("copy.csv",)
    say(desk, 2, CLOCKS[2])
    # The copy was not edited: it said so all the time, and an old copy brought later is no word of today either.
    assert say(desk, 1, CLOCKS[3], "copy.csv", "other.csv").known == ("copy.csv", "other.csv")
    assert desk.rows("sales", HELD) == [(1, MONTH_END, DAYS[2]), (2, DAYS[2], FOREVER)]


def test_a_copy_that_is_edited_and_mended_speaks_for_itself(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0], "a.csv", "b.csv")
    for revenue, clock in ((2, CLOCKS[1]), (1, CLOCKS[2])):
        say(desk, revenue, clock, "b.csv")
    assert desk.rows("sales", HELD)[1] == (1, DAYS[2], FOREVER)
    assert desk.ingest(Input("table", "sales", ("a.csv", "b.csv")), clock=CLOCKS[3]).added == ()


def test_a_file_that_is_named_three_times_says_a_thing_once(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    say(desk, 2, CLOCKS[1])
    desk.write("s.csv", SALES.format(revenue=1))
    given = [Input("table", "sales", files) for files in (("s.csv", "s.*"), ("*.csv",))]
    report = desk.ingest(*given, given[0], clock=CLOCKS[2])
    assert (len(report.added), report.known) == (1, ("s.csv", "s.csv"))
    assert [batch.nth for batch in desk.lake.batches("sales")] == [0, 0, 1]


def test_bytes_that_come_back_are_known_on_the_day_that_somebody_names(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    say(desk, 2, CLOCKS[1])
    say(desk, 1, CLOCKS[2], known=date(2026, 8, 20))
    assert desk.rows("sales", HELD)[1:] == [(1, date(2026, 8, 20), FOREVER), (2, DAYS[1], date(2026, 8, 20))]


def test_a_dry_run_notes_nothing_of_what_a_file_says(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    say(desk, 2, CLOCKS[1])
    desk.write("s.csv", SALES.format(revenue=1))
    for _ in range(2):
        report = desk.ingest(Input("table", "sales", ("s.csv",)), clock=CLOCKS[2], dry_run=True)
        assert (report.rows, report.restated) == (1, {"sales": 1})
    assert desk.rows("sales", HELD)[-1] == (2, DAYS[1], FOREVER)


def test_bytes_that_come_back_under_a_new_column_map_leave_the_past_as_it_was(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    say(desk, 2, CLOCKS[1])
    desk.write("s.csv", SALES.format(revenue=1))
    mapped = Input("table", "sales", ("s.csv",), None, {"net_revenue": "net_revenue * 10"})
    assert desk.ingest(mapped, clock=CLOCKS[2], known_after={"sales": 35}).retired == ()
    assert desk.rows("sales", HELD) == [
        (1, MONTH_END, DAYS[1]), (2, DAYS[1], DAYS[2]), (10, DAYS[2], FOREVER),
    ]  # fmt: skip
    assert desk.ingest(mapped, clock=CLOCKS[3]).added == ()


def test_another_reading_of_an_edited_file_is_known_since_the_edit(desk: Desk) -> None:
    say(desk, 1, CLOCKS[0])
    say(desk, 2, CLOCKS[1])
    mapped = Input("table", "sales", ("s.csv",), None, {"net_revenue": "net_revenue * 10"})
    report = desk.ingest(mapped, clock=CLOCKS[2], known_after={"sales": 35})
    assert [batch.rows for batch in report.retired] == [1]
    assert desk.rows("sales", HELD) == [(1, MONTH_END, DAYS[1]), (20, DAYS[1], FOREVER)]


@pytest.mark.parametrize("order", [("a.csv", "b.csv"), ("b.csv", "a.csv")])
def test_two_files_that_contradict_each_other_do_not_take_turns(desk: Desk, order: tuple[str, str]) -> None:
    for name, revenue in zip(order, (1, 2), strict=True):
        say(desk, revenue, CLOCKS[0], name)
    for clock in CLOCKS[1:]:
        assert desk.ingest(Input("table", "sales", order), clock=clock).added == ()
    assert [row[0] for row in desk.rows("sales", HELD) if row[2] == FOREVER] == [2]
