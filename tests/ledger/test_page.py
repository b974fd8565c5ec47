"""The scripts of docs/ledger.md, run as an auditor would: on a copy of the file, without hardgate."""

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardgate.ledger.chain import GENESIS
from hardgate.ledger.entries import KINDS
from hardgate.ledger.signatures import public_of
from hardgate.ledger.store import Ledger
from tests.ledger.conftest import NOW

PAGE = Path(__file__).parents[2] / "docs" / "ledger.md"
CHAIN, SIGNATURES = re.findall(r"```python\n(.*?)```", PAGE.read_text("utf-8"), re.DOTALL)


def _run(script: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", script, *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_chain_holds_without_hardgate(history: Ledger) -> None:
    history.append("ask.filed", {"ask": 'the "fifth" é \n\t\x7f\x1f', "share": 1e-7, "big": 2.0**60}, "zhào.mǐn", NOW)
    for head in (history.head(), history.entries()[1].digest, GENESIS):
        found = _run(CHAIN, history.path, head)
        assert (found.stdout, found.stderr, found.returncode) == ("6 entries hold\n", "", 0)
    assert history.verify(history.head()).entries == 6


def test_another_head_is_not_in_the_chain(history: Ledger) -> None:
    found = _run(CHAIN, history.path, "a" * 64)
    assert (found.stderr, found.returncode) == ("that head is not in this chain\n", 1)


@pytest.mark.parametrize("seq", [1, 2, 3, 4, 5])
@pytest.mark.parametrize(
    "edit",
    [
        "actor = 'x'",
        "at = '2026-01-01T00:00:00Z'",
        "kind = 'x'",
        "body = body || ' '",
        "previous = digest",
        "digest = printf('%064d', 7)",
    ],
)
def test_the_script_finds_what_hardgate_finds(
    history: Ledger, attack: Callable[..., None], seq: int, edit: str
) -> None:
    head = history.head()
    attack(f"update entries set {edit} where seq = ?", seq)
    found = _run(CHAIN, history.path, head)
    assert (found.stderr, found.returncode) == (f"entry {seq} does not hold\n", 1)


def test_signatures_hold_without_hardgate(history: Ledger, key: Path) -> None:
    found = _run(SIGNATURES, history.path)
    public = public_of(key)
    assert found.stderr == ""
    assert found.stdout == f"2 packet.signed li.wei {public}\n3 waiver.granted chen.jie {public}\n"


@pytest.mark.parametrize(
    "edit", ["actor = 'x'", "body = replace(body, 'hall-4', 'hall-5')", "at = '2026-01-01T00:00:00Z'"]
)
def test_a_signature_over_something_else_does_not_hold(history: Ledger, attack: Callable[..., None], edit: str) -> None:
    attack(f"update entries set {edit} where seq = 2")
    found = _run(SIGNATURES, history.path)
    assert found.returncode == 1
    assert found.stderr.rstrip().endswith("InvalidSignature")


def test_the_page_names_every_kind_of_entry() -> None:
    text = PAGE.read_text("utf-8")
    assert [kind for kind in KINDS if f"`{kind}`" not in text] == []


def test_the_chain_script_is_short_and_needs_python_alone() -> None:
    lines = [line for line in CHAIN.splitlines() if line]
    assert len(lines) <= 12
    assert lines[0] == "import hashlib, json, sqlite3, sys"
