"""City P&L, cost stack, growth quality and margin for growth, on a world whose sums are known."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Outcome, Rows, Scope, Table
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.markets import city_pnl, city_weeks, growth_quality, margin_for_growth, payback, subsidy
from hardgate.markets.city_margin import gate as city_margin
from hardgate.metrics.basket_value import metric as basket_value
from hardgate.metrics.cm1_per_order import metric as cm1
from hardgate.metrics.cm2_per_order import metric as cm2
from hardgate.metrics.cm3_per_order import metric as cm3
from hardgate.metrics.cost_stack import declared
from hardgate.metrics.delivery_density import metric as delivery_density
from hardgate.metrics.earned_growth import metric as earned_growth
from hardgate.metrics.orders_per_km2 import metric as orders_per_km2
from hardgate.metrics.payback_risk import metric as payback_risk
from hardgate.metrics.repeat_rate import metric as repeat_rate
from hardgate.metrics.subsidy_return import _changes
from hardgate.metrics.subsidy_return import metric as subsidy_return
from tests.capacity.world import TODAY
from tests.evidence import Tables, table
from tests.markets.world import TABLES

LIMITS = {(one.name, EVERYTHING): one.limits for one in (city_margin, payback.gate)}
CITY = Scope.of(city="a")
WINDOW = Window(TODAY - timedelta(weeks=8), TODAY)


def world(**changed: Rows) -> Tables:
    return Tables(TODAY, {**TABLES, **changed}, {"discount_rate": 0.12}, LIMITS)


def changed(rollup: str, **columns: Any) -> Tables:
    """The world with some columns of a rollup given by a function of their old cell."""
    rows = TABLES[rollup]
    new = {name: [make(one) for one in rows.columns[name]] for name, make in columns.items()}
    return world(**{rollup: Rows({**rows.columns, **new}, rows.count)})


def test_an_order_leaves_15_then_7_then_5() -> None:
    """11 + 4 - 0 is CM1; less 6 + 1 + 1 is 7; less the discount of 2 is 5. A merchant's discount is not ours.

    CM3 bears the 300 a day that winning customers costs, too, as the books of the month do.
    """
    found = [world().reading(metric, CITY, WINDOW).value for metric in (cm1, cm2, cm3)]
    orders = sum(40 + (i * 7) % 5 for i in range(154, 210))
    assert found == [15.0, 7.0, round(5 - 300 * 56 / orders, 3)]


def test_values_and_densities_by_hand() -> None:
    evidence = world()
    assert evidence.reading(basket_value, CITY, WINDOW).value == 60.0
    orders = sum(20 + i % 3 + 18 + i % 4 for i in range(154, 210))
    assert evidence.reading(delivery_density, CITY, WINDOW).value == pytest.approx(orders / (56 * 18.5), abs=1e-3)
    assert evidence.reading(orders_per_km2, CITY, WINDOW).value == pytest.approx(orders / 56 / 22, abs=1e-3)


def test_an_amount_that_one_day_lacks_makes_the_margin_unknown() -> None:
    rows = TABLES["city_day"]
    costs = list(rows.columns["courier_cost"])
    costs[-2] = None
    evidence = world(city_day=Rows({**rows.columns, "courier_cost": costs}, rows.count))
    found = evidence.reading(cm2, CITY, WINDOW)
    assert (found.value, found.missing) == (None, 1.0)
    assert "courier_cost is null on 2026-09-06" in found.because
    assert evidence.reading(cm1, CITY, WINDOW).value == 15.0


def test_a_day_without_any_order_is_a_gap_and_no_quiet_day() -> None:
    rows = TABLES["city_day"]
    keep = [i for i, day in enumerate(rows.columns["day"]) if day != date(2026, 8, 20)]
    less = Rows({name: [values[i] for i in keep] for name, values in rows.columns.items()}, len(keep))
    found = world(city_day=less).reading(cm2, CITY, WINDOW)
    assert found.whole_days_missing == (date(2026, 8, 20),)
    assert found.missing == pytest.approx(1 / 56, abs=1e-6)


def test_a_refund_larger_than_its_order_is_named() -> None:
    found = changed("city_day", overpaid_refunds=lambda _: 1, refund=lambda _: None).reading(cm1, CITY, WINDOW)
    assert found.value is None
    assert "56 refunds are larger than their order" in found.because


# The declared cost stack.


def stack(text: str) -> Rows:
    return table(text)


def test_an_account_mapped_twice_and_one_mapped_never_are_errors() -> None:
    rows = stack("account level order_column\n4010 CM1 commission\n4010 CM2 commission\n5 CM9 -\n6 CM1 tips").records()
    said = declared(rows).problems
    assert said[0] == "account 4010 is mapped to CM1 and CM2: keep one"
    assert any(one.startswith("account 5 has the level CM9") for one in said)
    assert any("books tips, which no order has" in one for one in said)
    assert "no account books courier_cost of orders: map it once" in said


def test_a_stack_that_maps_twice_makes_margins_unknown_and_the_gate_too() -> None:
    rows = TABLES["stack_account"]
    twice = Rows(
        {name: [*values, values[0] if name != "level" else "CM3"] for name, values in rows.columns.items()},
        rows.count + 1,
    )
    evidence = world(stack_account=twice)
    assert "account commission is mapped to CM1 and CM3" in evidence.reading(cm2, CITY, WINDOW).because
    assert "mapped to CM1 and CM3" in city_pnl.exhibit.build(evidence).missing
    days = periods_of(evidence, city_margin, CITY)
    assert judge(city_margin, None, CITY, evidence.at, days, Rule(), city_margin.limits).outcome is Outcome.UNKNOWN


def test_a_booked_account_that_the_stack_does_not_know_is_unallocated_and_still_closes() -> None:
    rows = TABLES["city_ledger_month"]
    more = {"day": date(2026, 8, 1), "city": "a", "account": "fines", "currency": "RMB", "amount": Decimal(-55)}
    with_fines = Rows({name: [*values, more[name]] for name, values in rows.columns.items()}, rows.count + 1)
    built = city_pnl.exhibit.build(world(city_ledger_month=with_fines))
    assert built.closes is True
    assert "unallocated -55.00" in built.closing
    assert "not in the cost stack: fines; give it a level in cost_stack" in built.notes


def test_the_pnl_of_august_by_hand() -> None:
    built = city_pnl.exhibit.build(world())
    first = (date(2026, 8, 1) - (TODAY - timedelta(weeks=30))).days
    orders = sum(40 + (i * 7) % 5 for i in range(first, first + 31))
    row = next(row for row in built.rows if row[0] == "a")
    assert row[1:6] == (orders, 60.0, 15.0, 7.0, round((orders * 5 - 9300) / orders, 3))
    assert row[6:9] == (Decimal(orders * 15), Decimal(orders * 7), Decimal(orders * 5 - 9300))
    assert built.closes is True
    assert isinstance(row[8], Decimal)
    assert isinstance(row[9], float)
    assert row[10] + row[11] == pytest.approx(float(row[8]) - row[9], abs=0.02)  # type: ignore[operator]


def test_books_that_say_otherwise_than_orders_are_a_row() -> None:
    built = city_pnl.exhibit.build(
        changed("city_ledger_month", amount=lambda one: one if one != -9300 else Decimal(-9300))
    )
    assert "books less orders 0.00" in built.closing
    rows = TABLES["city_ledger_month"]
    amounts = [
        one + 7 if (account, city, day) == ("fees", "a", date(2026, 8, 1)) else one
        for one, account, city, day in zip(
            rows.columns["amount"], rows.columns["account"], rows.columns["city"], rows.columns["day"], strict=True
        )
    ]
    built = city_pnl.exhibit.build(world(city_ledger_month=Rows({**rows.columns, "amount": amounts}, rows.count)))
    assert "books less orders 7.00" in built.closing
    assert built.closes is True


def test_weeks_close_and_orders_without_a_city_are_counted_apart() -> None:
    rows = TABLES["city_day"]
    nobody = [
        None if i % 2 and day >= date(2026, 9, 1) else city
        for i, (city, day) in enumerate(zip(rows.columns["city"], rows.columns["day"], strict=True))
    ]
    evidence = world(city_day=Rows({**rows.columns, "city": nobody}, rows.count))
    built = city_weeks.exhibit.build(evidence)
    lost = sum(25 + (i * 7) % 5 for i in range(204, 210))
    assert f"of no city {lost}" in built.closing
    assert built.closes is True


# Quality of growth.


def test_repeat_customers_are_those_of_earlier_weeks() -> None:
    """In a's weeks 22 to 29 the new are 40 each; those there are what is left of 40 after 0.9 a week."""
    there = [sum(round(40 * 0.9**age) for age in range(week + 1)) for week in range(22, 30)]
    found = world().reading(repeat_rate, CITY, WINDOW)
    assert found.value == pytest.approx(1 - 8 * 40 / sum(there), abs=1e-4)


def earned(first: int, last: int) -> int:
    """Undiscounted orders in a of those who came nine weeks before or longer: four in five of those still there."""
    return sum(round(round(40 * 0.9 ** (week - born)) * 0.8) for week in range(first, last) for born in range(week - 8))


def test_earned_growth_by_hand() -> None:
    found = world().reading(earned_growth, CITY, WINDOW)
    now, before = earned(22, 30), earned(14, 22)
    assert found.facts == (("earned_orders", now), ("earned_orders_before", before))
    assert found.value == round(now / before - 1, 4)
    wide = 1.281552 * now / before * (1 / now + 1 / before) ** 0.5  # of a normal at 80 %
    narrow = replace(world(), confidence=0.8).reading(earned_growth, CITY, WINDOW)
    assert (narrow.low, narrow.high) == pytest.approx((found.value - wide, found.value + wide), abs=2e-4)
    assert found.low is not None
    assert narrow.low is not None
    assert (found.value - found.low) / (found.value - narrow.low) == pytest.approx(1.644854 / 1.281552, abs=1e-2)


def with_newcomers(each: int, paid: int) -> Tables:
    """The world with so many more customers in a, come in each of the last eight weeks; each orders once a week."""
    born, last = TABLES["cohort_week"].columns["cohort"], TODAY - timedelta(weeks=8)
    new: dict[str, Rows] = {}
    for name, columns in (
        ("cohort_week", {"orders": each, "paid_orders": paid, "customers": each}),
        ("city_day", {"orders": each, "paid_orders": paid, "customers": each}),
        ("city_month", {"orders": 4 * each, "paying_customers": 4 * paid, "customers": 4 * each}),
    ):
        rows = TABLES[name]
        days = born if name == "cohort_week" else rows.columns["day"]
        hit = [
            city == "a" and day >= (last if name != "city_month" else date(2026, 8, 1))
            for city, day in zip(rows.columns["city"], days, strict=True)
        ]
        more = {
            column: [one + by * bought for one, bought in zip(rows.columns[column], hit, strict=True)]
            for column, by in columns.items()
        }
        new[name] = Rows({**rows.columns, **more}, rows.count)
    return world(**new)


@pytest.mark.parametrize("paid", [0, 200])
def test_bought_users_move_the_active_users_and_not_the_score(paid: int) -> None:
    """200 newcomers a week, all at a discount or all at the full price: active users double, what is earned stays."""
    bought = with_newcomers(200, paid)
    before, after = (one.reading(earned_growth, CITY, WINDOW) for one in (world(), bought))
    assert before.value is not None
    assert (after.value, after.low, after.high) == (before.value, before.low, before.high)
    users = [
        next(row for row in growth_quality.exhibit.build(one).rows if row[0] == "a")[2] for one in (world(), bought)
    ]
    assert users == [round(700 / 680 - 1, 4), round(1500 / 680 - 1, 4)]


def test_a_discount_to_old_customers_lowers_the_score() -> None:
    """Half of what old customers order in the last eight weeks gets a discount: more orders, less earned."""
    rows, last = TABLES["cohort_week"], TODAY - timedelta(weeks=8)
    paid = [
        one // 2 if day >= last else one
        for one, day in zip(rows.columns["paid_orders"], rows.columns["day"], strict=True)
    ]
    given = [
        one + 5 if day >= last else one for one, day in zip(rows.columns["orders"], rows.columns["day"], strict=True)
    ]
    found = world(cohort_week=Rows({**rows.columns, "orders": given, "paid_orders": paid}, rows.count))
    value = found.reading(earned_growth, CITY, WINDOW).value
    now = sum(round(round(40 * 0.9 ** (week - born)) * 0.8) // 2 for week in range(22, 30) for born in range(week - 8))
    assert value == round(now / earned(14, 22) - 1, 4)


def test_a_discount_that_is_not_known_leaves_the_score_unknown() -> None:
    rows = TABLES["cohort_week"]
    paid = [None if i == rows.count - 2 else one for i, one in enumerate(rows.columns["paid_orders"])]
    found = world(cohort_week=Rows({**rows.columns, "paid_orders": paid}, rows.count)).reading(
        earned_growth, CITY, WINDOW
    )
    assert found.value is None
    assert "paid_orders of a in the week of" in found.because


# Payback and subsidy.


def test_the_projection_by_hand() -> None:
    """One in ten leaves each week and one who is there brings 5 a week; a customer costs 300 x 7 / 40 = 52.50.

    Without heterogeneity the sum of 5 x 0.9^k passes 52.5 never: it ends at 50. The fitted hazard falls, so some pay.
    """
    row = next(row for row in payback.exhibit.build(world()).rows if row[0] == "a")
    assert row[2] == pytest.approx(52.5, abs=1e-2)
    assert row[3] == pytest.approx(5.0, abs=0.1)
    assert isinstance(row[7], float)
    assert row[7] > 0.5


def test_a_city_that_pays_at_once_passes_and_one_that_never_does_is_paused() -> None:
    cheap = changed("acquisition_day", amount=lambda one: one / 10)
    days = periods_of(cheap, payback.gate, CITY)
    rule = Rule()
    assert judge(payback.gate, None, CITY, cheap.at, days, rule, payback.gate.limits).outcome is Outcome.PASS
    dear = changed("acquisition_day", amount=lambda one: one * 10)
    assert judge(payback.gate, None, CITY, dear.at, days, rule, payback.gate.limits).outcome is Outcome.FAIL


def test_exhibits_of_money_close_to_their_totals() -> None:
    for one in (payback.exhibit, subsidy.exhibit, margin_for_growth.exhibit):
        built: Table = one.build(world())
        assert built.closes is True, one.name
    kinds = {row[0] for row in margin_for_growth.exhibit.build(world()).rows}
    assert kinds == {"city", "region", "segment", "product", "all"}


def test_a_holdout_gives_back_what_was_put_in() -> None:
    """Four of eight zones got 100 a day, of which 60 came back; the waves are the same for all but their phase."""
    found = world().reading(subsidy_return, CITY, WINDOW)
    assert found.value == pytest.approx(0.6, abs=0.02)
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.6 < found.high
    assert replace(found, batches=()).status.value == "measured"


def test_a_cluster_without_a_day_before_is_no_change() -> None:
    """Two clusters went from 10 to 12; a third, of which only 90 is known, is not one that rose by 90."""
    before = [("t", one, True, False, 10.0, 0.0) for one in ("x", "y")]
    during = [("t", one, True, True, 12.0, 1.0) for one in ("x", "y")]
    late = ("t", "z", False, True, 90.0, 0.0)
    assert _changes([*before, *during, late]) == [(True, 2.0, 1.0)] * 2
    assert _changes([*during, late]) == [(True, 12.0, 1.0)] * 2 + [(False, 90.0, 0.0)]


def test_without_a_holdout_what_a_subsidy_brings_is_unknown() -> None:
    built = subsidy.exhibit.build(world(geo_test_day=Rows()))
    assert {row[5] for row in built.rows} == {"unknown"}
    assert "bring geo_tests" in built.notes[-1]


def test_cohorts_younger_than_their_window_say_nothing_of_leaving() -> None:
    """With cohorts of the last six weeks alone no customer could have been seen to go: unknown, and not loyal."""
    rows = TABLES["cohort_week"]
    keep = [i for i, born in enumerate(rows.columns["cohort"]) if born >= TODAY - timedelta(weeks=6)]
    young = Rows({name: [values[i] for i in keep] for name, values in rows.columns.items()}, len(keep))
    evidence = world(cohort_week=young)
    found = evidence.reading(payback_risk, CITY, WINDOW)
    assert (found.value, found.missing) == (None, 1.0)
    assert "more than ten weeks" in found.because
    days = periods_of(evidence, payback.gate, CITY)
    assert judge(payback.gate, None, CITY, evidence.at, days, Rule(), payback.gate.limits).outcome is Outcome.UNKNOWN
