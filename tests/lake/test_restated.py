"""What a file says otherwise than the one before it was not known before it came in."""

from datetime import date, datetime

import pytest

from hardgate.lake.as_of import FOREVER
from hardgate.lake.ingest import Report
from hardgate.sources.source import Input
from tests.lake.conftest import Desk

FIRST, LATER, LAST = (datetime(2026, month, 7, 12) for month in (9, 10, 11))
USAGE = "pool,start_at,end_at,gpus,allocated_gpu_hours\n{rows}"
BILL = (
    "charge_day,charge_period_start,charge_period_end,billing_period_start,billing_account,billed_cost,effective_cost\n"
    "{rows}"
)


def bring(desk: Desk, table: str, text: str, clock: datetime, known: date | None = None) -> Report:
    name = desk.write(f"{table}.csv", text)
    given = Input("table", table=table, files=(name,))
    return desk.ingest(given, clock=clock, known_at=known, known_after={"pool_usage": 1, "cost_and_usage": 3})


def usage(*hours: int) -> str:
    rows = [f"n,2026-08-0{at} 00:00:00,2026-08-0{at} 01:00:00,8,{one}" for at, one in enumerate(hours, start=1)]
    return USAGE.format(rows="\n".join(rows))


def bill(*lines: tuple[int, int]) -> str:
    rows = [f"2026-08-0{day},2026-08-0{day},2026-08-0{day},2026-08-01,a,{cost},{cost}" for day, cost in lines]
    return BILL.format(rows="\n".join(rows))


SINCE = "allocated_gpu_hours, known_from, known_to"


def test_a_file_edited_in_place_leaves_the_past_as_it_was_believed(desk: Desk) -> None:
    bring(desk, "pool_usage", usage(1, 2), FIRST)
    bring(desk, "pool_usage", usage(1, 5, 3), LATER)
    assert desk.rows("pool_usage", SINCE) == [
        (1, date(2026, 8, 2), FOREVER),
        (2, date(2026, 8, 3), date(2026, 10, 7)),
        # A day that nobody spoke of before has its own assumed day, however late it comes.
        (3, date(2026, 8, 4), FOREVER),
        (5, date(2026, 10, 7), FOREVER),
    ]
    known = {(one.day.day, one.known) for one in desk.lake.days("pool_usage")}
    assert known == {
        (1, date(2026, 8, 2)), (2, date(2026, 8, 3)), (2, date(2026, 10, 7)), (3, date(2026, 8, 4)),
    }  # fmt: skip


def test_what_is_said_again_after_an_edit_holds_again_from_then_on(desk: Desk) -> None:
    for hours, clock in (((1, 2), FIRST), ((1, 5), LATER), ((1, 2, 3), LAST)):
        bring(desk, "pool_usage", usage(*hours), clock)
    assert desk.rows("pool_usage", SINCE)[1:4] == [
        (2, date(2026, 8, 3), date(2026, 10, 7)),
        (2, date(2026, 11, 7), FOREVER),
        (3, date(2026, 8, 4), FOREVER),
    ]
    assert desk.rows("pool_usage", SINCE)[4] == (5, date(2026, 10, 7), date(2026, 11, 7))


def test_the_lines_of_a_bill_become_known_together_and_only_where_they_changed(desk: Desk) -> None:
    bring(desk, "cost_and_usage", bill((1, 5), (1, 6), (2, 7)), FIRST)
    bring(desk, "cost_and_usage", bill((1, 6), (1, 5), (2, 7), (2, 1)), LATER)
    assert desk.rows("cost_and_usage", "day, billed_cost, known_from, known_to") == [
        (date(2026, 8, 1), 5, date(2026, 8, 4), FOREVER),
        (date(2026, 8, 1), 6, date(2026, 8, 4), FOREVER),
        (date(2026, 8, 2), 1, date(2026, 10, 7), FOREVER),
        (date(2026, 8, 2), 7, date(2026, 8, 5), date(2026, 10, 7)),
        (date(2026, 8, 2), 7, date(2026, 10, 7), FOREVER),
    ]


def test_a_day_on_which_somebody_says_it_was_known_is_taken(desk: Desk) -> None:
    bring(desk, "pool_usage", usage(1), FIRST)
    bring(desk, "pool_usage", usage(4), LATER, known=date(2026, 8, 20))
    assert desk.rows("pool_usage", SINCE) == [
        (1, date(2026, 8, 2), date(2026, 8, 20)),
        (4, date(2026, 8, 20), FOREVER),
    ]


DRIVERS = "programme,driver,value,source,stated_on\n{rows}"
"""A table whose rows say themselves when they became known."""


def stated(*rows: tuple[str, float]) -> str:
    return DRIVERS.format(rows="\n".join(f"ai,growth,{value},plan,{day}" for day, value in rows))


VALUE = "value, known_from, known_to"


@pytest.mark.parametrize("day", ["2026-05-20", "2026-05-01"])
def test_a_row_that_dates_itself_is_known_late_where_it_was_edited_in_place_or_dated_back(desk: Desk, day: str) -> None:
    bring(desk, "drivers", stated(("2026-05-20", 0.3)), FIRST)
    bring(desk, "drivers", stated((day, 0.1)), LATER)
    assert desk.rows("drivers", VALUE) == [
        (0.1, date(2026, 10, 7), FOREVER),
        (0.3, date(2026, 5, 20), date(2026, 10, 7)),
    ]


def test_a_row_that_dates_itself_later_is_believed_as_is_its_whole_history_said_again(desk: Desk) -> None:
    bring(desk, "drivers", stated(("2026-05-20", 0.3)), FIRST)
    bring(desk, "drivers", stated(("2026-05-20", 0.3), ("2026-06-10", 0.1)), LATER)
    bring(desk, "drivers", stated(("2026-06-10", 0.1), ("2026-05-20", 0.3)), LAST)
    assert desk.rows("drivers", VALUE) == [
        (0.1, date(2026, 6, 10), FOREVER),
        (0.3, date(2026, 5, 20), date(2026, 6, 10)),
    ]


def test_an_ingest_counts_what_was_said_otherwise(desk: Desk) -> None:
    assert bring(desk, "pool_usage", usage(1, 2), FIRST).restated == {}
    assert bring(desk, "pool_usage", usage(1, 5, 3), LATER).restated == {"pool_usage": 1}
