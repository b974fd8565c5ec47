from datetime import date
from decimal import Decimal
from typing import Any

JANUARY = date(2026, 1, 1)


def test_sales_add_up_by_account_product_pool_and_month(operator: Any) -> None:
    """
    sales @ 2026-02-03
    account  product  pool  month       quantity  net_revenue  variable_cost  currency
    a        gpu      p1    2026-01-01  1.5       100.25       40             RMB
    a        gpu      p2    2026-01-01  2         50           20             RMB
    b        gpu      -     2026-01-01  -         7            -              RMB
    """
    assert operator.build("sales_month").days == {"sales_month": (JANUARY,)}
    assert operator.table("sales_month", "account", "pool", "region", "gpu_ms", "net_revenue", "variable_cost") == [
        ("a", "p1", "north", 5_400_000, Decimal("100.25"), Decimal(40)),
        ("a", "p2", "south", 7_200_000, Decimal(50), Decimal(20)),
        ("b", None, None, None, Decimal(7), None),
    ]


def test_a_missing_amount_makes_the_month_missing_and_not_smaller(operator: Any) -> None:
    """
    sales @ 2026-02-03
    account  product  pool  month       quantity  net_revenue  variable_cost  currency
    a        gpu      p1    2026-01-01  1         100          1              RMB
    a        gpu      p1    2026-01-15  1         -            1              RMB
    """
    operator.build("sales_month")
    assert operator.table("sales_month", "day", "gpu_ms", "net_revenue", "variable_cost") == [
        (JANUARY, 7_200_000, None, Decimal(2))
    ]


def test_a_restated_month_keeps_what_was_known_before(operator: Any) -> None:
    """
    sales @ 2026-02-03
    account  product  pool  month       net_revenue  currency
    a        gpu      p1    2026-01-01  100          RMB

    sales @ 2026-03-05
    account  product  pool  month       net_revenue  currency
    a        gpu      p1    2026-01-01  90           RMB
    """
    operator.build("sales_month")
    assert operator.table("sales_month", "known", "known_to", "net_revenue") == [
        (date(2026, 2, 3), date(2026, 3, 5), Decimal(100)),
        (date(2026, 3, 5), date(9999, 12, 31), Decimal(90)),
    ]
    assert operator.table("sales_month", "net_revenue", as_of=date(2026, 2, 2)) == []
    assert operator.table("sales_month", "net_revenue", as_of=date(2026, 3, 4)) == [(Decimal(100),)]
    assert operator.table("sales_month", "net_revenue", as_of=date(2026, 3, 5)) == [(Decimal(90),)]


def test_an_account_that_leaves_a_restated_month_stays_in_it(operator: Any) -> None:
    """
    sales @ 2026-02-03
    account  product  pool  month       net_revenue  currency
    a        gpu      p1    2026-01-01  100          RMB
    b        gpu      p1    2026-01-01  5            RMB

    sales @ 2026-03-05
    account  product  pool  month       net_revenue  currency
    a        gpu      p1    2026-01-01  90           RMB
    """
    operator.build("sales_month")
    assert operator.table("sales_month", "account", "net_revenue", as_of=date(2026, 3, 5)) == [
        ("a", Decimal(90)),
        ("b", Decimal(5)),
    ]
