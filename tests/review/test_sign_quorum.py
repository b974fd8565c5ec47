"""Every way in which three people can sign four matrices, with each of them or another asking: 1,024 cases."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from hardgate.core.errors import NotPermitted
from hardgate.core.terms import EVERYTHING, Action, Ask
from hardgate.ledger.entries import PacketSigned
from hardgate.ledger.store import Ledger
from hardgate.review.decide import missing
from hardgate.review.policy import Policy, Signer
from hardgate.review.sign import APPROVE
from hardgate.review.sign_off import Rung, roles
from tests.review.signing import ASK, NOW, PACKET, Office, policy_of

ROLES = {"li.wei": ("finance",), "wu.lan": ("capacity", "finance"), "chen.jie": ("capacity", "cfo")}
MATRICES = (("finance",), ("finance", "capacity"), ("finance", "finance"), ("finance", "capacity", "cfo"))
REQUESTERS = (*ROLES, "someone.else")
SIGNED_AS = (None, "finance", "capacity", "cfo")

Keys = tuple[Mapping[str, Path], Mapping[str, str]]


def _policy(public: Mapping[str, str], matrix: Sequence[str]) -> Policy:
    signers = tuple(Signer(name, held, public[name]) for name, held in ROLES.items())
    return policy_of(public, signers=signers, matrix=(Rung(Action.BUILD, EVERYTHING, None, roles(matrix), 1),))


def _counts(matrix: Sequence[str], requester: str, signed: Mapping[str, str | None]) -> dict[str, str]:
    """Say by hand whose approval counts, as what."""
    return {
        person: role
        for person, role in signed.items()
        if role is not None and role in ROLES[person] and role in matrix and person != requester
    }


def _is_quorum(matrix: Sequence[str], counts: Mapping[str, str]) -> bool:
    return all(list(counts.values()).count(role) >= matrix.count(role) for role in matrix)


def _append(office: Office, ask: Ask, person: str, role: str) -> None:
    """Record a signed approval past every check of `sign`, as a signer's own program could."""
    body = PacketSigned(
        packet=PACKET,
        ask=ask.id,
        action="BUILD",
        amount="1200000000",
        currency="RMB",
        requested_by="not said",
        verdict=APPROVE,
        role=role,
        as_of="2026-09-07",
        expires="2026-12-06",
        policy="ef" * 32,
    )
    office.ledger.append_signed(body, person, NOW, office.keys[person])


@pytest.mark.parametrize("requester", REQUESTERS)
@pytest.mark.parametrize("matrix", MATRICES)
def test_a_quorum_is_enough_people_in_each_role_and_never_who_asks(
    tmp_path: Path, keys: Keys, matrix: tuple[str, ...], requester: str
) -> None:
    paths, public = keys
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        office = Office(ledger, _policy(public, matrix), paths)
        seen = set()
        for number, choice in enumerate(itertools.product(SIGNED_AS, repeat=3)):
            signed = dict(zip(ROLES, choice, strict=True))
            ask = replace(ASK, id=f"ask-{number}", by=requester)
            for person, role in signed.items():
                if role is not None:
                    _append(office, ask, person, role)
            counts = _counts(matrix, requester, signed)
            found = office.signatures(ask)
            assert {one.by: one.role for one in found if one.valid} == counts, (signed, requester)
            complete = missing(office.policy.needed(ask.action, ask.amount), found) == ()
            assert complete == _is_quorum(matrix, counts), (signed, requester)
            seen.add(complete)
        assert False in seen


@pytest.mark.parametrize("requester", REQUESTERS)
@pytest.mark.parametrize("matrix", MATRICES)
def test_sign_takes_exactly_what_brings_the_quorum_nearer(
    tmp_path: Path, keys: Keys, matrix: tuple[str, ...], requester: str
) -> None:
    paths, public = keys
    before = [(None, None), *itertools.product(("li.wei", "wu.lan"), ("finance", "capacity"))]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        office = Office(ledger, _policy(public, matrix), paths)
        needed = office.policy.needed(Action.BUILD, ASK.amount)
        for number, ((first, role), person, wanted) in enumerate(itertools.product(before, ROLES, SIGNED_AS)):
            ask = replace(ASK, id=f"ask-{number}", by=requester)
            if first is not None and role is not None:
                _append(office, ask, first, role)
            earlier = office.signatures(ask)
            mine = {one.role for one in earlier if one.valid and one.by == person}
            still = missing(needed, [one for one in earlier if one.by != person])
            offered = {one.role for one in still} & set(ROLES[person]) & ({wanted} if wanted else set(SIGNED_AS))
            repeated = bool(mine) and (wanted is None or wanted in mine)
            if person == requester or not offered or repeated:
                with pytest.raises(NotPermitted):
                    office.approve(person, ask=ask, role=wanted)
                assert office.signatures(ask) == earlier
            else:
                found = office.approve(person, ask=ask, role=wanted)
                assert found.signature.valid
                assert found.signature.role in offered
                after = sum(one.count for one in missing(needed, office.signatures(ask)))
                assert after == sum(one.count for one in still) - 1
