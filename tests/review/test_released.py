import sqlite3
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.errors import Tampered
from hardgate.core.terms import Ask, Outcome, Waiver
from hardgate.ledger.store import TRIGGERS
from hardgate.review.released import released
from hardgate.review.waive import grant_waiver, revoke_waiver
from hardgate.review.waivers import waivers_in_force
from tests.review.signing import AS_OF, ASK, MILLION, NOW, PACKET, Office, terms

OTHER = "cd" * 32
EVERYONE = ("li.wei", "chen.jie", "wu.lan")
YES = (True, "hall-4 is released until 2026-12-06, signed by li.wei (finance), chen.jie (cfo), wu.lan (capacity)")


def _released(office: Office, *, ask: Ask = ASK, packet: str = PACKET, **other: Any) -> tuple[bool, str]:
    usual: dict[str, Any] = {"on": AS_OF, "value": ask.amount, "decision": office.decision(ask, packet)}
    return released(office.ledger, office.policy, packet, **{**usual, **other})


def _signed(office: Office, **other: Any) -> Office:
    for signer in EVERYONE:
        office.approve(signer, **other)
    return office


def test_no_until_everyone_has_signed_and_then_yes(office: Office) -> None:
    answers = [_released(office)]
    for signer in EVERYONE:
        office.approve(signer)
        answers.append(_released(office))
    assert answers == [
        (False, "hall-4 needs 1 x capacity, 1 x finance, 1 x cfo"),
        (False, "hall-4 needs 1 x capacity, 1 x cfo"),
        (False, "hall-4 needs 1 x capacity"),
        YES,
    ]


def test_no_again_after_the_packet_changes(office: Office) -> None:
    yes, why = _released(_signed(office), packet=OTHER)
    assert not yes
    assert why.startswith(
        "hall-4 needs 1 x capacity, 1 x finance, 1 x cfo; li.wei: it is on another statement (abababab"
    )


def test_no_when_a_newer_packet_holds_the_ask_otherwise(office: Office) -> None:
    _signed(office)
    for packet, expected in ((PACKET, True), (OTHER, False)):
        body = {"as_of": "2026-09-14", "asks": [{"id": "hall-4", "digest": packet}]}
        office.ledger.append("review.recorded", body, "hardgate", NOW)
        assert _released(office)[0] is expected
    assert "the newest packet that holds hall-4 is that of 2026-09-14" in _released(office)[1]


def test_no_for_another_ask(office: Office) -> None:
    assert not _released(_signed(office), ask=replace(ASK, id="hall-5"))[0]


@pytest.mark.parametrize(
    ("amount", "expected"),
    [
        ("1200000000", YES),
        ("0.01", YES),
        ("0", YES),
        ("1200000000.01", (False, "1,200,000,000.01 is more than the RMB 1,200,000,000 that hall-4 asks for")),
        ("-1", (False, "-1 is not an amount")),
        ("NaN", (False, "NaN is not an amount")),
        ("Infinity", (False, "Infinity is not an amount")),
    ],
)
def test_an_amount_up_to_the_one_asked_for(office: Office, amount: str, expected: tuple[bool, str]) -> None:
    assert _released(_signed(office), amount=Decimal(amount)) == expected


def test_an_ask_without_an_amount_releases_none(office: Office) -> None:
    ask = replace(ASK, amount=None)
    _signed(office, ask=ask)
    assert _released(office, ask=ask)[0]
    assert _released(office, ask=ask, amount=Decimal(1)) == (False, "hall-4 names no amount, so none is released")


def test_a_signature_expires(office: Office) -> None:
    _signed(office)
    assert _released(office, on=date(2026, 12, 6)) == YES
    yes, why = _released(office, on=date(2026, 12, 7))
    assert not yes
    assert "li.wei: approval expired on 2026-12-06" in why


def test_a_signature_may_end_sooner_and_then_the_release_does(office: Office) -> None:
    for signer, until in zip(EVERYONE, (None, date(2026, 9, 30), None), strict=True):
        office.approve(signer, expires=until)
    assert _released(office)[1].startswith("hall-4 is released until 2026-09-30")
    assert _released(office, on=date(2026, 10, 1)) == (
        False,
        "hall-4 needs 1 x cfo; chen.jie: approval expired on 2026-09-30",
    )


def test_an_approval_signed_to_last_longer_than_its_evidence_does_not(office: Office) -> None:
    office.approve("chen.jie")
    office.approve("wu.lan")
    counted = office.approve("li.wei")
    forever = replace(counted.body, expires="9999-12-31")
    office.ledger.append_signed(forever, "li.wei", NOW, office.keys["li.wei"])
    assert _released(office)[1].startswith("hall-4 is released until 2026-12-06")
    assert not _released(office, on=date(2026, 12, 7))[0]


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.HOLD, Outcome.UNKNOWN])
def test_signatures_do_not_release_what_a_gate_holds(office: Office, outcome: Outcome) -> None:
    _signed(office)
    yes, why = _released(office, decision=office.decision(outcome=outcome))
    assert not yes
    assert why.startswith("hall-4 is HELD: capacity.utilization")


def test_a_refusal_ends_a_release(office: Office) -> None:
    before = _signed(office).decision()
    office.say("sun.yu", "refuse")
    assert _released(office) == (False, "hall-4 is REFUSED: sun.yu (finance) refused it")
    assert _released(office, decision=before) == (False, "sun.yu (finance) refused it")


def test_asserted_entries_release_nothing(office: Office) -> None:
    for signer in EVERYONE:
        office.approve(signer, key=None)
    yes, why = _released(office)
    assert not yes
    assert why.count("asserted: no key signed it") == 3


def test_where_policy_names_nobody_nothing_is_released(office: Office) -> None:
    assert _released(_signed(office).under(matrix=())) == (
        False,
        "policy names nobody who may sign BUILD hall-4: add a row to sign_off",
    )


def _waived(office: Office) -> tuple[str, tuple[Waiver, ...]]:
    usual: dict[str, Any] = {"outcome": Outcome.FAIL, "at": NOW}
    for signer in ("chen.jie", "li.wei"):
        grant_waiver(office.ledger, office.policy, terms(), signer=signer, key=office.keys[signer], **usual)
    waivers = waivers_in_force(office.ledger, office.policy, AS_OF)
    _signed(office, decision=office.decision(outcome=Outcome.FAIL, waivers=waivers))
    return terms().id, waivers


def test_a_waived_release_ends_with_its_waiver(office: Office) -> None:
    _, waivers = _waived(office)
    decision = office.decision(outcome=Outcome.FAIL, waivers=waivers)
    assert _released(office, decision=decision)[1].startswith("hall-4 is released until 2026-10-31")
    assert _released(office, decision=decision, on=date(2026, 11, 1)) == (
        False,
        "the waiver of capacity.utilization for cn-north / H20 expired on 2026-10-31",
    )


def test_a_waiver_taken_back_ends_its_release(office: Office) -> None:
    name, waivers = _waived(office)
    decision = office.decision(outcome=Outcome.FAIL, waivers=waivers)
    revoke_waiver(
        office.ledger,
        office.policy,
        name,
        reason="the count was wrong",
        as_of=date(2026, 9, 10),
        signer="chen.jie",
        key=office.keys["chen.jie"],
        at=datetime(2026, 9, 10),
    )
    assert _released(office, decision=decision)[0]
    assert _released(office, decision=decision, on=date(2026, 9, 10)) == (
        False,
        "the waiver of capacity.utilization for cn-north / H20 is no longer in force",
    )


def test_a_ledger_that_does_not_verify_releases_nothing(office: Office) -> None:
    _signed(office, reason="as budgeted")
    database = sqlite3.connect(office.ledger.path, isolation_level=None)
    for trigger in TRIGGERS:
        database.execute(f"drop trigger {trigger}")
    database.execute("delete from entries where seq = 3")
    database.close()
    with pytest.raises(Tampered, match="triggers"):
        _released(office)


def test_a_dearer_ask_is_not_released_by_signatures_on_a_cheaper_one(office: Office) -> None:
    small = replace(ASK, amount=40 * MILLION)
    office.approve("li.wei", ask=small)
    assert _released(office, ask=small)[0]
    yes, why = _released(office)
    assert not yes
    assert "li.wei: it names another amount than the ask" in why
