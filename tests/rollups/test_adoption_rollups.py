"""The rollups of adoption: what adds up, what is missing, and what is believed when."""

from datetime import date
from decimal import Decimal
from typing import Any


def test_an_account_is_what_was_last_said_of_it(operator: Any) -> None:
    """
    accounts @ 2026-01-05
    account  region  segment     eligible_from  eligible_to  access_granted  architecture  offer    offered_on  recorded_on
    k1       north   startup     2026-01-01     -            2026-01-03      rag           offered  2026-01-02  2026-01-05
    k2       south   enterprise  2026-01-01     2026-03-01   -               -             -        -           2026-01-05
    accounts @ 2026-02-01
    account  region  segment     eligible_from  eligible_to  access_granted  architecture  offer    offered_on  recorded_on
    k1       north   enterprise  2026-01-01     -            2026-01-03      rag           offered  2026-01-02  2026-02-01
    """
    operator.build("account")
    columns = ("account", "region", "segment", "architecture", "offer")
    assert operator.table("account", *columns, as_of=date(2026, 1, 10)) == [
        ("k1", "north", "startup", "rag", "offered"),
        ("k2", "south", "enterprise", None, None),
    ]
    assert operator.table("account", "account", "segment", as_of=date(2026, 2, 1))[0] == ("k1", "enterprise")


def test_paid_events_are_without_those_of_a_trial(operator: Any) -> None:
    """
    feature_usage @ 2026-01-06
    account  feature  rung       day         events  paid   trial
    k1       chat     inference  2026-01-05  5       true   false
    k1       chat     inference  2026-01-05  7       true   true
    k1       chat     inference  2026-01-05  2       false  -
    k2       chat     dataset    2026-01-05  1       false  false
    """
    operator.build("feature_usage_day")
    assert operator.table(
        "feature_usage_day", "account", "feature", "rung", "events", "paid_events", "trial_events"
    ) == [
        ("k1", "chat", "inference", 14, 5, 7),
        ("k2", "chat", "dataset", 1, 0, 0),
    ]


def test_a_count_that_is_missing_makes_the_day_missing(operator: Any) -> None:
    """
    feature_usage @ 2026-01-06
    account  feature  rung       day         events  paid  trial
    k1       chat     inference  2026-01-05  5       true  false
    k1       chat     inference  2026-01-05  -       true  true
    """
    operator.build("feature_usage_day")
    assert operator.table("feature_usage_day", "events", "paid_events", "trial_events") == [(None, None, None)]


def test_revenue_adds_up_by_feature_and_the_base_stays_apart(operator: Any) -> None:
    """
    recurring_revenue @ 2026-02-05
    account  product  feature  month       amount  variable_cost  gpu_hours  currency
    k1       gpu      -        2026-01-01  100.5   40             10         RMB
    k1       gpu      chat     2026-01-01  20      8              1.5        RMB
    k2       gpu      -        2026-01-01  30      -              -          USD
    """
    operator.build("revenue_month")
    names = ("account", "feature", "currency", "amount", "variable_cost", "gpu_ms")
    assert sorted(operator.table("revenue_month", *names), key=str) == [
        ("k1", "chat", "RMB", Decimal(20), Decimal(8), 5_400_000),
        ("k1", None, "RMB", Decimal("100.5"), Decimal(40), 36_000_000),
        ("k2", None, "USD", Decimal(30), None, None),
    ]


def test_an_opportunity_is_open_until_it_was_known_to_be_won(operator: Any) -> None:
    """
    opportunities @ 2026-01-10
    opportunity  account  kind       region  segment  product  opened_on   closed_on   stage  amount  hours  cost  currency  updated_on
    o1           k1       expansion  north   startup  gpu      2026-01-10  -           open   100     5      -     RMB       2026-01-10
    opportunities @ 2026-02-20
    opportunity  account  kind       region  segment  product  opened_on   closed_on   stage  amount  hours  cost  currency  updated_on
    o1           k1       expansion  north   startup  gpu      2026-01-10  2026-02-18  won    120     9      1     RMB       2026-02-20
    """
    operator.build("opportunity")
    assert operator.table("opportunity", "stage", "hours", as_of=date(2026, 2, 19)) == [("open", 5.0)]
    assert operator.table("opportunity", "stage", "hours", as_of=date(2026, 2, 20)) == [("won", 9.0)]


def test_a_campaign_stands_on_its_last_day_and_a_case_beside_its_tranche(operator: Any) -> None:
    """
    sales_plan @ 2026-01-10
    campaign  region  segment  logos  hours  budget  currency  decide_by   requested_by  proposed_on
    c1        north   startup  5      200    1000    RMB       2026-03-01  ada           2026-01-10
    capacity_plan @ 2026-01-10
    tranche  pool  gpus  amount  currency  proposed_on  commit_date  live_date   ramp_months  requested_by  released_share  attach_rate
    t1       p1    8     100     RMB       2026-01-10   2026-03-01   2026-09-01  -            -             0.5             0.25
    """
    operator.build("sales_target", "tranche")
    assert operator.table("sales_target", "day", "campaign", "hours") == [(date(2026, 3, 1), "c1", 200.0)]
    assert operator.table("tranche", "tranche", "attach_rate") == [("t1", 0.25)]
