from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.errors import BadInput
from hardgate.lake.identities import Rule

DAY = date(2026, 3, 1)


@pytest.fixture
def billed(operator: Any, owned_by: Any) -> Any:
    return owned_by(operator, "cost_and_usage", "resource_id", r1="p1", r2="p2")


def test_the_bill_adds_up_with_what_nobody_owns_in_a_row_of_its_own(billed: Any) -> None:
    """
    cost_and_usage @ 2026-03-02
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  charge_category  billed_cost  effective_cost  list_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       Usage            10.5         9.5             12
    2026-03-01  2026-03-01            aws       1                r1           USD       Usage            0.0000000001 0.5             -
    2026-03-01  2026-03-01            aws       1                r2           USD       Usage            1            1               1
    2026-03-01  2026-03-01            aws       1                -            USD       Usage            2            2               2
    2026-03-01  2026-03-01            aws       1                r3           USD       Credit           -3           -3              -3
    """
    billed.build("cost_day")
    columns = ("pool", "region", "charge_category", "billed_cost", "effective_cost", "list_cost", "rows")
    found = billed.table("cost_day", *columns)
    assert sorted(found, key=str) == [
        ("p1", "north", "Usage", Decimal("10.5000000001"), Decimal(10), None, 2),
        ("p2", "south", "Usage", Decimal(1), Decimal(1), Decimal(1), 1),
        (None, None, "Credit", Decimal(-3), Decimal(-3), Decimal(-3), 1),
        (None, None, "Usage", Decimal(2), Decimal(2), Decimal(2), 1),
    ]
    assert sum(row[3] for row in found) == Decimal("10.5000000001")


def test_currencies_are_never_added(billed: Any) -> None:
    """
    cost_and_usage @ 2026-03-02
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       10           10
    2026-03-01  2026-03-01            aws       1                r1           EUR       10           10
    """
    billed.build("cost_day")
    assert billed.table("cost_day", "currency", "billed_cost") == [("EUR", Decimal(10)), ("USD", Decimal(10))]


def test_a_charge_without_amount_makes_its_sum_missing(billed: Any) -> None:
    """
    cost_and_usage @ 2026-03-02
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       10           10
    2026-03-01  2026-03-01            aws       1                r1           USD       -            10
    """
    billed.build("cost_day")
    assert billed.table("cost_day", "billed_cost", "effective_cost", "rows") == [(None, Decimal(20), 2)]


def test_the_lines_of_a_restated_day_are_replaced_together(billed: Any) -> None:
    """
    cost_and_usage @ 2026-03-02
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       10           10
    2026-03-01  2026-03-01            aws       1                r2           USD       10           10

    cost_and_usage @ 2026-04-02
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       8            8
    """
    billed.build("cost_day")
    assert billed.table("cost_day", "pool", "billed_cost", as_of=date(2026, 4, 1)) == [
        ("p1", Decimal(10)),
        ("p2", Decimal(10)),
    ]
    assert billed.table("cost_day", "pool", "billed_cost", as_of=date(2026, 4, 2)) == [("p1", Decimal(8))]


def test_a_rule_holds_on_its_days(operator: Any) -> None:
    """
    cost_and_usage @ 2026-03-10
    charge_day  billing_period_start  provider  billing_account  sub_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                a            r1           USD       1            1
    2026-03-02  2026-03-01            aws       1                a            r1           USD       2            2
    """
    change = date(2026, 3, 2)
    operator.set(
        rules=(
            Rule("cost_and_usage", "sub_account", "exact", "a", "p1", valid_to=change),
            Rule("cost_and_usage", "resource_id", "prefix", "r", "p2", valid_from=change),
        )
    )
    operator.build("cost_day")
    assert operator.table("cost_day", "pool", "billed_cost") == [("p1", Decimal(1)), ("p2", Decimal(2))]


def test_a_key_of_two_owners_is_an_error_that_names_both(operator: Any) -> None:
    """
    cost_and_usage @ 2026-03-10
    charge_day  billing_period_start  provider  billing_account  resource_id  currency  billed_cost  effective_cost
    2026-03-01  2026-03-01            aws       1                r1           USD       1            1

    identities @ 2026-03-01
    system          foreign_key  entity_kind  entity  valid_from  valid_to
    cost_and_usage  r1           pool         p2      2026-01-01  -
    """
    operator.set(rules=(Rule("cost_and_usage", "resource_id", "exact", "r1", "p1"),))
    with pytest.raises(BadInput, match=r"cost_and_usage, key 'r1': stands for pool 'p1' and for pool 'p2'"):
        operator.build("cost_day")
