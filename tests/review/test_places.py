import re
from datetime import date

import pytest

from hardgate.core.errors import Misconfigured
from hardgate.review.places import Place, read_yaml


def test_yaml_is_read_as_version_1_2() -> None:
    document = read_yaml("a.yaml", "a: no\nb: 010\nc: 0x10\nd: 1_000\ne: ~\nf: 12:30\ng: true\nh: 1e3\ni: 2026-12-01\n")
    assert document.data == {
        "a": "no", "b": 10, "c": 16, "d": 1000, "e": None, "f": "12:30", "g": True, "h": 1000.0, "i": date(2026, 12, 1),
    }  # fmt: skip


def test_every_key_and_value_has_a_place() -> None:
    document = read_yaml("a.yaml", "gates:\n  a.b: {mode: block}\nlist:\n  - x\n  - {y: 1}\n")
    assert document.place(("gates", "a.b"), key=True) == Place(2, 3)
    assert document.place(("gates", "a.b", "mode")) == Place(2, 15)
    assert document.place(("list", 1, "y")) == Place(5, 9)
    assert document.line(("list", 0)) == 4


def test_what_is_not_in_the_file_is_placed_at_what_would_hold_it() -> None:
    document = read_yaml("a.yaml", "gates:\n  a.b: {mode: block}\n")
    assert document.place(("gates", "a.b", "owner")) == Place(2, 8)
    assert document.place(("signers", 3, "key")) == Place(1, 1)


def test_all_keys_that_stand_twice_are_told_and_the_first_counts() -> None:
    document = read_yaml("a.yaml", "a: 1\nb: 1\na: 2\nb: 2\n")
    assert document.data == {"a": 1, "b": 1}
    assert [(one.line, one.column) for one in document.mistakes] == [(3, 1), (4, 1)]


def test_an_anchor_may_be_used_again() -> None:
    assert read_yaml("a.yaml", "a: &x {b: 1}\nc: *x\n").data == {"a": {"b": 1}, "c": {"b": 1}}


def test_a_value_that_is_not_of_its_tag_is_a_mistake() -> None:
    document = read_yaml("a.yaml", "a: !!int x\nb: 2026-13-45\n")
    assert [str(one).splitlines()[0] for one in document.mistakes] == [
        "a.yaml:1:4: 'x' is not a value of type int",
        "a.yaml:2:4: '2026-13-45' is not a value of type timestamp",
    ]


def test_a_tab_is_shown_as_one_blank_so_that_the_caret_stands_right() -> None:
    with pytest.raises(Misconfigured) as caught:
        read_yaml("a.yaml", "gates:\n\tcapacity: {}\n")
    assert str(caught.value) == (
        "a.yaml:2:1: not YAML: while scanning for the next token found character '\\t' that cannot start any token\n"
        "     capacity: {}\n"
        "    ^\n"
        "    indent with blanks"
    )


@pytest.mark.parametrize("text", ["", "# only a comment\n", "---\n", "~\n"])
def test_an_empty_file_is_an_empty_mapping(text: str) -> None:
    assert read_yaml("a.yaml", text).data == {}


def test_two_documents_in_one_file_are_a_mistake() -> None:
    with pytest.raises(Misconfigured, match=re.escape("a.yaml:2:1: not YAML: expected a single document")):
        read_yaml("a.yaml", "a: 1\n---\nb: 2\n")


def test_a_character_that_yaml_forbids_is_a_mistake() -> None:
    with pytest.raises(Misconfigured, match=re.escape("a.yaml: not YAML: unacceptable character")):
        read_yaml("a.yaml", "a: \x00\n")
