import hashlib
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.errors import BadInput
from hardgate.ledger.chain import GENESIS, canonical, digest, fingerprint, is_digest, parsed

LARGEST = 2**53 - 1
TEXT = st.text(st.characters(codec="utf-8"), max_size=12)
PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST, LARGEST)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=12,
)
DOCUMENTS = st.dictionaries(TEXT, PLAIN, max_size=6)


def test_the_golden_heads_of_two_entries() -> None:
    first = digest(GENESIS, {"gate": "region-a/tranche-2", "kind": "gate.evaluated", "seq": 1, "state": "HOLD"})
    second = {"expires": "2026-12-31", "gate": "region-a/tranche-2", "kind": "waiver.granted", "seq": 2}
    assert first[:16] == "ac56fcf9f7bd6632"
    assert digest(first, second)[:16] == "10e342e8793630af"


def test_the_order_in_which_fields_were_written_does_not_matter() -> None:
    assert canonical({"b": 1, "a": {"d": 2, "c": [3.0, "é"]}}).decode() == '{"a":{"c":[3,"é"],"d":2},"b":1}'


def test_the_digest_covers_the_previous_one_as_text() -> None:
    expected = hashlib.sha256(b"0" * 64 + b'{"seq":1}').hexdigest()
    assert digest(GENESIS, {"seq": 1}) == expected


@pytest.mark.parametrize("previous", ["", "0" * 63, "0" * 65, "A" * 64, "g" * 64, "0" * 64 + "\n"])
def test_a_previous_that_is_no_digest_is_refused(previous: str) -> None:
    assert not is_digest(previous)
    with pytest.raises(BadInput, match="64 lower-case hex"):
        digest(previous, {"seq": 1})


@pytest.mark.parametrize(
    "value", [Decimal("1.5"), date(2026, 9, 7), 2**53, float("nan"), float("inf"), "\ud800", {1: "a"}, {"\ud800": 1}]
)
def test_what_canonical_json_cannot_hold_is_refused_in_words(value: object) -> None:
    with pytest.raises(BadInput, match="canonical JSON cannot hold this document"):
        canonical({"value": value})


@given(DOCUMENTS)
def test_a_document_read_back_has_the_same_bytes(document: dict[str, Any]) -> None:
    assert canonical(parsed(canonical(document))) == canonical(document)


def test_a_large_float_is_read_back_as_the_float_it_was() -> None:
    assert canonical({"amount": 2.0**53}) == b'{"amount":9007199254740992}'
    assert canonical(parsed(b'{"amount":9007199254740992}')) == b'{"amount":9007199254740992}'
    assert parsed(b'{"amount":9007199254740991}') == {"amount": 2**53 - 1}


@given(DOCUMENTS, DOCUMENTS)
def test_two_documents_have_one_digest_only_when_they_have_the_same_bytes(
    one: dict[str, Any], other: dict[str, Any]
) -> None:
    assert (fingerprint(one) == fingerprint(other)) == (canonical(one) == canonical(other))


@given(st.lists(DOCUMENTS, min_size=2, max_size=6), st.data())
def test_an_edit_of_any_entry_changes_every_head_after_it_and_none_before(
    documents: list[dict[str, Any]], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(documents) - 1))
    edited = [*documents]
    edited[place] = {**documents[place], "edited": len(documents)}
    if edited[place] == documents[place]:
        return
    before, after = _heads(documents), _heads(edited)
    assert before[:place] == after[:place]
    assert all(one != other for one, other in zip(before[place:], after[place:], strict=True))


def _heads(documents: list[dict[str, Any]]) -> list[str]:
    heads = [GENESIS]
    for document in documents:
        heads.append(digest(heads[-1], document))
    return heads[1:]
