"""A line that left a file: withdrawn from a register from then on, told of elsewhere, and never lost."""

from datetime import date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardgate.lake.as_of import FOREVER
from hardgate.lake.batch import Gone
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import Report
from hardgate.sources.source import Input
from tests.lake.conftest import Desk

FIRST, LATER, LAST = (datetime(2026, month, 7, 12) for month in (9, 10, 11))
ON = date(2026, 10, 7)
STACK = "account,level,order_column,from_date"
BOOKS, FEES = "books,CM1,commission,2026-01-01", "fees,CM2,,2026-01-01"


def bring(desk: Desk, table: str, *lines: str, clock: datetime, name: str = "", withdraw: bool = False) -> Report:
    """Write a file of a table anew and ingest it."""
    file = desk.write(name or f"{table}.csv", "\n".join(lines))
    after = {"sales": 1, "orders": 1, "cost_stack": 0, "city_ledger": 5}
    return desk.ingest(Input("table", table, (file,)), clock=clock, known_after=after, withdraw=withdraw)


def stack(desk: Desk, *lines: str, clock: datetime, name: str = "") -> Report:
    return bring(desk, "cost_stack", STACK, *lines, clock=clock, name=name)


HELD = "account, known_from, known_to"
JANUARY = date(2026, 1, 1)


def test_a_line_deleted_from_a_register_is_withdrawn_from_that_ingest_on_and_the_past_keeps_it(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    report = stack(desk, FEES, clock=LATER)
    assert report.gone == (
        Gone("cost_stack.csv", "cost_stack", 1, ("account=books, level=CM1, from_date=2026-01-01",)),
    )
    assert desk.rows("cost_stack", HELD) == [("books", JANUARY, ON), ("fees", JANUARY, FOREVER)]
    assert desk.rows("cost_stack", "account", as_of=date(2026, 10, 6)) == [("books",), ("fees",)]
    assert desk.rows("cost_stack", "account", as_of=ON) == [("fees",)]
    # A day of which a key was withdrawn is told of from then on, so that what was made of it is made again.
    told = [one for one in desk.lake.days("cost_stack") if one.withdrawn]
    assert [(one.day, one.known, one.rows, one.withdrawn) for one in told] == [(JANUARY, ON, 0, 1)]


def test_a_line_that_is_put_back_holds_again_from_then_on(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    stack(desk, FEES, clock=LATER)
    report = stack(desk, FEES, BOOKS, clock=LAST)
    assert (report.gone, report.restated) == ((), {"cost_stack": 1})
    assert desk.rows("cost_stack", HELD)[:2] == [("books", JANUARY, ON), ("books", date(2026, 11, 7), FOREVER)]


def test_an_emptied_register_withdraws_all_that_it_said(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    report = stack(desk, clock=LATER)
    assert [one.rows for one in report.gone] == [2]
    assert desk.rows("cost_stack", "account", as_of=ON) == []
    assert len(desk.rows("cost_stack", "account", as_of=date(2026, 10, 6))) == 2


def test_a_row_that_another_file_says_too_stays_and_that_is_told(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST, name="a.csv")
    stack(desk, BOOKS, clock=FIRST, name="b.csv")
    (gone,) = stack(desk, FEES, clock=LATER, name="a.csv").gone
    assert (gone.rows, gone.because) == (1, "b.csv says the same: take them out of it too")
    assert desk.rows("cost_stack", "account", as_of=ON) == [("books",), ("fees",)]
    # When the other one drops it as well, nobody says it any more.
    assert [one.because for one in stack(desk, clock=LAST, name="b.csv").gone] == [""]
    assert desk.rows("cost_stack", "account", as_of=date(2026, 11, 7)) == [("fees",)]


@pytest.mark.parametrize("copy", ["a.csv", "z.csv"])
def test_a_copy_made_before_the_edit_speaks_for_what_the_edit_deleted_wherever_it_stands(desk: Desk, copy: str) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST, name="m.csv")
    desk.write(copy, f"{STACK}\n{BOOKS}\n{FEES}")
    desk.write("m.csv", f"{STACK}\n{FEES}")
    report = desk.ingest(Input("table", "cost_stack", ("*.csv",)), clock=LATER)
    assert [(one.file, one.because) for one in report.gone] == [
        ("m.csv", f"{copy} says the same: take them out of it too")
    ]
    assert desk.rows("cost_stack", "account", as_of=ON) == [("books",), ("fees",)]


def test_a_new_file_is_new_facts_and_takes_nothing_back(desk: Desk) -> None:
    stack(desk, BOOKS, clock=FIRST, name="a.csv")
    assert stack(desk, FEES, clock=LATER, name="b.csv").gone == ()
    assert desk.rows("cost_stack", "account", as_of=ON) == [("books",), ("fees",)]


def test_nothing_is_withdrawn_while_a_row_of_the_file_could_not_be_read(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    (gone,) = stack(desk, FEES, BOOKS.replace("2026-01-01", "soon"), clock=LATER).gone
    assert gone.because == "rows of the file were rejected, which may be these: mend them first"
    assert desk.rows("cost_stack", "account", as_of=ON) == [("books",), ("fees",)]
    # The mended file says all that there is, and the one line that it lacks was said two versions ago.
    assert [(one.rows, one.because) for one in stack(desk, FEES, clock=LAST).gone] == [(1, "")]
    assert desk.rows("cost_stack", "account", as_of=date(2026, 11, 7)) == [("fees",)]


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from("abcd"), st.sampled_from(["fee", "value"])), min_size=2, max_size=6))
def test_on_the_day_of_every_ingest_a_register_is_believed_as_its_file_then_stood(
    desk: Desk, said: list[dict[str, str]]
) -> None:
    name = f"stack-{len(list(desk.root.iterdir()))}.csv"
    desk.lake.close()
    desk.lake = Lake(desk.root / f"lake-{name}")
    clocks = [datetime(2026, 3, day, 12) for day in range(1, len(said) + 1)]
    for rows, clock in zip(said, clocks, strict=True):
        desk.write(name, "\n".join([STACK, *(f"{one},CM1,{booked},2026-01-01" for one, booked in rows.items())]))
        desk.ingest(Input("table", "cost_stack", (name,)), clock=clock)
    read = [desk.rows("cost_stack", "account, order_column", as_of=clock.date()) for clock in clocks]
    assert read == [sorted(rows.items()) for rows in said]


CONTRACT = "contract,customer,signed_on,start_date,end_date,committed_amount,currency,take_or_pay,termination"


def contract(name: str, signed: str, amount: int) -> str:
    return f"{name},acme,{signed},2026-02-01,2027-02-01,{amount},RMB,yes,none"


def contracts(desk: Desk, *rows: tuple[str, str, int], clock: datetime) -> Report:
    return bring(desk, "contracts", CONTRACT, *(contract(*row) for row in rows), clock=clock)


AMOUNT = "contract, committed_amount, known_from, known_to"
OLD, NEW = ("c", "2026-01-15", 100), ("c", "2026-05-15", 200)


def test_a_contract_that_dates_itself_is_withdrawn_and_comes_back_like_any_other(desk: Desk) -> None:
    contracts(desk, OLD, ("d", "2026-01-15", 5), clock=FIRST)
    contracts(desk, ("d", "2026-01-15", 5), clock=LATER)
    assert desk.rows("contracts", AMOUNT)[0] == ("c", 100, date(2026, 1, 15), ON)
    assert contracts(desk, ("d", "2026-01-15", 5), OLD, clock=LAST).restated == {"contracts": 1}
    assert desk.rows("contracts", AMOUNT)[:2] == [
        ("c", 100, date(2026, 1, 15), ON),
        ("c", 100, date(2026, 11, 7), FOREVER),
    ]


def test_deleting_the_last_row_of_a_history_brings_the_one_before_it_back(desk: Desk) -> None:
    contracts(desk, OLD, NEW, clock=FIRST)
    report = contracts(desk, OLD, clock=LATER)
    assert (report.restated, report.gone) == ({"contracts": 1}, ())
    assert desk.rows("contracts", AMOUNT) == [
        ("c", 100, date(2026, 1, 15), date(2026, 5, 15)),
        ("c", 100, ON, FOREVER),
        ("c", 200, date(2026, 5, 15), ON),
    ]


def test_an_edit_of_a_row_that_a_later_one_has_replaced_changes_neither_past_nor_present(desk: Desk) -> None:
    contracts(desk, OLD, NEW, clock=FIRST)
    before = desk.rows("contracts", AMOUNT)
    contracts(desk, ("c", "2026-01-15", 120), NEW, clock=LATER)
    assert desk.rows("contracts", AMOUNT) == before
    contracts(desk, ("c", "2026-01-15", 120), ("c", "2026-05-15", 250), clock=LAST)
    assert desk.rows("contracts", AMOUNT)[-1] == ("c", 250, date(2026, 11, 7), FOREVER)


SALES = "account,product,pool,month,quantity,net_revenue,variable_cost,currency"


def sale(account: str, month: int) -> str:
    return f"{account},h20,n,2026-0{month}-01,1,5,1,RMB"


def test_a_row_gone_from_a_table_that_is_no_register_stays_and_is_told_until_somebody_asks(desk: Desk) -> None:
    whole = (sale("a", 6), sale("b", 6), sale("a", 7))
    bring(desk, "sales", SALES, *whole, clock=FIRST)
    (gone,) = bring(desk, "sales", SALES, whole[0], whole[2], clock=LATER).gone
    assert (gone.rows, gone.keys) == (1, ("account=b, product=h20, pool=n, month=2026-06-01",))
    assert gone.because == "sales is no register: `hardgate ingest sales.csv --withdraw` takes them back"
    assert len(desk.rows("sales", "account", as_of=ON)) == 3
    # The file is known by now; who asks is heard all the same.
    report = bring(desk, "sales", SALES, whole[0], whole[2], clock=LAST, withdraw=True)
    assert [(one.rows, one.because) for one in report.gone] == [(1, "")]
    assert desk.rows("sales", "account, month", as_of=date(2026, 11, 7)) == [
        ("a", date(2026, 6, 1)), ("a", date(2026, 7, 1)),
    ]  # fmt: skip
    assert len(desk.rows("sales", "account", as_of=date(2026, 11, 6))) == 3
    assert bring(desk, "sales", SALES, whole[0], whole[2], clock=LAST, withdraw=True).known == ("sales.csv",)


def test_who_asks_for_what_is_gone_gives_the_file_no_new_word_on_what_is_there(desk: Desk) -> None:
    bring(desk, "sales", SALES, sale("a", 6), sale("b", 6), clock=FIRST)
    bring(desk, "sales", SALES, sale("a", 6), clock=LATER)
    bring(desk, "sales", SALES, sale("a", 6).replace("5", "9"), clock=LATER, name="later.csv")
    report = bring(desk, "sales", SALES, sale("a", 6), clock=LAST, withdraw=True)
    assert [(batch.rows, batch.withdrawn) for batch in report.added] == [(0, 1)]
    assert desk.rows("sales", "account, net_revenue", as_of=date(2026, 11, 7)) == [("a", 9)]
    # An edit of the file is one all the same.
    assert bring(desk, "sales", SALES, sale("a", 6).replace("5", "7"), clock=LAST).restated == {"sales": 1}


def test_rows_that_a_file_has_rotated_away_are_not_even_told(desk: Desk) -> None:
    bring(desk, "sales", SALES, sale("a", 6), sale("a", 7), clock=FIRST)
    assert bring(desk, "sales", SALES, sale("a", 7), sale("a", 8), clock=LATER).gone == ()
    assert len(desk.rows("sales", "month", as_of=ON)) == 3


ORDERS = "order_id,customer,city,placed_at,value,currency"


def order(name: str, hour: int) -> str:
    return f"{name},c,sh,2026-08-01 {hour:02d}:00:00,10,RMB"


def test_orders_are_compared_by_the_time_that_a_file_still_speaks_of(desk: Desk) -> None:
    bring(desk, "orders", ORDERS, *(order(f"o{hour}", hour) for hour in range(6)), clock=FIRST)
    (gone,) = bring(desk, "orders", ORDERS, order("o2", 2), order("o4", 4), order("o6", 6), clock=LATER).gone
    # o0 and o1 were rotated away; o3 and o5 lie among what the file has still.
    assert gone.keys == ("order_id=o3, placed_at=2026-08-01 03:00:00", "order_id=o5, placed_at=2026-08-01 05:00:00")
    bring(desk, "orders", ORDERS, order("o2", 2), order("o4", 4), order("o6", 6), clock=LATER, withdraw=True)
    assert [name for (name,) in desk.rows("orders", "order_id", as_of=ON)] == ["o2", "o4", "o6"]
    assert len(desk.rows("orders", "order_id", as_of=date(2026, 10, 6))) == 7


LEDGER = "account,city,month,currency,amount"


def test_the_lines_of_a_statement_are_withdrawn_together(desk: Desk) -> None:
    lines = ("rent,sh,2026-08-01,RMB,5", "rent,sh,2026-08-01,RMB,6", "fuel,sh,2026-08-01,RMB,7")
    bring(desk, "city_ledger", LEDGER, *lines, clock=FIRST)
    report = bring(desk, "city_ledger", LEDGER, lines[2], clock=LATER, withdraw=True)
    assert [one.rows for one in report.gone] == [1]
    assert desk.rows("city_ledger", "account, amount", as_of=ON) == [("fuel", 7)]
    assert len(desk.rows("city_ledger", "account", as_of=date(2026, 10, 6))) == 3


def test_a_new_column_map_keeps_what_was_withdrawn_withdrawn(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    stack(desk, FEES, clock=LATER)
    again = Input("table", "cost_stack", ("cost_stack.csv",), None, {"account": "account"})
    report = desk.ingest(again, clock=LAST)
    assert [batch.rows for batch in report.retired] == [1]
    assert desk.rows("cost_stack", HELD)[0] == ("books", JANUARY, ON)


def test_two_readings_of_one_file_into_one_table_do_not_withdraw_each_other(desk: Desk) -> None:
    wide = "product,seat,call,ccy,since"
    ways = [
        Input("table", "price_list", ("p.csv",), None,
              {"unit": f"'{unit}'", "price": unit, "currency": "ccy", "valid_from": "since"})
        for unit in ("seat", "call")
    ]  # fmt: skip
    desk.write("p.csv", f"{wide}\nx,5,1,RMB,2026-01-01\ny,6,2,RMB,2026-01-01")
    desk.ingest(*ways, clock=FIRST)
    desk.write("p.csv", f"{wide}\nx,5,1,RMB,2026-01-01")
    report = desk.ingest(*ways, clock=LATER)
    assert [one.keys for one in report.gone] == [
        ("product=y, unit=seat, valid_from=2026-01-01",), ("product=y, unit=call, valid_from=2026-01-01",),
    ]  # fmt: skip
    assert desk.rows("price_list", "product, unit", as_of=ON) == [("x", "call"), ("x", "seat")]


def test_a_dry_run_tells_what_would_be_withdrawn_and_withdraws_nothing(desk: Desk) -> None:
    stack(desk, BOOKS, FEES, clock=FIRST)
    desk.write("cost_stack.csv", f"{STACK}\n{FEES}")
    report = desk.ingest(Input("table", "cost_stack", ("cost_stack.csv",)), clock=LATER, dry_run=True)
    assert [one.rows for one in report.gone] == [1]
    assert desk.rows("cost_stack", "account", as_of=ON) == [("books",), ("fees",)]
