import itertools
import signal
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.errors import BadInput, Fault, NotFound, Tampered
from hardgate.ledger import store
from hardgate.ledger.chain import GENESIS, digest
from hardgate.ledger.store import Ledger
from tests.ledger.conftest import NOW, approval, waiver

WRITER = """
import sys
import time
from datetime import datetime
from pathlib import Path
from hardgate.ledger.store import Ledger
path, name, count, pause = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), float(sys.argv[4])
with Ledger(path) as ledger:
    print("open", flush=True)
    sys.stdin.readline()
    for number in range(count):
        ledger.append("ask.filed", {"number": number}, name, datetime(2026, 9, 7))
        time.sleep(pause)
"""


def test_an_empty_ledger_has_64_zeros_for_a_head(ledger: Ledger) -> None:
    assert ledger.head() == GENESIS
    assert ledger.entries() == ()
    assert ledger.verify(GENESIS).entries == 0


def test_an_entry_is_hashed_without_previous_digest_and_signature(ledger: Ledger) -> None:
    first = ledger.append("ask.filed", {"ask": "hall-4"}, "zhao.min", NOW)
    second = ledger.append("ask.refused", {"ask": "hall-4"}, "hardgate", NOW)
    said = {
        "actor": "hardgate",
        "at": "2026-09-07T10:30:00Z",
        "body": {"ask": "hall-4"},
        "kind": "ask.refused",
        "seq": 2,
    }
    assert (first.previous, second.previous) == (GENESIS, first.digest)
    assert second.digest == digest(first.digest, said) == ledger.head()


def test_what_was_appended_is_read_back_equal(history: Ledger) -> None:
    entry = history.append("review.recorded", {"asks": [{"id": "é", "share": 0.1}], "held": None}, "hardgate", NOW)
    assert history.entries()[-1] == entry
    with Ledger(history.path) as again:
        assert again.entries() == history.entries()
        assert [one.seq for one in again.entries("packet.signed")] == [2, 4]


def test_entries_are_found_by_kind_and_by_ask(ledger: Ledger) -> None:
    for number, ask in enumerate(("hall-4", "hall-45", 'the "fifth" é', "hall-4")):
        ledger.append("ask.filed" if number < 3 else "ask.refused", {"ask": ask}, "zhao.min", NOW)
    ledger.append("ask.filed", {"ask": "hall-5", "because": {"ask": "hall-4"}}, "zhao.min", NOW)
    assert [one.seq for one in ledger.entries(ask="hall-4")] == [1, 4]
    assert [one.seq for one in ledger.entries("ask.filed", ask="hall-4")] == [1]
    assert [one.seq for one in ledger.entries("ask.filed", ask='the "fifth" é')] == [3]
    assert ledger.entries("packet.signed", ask="hall-4") == ()


def test_a_moment_with_a_zone_is_written_in_utc(ledger: Ledger) -> None:
    china = datetime(2026, 9, 7, 8, 0, tzinfo=timezone(timedelta(hours=8)))
    assert ledger.append("ask.filed", {}, "zhao.min", china).at == "2026-09-07T00:00:00Z"
    assert ledger.append("ask.filed", {}, "zhao.min", datetime(2026, 9, 7, tzinfo=UTC)).at == "2026-09-07T00:00:00Z"


def test_verify_counts_entries_and_signatures(history: Ledger) -> None:
    found = history.verify()
    assert (found.entries, found.signed, found.head) == (5, 2, history.head())
    assert history.verify(history.entries()[1].digest).entries == 5


@pytest.mark.parametrize(
    ("sql", "words"),
    [
        ("update entries set actor = 'someone' where seq = 1", "never changed"),
        ("delete from entries where seq = 5", "never deleted"),
        ("insert or replace into entries select * from entries where seq = 5", "follows the last one"),
        (
            "insert into entries select 7, at, actor, kind, body, digest, printf('%064d', 7), null from entries where seq = 5",
            "follows the last one",
        ),
        (
            "insert into entries select 6, at, actor, kind, body, previous, printf('%064d', 6), null from entries where seq = 5",
            "follows the last one",
        ),
    ],
)
def test_the_table_itself_refuses_everything_but_an_append(history: Ledger, sql: str, words: str) -> None:
    database = sqlite3.connect(history.path, isolation_level=None)
    with pytest.raises(sqlite3.IntegrityError, match=words):
        database.execute(sql)
    database.close()
    assert history.verify().entries == 5


@pytest.mark.parametrize("actor", ["zhao.min", "Zhao.Min", " zhao.min "])
def test_four_eyes_are_a_constraint_of_the_table(ledger: Ledger, actor: str) -> None:
    with pytest.raises(BadInput, match=r"does not take this packet.signed"):
        ledger.append("packet.signed", approval().plain(), actor, NOW)
    ledger.append("packet.signed", approval(verdict="refuse").plain(), actor, NOW)
    assert len(ledger.entries()) == 1


def test_one_signature_serves_one_entry(history: Ledger) -> None:
    signed = history.entries()[1]
    with pytest.raises(BadInput, match="signature"):
        history.append(signed.kind, signed.body, signed.actor, NOW, signed.signature)
    assert history.verify().entries == 5


@pytest.mark.parametrize(
    ("kind", "body", "words"),
    [
        ("packet.singed", {}, "did you mean 'packet.signed'"),
        ("packet.signed", {"packet": "ab"}, "'action' is missing"),
        ("packet.signed", {**approval().plain(), "amount": 12}, "'amount' is not text"),
        ("packet.signed", {**approval().plain(), "colour": "red"}, "'colour' is not one of its fields"),
        ("waiver.granted", {**waiver().plain(), "scope": "cn-north"}, "'scope' is not text"),
        ("ask.filed", {"amount": 2**60}, "canonical JSON cannot hold"),
    ],
)
def test_an_entry_that_nobody_could_read_later_is_refused(
    ledger: Ledger, kind: str, body: dict[str, Any], words: str
) -> None:
    with pytest.raises((BadInput, NotFound), match=words):
        ledger.append(kind, body, "li.wei", NOW)
    assert ledger.entries() == ()


def test_an_entry_without_an_actor_is_refused(ledger: Ledger) -> None:
    with pytest.raises(BadInput, match="names its actor"):
        ledger.append("ask.filed", {}, "  ", NOW)


def test_a_signature_that_does_not_fit_is_not_recorded(ledger: Ledger, key: Path) -> None:
    entry = ledger.append_signed(approval(), "li.wei", NOW, key)
    with pytest.raises(Tampered, match="signature does not hold"):
        ledger.append("packet.signed", entry.body, "someone.else", NOW, entry.signature)
    with pytest.raises(Tampered, match="the signature is gone"):
        ledger.append("packet.signed", entry.body, "li.wei", NOW)
    with pytest.raises(Tampered, match="names no key"):
        ledger.append("packet.signed", approval().plain(), "li.wei", NOW, entry.signature)
    assert len(ledger.entries()) == 1


def test_a_failed_append_leaves_the_ledger_free(ledger: Ledger) -> None:
    with pytest.raises(BadInput):
        ledger.append("packet.signed", approval().plain(), "zhao.min", NOW)
    with Ledger(ledger.path) as other:
        assert other.append("ask.filed", {}, "zhao.min", NOW).seq == 1


def test_appends_of_several_processes_keep_one_chain(tmp_path: Path) -> None:
    writers = [_writer(tmp_path, f"writer-{number}", 100, pause=0.001) for number in range(4)]
    for writer in writers:
        assert writer.stdout is not None
        assert writer.stdout.readline() == b"open\n"
    for writer in writers:
        assert writer.stdin is not None
        writer.stdin.write(b"go\n")
        writer.stdin.flush()
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0, 0, 0]
    with Ledger(tmp_path / "ledger.sqlite") as ledger:
        assert ledger.verify().entries == 400
        written = [(entry.actor, entry.body["number"]) for entry in ledger.entries()]
    turns = sum(one[0] != other[0] for one, other in itertools.pairwise(written))
    assert turns > 20  # they did write at the same time
    for number in range(4):
        assert [body for actor, body in written if actor == f"writer-{number}"] == list(range(100))


def test_a_writer_that_is_killed_leaves_whole_entries_only(tmp_path: Path) -> None:
    counts = []
    for heads_to_wait_for in (1, 7, 30):
        with _writer(tmp_path, "writer", 100_000, pause=0) as writer, Ledger(tmp_path / "ledger.sqlite") as ledger:
            assert writer.stdin is not None
            writer.stdin.write(b"go\n")
            writer.stdin.flush()
            seen = {ledger.head()}
            while len(seen) <= heads_to_wait_for:
                assert writer.poll() is None
                seen.add(ledger.head())
            writer.send_signal(signal.SIGKILL)
            writer.wait()
            counts.append(ledger.verify().entries)
    assert counts == sorted(set(counts))
    assert counts[0] >= 1


def _writer(folder: Path, name: str, count: int, pause: float) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", WRITER, str(folder / "ledger.sqlite"), name, str(count), str(pause)]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)


def test_a_ledger_held_by_another_process_is_said_to_be(ledger: Ledger, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(store, "SECONDS_TO_WAIT", 0.1)
    holder = sqlite3.connect(ledger.path, isolation_level=None)
    holder.execute("begin immediate")
    with pytest.raises(Fault, match="held by another process"):
        Ledger(ledger.path)
    holder.execute("rollback")
    holder.close()


def test_what_is_no_ledger_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "policy.yaml").write_text("gates: {}\n" * 100)
    with pytest.raises(BadInput, match="not a ledger that can be read"):
        Ledger(tmp_path / "policy.yaml")


def test_the_ledger_of_a_newer_hardgate_is_refused(ledger: Ledger) -> None:
    database = sqlite3.connect(ledger.path, isolation_level=None)
    database.execute("pragma user_version = 99")
    database.close()
    with pytest.raises(BadInput, match="newer hardgate"):
        Ledger(ledger.path)


def test_the_file_is_durable_and_names_what_it_is(ledger: Ledger) -> None:
    pragmas = {
        name: ledger._database.execute(f"pragma {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "application_id", "user_version")
    }
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "application_id": 0x48474C44, "user_version": 1}
