"""Burn that a pause stops, gross and net, and growth that was bought, by market and in all: both are worked by hand."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Action, Ask, Mode, Outcome, Rows, Scope, Table, Verdict
from hardgate.markets import margin_for_growth, payback, subsidy
from hardgate.metrics.subsidy_return import metric as subsidy_return
from hardgate.models.payback import LATEST, mixed, never, reached
from tests.capacity.world import TODAY
from tests.evidence import Tables
from tests.markets.world import TABLES

LIMITS = {(payback.gate.name, EVERYTHING): payback.gate.limits}
A, B = Scope.of(city="a"), Scope.of(city="b")
MONTH = 365.25 / 12


def world(**changed: Rows) -> Tables:
    return Tables(TODAY, {**TABLES, **changed}, {"discount_rate": 0.12}, LIMITS)


def paused(evidence: Tables) -> Tables:
    """a is paused and may give 900 a month, b goes on and may give USD 500."""
    asks = (
        Ask("subsidy-a", Action.SUBSIDIZE, A, "wen", Decimal(900), "RMB"),
        Ask("subsidy-b", Action.SUBSIDIZE, B, "wen", Decimal(500), "USD"),
    )
    verdicts = tuple(
        Verdict(payback.gate.name, ask.id, ask.scope, outcome, Mode.BLOCK, "markets", "", ())
        for ask, outcome in zip(asks, (Outcome.FAIL, Outcome.PASS), strict=True)
    )
    return replace(evidence, asks=asks, verdicts=verdicts)


GIVEN = 2 * sum(40 + (i * 7) % 5 for i in range(182, 210)) / 28 * MONTH
"""What a gives a month: 2 on each order of the last four weeks."""


def test_what_a_pause_stops_is_gross_and_net_of_what_a_unit_brings() -> None:
    """A unit of subsidy brings .6, so that two fifths of the burn are what the pause leaves."""
    built = subsidy.exhibit.build(paused(world()))
    brought = world().reading(subsidy_return, A, Window(TODAY - timedelta(days=28), TODAY))
    assert brought.value is not None
    assert brought.low is not None
    assert brought.high is not None
    row = next(row for row in built.rows if row[0] == "a")
    net, low, high = (GIVEN * (1 - one) for one in (brought.value, brought.high, brought.low))
    assert list(row[7:9]) == pytest.approx([GIVEN, net], abs=0.02)
    assert net == pytest.approx(0.4 * GIVEN, rel=0.05)
    assert row[9] == f"[{low:,.2f}, {high:,.2f}]"
    assert built.sentence == (
        f"Pausing a stops a burn of RMB {GIVEN:,.2f} a month, RMB {net:,.2f} [{low:,.2f}, {high:,.2f}] net of what it brings."
    )
    assert next(row for row in built.rows if row[0] == "b")[7:] == (0.0, 0.0, "")


def test_without_a_holdout_the_net_of_a_pause_is_unknown_and_the_burn_is_not() -> None:
    built = subsidy.exhibit.build(paused(world(geo_test_day=Rows())))
    row = next(row for row in built.rows if row[0] == "a")
    assert row[7] == pytest.approx(GIVEN, abs=0.01)
    assert row[8:] == (None, "")
    assert built.sentence.endswith("a month; what of it comes back is unknown without a holdout.")


def test_the_schedule_stands_in_the_reporting_currency_beside_what_was_given_of_it() -> None:
    built = subsidy.exhibit.build(paused(world()))
    rows = {row[0]: row for row in built.rows}
    assert rows["a"][1] == 900.0
    assert rows["a"][3] == pytest.approx(GIVEN / 900, abs=1e-4)
    assert rows["b"][1] is None, "no rate from USD is known"
    assert built.notes[0].startswith(f"{GIVEN:,.2f} of the 900.00 a month that schedules allow was given")


# Growth bought.


def kinds(built: Table) -> dict[str, float]:
    """Customers who never pay back, added up by kind."""
    found: dict[str, float] = {}
    for row in built.rows:
        assert isinstance(row[9], float)
        found[str(row[0])] = found.get(str(row[0]), 0.0) + row[9]
    return found


def test_those_who_never_pay_back_are_as_many_by_every_kind_of_market() -> None:
    """a's customers cost 52.50 and many never pay; b's cost a tenth of that and all do."""
    rows = TABLES["acquisition_day"]
    cheap = [
        one / 10 if city == "b" else one for one, city in zip(rows.columns["amount"], rows.columns["city"], strict=True)
    ]
    built = margin_for_growth.exhibit.build(world(acquisition_day=Rows({**rows.columns, "amount": cheap}, rows.count)))
    by_name = {(row[0], row[1]): row for row in built.rows}
    a, b, whole = by_name["city", "a"], by_name["city", "b"], by_name["all", "all"]
    assert isinstance(a[8], float)
    assert isinstance(a[9], float)
    assert a[8] > 0.5
    assert b[8] == 0.0
    assert {name: pytest.approx(count, abs=0.2) for name, count in kinds(built).items()} == dict.fromkeys(
        ("city", "region", "segment", "product", "all"), a[9]
    )
    assert whole[8] == pytest.approx(a[8] * 40 / 68, abs=1e-3), "40 of 68 new customers are a's"
    assert by_name["segment", "home"][8] == whole[8]
    assert str(whole[7]).endswith(" to never")
    assert built.closes is True
    assert f"{whole[9]:,.1f} of them never to pay back" in built.closing


def test_customers_of_two_cities_pay_back_as_a_mixture() -> None:
    """Thirty pay back in week 10 or 12, ten never do: a quarter, and the median is week 12."""
    course = mixed([(30, ((10, 50), (12, 50))), (10, ((LATEST, 7),))])
    assert (never(course), reached(course, 0.5), reached(course, 0.3), reached(course, 0.8)) == (0.25, 12, 10, None)
