from datetime import date
from decimal import Decimal
from typing import Any


def test_straight_line_takes_the_same_every_month_of_the_life(operator: Any) -> None:
    """
    asset_register @ 2026-01-05
    asset  pool  cost  currency  in_service_date  life_months  method         residual  retired_on
    a      p1    1300  RMB       2026-01-01       3            straight_line  100       2026-06-01
    """
    operator.build("asset_month", through=date(2026, 5, 31))
    assert operator.table("asset_month", "day", "depreciation", "carrying_amount", "region") == [
        (date(2026, 1, 1), Decimal(400), Decimal(900), "north"),
        (date(2026, 2, 1), Decimal(400), Decimal(500), "north"),
        (date(2026, 3, 1), Decimal(400), Decimal(100), "north"),
        (date(2026, 4, 1), Decimal(0), Decimal(100), "north"),
        (date(2026, 5, 1), Decimal(0), Decimal(0), "north"),
    ]


def test_a_first_month_counts_by_its_days(operator: Any) -> None:
    """
    asset_register @ 2026-01-05
    asset  pool  cost  currency  in_service_date  life_months  method
    a      p1    310   RMB       2026-01-16       1            straight_line
    """
    operator.build("asset_month", through=date(2026, 3, 31))
    # 16 of 31 days of January, the rest in February
    assert operator.table("asset_month", "depreciation", "carrying_amount") == [
        (Decimal(160), Decimal(150)),
        (Decimal(150), Decimal(0)),
        (Decimal(0), Decimal(0)),
    ]


def test_declining_balance_takes_twice_the_straight_line_rate_down_to_the_residual(operator: Any) -> None:
    """
    asset_register @ 2026-01-05
    asset  pool  cost  currency  in_service_date  life_months  method             residual
    a      p1    1000  RMB       2026-01-01       4            declining_balance  100
    """
    operator.build("asset_month", through=date(2026, 5, 31))
    assert operator.table("asset_month", "depreciation", "carrying_amount") == [
        (Decimal(500), Decimal(500)),
        (Decimal(250), Decimal(250)),
        (Decimal(125), Decimal(125)),
        (Decimal(25), Decimal(100)),
        (Decimal(0), Decimal(100)),
    ]


def test_an_impairment_lowers_the_base_from_when_it_is_known(operator: Any) -> None:
    """
    asset_register @ 2026-01-05
    asset  pool  cost  currency  in_service_date  life_months  method         impairment
    a      p1    1200  RMB       2026-01-01       12           straight_line  -

    asset_register @ 2026-03-05
    asset  pool  cost  currency  in_service_date  life_months  method         impairment
    a      p1    1200  RMB       2026-01-01       12           straight_line  600
    """
    operator.build("asset_month", through=date(2026, 3, 31))
    columns = ("depreciation", "carrying_amount")
    assert operator.table("asset_month", *columns, as_of=date(2026, 3, 4))[-1] == (Decimal(100), Decimal(900))
    assert operator.table("asset_month", *columns, as_of=date(2026, 3, 5))[-1] == (Decimal(50), Decimal(450))


def test_a_method_of_another_name_is_unknown(operator: Any) -> None:
    """
    asset_register @ 2026-01-05
    asset  pool  cost  currency  in_service_date  life_months  method
    a      p1    1000  RMB       2026-01-01       4            sum_of_digits
    b      p1    1000  RMB       2026-01-01       4            straight_line
    """
    operator.build("asset_month", through=date(2026, 1, 31))
    assert operator.table("asset_month", "depreciation", "carrying_amount") == [(None, None)]
