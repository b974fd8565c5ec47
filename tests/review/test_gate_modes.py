from typing import Any

import pytest

from hardgate.core.errors import NotFound, NotPermitted
from hardgate.core.terms import EVERYTHING, Entry, Mode, Scope
from hardgate.ledger.entries import GateMode
from hardgate.review.gate_modes import mode_in_force, record_mode, signed_mode, signed_modes, unsigned_modes
from tests.review.signing import NOW, POOL, Office, row

GATE = "capacity.utilization"


def _move(office: Office, signer: str, mode: Mode, **other: Any) -> Entry:
    usual: dict[str, Any] = {"gate": GATE, "key": office.keys.get(signer), "at": NOW, "reason": "scored for a quarter"}
    return record_mode(office.ledger, office.policy, mode=mode, signer=signer, **{**usual, **other})


def _mode(office: Office, scope: Scope = EVERYTHING) -> Mode:
    return signed_mode(signed_modes(office.ledger, office.policy), GATE, scope)


def test_a_gate_starts_in_shadow_and_its_owner_moves_it_to_block_alone(office: Office) -> None:
    assert _mode(office) is Mode.SHADOW
    entry = _move(office, "wu.lan", Mode.BLOCK)
    assert (entry.kind, entry.body["role"], entry.body["mode"]) == ("gate.mode", "capacity", "block")
    assert _mode(office) is Mode.BLOCK
    assert office.ledger.verify().signed == 1


def test_every_step_to_a_stricter_mode_takes_one_signer(office: Office) -> None:
    _move(office, "chen.jie", Mode.ADVISE)
    assert _mode(office) is Mode.ADVISE
    _move(office, "li.wei", Mode.BLOCK)
    assert _mode(office) is Mode.BLOCK


def test_a_looser_mode_takes_everyone_who_must_sign_a_waiver(office: Office) -> None:
    _move(office, "wu.lan", Mode.BLOCK)
    with pytest.raises(NotPermitted, match=r"needs 1 x cfo, 1 x finance, and wu.lan signs as capacity"):
        _move(office, "wu.lan", Mode.SHADOW, role="capacity")
    _move(office, "chen.jie", Mode.SHADOW)
    assert _mode(office) is Mode.BLOCK
    _move(office, "li.wei", Mode.SHADOW)
    assert _mode(office) is Mode.SHADOW


def test_signatures_for_a_looser_mode_do_not_outlast_a_move(office: Office) -> None:
    _move(office, "wu.lan", Mode.ADVISE)
    _move(office, "chen.jie", Mode.SHADOW)
    _move(office, "wu.lan", Mode.BLOCK)
    _move(office, "li.wei", Mode.SHADOW)
    assert _mode(office) is Mode.BLOCK


def test_a_mode_holds_for_its_scope(office: Office) -> None:
    _move(office, "wu.lan", Mode.BLOCK, scope=POOL)
    modes = [_mode(office, scope) for scope in (POOL, Scope.of(region="cn-north"), EVERYTHING)]
    assert modes == [Mode.BLOCK, Mode.SHADOW, Mode.SHADOW]
    assert _mode(office, Scope.of(region="cn-north", accelerator="H20", pool="a")) is Mode.BLOCK


@pytest.mark.parametrize(("signer", "key"), [("wu.lan", None), ("wu.lan", "stranger"), ("stranger", "stranger")])
def test_without_a_known_key_a_gate_does_not_move(office: Office, signer: str, key: str | None) -> None:
    _move(office, signer, Mode.BLOCK, key=office.keys[key] if key else None)
    assert _mode(office) is Mode.SHADOW
    assert office.ledger.verify().entries == 1


def test_rules_hold_for_entries_signed_without_hardgate_too(office: Office) -> None:
    for role, mode in (("board", "block"), ("capacity", "block"), ("cfo", "off")):
        body = GateMode(gate=GATE, mode=mode, role=role, reason="r")
        office.ledger.append_signed(body, "chen.jie", NOW, office.keys["chen.jie"])
    gone = GateMode(gate="capacity.gone", mode="block", role="cfo", reason="r")
    office.ledger.append_signed(gone, "chen.jie", NOW, office.keys["chen.jie"])
    assert signed_modes(office.ledger, office.policy) == {}


def test_what_cannot_be_moved_is_said(office: Office) -> None:
    with pytest.raises(NotFound, match=r"did you mean 'capacity.utilization'"):
        _move(office, "wu.lan", Mode.BLOCK, gate="capacity.utilisation")
    with pytest.raises(NotPermitted, match="is signed into shadow already"):
        _move(office, "wu.lan", Mode.SHADOW)
    _move(office, "wu.lan", Mode.BLOCK)
    nobody = office.under(waivers=office.policy.waivers.__class__())
    with pytest.raises(NotPermitted, match=r"policy names nobody who may move capacity.utilization back to shadow"):
        _move(nobody, "wu.lan", Mode.SHADOW)


def test_the_stricter_of_file_and_signatures_is_in_force(office: Office) -> None:
    blocking = office.under(rows={GATE: (row(EVERYTHING, 3, mode="block"), row(POOL, 5, mode="advise"))})
    unsigned = signed_modes(office.ledger, office.policy)
    assert mode_in_force(unsigned, blocking.policy, GATE) is Mode.BLOCK
    assert mode_in_force(unsigned, blocking.policy, GATE, POOL) is Mode.ADVISE
    assert unsigned_modes(unsigned, blocking.policy) == (
        "capacity.utilization blocks by policy.yaml line 3, and nobody has signed that",
    )
    _move(office, "wu.lan", Mode.BLOCK)
    signed = signed_modes(office.ledger, office.policy)
    assert mode_in_force(signed, office.policy, GATE) is Mode.BLOCK
    assert unsigned_modes(signed, office.policy) == (
        "capacity.utilization is shadow in policy.yaml, and was signed into block: it stays in block",
    )
    assert unsigned_modes(signed, blocking.policy) == (
        "capacity.utilization (cn-north / H20) is advise in policy.yaml, and was signed into block: it stays in block",
    )
