import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.errors import BadInput, Tampered
from hardgate.core.terms import Entry
from hardgate.ledger.chain import GENESIS, canonical, digest
from hardgate.ledger.store import Ledger
from tests.ledger.conftest import NOW, approval

Attack = Callable[..., None]

EDITS = {
    "at": "2026-09-08T10:30:00Z",
    "actor": "someone.else",
    "kind": "review.recorded",
    "body": '{"ask":"hall-9"}',
    "previous": "a" * 64,
    "digest": "b" * 64,
    "signature": "ed25519:" + "A" * 86 + "==",
}


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("field", EDITS)
def test_an_edit_of_any_field_of_any_entry_is_found(history: Ledger, attack: Attack, seq: int, field: str) -> None:
    attack(f"update entries set {field} = ? where seq = ?", EDITS[field], seq)
    with pytest.raises(Tampered, match=rf"^entry {seq}: .*{field}"):
        history.verify()


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
def test_an_edit_of_any_value_within_a_body_is_found(history: Ledger, attack: Attack, seq: int) -> None:
    body = json.loads(_column(history, "body", seq))
    for name in body:
        attack("update entries set body = ? where seq = ?", canonical({**body, name: "edited"}).decode(), seq)
        with pytest.raises(Tampered, match=rf"^entry {seq}: .*body"):
            history.verify()
        attack("update entries set body = ? where seq = ?", canonical(body).decode(), seq)
    with pytest.raises(Tampered, match="every entry holds, but the triggers that keep them so are gone"):
        history.verify()


@pytest.mark.parametrize(
    "body",
    ['{"a": 1}', '{"a":1,"a":1}', '{"a":1.0}', "[1]", "7", "{", '{"a":' + "[" * 5000 + "]" * 5000 + "}", '{"a":NaN}'],
)
def test_a_body_that_is_not_canonical_is_found(history: Ledger, attack: Attack, body: str) -> None:
    attack("update entries set body = ? where seq = 1", body)
    with pytest.raises(Tampered, match=r"^entry 1: body"):
        history.verify()


@pytest.mark.parametrize("field", ["at", "actor", "kind", "body", "previous", "digest", "signature"])
@pytest.mark.parametrize("value", [None, 7, b"\xff\x00"])
def test_a_value_of_another_type_is_found(history: Ledger, attack: Attack, field: str, value: object) -> None:
    _loosen(history, attack)
    attack(f"update entries set {field} = ? where seq = 2", value)
    with pytest.raises(Tampered, match=rf"^entry 2: .*{field}"):
        history.verify()


@pytest.mark.parametrize("seq", [2, 3, 4, 5])
def test_a_removed_entry_is_found_unless_it_was_the_last(history: Ledger, attack: Attack, seq: int) -> None:
    attack("delete from entries where seq = ?", seq)
    with pytest.raises(Tampered, match=rf"^entry {seq + 1}: seq" if seq < 5 else "triggers"):
        history.verify()


def test_a_renumbered_entry_is_found(history: Ledger, attack: Attack) -> None:
    attack("update entries set seq = 9 where seq = 4")
    with pytest.raises(Tampered, match=r"^entry 5: seq stands where 4 is expected"):
        history.verify()


def test_two_exchanged_entries_are_found(history: Ledger, attack: Attack) -> None:
    for old, new in ((4, 99), (5, 4), (99, 5)):
        attack("update entries set seq = ? where seq = ?", new, old)
    with pytest.raises(Tampered, match=r"^entry 4: previous"):
        history.verify()


def test_a_chain_cut_short_is_found_by_a_head_kept_elsewhere(history: Ledger, tmp_path: Path) -> None:
    head = history.head()
    with _copied(history.entries()[:-1], tmp_path) as shorter:
        assert shorter.verify().entries == 4
        with pytest.raises(Tampered, match=f"head {head} is not in this ledger of 4 entries"):
            shorter.verify(head)


def test_a_wholly_rewritten_chain_verifies_alone_and_fails_against_a_head_kept_elsewhere(
    history: Ledger, tmp_path: Path
) -> None:
    head = history.head()
    unsigned = [entry for entry in history.entries() if entry.signature is None]
    with _copied([_saying(unsigned[0], ask="hall-7"), *unsigned[1:]], tmp_path) as rewritten:
        assert rewritten.verify().entries == 3
        with pytest.raises(Tampered, match=f"head {head} is not in this ledger"):
            rewritten.verify(head)


def test_history_rewritten_before_a_signature_is_found_without_any_head(history: Ledger, tmp_path: Path) -> None:
    first, *rest = history.entries()
    with (
        _copied([_saying(first, ask="hall-7"), *rest], tmp_path) as rewritten,
        pytest.raises(Tampered, match=r"^entry 2: body.head"),
    ):
        rewritten.verify()


def test_a_signed_entry_that_is_copied_is_found(history: Ledger, attack: Attack, tmp_path: Path) -> None:
    entries = history.entries()
    _loosen(history, attack)
    copied = {
        "seq": 6,
        "at": entries[1].at,
        "actor": entries[1].actor,
        "kind": entries[1].kind,
        "body": entries[1].body,
    }
    attack(
        "insert into entries values (6, ?, ?, ?, ?, ?, ?, ?)",
        entries[1].at,
        entries[1].actor,
        entries[1].kind,
        canonical(entries[1].body).decode(),
        entries[4].digest,
        digest(entries[4].digest, copied),
        entries[1].signature,
    )
    with pytest.raises(Tampered, match=r"^entry 6: signature is that of an earlier entry"):
        history.verify()


def test_an_entry_that_the_ledger_would_not_write_is_found_though_its_chain_holds(
    ledger: Ledger, attack: Attack
) -> None:
    said = {"seq": 1, "at": "yesterday", "actor": "x", "kind": "ask.filed", "body": {}}
    for field, value in (("at", "yesterday"), ("kind", "gate.opened"), ("body", {"gate": "x"})):
        entry = {**said, "at": "2026-09-07T00:00:00Z", field: value}
        if field == "body":
            entry["kind"] = "gate.mode"
        attack("delete from entries")
        attack(
            "insert into entries values (1, ?, ?, ?, ?, ?, ?, null)",
            entry["at"],
            entry["actor"],
            entry["kind"],
            canonical(entry["body"]).decode(),  # type: ignore[arg-type]
            GENESIS,
            digest(GENESIS, entry),
        )
        with pytest.raises(Tampered, match=f"^entry 1: {field} "):
            ledger.verify()


def test_a_stripped_signature_is_found_and_an_asserted_entry_is_not_taken_for_one(
    history: Ledger, attack: Attack
) -> None:
    attack("update entries set signature = null where seq = 2")
    with pytest.raises(Tampered, match=r"^entry 2: signature does not hold: .* the signature is gone"):
        history.verify()


def test_a_damaged_file_is_tampered_with_and_not_a_fault(ledger: Ledger, key: Path) -> None:
    for number in range(200):
        ledger.append("ask.filed", {"number": number, "text": "x" * 100}, "zhao.min", NOW)
    ledger.append_signed(approval(), "li.wei", NOW, key)
    ledger.close()
    pages = bytearray(ledger.path.read_bytes())
    middle = len(pages) // 2
    pages[middle : middle + 4096] = b"\xff" * 4096
    ledger.path.write_bytes(pages)
    with Ledger(ledger.path) as damaged, pytest.raises(Tampered):
        damaged.verify()


@pytest.mark.parametrize("head", ["", "ab", "F" * 64, "0x" + "0" * 62])
def test_a_head_that_is_no_digest_is_a_mistake_and_no_proof(history: Ledger, head: str) -> None:
    with pytest.raises(BadInput, match="is not a digest"):
        history.verify(head)


def _column(ledger: Ledger, column: str, seq: int) -> str:
    database = sqlite3.connect(ledger.path)
    value = database.execute(f"select {column} from entries where seq = ?", (seq,)).fetchone()[0]
    database.close()
    return str(value)


def _loosen(ledger: Ledger, attack: Attack) -> None:
    """Rebuild the table without any constraint, as someone who may write the file can."""
    attack("create table loose as select * from entries")
    attack("drop table entries")
    attack("alter table loose rename to entries")


def _copied(entries: Sequence[Entry], folder: Path) -> Ledger:
    """Write entries into a fresh ledger, where they are numbered and chained anew."""
    fresh = Ledger(folder / "rewritten.sqlite")
    for entry in entries:
        fresh.append(entry.kind, entry.body, entry.actor, NOW, entry.signature)
    return fresh


def _saying(entry: Entry, **other: Any) -> Entry:
    return Entry(entry.seq, entry.at, entry.actor, entry.kind, {**entry.body, **other}, entry.previous, entry.digest)
