"""Rollups that speak of days to come: the inventory, tranches and their fees; and rates."""

from datetime import date
from decimal import Decimal
from typing import Any


def test_assets_of_the_same_terms_are_one_row(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  ordered_on  live_date   retire_date  capex  currency  useful_life_months  kilowatts  maintenance_share
    x      p1    8     2025-06-01  2026-09-01  -            100.5  RMB       48                  5.6        0.02
    y      p1    4     2025-06-01  2026-09-01  -            50     RMB       48                  2.8        0.02
    z      p2    -     2025-07-01  2026-09-01  -            50     RMB       48                  -          -
    """
    operator.build("inventory")
    columns = ("day", "pool", "region", "gpus", "capex", "kilowatts", "maintenance_share", "ordered_on")
    assert operator.table("inventory", *columns) == [
        (date(2026, 9, 1), "p1", "north", 12, Decimal("150.5"), 8.4, 0.02, date(2025, 6, 1)),
        (date(2026, 9, 1), "p2", "south", None, Decimal(50), None, None, date(2025, 7, 1)),
    ]


def test_a_live_date_that_slips_leaves_its_old_day(operator: Any) -> None:
    """
    capacity @ 2026-01-01
    asset  pool  gpus  live_date
    x      p1    8     2026-06-01

    capacity @ 2026-05-01
    asset  pool  gpus  live_date
    x      p1    8     2026-09-01
    """
    operator.build("inventory")
    assert operator.table("inventory", "day", "gpus", as_of=date(2026, 4, 30)) == [(date(2026, 6, 1), 8)]
    assert operator.table("inventory", "day", "gpus", as_of=date(2026, 5, 1)) == [(date(2026, 9, 1), 8)]


def test_tranches_stand_at_their_commit_date_with_the_region_of_their_pool(operator: Any) -> None:
    """
    capacity_plan @ 2026-01-01
    tranche  pool  gpus  amount      currency  proposed_on  commit_date  live_date   ramp_months  requested_by  released_share
    t1       p1    1024  1200000000  RMB       2026-01-01   2026-12-01   2027-06-01  6            li.wei        0.1
    """
    operator.build("tranche")
    columns = ("day", "known", "tranche", "region", "accelerator", "gpus", "amount", "ramp_months", "requested_by")
    assert operator.table("tranche", *columns) == [
        (date(2026, 12, 1), date(2026, 1, 1), "t1", "north", "H20", 1024, Decimal(1_200_000_000), 6, "li.wei")
    ]


def test_fees_stand_at_the_day_from_which_they_are_due(operator: Any) -> None:
    """
    cancel_fees @ 2026-01-01
    tranche  from_date   fee   currency
    t1       2026-06-01  100   RMB
    t1       2026-09-01  5000  RMB
    """
    operator.build("cancel_fee")
    assert operator.table("cancel_fee", "day", "tranche", "fee") == [
        (date(2026, 6, 1), "t1", Decimal(100)),
        (date(2026, 9, 1), "t1", Decimal(5000)),
    ]


def test_rates_stand_at_their_first_day(operator: Any) -> None:
    """
    exchange_rates @ 2026-02-01
    from_currency  to_currency  day         rate
    USD            RMB          2026-01-01  7.1
    """
    operator.build("exchange_rate")
    assert operator.table("exchange_rate", "day", "known", "from_currency", "rate") == [
        (date(2026, 1, 1), date(2026, 2, 1), "USD", 7.1)
    ]


def test_the_ledger_adds_up_by_account_and_month(operator: Any) -> None:
    """
    general_ledger @ 2026-02-05
    account  cost_centre  month       amount  currency  pool
    5100     a            2026-01-01  10      RMB       p1
    5100     a            2026-01-01  5       RMB       p1
    5100     a            2026-01-01  1       RMB       -
    5200     a            2026-01-01  -       RMB       p1
    """
    operator.build("ledger_month")
    found = operator.table("ledger_month", "account", "pool", "amount")
    assert sorted(found, key=str) == [
        ("5100", "p1", Decimal(15)),
        ("5100", None, Decimal(1)),
        ("5200", "p1", None),
    ]
