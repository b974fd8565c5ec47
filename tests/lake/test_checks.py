"""What the lake lacks."""

from datetime import date

from hardgate.lake.checks import checks
from tests.lake.conftest import Desk

BILL = "charge_day,charge_period_start,charge_period_end,billing_period_start,billed_cost,effective_cost\n"


def bill(*days: int) -> str:
    """Return a bill with a charge on each of some days of August."""
    return BILL + "\n".join(f"2026-08-{day:02d},2026-08-{day:02d},2026-08-{day:02d},2026-08-01,1,1" for day in days)


def test_days_between_two_that_are_there_are_gaps(desk: Desk) -> None:
    desk.bring("cost_and_usage", bill(1, 2, 5, 6, 9), known=date(2026, 8, 10))
    (check,) = checks(desk.lake, date(2026, 8, 12))
    assert check.gaps == ((date(2026, 8, 3), date(2026, 8, 4)), (date(2026, 8, 7), date(2026, 8, 8)))
    assert (check.missing, check.rows, check.last_day, check.late) == (4, 5, date(2026, 8, 9), 2)


def test_a_table_that_is_known_late_is_not_late_before(desk: Desk) -> None:
    desk.bring("cost_and_usage", bill(1, 2), known=date(2026, 8, 10))
    (check,) = checks(desk.lake, date(2026, 9, 6), {"cost_and_usage": 35})
    assert (check.expected_day, check.late) == (date(2026, 8, 2), 0)


def test_a_check_of_a_past_date_sees_what_was_known_then(desk: Desk) -> None:
    desk.bring("cost_and_usage", bill(1), known=date(2026, 8, 2))
    desk.bring("cost_and_usage", bill(2, 3), known=date(2026, 8, 4))
    assert [check.rows for check in checks(desk.lake, date(2026, 8, 3))] == [1]
    assert [check.rows for check in checks(desk.lake, date(2026, 8, 4))] == [3]


def test_months_are_missing_as_months(desk: Desk) -> None:
    head = "account,product,month,net_revenue,currency\n"
    desk.bring("sales", head + "a,p,2026-03-01,1,RMB\na,p,2026-06-01,1,RMB", known=date(2026, 7, 1))
    (check,) = checks(desk.lake, date(2026, 7, 31))
    assert (check.gaps, check.missing) == (((date(2026, 4, 1), date(2026, 5, 1)),), 2)
    # On the 31st the last month known to have ended is June.
    assert (check.expected_day, check.late) == (date(2026, 6, 1), 0)


def test_what_speaks_of_the_future_has_no_gaps_and_is_never_late(desk: Desk) -> None:
    desk.bring(
        "capacity", "asset,pool,gpus,ordered_on,live_date\nx,n,8,2026-01-01,2026-02-01\ny,n,8,2026-01-01,2027-02-01"
    )
    (check,) = checks(desk.lake, date(2026, 9, 7))
    assert (check.gaps, check.late, check.rows) == ((), None, 2)
