from datetime import date
from typing import Any

import pytest

JULY = date(2026, 7, 1)


def test_uses_add_up_by_kind_and_a_month_is_split_where_a_price_changes(operator: Any) -> None:
    """
    usage_events @ 2026-07-20
    event  called_at   account  feature  product  model   calls  input_tokens  output_tokens  cache_read_tokens  cache_write_tokens  reasoning_tokens  total_tokens  task  outcome
    e1     2026-07-03  a        f        p        falcon  -      100           10             5                  0                   2                 117           t1    success
    e2     2026-07-09  a        f        p        falcon  4      200           20             0                  0                   0                 220           t1    success
    e3     2026-07-15  a        f        p        falcon  2      300           30             0                  0                   0                 -             -     success

    hosted_prices @ 2026-01-01
    model   kind   price  per      currency  valid_from
    falcon  input  3      1000000  USD       2026-01-01
    falcon  input  2      1000000  USD       2026-07-10
    other   input  9      1000000  USD       2026-07-05
    """
    operator.build("ai_usage_month")
    columns = ("day", "price_from", "calls", "input_tokens", "output_tokens", "reasoning_tokens", "successful_tasks")
    assert operator.table("ai_usage_month", *columns) == [
        (JULY, date(2026, 1, 1), 5, 300, 30, 2, 1),
        (JULY, date(2026, 7, 10), 2, 300, 30, 0, 2),
    ]


def test_kinds_that_do_not_add_up_make_the_tokens_unknown_and_are_counted(operator: Any) -> None:
    """
    usage_events @ 2026-07-20
    event  called_at   account  model  pool  input_tokens  output_tokens  cache_read_tokens  cache_write_tokens  reasoning_tokens  total_tokens
    e1     2026-07-03  a        heron  p1    100           10             0                  0                   0                 110
    e2     2026-07-04  a        heron  p1    100           10             0                  0                   0                 111
    e3     2026-07-04  b        heron  p2    7             1              0                  0                   -                 -
    """
    operator.build("ai_usage_month")
    columns = ("account", "pool", "accelerator", "events", "events_not_adding_up", "input_tokens", "reasoning_tokens")
    assert operator.table("ai_usage_month", *columns) == [
        ("a", "p1", "H20", 2, 1, None, None),
        ("b", "p2", "B200", 1, 0, 7, None),
    ]


def test_a_price_that_becomes_known_late_splits_the_month_from_then_on_only(operator: Any) -> None:
    """
    usage_events @ 2026-07-20
    event  called_at   account  model   input_tokens  output_tokens  cache_read_tokens  cache_write_tokens  reasoning_tokens
    e1     2026-07-03  a        falcon  1             0              0                  0                   0

    hosted_prices @ 2026-01-01
    model   kind   price  per  currency  valid_from
    falcon  input  3      1    USD       2026-01-01

    hosted_prices @ 2026-08-05
    model   kind   price  per  currency  valid_from
    falcon  input  2      1    USD       2026-07-02
    """
    operator.build("ai_usage_month", through=date(2026, 9, 1))
    assert operator.table("ai_usage_month", "price_from", as_of=date(2026, 8, 4)) == [(date(2026, 1, 1),)]
    assert operator.table("ai_usage_month", "price_from", as_of=date(2026, 8, 5)) == [(date(2026, 7, 2),)]


def test_a_month_is_split_where_a_price_ends_too(operator: Any) -> None:
    """
    usage_events @ 2026-07-20
    event  called_at   account  model   input_tokens  output_tokens  cache_read_tokens  cache_write_tokens  reasoning_tokens
    e1     2026-07-03  a        falcon  1             0              0                  0                   0
    e2     2026-07-15  a        falcon  2             0              0                  0                   0

    hosted_prices @ 2026-01-01
    provider  model   kind   price  per  currency  valid_from  valid_to
    nimbus    falcon  input  3      1    USD       2026-01-01  2026-07-10
    cirrus    falcon  input  9      1    USD       2026-01-01  -
    """
    operator.build("ai_usage_month")
    assert operator.table("ai_usage_month", "price_from", "input_tokens") == [
        (date(2026, 1, 1), 1),
        (date(2026, 7, 10), 2),
    ]
    operator.build("hosted_price")
    assert len(operator.table("hosted_price", "provider", "price")) == 2


@pytest.mark.parametrize(
    "rollup", ["list_price", "deal", "hosted_price", "throughput", "seat_month", "reservation_price"]
)
def test_the_other_tables_of_pricing_come_through_as_stated(operator: Any, rollup: str) -> None:
    """
    price_list @ 2026-01-01
    product  unit        per  price  currency  valid_from  decided_on
    p        seat_month  -    60     RMB       2026-02-01  2026-01-01

    deals @ 2026-01-01
    deal  account  product  discount  currency  stage  close_date  proposed_on
    d     a        p        0.2       RMB       open   2026-02-01  2026-01-01

    hosted_prices @ 2026-01-01
    model  kind   price  per  currency  valid_from
    m      input  3      -    USD       2026-02-01

    throughputs @ 2026-02-02
    model  accelerator  kind   tokens_per_second  measured_on
    m      H20          input  4000               2026-02-01

    seats @ 2026-03-01
    account  product  month       seats  fee  currency  included_tokens
    a        p        2026-02-01  2      120  RMB       5

    reservation_prices @ 2026-02-02
    segment  customers  product  value  currency  surveyed_on
    s        10         p        90     RMB       2026-02-01
    """
    operator.build(rollup)
    (row,) = operator.rows(rollup)
    assert row["day"] == date(2026, 2, 1)
    said = {
        "list_price": ("price", 60), "deal": ("discount", 0.2), "hosted_price": ("per", 1.0),
        "throughput": ("tokens_per_second", 4000.0), "seat_month": ("included_tokens", 10),
        "reservation_price": ("quantity", 1.0),
    }  # fmt: skip
    name, value = said[rollup]
    assert row[name] == value
