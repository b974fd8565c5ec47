"""The ledger read, verified and attested; gates moved between modes by signature; keys announced."""

import base64
import json
import sqlite3

import pytest

from tests.cli.conftest import Operator


def test_a_gate_is_signed_into_block_and_holds_whatever_the_file_says(operator: Operator) -> None:
    operator.edit("capacity.utilization: {mode: block,", "capacity.utilization: {mode: shadow,")
    assert operator.do("review", "--dry-run").code == 5
    done = operator.do(
        "ledger", "mode", "utilization", "block", *operator.hand("chen.yu"), "--reason", "scored for a quarter"
    )
    assert (done.code, done.out) == (0, "chen.yu signed capacity.utilization into block; in force is block\n")
    packet = json.loads(operator.do("review", "--json", "--dry-run").out)
    assert {one["id"]: one["state"] for one in packet["asks"]} == {"hall-b": "AWAITING", "hall-y": "HELD"}
    assert (
        "capacity.utilization is shadow in policy.yaml, and was signed into block: it stays in block"
        in packet["findings"]
    )


def test_a_gate_that_blocks_by_the_file_alone_holds_and_is_named(operator: Operator) -> None:
    packet = json.loads(operator.do("review", "--json", "--dry-run").out)
    said = "capacity.utilization blocks by policy.yaml line 3, and nobody has signed that"
    assert said in packet["findings"]
    listing = operator.do("ledger", "mode")
    assert "capacity.utilization block shadow block" in listing.lines()
    assert said in listing.lines()
    operator.do("ledger", "mode", "utilization", "block", *operator.hand("chen.yu"), "--reason", "scored")
    assert said not in operator.do("review", "--dry-run").out


def test_a_mode_holds_in_its_scope_and_a_looser_one_needs_all_who_waive(operator: Operator) -> None:
    operator.edit("capacity.utilization: {mode: block,", "capacity.utilization: {mode: shadow,")
    here = ("--scope", "accelerator=L20", "--scope", "region=cn-north", "--reason", "scored")
    done = operator.do("ledger", "mode", "utilization", "block", *operator.hand("chen.yu"), *here)
    assert done.out == "chen.yu signed capacity.utilization into block for cn-north / L20; in force is block\n"
    assert operator.do("review", "--dry-run").code == 3
    first = operator.do("ledger", "mode", "utilization", "shadow", *operator.hand("li.wei"), *here)
    assert (first.code, "in force is block" in first.out) == (5, True)
    second = operator.do("ledger", "mode", "utilization", "shadow", *operator.hand("sun.hao"), *here)
    assert (second.code, "in force is shadow" in second.out) == (0, True)
    assert operator.do("review", "--dry-run").code == 5
    rows = json.loads(operator.do("ledger", "mode", "--json").out)["modes"]
    assert {"region": "cn-north", "accelerator": "L20"} in [one["scope"] for one in rows]


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("utilization", "block"), "missing --as, --reason"),
        (("utilization",), "missing MODE, --as, --reason"),
        (("utilization", "open"), "invalid value for '[shadow|advise|block]': 'open' is not one of"),
        (("utilization", "block", "--as", "chen.yu", "--reason", "x", "--scope", "cn-north"), "write DIMENSION=VALUE"),
        (("utilization", "block", "--as", "chen.yu", "--reason", "x", "--scope", "area=x"), "names no dimension"),
    ],
)
def test_a_mode_that_is_not_understood_is_said_in_one_line(made: Operator, args: tuple[str, ...], message: str) -> None:
    done = made.do("ledger", "mode", *args)
    assert (done.code, done.err.count("\n")) == (2, 1)
    assert message.lower() in done.err.lower()


def test_the_ledger_is_shown_verified_and_anchored(operator: Operator) -> None:
    operator.do("sign", "hall-b", *operator.hand("li.wei"))
    entries = json.loads(operator.do("ledger", "show", "--json").out)["entries"]
    assert [one["kind"] for one in entries] == ["ask.filed", "ask.filed", "review.recorded", "packet.signed"]
    head = operator.do("ledger", "head").out.strip()
    assert head == entries[-1]["digest"]
    verified = operator.do("ledger", "verify", "--head", head)
    assert (verified.code, verified.out) == (
        0,
        "4 entries, chain intact; 1 signatures valid, 0 asserted without a key\n",
    )
    elsewhere = operator.do("ledger", "verify", "--head", "f" * 64)
    assert (elsewhere.code, "is not in this ledger of 4 entries" in elsewhere.err) == (1, True)
    about = operator.do("ledger", "show", "--ask", "hall-b").out.splitlines()
    assert [line.split()[2] for line in about] == ["ask.filed", "packet.signed"]
    wrong = operator.do("ledger", "show", "--kind", "packet.sined")
    assert (wrong.code, "did you mean 'packet.signed'?" in wrong.err) == (2, True)


def test_an_edited_ledger_is_a_fault_and_releases_nothing(operator: Operator) -> None:
    for name in ("chen.yu", "li.wei"):
        operator.do("sign", "hall-b", *operator.hand(name))
    assert operator.do("released", "hall-b").code == 0
    with sqlite3.connect(operator.folder / ".hardgate" / "ledger.sqlite") as database:
        database.execute("drop trigger entries_are_not_changed")
        database.execute("update entries set actor = 'zhou.min' where seq = 1")
    database.close()
    assert operator.do("ledger", "verify").code == 1
    done = operator.do("released", "hall-b")
    assert (done.code, done.out) == (1, "")
    assert done.err.startswith("hardgate: entry 1: at, actor, kind or body was changed after it was written")


def test_a_signed_entry_is_attested_for_other_tools(operator: Operator) -> None:
    operator.do("sign", "hall-b", *operator.hand("li.wei"))
    envelope = json.loads(operator.do("ledger", "attest", "4").out)
    payload = json.loads(base64.b64decode(envelope["payload"]))
    assert payload["predicateType"] == "urn:hardgate:packet.signed:1"
    assert payload["subject"][0]["name"] == "hall-b"
    unsigned = operator.do("ledger", "attest", "1")
    assert (unsigned.code, unsigned.err) == (
        2,
        "hardgate: entry 1 is not signed: there is nothing to attest\n",
    )


def test_a_key_is_announced_and_compared_with_policy(operator: Operator) -> None:
    done = operator.do("keys", "announce", "li.wei", "--key", operator.key("li.wei"))
    assert (done.code, done.err) == (0, "")
    public = operator.do("keys", "show", operator.key("li.wei")).out.strip()
    assert done.out.startswith(f"li.wei announced {public}: entry 4, ")
    other = operator.do("keys", "announce", "li.wei", "--key", operator.key("sun.hao"))
    assert other.code == 0
    assert "policy.yaml does not name this key" in other.err
    assert operator.kinds()[-2:] == ["key.added", "key.added"]
    assert operator.do("ledger", "verify").code == 0


def test_a_new_key_overwrites_none_and_is_readable_by_its_owner_alone(operator: Operator) -> None:
    path = operator.key("li.wei")
    assert path.stat().st_mode & 0o777 == 0o600
    again = operator.do("keys", "new", "li.wei", "--to", path)
    assert (again.code != 0, str(path) in again.err) == (True, True)
