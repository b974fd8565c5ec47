"""Which asks a review judges."""

from datetime import date
from decimal import Decimal

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.core.terms import Action, Ask, Rows, Scope
from hardgate.review.asks import guards_of, located, merged
from hardgate.review.proposals.tranches import from_tranches

POOLS = Rows({"pool": ["north-1"], "region": ["north"], "accelerator": ["H20"]}, 1)


def tranches(*rows: tuple[str, date, float | None]) -> Rows:
    columns = {
        "day": [day for _, day, _ in rows],
        "tranche": [name for name, _, _ in rows],
        "region": ["north"] * len(rows),
        "accelerator": ["H20"] * len(rows),
        "pool": ["north-1"] * len(rows),
        "gpus": [64] * len(rows),
        "amount": [Decimal(10)] * len(rows),
        "currency": ["RMB"] * len(rows),
        "requested_by": [None] * len(rows),
        "live_date": [date(2027, 1, 1)] * len(rows),
        "ramp_months": [None] * len(rows),
        "proposed_on": [None] * len(rows),
        "released_share": [share for _, _, share in rows],
    }
    return Rows(columns, len(rows))


def test_tranches_of_the_horizon_ask_and_one_begun_asks_for_release() -> None:
    plan = tranches(("late", date(2027, 6, 1), None), ("b", date(2026, 12, 1), 0.5), ("a", date(2026, 10, 1), None))
    asks = from_tranches(plan, date(2026, 9, 7), "26w")
    assert [(ask.id, ask.action) for ask in asks] == [("a", Action.BUILD), ("b", Action.RELEASE)]
    assert asks[0].decide_by == date(2026, 10, 1)
    assert asks[0].scope == Scope.of(region="north", accelerator="H20", pool="north-1", tranche="a")


def test_a_date_that_passed_is_seen_for_four_weeks() -> None:
    plan = tranches(("gone", date(2026, 8, 9), None), ("missed", date(2026, 8, 10), None))
    assert [ask.id for ask in from_tranches(plan, date(2026, 9, 7), "26w")] == ["missed"]


def test_an_explicit_ask_replaces_the_derived_one_and_is_a_tranche_of_its_own() -> None:
    derived = from_tranches(tranches(("a", date(2026, 10, 1), None)), date(2026, 9, 7), "26w")
    mine = Ask("a", Action.BUILD, Scope.of(pool="north-1"), "me")
    other = Ask("x", Action.BUILD, Scope.of(pool="north-1"), "me")
    assert [(ask.by, ask.scope.as_mapping().get("tranche")) for ask in merged(derived, (mine, other))] == [
        ("me", "a"),
        ("me", "x"),
    ]


def test_an_ask_that_names_a_pool_alone_stands_where_the_pool_stands() -> None:
    asks = (
        Ask("a", Action.BUILD, Scope.of(pool="north-1"), "me"),
        Ask("b", Action.BUILD, Scope.of(pool="nowhere"), "me"),
    )
    assert [str(ask.scope) for ask in located(asks, POOLS)] == ["north / H20 / north-1", "nowhere"]


def test_an_action_that_no_gate_guards_is_an_error_and_never_allowed() -> None:
    ask = Ask("a", Action.SHIFT, Scope.of(pool="north-1"), "me")
    with pytest.raises(Misconfigured, match="ask 'a' wants to SHIFT, and no installed gate guards SHIFT"):
        guards_of(ask, {})
