"""From a reviewed ask to a release, as people sign it."""

import json
import shutil

from tests.cli.conftest import Operator


def said(operator: Operator, *args: object) -> tuple[int, str]:
    done = operator.do("released", *args)
    return done.code, done.out.strip()


def test_an_ask_is_released_when_the_right_keys_have_signed_and_not_before(operator: Operator) -> None:
    assert said(operator, "hall-b") == (5, "no: hall-b needs 1 x capacity, 1 x finance")
    first = operator.do("sign", "hall-b", *operator.hand("chen.yu"))
    assert first.code == 0
    assert first.out.startswith("chen.yu approved hall-b as capacity: entry ")
    assert said(operator, "hall-b") == (5, "no: hall-b needs 1 x finance")
    assert operator.do("sign", "hall-b", *operator.hand("li.wei")).code == 0
    code, words = said(operator, "hall-b")
    assert code == 0
    assert words == "yes: hall-b is released until 2025-08-08, signed by chen.yu (capacity), li.wei (finance)"
    assert operator.do("review").code == 3  # hall-y is still held
    assert "RELEASED  BUILD    cn-north / H20 / hall-a / hall-b" in operator.do("review", "--dry-run").out


def released(operator: Operator) -> None:
    for name in ("chen.yu", "li.wei"):
        assert operator.do("sign", "hall-b", *operator.hand(name)).code == 0
    assert said(operator, "hall-b")[0] == 0


def test_a_release_is_for_its_amount_and_its_time(operator: Operator) -> None:
    released(operator)
    assert said(operator, "hall-b", "--amount", "2 m")[0] == 0
    assert said(operator, "hall-b", "--amount", "2000001") == (
        5,
        "no: 2,000,001 is more than the USD 2,000,000 that hall-b asks for",
    )
    assert said(operator, "hall-b", "--as-of", "2025-08-08")[0] == 0
    code, words = said(operator, "hall-b", "--as-of", "2025-08-09")
    assert (code, words.endswith("approval expired on 2025-08-08")) == (5, True)


def test_a_wrong_key_and_a_stranger_are_kept_and_count_for_nothing(operator: Operator) -> None:
    wrong = operator.do("sign", "hall-b", "--as", "chen.yu", "--key", operator.key("li.wei"))
    assert (wrong.code, wrong.err) == (5, "it counts for nothing: asserted: policy names another key for chen.yu\n")
    stranger = operator.do("sign", "hall-b", "--as", "nobody")
    assert (stranger.code, stranger.err) == (5, "it counts for nothing: asserted: policy names no signer nobody\n")
    code, words = said(operator, "hall-b")
    assert (code, words.startswith("no: hall-b needs 1 x capacity, 1 x finance; chen.yu: asserted")) == (5, True)
    assert operator.kinds()[-2:] == ["packet.signed", "packet.signed"]


def test_who_asks_does_not_approve(operator: Operator) -> None:
    ask = operator.folder / "asks" / "hall-b.yaml"
    ask.write_text(ask.read_text().replace("wang.fang", "li.wei"))
    operator.do("review")
    done = operator.do("sign", "hall-b", *operator.hand("li.wei"))
    assert done.code == 5
    assert (
        done.err == "hardgate: li.wei asks for hall-b: who asks does not approve; it needs 1 x capacity, 1 x finance\n"
    )


def test_a_release_dies_when_policy_changes_and_lives_again_when_it_is_put_back(operator: Operator) -> None:
    released(operator)
    operator.edit("allocated_utilization: 60%", "allocated_utilization: 61%")
    code, words = said(operator, "hall-b")
    assert code == 5
    assert "the packet of 2025-05-10 says something else of hall-b than when recorded" in words
    operator.edit("allocated_utilization: 61%", "allocated_utilization: 60%")
    assert said(operator, "hall-b")[0] == 0


def test_a_release_dies_when_the_evidence_changes(operator: Operator) -> None:
    released(operator)
    pools = operator.folder / "pools.csv"
    pools.write_text(pools.read_text().replace("2025-03-01,52080", "2025-03-01,50080"))
    assert operator.do("ingest", pools, "--known-at", "2025-05-09").code == 0
    code, words = said(operator, "hall-b")
    assert (code, "evidence, policy or terms changed; run `hardgate review`" in words) == (5, True)
    assert operator.do("review").code == 3
    assert said(operator, "hall-b")[0] == 5
    refused = operator.do("sign", "hall-b", *operator.hand("chen.yu"))
    assert refused.code == 0  # on the packet that is true now


def test_a_release_dies_with_the_terms_of_the_ask(operator: Operator) -> None:
    released(operator)
    ask = operator.folder / "asks" / "hall-b.yaml"
    ask.write_text(ask.read_text().replace("amount: 2000000", "amount: 3000000"))
    assert said(operator, "hall-b")[0] == 5
    ask.unlink()
    gone = operator.do("released", "hall-b")
    assert (gone.code, gone.out) == (2, "")
    assert "is asked no more: run `hardgate review` again" in gone.err


def test_a_refusal_stands(operator: Operator) -> None:
    done = operator.do("sign", "hall-b", *operator.hand("li.wei"), "--refuse", "--reason", "one customer carries it")
    assert done.code == 0
    assert done.out.startswith("li.wei refused hall-b as finance: entry ")
    assert said(operator, "hall-b") == (3, "no: hall-b is REFUSED: li.wei (finance) refused it")
    assert operator.do("sign", "hall-b", *operator.hand("chen.yu")).code == 5
    operator.do("review")
    assert operator.kinds()[-1] == "ask.refused"


def test_a_held_ask_cannot_be_signed(operator: Operator) -> None:
    done = operator.do("sign", "hall-y", *operator.hand("chen.yu"))
    assert done.code == 5
    assert "hall-y is HELD: capacity.utilization fails; a signature does not open a gate" in done.err
    assert said(operator, "hall-y") == (3, "no: hall-y is HELD: capacity.utilization fails")


def test_what_would_be_signed_can_be_read_first(operator: Operator) -> None:
    before = operator.kinds()
    done = operator.do("sign", "hall-b", "--as", "li.wei", "--dry-run")
    body = json.loads(done.out)
    assert (done.code, body["schema"], body["statement"]["amount"]) == (0, "hardgate.statement/1", "2000000")
    packet = json.loads(operator.do("review", "--json", "--dry-run").out)
    assert body["digest"] == next(one["digest"] for one in packet["asks"] if one["id"] == "hall-b")
    assert operator.kinds() == before


def test_an_ask_that_no_packet_holds_is_named_with_the_nearest(operator: Operator) -> None:
    done = operator.do("released", "hall-c")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith("hardgate: no recorded packet holds 'hall-c': did you mean 'hall-")
    shutil.rmtree(operator.folder / ".hardgate" / "rollups")
    assert said(operator, "hall-b")[0] == 5
