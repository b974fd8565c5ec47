from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.errors import Misconfigured, NotFound, NotPermitted
from hardgate.core.terms import EVERYTHING, Needed, Outcome, Scope
from hardgate.ledger.entries import WaiverGranted
from hardgate.review.waive import grant_waiver, revoke_waiver
from hardgate.review.waivers import Standing, Terms, waivers_in_force
from tests.review.signing import AS_OF, MILLION, NOW, POOL, Office, row, terms


def _grant(office: Office, signer: str, waived: Terms | None = None, **other: Any) -> Standing:
    usual: dict[str, Any] = {"outcome": Outcome.FAIL, "key": office.keys.get(signer), "at": NOW}
    return grant_waiver(office.ledger, office.policy, waived or terms(), signer=signer, **{**usual, **other})


def test_a_waiver_counts_when_everyone_who_must_has_signed_the_same_terms(office: Office) -> None:
    first = _grant(office, "chen.jie")
    assert (first.lacking, first.because) == ((Needed("finance"),), "needs 1 x finance")
    assert waivers_in_force(office.ledger, office.policy, AS_OF) == ()
    second = _grant(office, "li.wei", first.terms)
    assert (second.id, second.because) == (first.id, "")
    (waiver,) = waivers_in_force(office.ledger, office.policy, AS_OF)
    assert (waiver.by, waiver.scope, waiver.granted) == ("chen.jie, li.wei", POOL, True)
    assert (waiver.expires, waiver.exposure) == (date(2026, 10, 31), Decimal(1_200_000_000))
    assert office.ledger.verify().signed == 2


def test_two_signers_of_different_terms_grant_nothing(office: Office) -> None:
    _grant(office, "chen.jie")
    other = _grant(office, "li.wei", terms(reason="another reason"))
    assert other.because == "needs 1 x cfo"
    assert waivers_in_force(office.ledger, office.policy, AS_OF) == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reason": " "}, "its reason is empty"),
        ({"control": ""}, "its control is empty"),
        ({"owner": ""}, "its owner is empty"),
        ({"category": "waiver"}, "its category is 'waiver': did you mean 'Waiver'"),
        ({"expires": date(2026, 12, 7)}, "it expires on 2026-12-07: policy allows 2026-09-07 to 2026-12-06"),
        ({"expires": date(2026, 9, 6)}, "policy allows 2026-09-07 to 2026-12-06"),
        ({"exposure": Decimal("NaN")}, "its exposure is NaN: state the money"),
        ({"exposure": Decimal(-1)}, "its exposure is -1: state the money"),
        ({"gate": "capacity.utilisation"}, "did you mean 'capacity.utilization'"),
        ({"as_of": date(2026, 9, 9)}, "it counts from 2026-09-09 on, which is after 2026-09-08"),
    ],
)
def test_terms_that_are_wrong_are_all_named_and_not_recorded(
    office: Office, changes: dict[str, Any], words: str
) -> None:
    with pytest.raises(Misconfigured, match=words) as caught:
        _grant(office, "chen.jie", terms(**{"currency": "", **changes}))
    assert "its currency is empty" in str(caught.value)
    assert len(caught.value.mistakes) == 2
    assert office.ledger.entries() == ()


@pytest.mark.parametrize(
    ("signer", "changes", "other", "words"),
    [
        ("chen.jie", {}, {"outcome": Outcome.PASS}, "passes for cn-north / H20: there is nothing to waive"),
        ("chen.jie", {}, {"outcome": Outcome.UNKNOWN}, "policy does not let an unknown be waived"),
        ("chen.jie", {"gate": "capacity.backlog"}, {}, "policy does not let capacity.backlog be waived"),
        ("zhao.min", {}, {}, "zhao.min asks for the waiver of capacity.utilization: who asks does not grant"),
        ("zhao.min", {"requested_by": "ZHAO.MIN@example.com"}, {}, "who asks does not grant"),
        ("sun.yu", {}, {}, "sun.yu may sign up to 50,000,000, and the waiver of capacity.utilization is 1,200,000,000"),
        ("wu.lan", {}, {"role": "capacity"}, "needs 1 x cfo, 1 x finance, and wu.lan signs as capacity"),
    ],
)
def test_what_policy_does_not_permit_is_refused_and_not_recorded(
    office: Office, signer: str, changes: dict[str, Any], other: dict[str, Any], words: str
) -> None:
    with pytest.raises(NotPermitted, match=words):
        _grant(office, signer, terms(**changes), **other)
    assert office.ledger.entries() == ()


def test_where_policy_names_nobody_nobody_may_waive(office: Office) -> None:
    nobody = office.under(waivers=replace(office.policy.waivers, needed=()))
    with pytest.raises(NotPermitted, match=r"policy names nobody who may waive: set waivers.roles"):
        _grant(nobody, "chen.jie")


def test_an_unknown_is_waived_only_where_policy_says_so(office: Office) -> None:
    north = office.under(rows={"capacity.utilization": (row(POOL, 7, unknown="waivable"),)})
    assert _grant(north, "chen.jie", outcome=Outcome.UNKNOWN).signatures[0].valid
    with pytest.raises(NotPermitted, match="set `unknown: waivable`"):
        _grant(north, "chen.jie", terms(scope=Scope.of(region="cn-south")), outcome=Outcome.UNKNOWN)


def test_nobody_grants_twice_and_nobody_grants_what_is_full(office: Office) -> None:
    _grant(office, "li.wei")
    with pytest.raises(NotPermitted, match=r"li.wei has signed the waiver of capacity.utilization already"):
        _grant(office, "li.wei")
    with pytest.raises(NotPermitted, match="is signed as finance already: what is missing is 1 x cfo"):
        _grant(office, "wu.lan")


def test_a_small_exposure_may_be_waived_by_who_signs_small_amounts(office: Office) -> None:
    assert _grant(office, "sun.yu", terms(exposure=40 * MILLION)).signatures[0].valid


@pytest.mark.parametrize(
    ("signer", "key", "because"),
    [
        ("chen.jie", None, "asserted: no key signed it"),
        ("chen.jie", "stranger", "asserted: policy names another key for chen.jie"),
        ("stranger", "stranger", "asserted: policy names no signer stranger"),
    ],
)
def test_a_waiver_without_a_known_key_is_recorded_and_not_granted(
    office: Office, signer: str, key: str | None, because: str
) -> None:
    found = _grant(office, signer, key=office.keys[key] if key else None)
    assert [one.because for one in found.signatures] == [because]
    assert (found.waiver.by, found.waiver.granted) == (signer, False)
    assert office.ledger.verify().entries == 1


def test_one_who_may_waive_takes_a_waiver_back_from_a_date_on(office: Office) -> None:
    waived = _grant(office, "chen.jie")
    _grant(office, "li.wei")
    entry = _revoke(office, waived.id[:16], "li.wei", as_of=date(2026, 9, 14), at=datetime(2026, 9, 14))
    assert (entry.body["role"], entry.body["waiver"]) == ("finance", waived.id)
    assert [len(waivers_in_force(office.ledger, office.policy, date(2026, 9, day))) for day in (7, 13, 14, 15)] == [
        1,
        1,
        0,
        0,
    ]


def test_a_waiver_taken_back_is_granted_anew_by_everyone(office: Office) -> None:
    waived = _grant(office, "chen.jie")
    _grant(office, "li.wei")
    _revoke(office, waived.id, "chen.jie")
    again = [_grant(office, signer).because for signer in ("li.wei", "chen.jie")]
    assert again == ["it was taken back and needs 1 x cfo", ""]


@pytest.mark.parametrize(("signer", "key"), [("chen.jie", None), ("stranger", "stranger"), ("li.wei", "stranger")])
def test_a_revocation_without_a_known_key_takes_nothing_back(office: Office, signer: str, key: str | None) -> None:
    waived = _grant(office, "chen.jie")
    _grant(office, "li.wei")
    _revoke(office, waived.id, signer, key=office.keys[key] if key else None)
    assert len(waivers_in_force(office.ledger, office.policy, AS_OF)) == 1


def test_who_holds_no_waiver_role_takes_nothing_back(office: Office) -> None:
    waived = _grant(office, "chen.jie")
    alone = office.under(signers=tuple(replace(one, roles=("capacity",)) for one in office.policy.signers))
    with pytest.raises(NotPermitted, match="taking a waiver back needs 1 x cfo, 1 x finance"):
        _revoke(alone, waived.id, "li.wei")
    with pytest.raises(NotPermitted, match="that day has not come"):
        _revoke(office, waived.id, "li.wei", as_of=date(2026, 9, 9))
    with pytest.raises(NotFound, match="there is no waiver 'abc'"):
        _revoke(office, "abc", "li.wei")


def test_a_region_is_read_back_coarse_to_fine(office: Office) -> None:
    scope = Scope.of(region="cn-north", accelerator="H20", pool="a", ask="hall-4")
    assert _grant(office, "chen.jie", terms(scope=scope)).terms.scope == scope
    assert _grant(office, "chen.jie", terms(scope=EVERYTHING)).terms.scope == EVERYTHING
    assert len(office.ledger.entries(WaiverGranted.kind)) == 2


def _revoke(office: Office, waiver: str, signer: str, **other: Any) -> Any:
    usual: dict[str, Any] = {"reason": "done", "as_of": AS_OF, "key": office.keys.get(signer), "at": NOW}
    return revoke_waiver(office.ledger, office.policy, waiver, signer=signer, **{**usual, **other})
