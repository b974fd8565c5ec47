"""Orders become city days, cohorts and features; every figure here is counted by hand from the docstring."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.rollups.conftest import Operator

PLAIN = "order_id customer city placed_at value commission delivery_fee discount_platform courier_cost payment_cost support_cost refund currency"


def placed(*lines: str, known: str = "2026-12-01") -> str:
    """Orders as order, customer, city and day; each is worth 50 and leaves 10 + 4 - 2 - 6 - 1 - 1 - 0 = 4."""
    rows = []
    for line in lines:
        order, customer, city, day = line.split()
        rows.append(f"{order} {customer} {city} {day}T12:00:00 50 10 4 2 6 1 1 0 RMB")
    return "\n".join([f"orders @ {known}", PLAIN, *rows])


def test_a_city_day_adds_up_and_what_lacks_an_amount_is_null(operator: Operator) -> None:
    """
    orders @ 2026-03-10
    order_id customer city placed_at            delivered_at         value commission delivery_fee discount_platform discount_merchant courier_cost payment_cost support_cost refund currency
    1        u        a    2026-03-09T10:00:00  2026-03-09T11:00:00  50    10         4            0                 -                 6            1            1            0      RMB
    2        u        a    2026-03-09T12:00:00  -                    70    14         4            5                 -                 -            1            1            0      RMB
    3        v        -    2026-03-09T12:00:00  -                    20    4          4            0                 -                 5            1            1            0      RMB
    """
    operator.build("city_day")
    columns = ("city", "orders", "delivered", "customers", "paid_orders", "value", "discount_platform", "courier_cost")
    assert sorted(operator.table("city_day", *columns), key=str) == [
        ("a", 2, 1, 1, 1, Decimal(120), Decimal(5), None),
        (None, 1, 0, 1, 1, Decimal(20), Decimal(0), Decimal(5)),
    ]


def test_a_refund_larger_than_its_order_makes_the_refunds_unknown(operator: Operator) -> None:
    """
    orders @ 2026-03-10
    order_id customer city placed_at           value delivery_fee refund currency
    1        u        a    2026-03-09T10:00:00 50    4            54     RMB
    2        u        b    2026-03-09T10:00:00 50    4            54.01  RMB
    """
    operator.build("city_day")
    found = sorted(operator.table("city_day", "city", "refund", "overpaid_refunds"))
    assert found == [("a", Decimal(54), 0), ("b", None, 1)]


def test_a_refund_larger_than_its_order_is_named(operator: Operator) -> None:
    """
    orders @ 2026-03-10
    order_id customer city placed_at           value delivery_fee refund currency
    9        u        a    2026-03-09T10:00:00 50    -            50.01  RMB
    7        u        a    2026-03-09T11:00:00 50    4            60     RMB
    8        u        -    2026-03-09T11:00:00 50    4            60     RMB
    6        u        b    2026-03-09T11:00:00 50    4            54     RMB
    """
    operator.build("overpaid_refund")
    found = sorted(operator.table("overpaid_refund", "city", "refunds", "order_id"), key=str)
    assert found == [("a", 2, "7"), (None, 1, "8")]


def test_cohorts_by_first_order_and_the_week_in_which_a_customer_has_gone(operator: Operator) -> None:
    """u: January 5 and 12, gone by March 9, back on March 16. v: January 14 and, just in time, March 11."""
    operator.also(
        placed("1 u a 2026-01-05", "2 u a 2026-01-12", "3 u a 2026-03-16", "4 v a 2026-01-14", "5 v a 2026-03-11")
    )
    operator.build("cohort_week", through=date(2026, 12, 1))
    rows = operator.table("cohort_week", "day", "cohort", "orders", "customers", "lapsed", "contribution", "subsidy")
    first, second = date(2026, 1, 5), date(2026, 1, 12)
    assert sorted(rows) == [
        (first, first, 1, 1, 0, 40_000, 20_000),
        (second, first, 1, 1, 0, 40_000, 20_000),
        (second, second, 1, 1, 0, 40_000, 20_000),
        (date(2026, 3, 9), first, 0, 0, 1, 0, 0),
        (date(2026, 3, 9), second, 1, 1, 0, 40_000, 20_000),
        (date(2026, 3, 16), first, 1, 1, 0, 40_000, 20_000),
    ]


def test_paid_orders_of_a_cohort_are_those_without_a_discount_and_null_where_one_is_not_known(
    operator: Operator,
) -> None:
    """
    orders @ 2026-01-12
    order_id customer city placed_at           value discount_platform segment currency
    1        u        a    2026-01-05T10:00:00 50    0                 s       RMB
    2        u        a    2026-01-06T10:00:00 50    2                 s       RMB
    3        v        a    2026-01-06T10:00:00 50    0.01              s       RMB
    4        w        a    2026-01-06T10:00:00 50    -                 t       RMB
    5        w        a    2026-01-07T10:00:00 50    0                 t       RMB
    orders @ 2026-01-20
    order_id customer city placed_at           value discount_platform segment currency
    2        u        a    2026-01-06T10:00:00 50    0                 s       RMB
    4        w        a    2026-01-06T10:00:00 50    1                 t       RMB
    """
    operator.build("cohort_week", through=date(2026, 2, 1))

    def paid(as_of: date) -> list[tuple[Any, ...]]:
        return sorted(operator.table("cohort_week", "segment", "orders", "paid_orders", as_of=as_of))

    assert paid(date(2026, 1, 12)) == [("s", 3, 1), ("t", 2, None)]
    assert paid(date(2026, 1, 20)) == [("s", 3, 2), ("t", 2, 1)]


def test_who_is_gone_needs_a_later_week_to_be_seen(operator: Operator) -> None:
    """A customer is only gone in a week that the table speaks of; v keeps it going."""
    operator.also(placed("1 u a 2026-01-05", "2 v a 2026-03-04"))
    operator.build("cohort_week", through=date(2026, 12, 1))
    gone = [row[:2] for row in operator.table("cohort_week", "day", "cohort", "lapsed") if row[2]]
    assert gone == [(date(2026, 3, 2), date(2026, 1, 5))]


def test_what_became_known_later_moves_a_cohort_from_then_on(operator: Operator) -> None:
    operator.also(placed("2 u a 2026-01-12", known="2026-01-13"))
    operator.also(placed("1 u a 2026-01-05", known="2026-02-20"))
    operator.build("cohort_week", through=date(2026, 3, 1))

    def cohorts(as_of: date) -> list[tuple[Any, ...]]:
        return sorted(operator.table("cohort_week", "day", "cohort", "orders", as_of=as_of))

    first, second = date(2026, 1, 5), date(2026, 1, 12)
    assert cohorts(date(2026, 1, 18)) == []
    assert cohorts(date(2026, 1, 19)) == [(second, second, 1)]
    assert cohorts(date(2026, 2, 20)) == [(first, first, 1), (second, first, 1)]


def test_a_new_week_makes_that_week_alone(operator: Operator) -> None:
    operator.also(placed("1 u a 2026-01-05", known="2026-01-06"))
    operator.build("cohort_week", through=date(2026, 1, 12))
    operator.also(placed("2 u a 2026-01-13", known="2026-01-14"))
    built = operator.build("cohort_week", through=date(2026, 1, 20))
    assert built.days["cohort_week"] == (date(2026, 1, 12),)


def test_an_earlier_week_told_anew_makes_all_later_weeks(operator: Operator) -> None:
    operator.also(placed("1 u a 2026-01-13", "2 u a 2026-01-21", known="2026-01-22"))
    operator.build("cohort_week", through=date(2026, 2, 1))
    operator.also(placed("3 u a 2026-01-06", known="2026-01-30"))
    built = operator.build("cohort_week", through=date(2026, 2, 1))
    assert built.days["cohort_week"] == (date(2026, 1, 5), date(2026, 1, 12), date(2026, 1, 19))
    assert {row[0] for row in operator.table("cohort_week", "cohort", as_of=date(2026, 2, 1))} == {date(2026, 1, 5)}


EXPERIMENT = """
experiments @ 2026-01-01
feature metric       role    unit     starts_on  ends_on    minimum_effect looks control_share registered_on
f       basket_value primary customer 2026-01-05 2026-01-07 0.03           1     0.5           2026-01-01
exposures @ 2026-12-01
feature customer arm     exposed_at
f       u        control 2026-01-05T10:00:00
f       v        control 2026-01-05T11:00:00
f       w        treated 2026-01-05T11:00:00
f       x        treated 2026-01-06T11:00:00
f       x        control 2026-01-06T12:00:00
"""


def test_sums_of_a_feature_are_cumulative_over_who_was_exposed(operator: Operator) -> None:
    """u orders twice (4 each left), v never, w once; x saw treated first and counts there. Before exposure is not counted."""
    operator.also(EXPERIMENT)
    operator.also(
        placed("1 u f 2026-01-04", "2 u f 2026-01-05", "3 u f 2026-01-06", "4 w f 2026-01-06", "5 x f 2026-01-07")
    )
    operator.build("feature_day")
    columns = ("day", "metric", "arm", "units", "both_arms", "numerator_mean", "denominator_mean", "covariance")
    found = {row[:3]: row[3:] for row in operator.table("feature_day", *columns, as_of=date(2026, 12, 1))}
    fifth, sixth = date(2026, 1, 5), date(2026, 1, 6)
    assert {day for day, _, _ in found} == {fifth, sixth}
    assert found[fifth, "basket_value", "control"] == (2, 0, 25.0, 0.5, 25.0)
    assert found[sixth, "basket_value", "control"] == (2, 0, 50.0, 1.0, 100.0)
    assert found[sixth, "basket_value", "treated"] == (2, 1, 25.0, 0.5, 25.0)
    assert found[sixth, "contribution_per_customer", "control"][:3] == (2, 0, 4.0)
    assert found[sixth, "orders_per_customer", "treated"][:3] == (2, 1, 0.5)


def test_who_saw_an_arm_before_the_window_is_in_neither_arm(operator: Operator) -> None:
    """
    exposures @ 2026-01-04
    feature customer arm     exposed_at
    f       p        control 2026-01-03T10:00:00
    f       q        treated 2026-01-04T23:59:00
    f       x        treated 2026-01-04T12:00:00
    """
    operator.also(EXPERIMENT)
    operator.also("""
        exposures @ 2026-12-01
        feature customer arm     exposed_at
        f       p        control 2026-01-05T10:00:00
        f       q        control 2026-01-06T10:00:00
    """)
    operator.also(placed("1 u f 2026-01-05", "2 p f 2026-01-05", "3 q f 2026-01-06", "4 x f 2026-01-06"))
    operator.build("feature_day", "exposure_day")
    columns = ("day", "arm", "units", "both_arms", "numerator_mean")
    late = date(2026, 12, 1)
    found = {row[:2]: row[2:] for row in operator.table("feature_day", "metric", *columns[1:], as_of=late)}
    baskets = {row[:2]: row[2:] for row in operator.table("feature_day", *columns, as_of=late) if row[1] == "treated"}
    assert found["basket_value", "control"] == (2, 0, 25.0)
    assert {day: row[:2] for (day, _), row in baskets.items()} == dict.fromkeys(
        (date(2026, 1, 5), date(2026, 1, 6)), (1, 0)
    )
    shown = operator.table("exposure_day", "day", "arm", "exposures", as_of=late)
    assert sorted(shown)[:3] == [
        (date(2026, 1, 3), "control", 1), (date(2026, 1, 4), "treated", 2), (date(2026, 1, 5), "control", 3),
    ]  # fmt: skip
    assert operator.table("exposure_day", "day", as_of=date(2026, 1, 4)) == [(date(2026, 1, 3),), (date(2026, 1, 4),)]


def test_a_window_that_is_registered_anew_counts_from_its_own_first_day(operator: Operator) -> None:
    """
    experiments @ 2026-01-03
    feature metric       role    unit     starts_on  ends_on    minimum_effect looks control_share registered_on
    f       basket_value primary customer 2026-01-06 2026-01-08 0.03           1     0.5           2026-01-03
    """
    operator.also(EXPERIMENT)
    operator.also(placed("1 u f 2026-01-06"))
    operator.build("feature_day")
    columns = ("day", "arm", "units")
    assert set(operator.table("feature_day", *columns, as_of=date(2026, 12, 1))) == {(date(2026, 1, 6), "treated", 1)}


def test_what_nobody_registered_has_a_first_exposure_too(operator: Operator) -> None:
    """
    exposures @ 2026-01-09
    feature customer arm     exposed_at
    g       u        treated 2026-01-08T10:00:00
    """
    operator.build("exposure_day", "feature_day")
    assert operator.table("exposure_day", "day", "feature") == [(date(2026, 1, 8), "g")]
    assert operator.rows("feature_day") == []


def test_sums_of_a_platform_come_in_as_they_are(operator: Operator) -> None:
    """
    experiment_results @ 2026-02-01
    feature metric  arm     day         units numerator_mean denominator_mean numerator_variance denominator_variance covariance
    g       density treated 2026-01-05  90    2.5            1.25             0.5                0.25                 0.125
    """
    operator.build("feature_day")
    assert operator.table("feature_day", "metric", "arm", "units", "numerator_mean", "covariance") == [
        ("density", "treated", 90, 2.5, 0.125)
    ]


def test_a_registration_changed_in_place_shows_when(operator: Operator) -> None:
    """
    experiments @ 2026-01-02
    feature metric role    unit     starts_on  ends_on    minimum_effect looks control_share registered_on
    f       m      primary customer 2026-01-05 2026-02-02 0.03           4     0.5           2026-01-02
    experiments @ 2026-01-20
    feature metric role    unit     starts_on  ends_on    minimum_effect looks control_share registered_on
    f       m      primary customer 2026-01-05 2026-02-02 0.01           4     0.5           2026-01-02
    """
    operator.build("experiment")
    columns = ("minimum_effect", "stated_on", "first_stated_on")
    assert operator.table("experiment", *columns, as_of=date(2026, 1, 19)) == [
        (0.03, date(2026, 1, 2), date(2026, 1, 2))
    ]
    assert operator.table("experiment", *columns, as_of=date(2026, 1, 20)) == [
        (0.01, date(2026, 1, 20), date(2026, 1, 2))
    ]


@pytest.mark.parametrize(
    ("rollup", "expected"),
    [
        ("acquisition_day", [("a", Decimal(30)), (None, Decimal(5))]),
        ("city_ledger_month", [("", Decimal(-7)), ("a", Decimal(9))]),
    ],
)
def test_what_has_no_city_stays_in_a_row_of_its_own(operator: Operator, rollup: str, expected: list[Any]) -> None:
    operator.also("""
        acquisition_spend @ 2026-01-06
        city channel day        amount currency
        a    search  2026-01-05 10     RMB
        a    street  2026-01-05 20     RMB
        -    street  2026-01-05 5      RMB
        city_ledger @ 2026-02-06
        account city month      amount currency
        one     a    2026-01-01 9      RMB
        two     -    2026-01-01 -7     RMB
    """)
    operator.build(rollup)
    assert (
        sorted(operator.table(rollup, "city", "amount"), key=lambda row: str(row[0]).replace("None", "z")) == expected
    )


def test_hours_and_orders_of_a_zone_meet(operator: Operator) -> None:
    """
    orders @ 2026-03-10
    order_id customer city zone placed_at           value currency
    1        u        a    one  2026-03-09T10:00:00 50    RMB
    2        u        a    one  2026-03-09T10:00:00 50    RMB
    3        u        a    two  2026-03-09T10:00:00 50    RMB
    couriers @ 2026-03-10
    city zone day        hours
    a    one  2026-03-09 1.25
    """
    operator.build("zone_day")
    assert sorted(operator.table("zone_day", "zone", "orders", "courier_milli_hours")) == [
        ("one", 2, 1250),
        ("two", 1, None),
    ]


def test_customers_of_a_month_and_those_who_paid_once(operator: Operator) -> None:
    """
    orders @ 2026-03-10
    order_id customer city placed_at           value discount_platform currency
    1        u        a    2026-03-08T10:00:00 50    0                 RMB
    2        u        a    2026-03-09T10:00:00 50    3                 RMB
    3        v        a    2026-03-09T10:00:00 50    3                 RMB
    """
    operator.build("city_month")
    assert operator.table("city_month", "customers", "paying_customers", "orders") == [(2, 1, 3)]
