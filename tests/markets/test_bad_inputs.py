"""What a city's figures say of orders without a city, refunds that are too large, and cohorts that are too young."""

import re
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Cell, Metric, Outcome, Rows, Scope, Verdict
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.markets import city_pnl, city_weeks, growth_quality, margin_for_growth, payback, subsidy
from hardgate.markets.city_margin import gate as city_margin
from hardgate.metrics.cm2_per_order import metric as cm2
from hardgate.metrics.cm3_per_order import metric as cm3
from hardgate.metrics.earned_growth import metric as earned_growth
from hardgate.metrics.order_frequency import metric as order_frequency
from hardgate.metrics.paid_share import metric as paid_share
from hardgate.metrics.payback_risk import metric as payback_risk
from hardgate.metrics.subsidy_per_order import metric as subsidy_per_order
from hardgate.report import charts
from hardgate.report.packet import of_exhibit
from tests.capacity.world import TODAY
from tests.evidence import Tables, table
from tests.markets.world import TABLES

LIMITS = {(one.name, EVERYTHING): one.limits for one in (city_margin, payback.gate)}
A, B = Scope.of(city="a"), Scope.of(city="b")
WINDOW, HALF_YEAR = Window(TODAY - timedelta(weeks=8), TODAY), Window(TODAY - timedelta(weeks=26), TODAY)


def world(**changed: Rows) -> Tables:
    return Tables(TODAY, {**TABLES, **changed}, {"discount_rate": 0.12}, LIMITS)


def added(rollup: str, *records: dict[str, Any]) -> Rows:
    """The rows of a rollup and some more, each like the last one but for what it says."""
    rows = TABLES[rollup]
    last = {name: values[-1] for name, values in rows.columns.items()}
    more = [{**last, **one} for one in records]
    return Rows(
        {name: [*values, *(one[name] for one in more)] for name, values in rows.columns.items()}, rows.count + len(more)
    )


def judged(evidence: Tables, gate: Any, scope: Scope, **rule: Any) -> Verdict:
    days = periods_of(evidence, gate, scope)
    return judge(gate, None, scope, evidence.at, days, Rule(**rule), gate.limits)


# Orders without a city.

LOOSE = {"city_day": added("city_day", {"day": date(2026, 9, 1), "city": None, "orders": 100})}
PLACED = sum(40 + (i * 7) % 5 for i in range(154, 210))
"""Orders of a in the last eight weeks."""


@pytest.mark.parametrize("metric", [cm2, subsidy_per_order, paid_share, order_frequency, earned_growth])
def test_every_reading_of_a_city_misses_the_orders_that_say_no_city(metric: Metric) -> None:
    found, whole = world(**LOOSE).reading(metric, A, WINDOW), world().reading(metric, A, WINDOW)
    placed = PLACED if metric is not earned_growth else sum(40 + (i * 7) % 5 for i in range(98, 210))
    assert found.value == whole.value
    assert found.missing == pytest.approx(100 / (placed + 100), abs=1e-6)
    assert found.gaps == ("100 orders have no city (2026-09-01) and may be of a; bring the city of these orders",)
    assert found.gaps[0] in found.because
    assert world(**LOOSE).reading(metric, EVERYTHING, WINDOW).missing == 0
    assert (whole.missing, whole.gaps) == (0, ())


def test_a_gate_on_a_city_is_unknown_until_policy_says_how_much_may_be_missing() -> None:
    evidence = world(**LOOSE)
    strict = judged(evidence, city_margin, A)
    assert strict.outcome is Outcome.UNKNOWN
    assert "4.1 % is missing, more than 0.0 %" in strict.because
    assert "bring the city of these orders" in strict.because
    assert judged(evidence, city_margin, A, max_missing_money=0.05).outcome is Outcome.PASS
    assert judged(evidence, payback.gate, A).outcome is Outcome.UNKNOWN


def test_active_users_are_unknown_where_some_orders_say_no_city() -> None:
    """The order of September 1 leaves July and August whole; one in August does not."""
    rows = {row[0]: row[2] for row in growth_quality.exhibit.build(world(**LOOSE)).rows}
    assert rows["a"] == pytest.approx(700 / 680 - 1, abs=1e-4)
    august = added("city_day", {"day": date(2026, 8, 1), "city": None, "orders": 3})
    built = growth_quality.exhibit.build(world(city_day=august))
    assert {row[2] for row in built.rows} == {None}
    assert built.notes[0].startswith("3 orders have no city (2026-08-01)")


@pytest.mark.parametrize("exhibit", [city_weeks, payback, subsidy, margin_for_growth])
def test_what_is_read_by_city_says_that_some_orders_say_none(exhibit: Any) -> None:
    said = [one for one in exhibit.exhibit.build(world(**LOOSE)).notes if "no city has them" in one]
    assert len(said) == 1
    assert said[0].startswith("100 orders have no city (2026-09-01), ")


# A refund that is larger than its order.

MONDAY = date(2026, 7, 20)


def refunded() -> Tables:
    cohorts, days = TABLES["cohort_week"], TABLES["city_day"]
    at = zip(
        cohorts.columns["day"],
        cohorts.columns["city"],
        cohorts.columns["cohort"],
        cohorts.columns["contribution"],
        strict=True,
    )
    brought = [None if (day, city, born) == (MONDAY, "b", date(2026, 6, 1)) else one for day, city, born, one in at]
    there = list(zip(days.columns["day"], days.columns["city"], strict=True))
    on = [key == (MONDAY + timedelta(days=2), "b") for key in there]
    return world(
        cohort_week=Rows({**cohorts.columns, "contribution": brought}, cohorts.count),
        city_day=Rows({**days.columns, "overpaid_refunds": [int(one) for one in on],
                       "refund": [None if bad else one for bad, one in zip(on, days.columns["refund"], strict=True)]}, days.count),
        overpaid_refund=table("day city refunds order_id\n2026-07-22 b 1 Q77"),
    )  # fmt: skip


def test_one_bad_order_stops_its_own_city_and_is_named() -> None:
    found = refunded().reading(payback_risk, B, HALF_YEAR)
    assert found.value is None
    assert found.because == (
        "contribution of b in the week of 2026-07-20 is not known (order Q77 of 2026-07-22 in b: refund larger than the "
        "order): bring every amount of orders, or correct it"
    )
    other = refunded().reading(payback_risk, A, HALF_YEAR)
    assert other.value is not None
    assert other.value == pytest.approx(world().reading(payback_risk, A, HALF_YEAR).value, abs=0.05)
    assert refunded().reading(payback_risk, EVERYTHING, HALF_YEAR).value is None


def test_the_other_cities_stay_in_the_table_and_it_closes() -> None:
    built = payback.exhibit.build(refunded())
    rows = {row[0]: row for row in built.rows}
    assert set(rows) == {"a", "b"}
    assert rows["b"][1:-1] == (None,) * 9
    assert isinstance(rows["a"][8], float)
    assert "order Q77 of 2026-07-22" in built.notes[0]
    old, unread = 40 * 22, 28 * 22  # those who came more than eight weeks ago
    assert (
        built.closing
        == f"customers of the cities {old:,} + of cities that are not read {unread:,} = all {old + unread:,}"
    )
    assert built.closes is True


def test_a_margin_that_rests_on_the_refund_names_the_order() -> None:
    found = refunded().reading(cm2, B, WINDOW)
    assert "1 refund is larger than its order (Q77 of 2026-07-22 in b): correct it in orders" in found.because
    assert refunded().reading(cm2, A, WINDOW).value == 7.0


def test_the_books_of_a_month_go_on_without_the_city_of_a_bad_refund() -> None:
    """July: b's row is unknown and names the order, a's is as ever, and what the books hold of b closes the ledger."""
    evidence = replace(refunded(), as_of=date(2026, 8, 10))
    books = evidence.rows("city_ledger_month", EVERYTHING, Window(date(2026, 7, 1), date(2026, 8, 1))).records()
    built, whole = (city_pnl.exhibit.build(one) for one in (evidence, replace(world(), as_of=date(2026, 8, 10))))
    rows, as_ever = ({row[0]: row for row in one.rows} for one in (built, whole))
    assert rows["a"] == as_ever["a"]
    assert rows["b"][:3] == as_ever["b"][:3], "its orders and their baskets are known"
    assert rows["b"][3:9] == (None,) * 6
    assert (rows["b"][9], rows["b"][10:]) == (as_ever["b"][9], (None, None))
    of_b = sum(one["amount"] for one in books if one["city"] == "b" and one["account"] != "platform")
    assert rows["cities that are not known, by the books"][8] == of_b
    assert built.closes is True
    assert built.closing.startswith(
        f"cities that are known {rows['a'][8]:,.2f} + cities that are not known, by the books {of_b:,.2f} +"
    )
    assert built.sentence == (
        f"In 2026-07 1 of 2 cities left RMB {rows['a'][8]:,.2f} after all that is given away, a most; "
        "what b left is not known and in no total."
    )
    assert built.notes[0] == (
        "b is not known: 1 refund is larger than its order (Q77 of 2026-07-22 in b): correct it in orders"
    )


def test_the_month_after_a_bad_refund_is_whole_and_only_its_bridge_is_not_known() -> None:
    built, whole = (city_pnl.exhibit.build(one) for one in (refunded(), world()))
    rows, as_ever = ({row[0]: row for row in one.rows} for one in (built, whole))
    assert (rows["a"], rows["b"][:9]) == (as_ever["a"], as_ever["b"][:9])
    assert rows["b"][9:] == (None, None, None)
    assert (built.sentence, built.closing) == (whole.sentence, whole.closing)
    assert "b is not known a month before: 1 refund is larger than its order (Q77 of 2026-07-22 in b)" in str(
        built.notes
    )


def test_where_no_city_is_known_nothing_is_shown() -> None:
    days = TABLES["city_day"]
    built = city_pnl.exhibit.build(
        world(city_day=Rows({**days.columns, "commission": [None] * days.count}, days.count))
    )
    assert built.rows == ()
    assert built.missing.startswith("commission is null on 2026-08-01 and 30 more dates up to 2026-08-31")


def test_growth_that_was_bought_closes_with_a_payback_that_is_not_known() -> None:
    built = margin_for_growth.exhibit.build(refunded())
    assert built.closes is True
    rows = {(row[0], row[1]): row for row in built.rows}
    assert rows["city", "b"][6:] == (None,) * 4
    assert rows["all", "all"][6:] == (None,) * 4, "some of all are b's"
    assert isinstance(rows["city", "a"][8], float)
    assert "order Q77 of 2026-07-22" in built.notes[0]


def test_no_city_grows_best_of_which_nothing_is_known() -> None:
    """b has the refund; of a the score is known, so that it grows best, and alone where b would be the first by name."""
    built = growth_quality.exhibit.build(refunded())
    assert [row[1] is None for row in built.rows] == [False, True]
    assert built.sentence.startswith("a grows best")
    assert any(note.startswith("b: ") and "Q77" in note for note in built.notes)
    assert {one.unit for one in built.headings if one.name in {"basket", "subsidy on an order"}} == {"RMB"}
    none: list[tuple[Cell, ...]] = [("a", None, 0.1), ("b", None, None)]
    assert growth_quality._sentence(none) == "In no city is it known whether orders grow that nobody was paid for."


# A cohort younger than its window, and a city without spend.


def test_a_young_city_says_how_young_it_is_and_the_others_go_on() -> None:
    rows = TABLES["cohort_week"]
    keep = [
        i
        for i, (born, city) in enumerate(zip(rows.columns["cohort"], rows.columns["city"], strict=True))
        if city == "a" or born >= TODAY - timedelta(weeks=6)
    ]
    evidence = world(
        cohort_week=Rows({name: [values[i] for i in keep] for name, values in rows.columns.items()}, len(keep))
    )
    found = evidence.reading(payback_risk, B, HALF_YEAR)
    assert "no customers of more than 10 weeks in b, where the first came 6 weeks ago" in found.because
    assert evidence.reading(payback_risk, A, HALF_YEAR).value is not None
    assert judged(evidence, payback.gate, B).outcome is Outcome.UNKNOWN


def test_a_city_without_spend_is_told_to_bring_it() -> None:
    rows = TABLES["acquisition_day"]
    keep = [i for i, city in enumerate(rows.columns["city"]) if city == "a"]
    less = Rows({name: [values[i] for i in keep] for name, values in rows.columns.items()}, len(keep))
    found = world(acquisition_day=less).reading(payback_risk, B, HALF_YEAR)
    assert found.because.startswith("no acquisition spend of b in the half year to 2026-09-07: bring acquisition_spend")


# One name, one number.


def test_the_weeks_of_a_month_add_up_to_its_books() -> None:
    """The 8 weeks of the city, and the days of August of the same orders: both bear what winning customers cost."""
    built = city_weeks.exhibit.build(world())
    week = next(row for row in built.rows if row[:2] == ("a", "2026-08-03"))
    orders = sum(40 + (i * 7) % 5 for i in range(175, 182))
    assert week[2:] == (orders, 15.0, 7.0, round(5 - 300 * 7 / orders, 3))
    assert [one.name for one in built.headings[3:]] == ["CM1 of an order", "CM2 of an order", "CM3 of an order"]


def test_a_level_with_an_account_that_only_the_books_hold_goes_by_another_name() -> None:
    rows = TABLES["stack_account"]
    alone = [None if one == "acquisition_spend" else one for one in rows.columns["order_column"]]
    evidence = world(stack_account=Rows({**rows.columns, "order_column": alone}, rows.count))
    built = city_weeks.exhibit.build(evidence)
    assert built.headings[5].name == "CM3 before winning of an order"
    assert any(one.startswith("CM3 is before winning, known by the books of the month alone") for one in built.notes)
    found = evidence.reading(cm3, A, WINDOW)
    assert found.value is None
    assert "CM3 holds winning, which is in the books of a month and in no order" in found.because
    assert evidence.reading(cm2, A, WINDOW).value == 7.0
    assert city_pnl.exhibit.build(evidence).closes is True


def test_the_weeks_are_drawn_a_line_a_city_whatever_their_level_is_called() -> None:
    more = added("stack_account", {"account": "rent of hubs", "level": "CM2", "order_column": None})
    built = city_weeks.exhibit.build(world(stack_account=more))
    assert built.headings[4].name == "CM2 before rent of hubs of an order"
    drawn = charts.chart(of_exhibit(city_weeks.exhibit, built))
    assert re.findall(r'class="line line-(\d)"', drawn) == ["0", "1"]
    assert drawn.count("L") == 2 * (city_weeks.WEEKS - 1)


def test_spend_that_the_books_say_otherwise_is_a_row() -> None:
    rows = TABLES["acquisition_day"]
    more = [
        one + Decimal(1) if day == date(2026, 8, 5) else one
        for one, day in zip(rows.columns["amount"], rows.columns["day"], strict=True)
    ]
    built = city_pnl.exhibit.build(world(acquisition_day=Rows({**rows.columns, "amount": more}, rows.count)))
    assert "books less orders 2.00" in built.closing
    assert built.closes is True
