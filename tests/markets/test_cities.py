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


def test_buying_users_does_not_move_the_score() -> None:
    """Twice as many new customers in the last eight weeks, all discounted: more orders, no better score."""
    cohorts = TABLES["cohort_week"]
    born = cohorts.columns["cohort"]
    last = TODAY - timedelta(weeks=8)
    twice = [2 * one if day >= last else one for one, day in zip(cohorts.columns["orders"], born, strict=True)]
    days = TABLES["city_day"]
    more = [
        one + 20 if day >= last else one for one, day in zip(days.columns["orders"], days.columns["day"], strict=True)
    ]
    bought = world(
        cohort_week=Rows({**cohorts.columns, "orders": twice}, cohorts.count),
        city_day=Rows({**days.columns, "orders": more}, days.count),
    )
    before, after = (one.reading(earned_growth, CITY, WINDOW).value for one in (world(), bought))
    assert before is not None
    assert after is not None
    assert after < before
    assert growth_quality.exhibit.build(bought).sentence


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
