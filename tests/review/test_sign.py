from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.errors import BadInput, Misconfigured, NotFound, NotPermitted
from hardgate.core.terms import Needed, Outcome, State, Waiver
from hardgate.ledger.entries import PacketSigned
from hardgate.review.decide import missing
from hardgate.review.sign import RELEASE_DAYS
from tests.review.signing import AS_OF, ASK, MILLION, NOW, PACKET, Office

SMALL = replace(ASK, amount=40 * MILLION)
OTHER = "cd" * 32


def test_three_roles_release_what_one_alone_does_not(office: Office) -> None:
    states = [office.state()]
    for signer in ("li.wei", "chen.jie", "wu.lan"):
        assert office.approve(signer).signature.valid
        states.append(office.state())
    assert states == [State.AWAITING, State.AWAITING, State.AWAITING, State.RELEASED]
    assert [(one.by, one.role) for one in office.signatures()] == [
        ("li.wei", "finance"),
        ("chen.jie", "cfo"),
        ("wu.lan", "capacity"),
    ]


def test_a_small_amount_needs_finance_alone(office: Office) -> None:
    assert office.approve("sun.yu", ask=SMALL).signature.role == "finance"
    assert office.state(SMALL) is State.RELEASED


def test_what_was_signed_is_in_the_entry(office: Office) -> None:
    entry = office.approve("li.wei", reason="as budgeted").entry
    assert (entry.actor, entry.at, entry.signature is not None) == ("li.wei", "2026-09-08T09:00:00Z", True)
    assert {name: entry.body[name] for name in entry.body if name not in {"key", "head"}} == {
        "packet": PACKET,
        "ask": "hall-4",
        "action": "BUILD",
        "amount": "1200000000",
        "currency": "RMB",
        "requested_by": "zhao.min",
        "verdict": "approve",
        "role": "finance",
        "as_of": "2026-09-07",
        "expires": "2026-12-06",
        "policy": "ef" * 32,
        "reason": "as budgeted",
    }
    assert office.ledger.verify().signed == 1


@pytest.mark.parametrize(
    ("signer", "other", "words"),
    [
        ("zhao.min", {}, "zhao.min asks for hall-4: who asks does not approve"),
        ("sun.yu", {}, "sun.yu may sign up to 50,000,000, and BUILD hall-4 is 1,200,000,000; it needs 1 x capacity"),
        ("sun.yu", {"value": None}, "has no amount in the reporting currency"),
        ("li.wei", {"role": "cfo"}, "li.wei does not hold the role cfo, but finance"),
        ("chen.jie", {"ask": SMALL}, "BUILD hall-4 needs 1 x finance, and chen.jie signs as cfo"),
        ("li.wei", {"at": datetime(2026, 9, 6)}, "its evidence is not there yet"),
        ("Zhao.Min ", {"key": None}, "who asks does not approve"),
    ],
)
def test_what_policy_does_not_permit_is_refused_and_not_recorded(
    office: Office, signer: str, other: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotPermitted, match=words):
        office.approve(signer, **other)
    assert office.ledger.entries() == ()


def test_who_asks_is_known_by_address_too(office: Office) -> None:
    ask = replace(ASK, by="Li.Wei@example.com")
    with pytest.raises(NotPermitted, match="who asks does not approve"):
        office.approve("li.wei", ask=ask)


def test_who_asks_may_refuse(office: Office) -> None:
    assert office.say("zhao.min", "refuse").signature.valid
    assert office.state() is State.REFUSED


def test_a_refusal_has_no_amount_above_which_it_does_not_count(office: Office) -> None:
    assert office.say("sun.yu", "refuse", reason="too early").signature.valid
    assert office.decision().because == "sun.yu (finance) refused it"


def test_who_approved_may_still_refuse(office: Office) -> None:
    office.approve("li.wei")
    office.say("li.wei", "refuse")
    assert [(one.verdict, one.valid, one.because) for one in office.signatures()] == [
        ("approve", False, "replaced by entry 2"),
        ("refuse", True, ""),
    ]


def test_a_refusal_stands_until_the_packet_changes(office: Office) -> None:
    office.say("li.wei", "refuse")
    for signer in ("li.wei", "chen.jie"):
        with pytest.raises(NotPermitted, match=r"li.wei \(finance\) refused it; a refusal stands until"):
            office.approve(signer)
    office.ledger.append_signed(_body(office), "li.wei", NOW, office.keys["li.wei"])
    assert [(one.verdict, one.valid, one.because) for one in office.signatures()] == [
        ("refuse", True, ""),
        ("approve", False, "li.wei refused it in entry 1"),
    ]
    assert office.approve("li.wei", packet=OTHER).signature.valid


def test_nobody_counts_in_two_roles(office: Office) -> None:
    office.approve("wu.lan", role="finance")
    with pytest.raises(NotPermitted, match=r"wu.lan has signed BUILD hall-4 as finance already"):
        office.approve("wu.lan")
    office.approve("wu.lan", role="capacity")
    valid = [(one.by, one.role) for one in office.signatures() if one.valid]
    assert valid == [("wu.lan", "capacity")]
    needed = office.policy.needed(ASK.action, ASK.amount, ASK.scope)
    assert missing(needed, office.signatures()) == (Needed("finance"), Needed("cfo"))


def test_a_role_that_is_full_names_what_is_missing(office: Office) -> None:
    office.approve("wu.lan", role="finance")
    with pytest.raises(NotPermitted, match="signed as finance already: what is missing is 1 x capacity, 1 x cfo"):
        office.approve("li.wei")


@pytest.mark.parametrize(
    ("signer", "key", "because"),
    [
        ("li.wei", None, "asserted: no key signed it"),
        ("li.wei", "stranger", "asserted: policy names another key for li.wei"),
        ("stranger", "stranger", "asserted: policy names no signer stranger"),
        ("stranger", None, "asserted: policy names no signer stranger"),
        ("stranger", "li.wei", "asserted: policy names no signer stranger"),
    ],
)
def test_an_entry_without_a_known_key_is_recorded_and_releases_nothing(
    office: Office, signer: str, key: str | None, because: str
) -> None:
    found = office.approve(signer, ask=SMALL, key=office.keys[key] if key else None)
    assert (found.signature.valid, found.signature.because) == (False, because)
    assert (office.ledger.verify().entries, office.state(SMALL)) == (1, State.AWAITING)


def test_an_asserted_word_does_not_replace_a_signed_one(office: Office) -> None:
    office.approve("li.wei", ask=SMALL)
    office.say("li.wei", "refuse", ask=SMALL, key=None)
    assert [(one.verdict, one.valid) for one in office.signatures(SMALL)] == [("approve", True), ("refuse", False)]
    assert office.state(SMALL) is State.RELEASED


def test_an_approval_dies_when_the_packet_changes(office: Office) -> None:
    office.approve("li.wei", ask=SMALL)
    (dead,) = office.signatures(SMALL, OTHER)
    assert (dead.valid, dead.because) == (False, f"it is on another statement ({PACKET[:16]}): something changed since")
    assert office.state(SMALL, OTHER) is State.AWAITING
    office.approve("li.wei", ask=SMALL, packet=OTHER)
    assert [one.packet for one in office.signatures(SMALL, OTHER)] == [OTHER]
    assert office.state(SMALL, OTHER) is State.RELEASED


def test_an_approval_of_one_ask_is_none_of_another(office: Office) -> None:
    office.approve("li.wei", ask=SMALL)
    assert office.signatures(replace(SMALL, id="hall-5")) == ()


@pytest.mark.parametrize(
    ("change", "because"),
    [
        ({"signers": ()}, "asserted: policy names no signer li.wei"),
        ({"matrix": ()}, "this amount needs nobody in the role finance"),
    ],
)
def test_a_signature_counts_under_the_policy_of_today(office: Office, change: dict[str, Any], because: str) -> None:
    office.approve("li.wei", ask=SMALL)
    (one,) = office.under(**change).signatures(SMALL)
    assert (one.valid, one.because) == (False, because)


def test_a_signer_who_lost_the_role_or_the_key_no_longer_counts(office: Office) -> None:
    office.approve("li.wei", ask=SMALL)
    first, *rest = office.policy.signers
    for changed, because in (
        (replace(first, roles=("capacity",)), "policy gives li.wei no role finance"),
        (replace(first, key=rest[0].key), "asserted: policy names another key for li.wei"),
        (replace(first, up_to=MILLION), "li.wei may sign up to 1,000,000, and BUILD hall-4 is 40,000,000"),
    ):
        (one,) = office.under(signers=(changed, *rest)).signatures(SMALL)
        assert (one.valid, one.because) == (False, because)


def test_two_names_with_one_key_are_one_person(office: Office) -> None:
    first, second, *rest = office.policy.signers
    twins = office.under(signers=(first, replace(second, key=first.key), *rest))
    twins.approve("li.wei", role="finance")
    twins.approve("wu.lan", role="capacity", key=office.keys["li.wei"])
    assert [(one.by, one.valid) for one in twins.signatures()] == [("li.wei", False), ("wu.lan", True)]


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.HOLD, Outcome.UNKNOWN])
def test_a_signature_does_not_open_a_gate(office: Office, outcome: Outcome) -> None:
    held = office.decision(outcome=outcome)
    with pytest.raises(NotPermitted, match=r"hall-4 is HELD: capacity.utilization .*a signature does not open a gate"):
        office.approve("li.wei", decision=held)
    assert office.say("li.wei", "refuse", decision=held).signature.valid


def test_a_waived_gate_may_be_signed(office: Office) -> None:
    waiver = Waiver("capacity.utilization", ASK.scope, "Waiver", "chen.jie", "r", "c", date(2026, 10, 31))
    waived = office.decision(outcome=Outcome.FAIL, waivers=(waiver,))
    assert office.approve("li.wei", decision=waived).signature.valid


def test_where_policy_names_nobody_nobody_may_sign(office: Office) -> None:
    with pytest.raises(NotPermitted, match="policy names nobody who may sign BUILD hall-4: add a row to sign_off"):
        office.under(matrix=()).approve("li.wei")


def test_a_word_that_is_neither_yes_nor_no_cannot_be_signed(office: Office) -> None:
    with pytest.raises(Misconfigured, match="'aprove' cannot be signed: did you mean 'approve'"):
        office.say("li.wei", "aprove")


def test_an_approval_ends_by_itself(office: Office) -> None:
    last = AS_OF + timedelta(days=RELEASE_DAYS)
    assert office.approve("li.wei").body.expires == last.isoformat() == "2026-12-06"
    assert office.approve("chen.jie", expires=date(2026, 9, 30)).body.expires == "2026-09-30"
    for wrong in (last + timedelta(days=1), AS_OF - timedelta(days=1)):
        with pytest.raises(Misconfigured, match="choose a day up to 2026-12-06"):
            office.approve("wu.lan", expires=wrong)


def test_a_key_that_is_not_there_is_a_mistake_and_records_nothing(office: Office) -> None:
    with pytest.raises(NotFound, match="there is no key"):
        office.approve("li.wei", key=office.keys["li.wei"].with_name("gone.key"))
    assert office.ledger.entries() == ()


@pytest.mark.parametrize(
    ("field", "value", "because"),
    [
        ("verdict", "perhaps", "'perhaps' is neither approve nor refuse"),
        ("amount", "5", "it names another amount than the ask"),
        ("currency", "USD", "it names another amount than the ask"),
        ("role", "cfo", "policy gives li.wei no role cfo"),
        ("role", "", "policy gives li.wei no role (none named)"),
        ("expires", "20261206", "it counts until '20261206', which is no day"),
        ("expires", "never", "it counts until 'never', which is no day"),
    ],
)
def test_rules_hold_for_entries_signed_without_hardgate_too(
    office: Office, field: str, value: str, because: str
) -> None:
    body = replace(_body(office), **{field: value})
    office.ledger.append_signed(body, "li.wei", NOW, office.keys["li.wei"])
    assert [(one.valid, one.because) for one in office.signatures()] == [(False, because)]


def test_four_eyes_hold_for_entries_that_lie_about_who_asks(office: Office) -> None:
    body = replace(_body(office), requested_by="nobody")
    office.ledger.append_signed(body, "zhao.min", NOW, office.keys["zhao.min"])
    assert [(one.valid, one.because) for one in office.signatures()] == [(False, "who asks does not approve")]
    with pytest.raises(BadInput, match=r"does not take this packet.signed of zhao.min"):
        office.ledger.append_signed(_body(office), "zhao.min", NOW, office.keys["zhao.min"])


def test_an_ask_without_an_amount_needs_the_top_rung(office: Office) -> None:
    ask = replace(ASK, amount=None, currency="")
    for signer in ("li.wei", "chen.jie", "wu.lan"):
        office.approve(signer, ask=ask)
    assert office.state(ask) is State.RELEASED
    assert office.ledger.entries()[0].body["amount"] == ""


def test_the_amount_in_the_reporting_currency_decides_who_signs(office: Office) -> None:
    dollars = replace(ASK, amount=20 * MILLION, currency="USD")
    with pytest.raises(NotPermitted, match=r"sun.yu may sign up to 50,000,000, and BUILD hall-4 is 142,000,000"):
        office.approve("sun.yu", ask=dollars, value=Decimal(142_000_000))


def _body(office: Office) -> PacketSigned:
    return PacketSigned(
        packet=PACKET,
        ask=ASK.id,
        action="BUILD",
        amount="1200000000",
        currency="RMB",
        requested_by=ASK.by,
        verdict="approve",
        role="finance",
        as_of="2026-09-07",
        expires="2026-12-06",
        policy=office.policy.digest,
    )
