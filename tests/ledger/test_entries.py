from datetime import datetime

import pytest

from hardgate.core.errors import Tampered
from hardgate.core.terms import Entry
from hardgate.ledger.entries import BODIES, KINDS, PacketSigned, WaiverGranted, is_timestamp, timestamp
from tests.ledger.conftest import approval, waiver


def test_every_fixed_body_is_of_a_kind_that_says_what_it_is() -> None:
    assert set(BODIES) <= set(KINDS)
    assert sorted(set(KINDS) - set(BODIES)) == ["ask.filed", "ask.refused", "review.recorded", "watch.recorded"]


def test_a_body_is_read_as_it_was_written() -> None:
    for body in (approval(), waiver()):
        entry = Entry(1, "2026-09-07T10:30:00Z", "li.wei", body.kind, body.plain(), "0" * 64, "a" * 64)
        assert type(body).of(entry) == body


def test_a_body_without_its_fields_names_them() -> None:
    entry = Entry(7, "2026-09-07T10:30:00Z", "li.wei", "packet.signed", {"pocket": 1}, "0" * 64, "a" * 64)
    with pytest.raises(Tampered, match=r"entry 7: body .* 'packet' is missing, .*'pocket' is not one of its fields"):
        PacketSigned.of(entry)
    assert WaiverGranted.misfit({**waiver().plain(), "scope": {"region": 1}}) == "'scope' is not text"


@pytest.mark.parametrize(
    "text",
    [
        "2026-09-07",
        "2026-09-07T10:30:00",
        "2026-09-07T10:30:00+00:00",
        "2026-13-07T10:30:00Z",
        "2026-09-07T10:30:00Z\n",
        "",
    ],
)
def test_a_moment_has_one_spelling(text: str) -> None:
    assert not is_timestamp(text)
    assert is_timestamp(timestamp(datetime(2026, 9, 7, 10, 30, 59, 999)))
