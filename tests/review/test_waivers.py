import itertools
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.errors import BadInput, NotFound
from hardgate.core.terms import Outcome, Waiver
from hardgate.ledger.entries import WaiverGranted
from hardgate.review.decide import Consequence, covering
from hardgate.review.waivers import standing, waiver_debt, waiver_named, waivers_in_force
from tests.review.signing import AS_OF, MILLION, NOW, POOL, Office, terms


def _sign(office: Office, body: WaiverGranted, signer: str) -> None:
    """Record a signed grant past every check of `grant_waiver`, as a signer's own program could."""
    office.ledger.append_signed(body, signer, NOW, office.keys[signer])


def _changed(field: str, value: str) -> WaiverGranted:
    return WaiverGranted(**{**terms().body("finance").plain(), field: value})


def _granted(office: Office, **changes: Any) -> None:
    _sign(office, terms(**changes).body("cfo"), "chen.jie")
    _sign(office, terms(**changes).body("finance"), "li.wei")


def test_a_waiver_counts_from_its_date_to_its_expiry_and_then_reverts(office: Office) -> None:
    _granted(office)
    days = (AS_OF - timedelta(days=1), AS_OF, date(2026, 10, 31), date(2026, 11, 1))
    assert [len(waivers_in_force(office.ledger, office.policy, day)) for day in days] == [0, 1, 1, 0]
    assert [standing(office.ledger, office.policy, day)[0].because for day in days] == [
        "it counts from 2026-09-07 on",
        "",
        "",
        "it expired on 2026-10-31",
    ]


def test_what_is_in_force_is_what_decisions_cover_a_verdict_with(office: Office) -> None:
    _granted(office)
    (waiver,) = waivers_in_force(office.ledger, office.policy, AS_OF)
    (verdict,) = office.decision(outcome=Outcome.FAIL).verdicts
    assert covering([waiver], verdict, AS_OF, Consequence("capacity.utilization")) == waiver
    assert covering([waiver], verdict, date(2026, 11, 1), Consequence("capacity.utilization")) is None


def test_policy_of_today_rules_over_waivers_of_yesterday(office: Office) -> None:
    _granted(office)
    rules = office.policy.waivers
    for changed, because in (
        (replace(rules, max_days=30), "it expires on 2026-10-31: policy allows 2026-09-07 to 2026-10-07"),
        (replace(rules, not_for=frozenset({"capacity.utilization"})), "policy does not let capacity.utilization be"),
        (replace(rules, needed=()), "policy names nobody who may waive"),
        (replace(rules, needed=(*rules.needed, rules.needed[0].__class__("board"))), "needs 1 x board"),
    ):
        under = office.under(waivers=changed)
        (found,) = standing(office.ledger, under.policy, AS_OF)
        assert found.because.startswith(because)
        assert waivers_in_force(office.ledger, under.policy, AS_OF) == ()


PEOPLE = ("li.wei", "wu.lan", "chen.jie", "zhao.min", "sun.yu")


@pytest.mark.parametrize("people", [group for n in (1, 2, 3) for group in itertools.combinations(PEOPLE, n)])
def test_a_quorum_is_one_person_in_each_role_and_never_who_asks(office: Office, people: tuple[str, ...]) -> None:
    as_role = {"li.wei": "finance", "wu.lan": "finance", "chen.jie": "cfo", "zhao.min": "cfo", "sun.yu": "finance"}
    for person in people:
        _sign(office, terms().body(as_role[person]), person)
    quorum = "chen.jie" in people and bool({"li.wei", "wu.lan"} & set(people))
    assert bool(waivers_in_force(office.ledger, office.policy, AS_OF)) == quorum


@pytest.mark.parametrize(
    ("field", "value", "because"),
    [
        ("role", "capacity", "li.wei does not waive as capacity"),
        ("role", "", "li.wei does not waive as (no role named)"),
        ("requested_by", "li.wei", "who asks does not grant"),
    ],
)
def test_rules_hold_for_entries_signed_without_hardgate_too(
    office: Office, field: str, value: str, because: str
) -> None:
    _sign(office, _changed(field, value), "li.wei")
    (found,) = standing(office.ledger, office.policy, AS_OF)
    assert [one.because for one in found.signatures] == [because]


@pytest.mark.parametrize(("field", "value"), [("exposure", "much"), ("expires", "never"), ("as_of", "20260907")])
def test_terms_that_cannot_be_read_grant_nothing(office: Office, field: str, value: str) -> None:
    _sign(office, _changed(field, value), "li.wei")
    assert standing(office.ledger, office.policy, AS_OF) == ()


def test_a_waiver_is_found_by_the_beginning_of_its_id_and_countersigned(office: Office) -> None:
    _sign(office, terms().body("cfo"), "chen.jie")
    found = waiver_named(office.ledger, office.policy, terms().id[:8], AS_OF)
    assert (found.id, found.terms, found.because) == (terms().id, terms(), "needs 1 x finance")
    _sign(office, found.terms.body("finance"), "li.wei")
    assert waiver_named(office.ledger, office.policy, found.id, AS_OF).because == ""


def test_a_name_that_fits_no_waiver_or_several_is_not_guessed(office: Office) -> None:
    with pytest.raises(NotFound, match="there is no waiver 'abc'"):
        waiver_named(office.ledger, office.policy, "abc", AS_OF)
    for number in range(17):
        _sign(office, terms(reason=f"reason {number}").body("cfo"), "chen.jie")
    first = [one.id[0] for one in standing(office.ledger, office.policy, AS_OF)]
    twice = next(letter for letter in first if first.count(letter) > 1)
    with pytest.raises(NotFound, match=f"{first.count(twice)} waivers begin with '{twice}': write more of the id"):
        waiver_named(office.ledger, office.policy, twice, AS_OF)
    with pytest.raises(NotFound, match="there is no waiver ''"):
        waiver_named(office.ledger, office.policy, "", AS_OF)


def test_waiver_debt_is_the_exposure_of_open_waivers(office: Office) -> None:
    _granted(office)
    _granted(office, gate="capacity.utilization", reason="second", exposure=Decimal("0.10"))
    _granted(office, reason="third", exposure=5 * MILLION, expires=date(2026, 9, 30))
    debts = [
        waiver_debt(waivers_in_force(office.ledger, office.policy, day), "RMB") for day in (AS_OF, date(2026, 10, 1))
    ]
    assert debts == [Decimal("1205000000.10"), Decimal("1200000000.10")]
    assert waiver_debt((), "RMB") == 0


def test_debt_is_never_added_across_currencies_nor_counted_as_nothing(office: Office) -> None:
    waiver = Waiver("capacity.utilization", POOL, "Waiver", "chen.jie", "r", "c", AS_OF, Decimal(5), "USD")
    with pytest.raises(BadInput, match="states its exposure in USD, and the debt is counted in RMB"):
        waiver_debt([waiver], "RMB")
    with pytest.raises(BadInput, match="states its exposure in no currency"):
        waiver_debt([replace(waiver, exposure=None, currency="")], "RMB")
