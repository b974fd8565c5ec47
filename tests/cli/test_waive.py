"""A waiver from the first granter to the last, listed, used and taken back."""

import json
from typing import Any

import pytest

from tests.cli.conftest import Operator

TERMS = ("--owner", "wu.lan", "--reason", "launch customer", "--control", "weekly look", "--until", "2025-07-31")


def grant(operator: Operator, name: str, *args: object) -> str:
    """Grant the waiver of hall-y as one of two, and return its id."""
    done = operator.do("waive", "utilization", "hall-y", *operator.hand(name), *TERMS, *args)
    assert done.code == 5
    assert "not in force: needs 1 x" in done.out
    return done.out.split()[0]


def listed(operator: Operator) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(operator.do("waive", "--json").out)["waivers"]
    return found


def test_two_granters_and_the_gate_is_waived(operator: Operator) -> None:
    ident = grant(operator, "li.wei")
    second = operator.do("waive", "--countersign", ident[:4], *operator.hand("sun.hao"))
    assert second.code == 0
    scope = "cn-north / L20 / hall-y"
    assert f"{ident}  capacity.utilization of {scope}, USD 2.00 m: in force until 2025-07-31\n" in second.out
    packet = json.loads(operator.do("review", "--json").out)
    ask = next(one for one in packet["asks"] if one["id"] == "hall-y")
    assert (ask["state"], packet["summary"]["waived"], packet["waiver_debt"]) == ("AWAITING", 1, "2000000")
    assert ask["waivers"][0]["by"] == "li.wei, sun.hao"
    listing = operator.do("waive")
    assert listing.code == 0
    assert listing.lines()[:3] == [
        "As of 2025-05-10: 1 in force, exposure USD 2.00 m",
        f"{ident} capacity.utilization of {scope}, USD 2.00 m: in force until 2025-07-31",
        "Waiver: launch customer; control: weekly look (owner wu.lan)",
    ]


def test_a_waiver_is_for_its_one_ask(operator: Operator) -> None:
    again = operator.folder / "asks" / "hall-z.yaml"
    again.write_text((operator.folder / "asks" / "hall-y.yaml").read_text().replace("hall-y", "hall-z"))
    ident = grant(operator, "li.wei")
    assert operator.do("waive", "--countersign", ident, *operator.hand("sun.hao")).code == 0
    packet = json.loads(operator.do("review", "--json").out)
    states = {one["id"]: one["state"] for one in packet["asks"]}
    assert states == {"hall-b": "AWAITING", "hall-y": "AWAITING", "hall-z": "HELD"}


def test_who_asks_for_something_grants_no_waiver_for_it(operator: Operator) -> None:
    ask = operator.folder / "asks" / "hall-y.yaml"
    ask.write_text(ask.read_text().replace("wang.fang", "li.wei"))
    for name in ("li.wei", "Li.Wei"):
        done = operator.do("waive", "utilization", "hall-y", "--as", name, "--key", operator.key("li.wei"), *TERMS)
        assert done.code == 5
        assert "who asks does not grant" in done.err
    assert listed(operator) == []
    ident = grant(operator, "sun.hao")
    refused = operator.do("waive", "--countersign", ident, *operator.hand("li.wei"))
    assert (refused.code, refused.err) == (
        5,
        "hardgate: li.wei asks for hall-y: who asks does not grant a waiver for it\n",
    )


def test_a_waiver_is_taken_back_by_one(operator: Operator) -> None:
    ident = grant(operator, "li.wei")
    operator.do("waive", "--countersign", ident, *operator.hand("sun.hao"))
    done = operator.do("waive", "--revoke", ident, *operator.hand("sun.hao"), "--reason", "the customer left")
    assert done.code == 0
    assert "not in force: it was taken back and needs 1 x finance, 1 x cfo" in done.out
    assert "0 in force, exposure USD 0.00" in operator.do("waive").out
    assert operator.do("review", "--dry-run").code == 3
    assert operator.kinds()[-1] == "waiver.revoked"


def test_an_approval_dies_with_its_waiver(operator: Operator) -> None:
    ident = grant(operator, "li.wei")
    operator.do("waive", "--countersign", ident, *operator.hand("sun.hao"))
    operator.do("review")
    for name in ("chen.yu", "li.wei"):
        assert operator.do("sign", "hall-y", *operator.hand(name)).code == 0
    assert operator.do("released", "hall-y").code == 0
    assert "expired on 2025-07-31" in operator.do("released", "hall-y", "--as-of", "2025-08-01").out
    operator.do("waive", "--revoke", ident, *operator.hand("li.wei"), "--reason", "the customer left")
    gone = operator.do("released", "hall-y")
    assert (gone.code, gone.out.startswith("no: ")) == (3, True)


def test_the_terms_can_be_read_first(operator: Operator) -> None:
    before = operator.kinds()
    done = operator.do("waive", "utilization", "hall-y", *TERMS, "--dry-run")
    body = json.loads(done.out)
    assert (done.code, body["schema"]) == (0, "hardgate.waiver-terms/1")
    assert body["terms"]["requested_by"] == "wang.fang"
    assert body["terms"]["scope"] == {"region": "cn-north", "accelerator": "L20", "ask": "hall-y"}
    late = operator.do("waive", "utilization", "hall-y", *TERMS[:-1], "2025-09-30", "--dry-run")
    assert late.code == 5
    assert late.err == ("it would not be granted: it expires on 2025-09-30: policy allows 2025-05-10 to 2025-08-08\n")
    assert operator.kinds() == before


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("utilization",), "missing ASK, --as, --owner, --reason, --control, --until"),
        (("utilization", "hall-y", "--as", "li.wei", *TERMS[2:]), "missing --owner"),
        (("--countersign", "ab", "--revoke", "cd"), "grant, --countersign and --revoke are three things"),
        (("--countersign", "ab", "--as", "li.wei", "--reason", "x"), "leave out --reason with --countersign"),
        (("--revoke", "ab", "--as", "li.wei"), "missing --reason"),
        (("--reason", "x"), "leave out --reason to list waivers"),
        (("--countersign", "ab", "--as", "li.wei"), "there is no waiver 'ab'"),
        (("utilization", "hall-c", "--as", "li.wei", *TERMS), "there is no ask 'hall-c' in the review of 2025-05-10"),
        (("nothing", "hall-y", "--as", "li.wei", *TERMS), "nothing is called 'nothing'"),
    ],
)
def test_what_is_wrong_with_the_words_is_said_in_one_line(made: Operator, args: tuple[str, ...], message: str) -> None:
    done = made.do("waive", *args)
    assert (done.code, done.out, done.err.count("\n")) == (2, "", 1)
    assert message in done.err


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (
            ("utilization", "hall-b"),
            "capacity.utilization passes for cn-north / H20 / hall-b: there is nothing to waive",
        ),
        (("backlog", "hall-y"), "capacity.backlog is in mode shadow and holds nothing: there is nothing to waive"),
    ],
)
def test_what_holds_nothing_is_not_waived(made: Operator, args: tuple[str, ...], message: str) -> None:
    done = made.do("waive", *args, *made.hand("li.wei"), *TERMS)
    assert (done.code, done.err) == (5, f"hardgate: {message}\n")
