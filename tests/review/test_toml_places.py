import tomllib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.errors import Misconfigured
from hardgate.review.places import Path, Place
from hardgate.review.toml_places import read_toml

EVERYTHING = '''\
# a comment with [table] and x = 1
currency = "RMB"   # another
a.b."c d" = [1, [2, 3], {x = 1, y = "}"}, # a comment ]
   "a]b", 2026-01-01,
]
many = """
[not] = a table "" \\""" """
plain = \'\'\'x = 1\'\'\'
none = ""
[engine]
threads = 2
[[pools]]
pool = "x"
[[pools]]
pool = "y"
[pools.sub]
z = {}
[[pools.deep]]
k = 1.5e3
[tables.'co.st']
known_after = "35 days"
'''


@pytest.mark.parametrize(
    ("path", "place", "begins"),
    [
        (("currency",), (2, 12), '"RMB"'),
        (("a", "b", "c d"), (3, 13), "[1, "),
        (("a", "b", "c d", 1, 1), (3, 21), "3]"),
        (("a", "b", "c d", 2, "y"), (3, 37), '"}"'),
        (("a", "b", "c d", 4), (4, 11), "2026-01-01"),
        (("plain",), (8, 9), "'''x"),
        (("none",), (9, 8), '""'),
        (("engine", "threads"), (11, 11), "2"),
        (("pools", 0, "pool"), (13, 8), '"x"'),
        (("pools", 1, "pool"), (15, 8), '"y"'),
        (("pools", 1, "sub", "z"), (17, 5), "{}"),
        (("pools", 1, "deep", 0, "k"), (19, 5), "1.5e3"),
        (("tables", "co.st", "known_after"), (21, 15), '"35 days"'),
    ],
)
def test_a_value_is_found_where_it_begins(path: Path, place: tuple[int, int], begins: str) -> None:
    document = read_toml("hardgate.toml", EVERYTHING)
    assert document.values[path] == Place(*place)
    assert document.lines[place[0] - 1][place[1] - 1 :].startswith(begins)


def test_a_key_is_found_where_it_is_first_written() -> None:
    document = read_toml("hardgate.toml", EVERYTHING)
    assert document.keys[("engine",)] == Place(10, 2)
    assert document.keys[("pools", 1, "sub")] == Place(16, 8)
    assert document.keys[("a", "b", "c d", 2, "y")] == Place(3, 33)


names = st.text("abc-_1", min_size=1, max_size=4) | st.text('ab."\\=#]é ', min_size=1, max_size=4)
texts = st.text("ab\"\\\n\t'#[]{}=é", max_size=8)
scalars = st.integers(-999, 999) | st.booleans() | texts | st.floats(allow_nan=False, allow_infinity=False)
values = st.recursive(
    scalars, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=3), max_leaves=8
)


def quoted(text: str) -> str:
    return '"' + "".join(f"\\u{ord(one):04x}" if one in '"\\\n\t' else one for one in text) + '"'


def written(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return quoted(value)
    if isinstance(value, list):
        return f"[ {', '.join(map(written, value))} ]"
    if isinstance(value, dict):
        return "{ " + ", ".join(f"{quoted(name)} = {written(one)}" for name, one in value.items()) + " }"
    return repr(value)


def paths(value: Any, path: Path = ()) -> set[Path]:
    below = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return (
        {path}.union(*(paths(one, (*path, name)) for name, one in below))
        if path
        else set().union(*(paths(one, (name,)) for name, one in below))
    )


@given(
    st.dictionaries(names, values, max_size=4),
    st.dictionaries(names, st.dictionaries(names, values, max_size=3), max_size=3),
)
def test_every_value_that_the_standard_library_reads_has_its_place(top: dict[str, Any], tables: dict[str, Any]) -> None:
    lines = [f"{quoted(name)} = {written(one)} # = [" for name, one in top.items()]
    for name, table in tables.items():
        lines.append(f"[[{quoted('t' + name)}]]")
        lines += [f"  {quoted(key)}={written(one)}" for key, one in table.items()]
    text = "\n".join(lines) + "\n"
    document = read_toml("hardgate.toml", text)
    missing = {path for path in paths(tomllib.loads(text)) if path not in document.values and path not in document.keys}
    assert missing == set()


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "currency = RMB\n",
            "hardgate.toml:1:12: not TOML: invalid value\n    currency = RMB\n               ^\n    texts stand in quotes",
        ),
        ("a = 1\na = 2\n", "hardgate.toml:2:6: not TOML: cannot overwrite a value\n    a = 2\n         ^"),
        (
            "a = [1,\n",
            "hardgate.toml:1:8: not TOML: invalid value\n    a = [1,\n           ^\n    close what was opened before the end of the file",
        ),
    ],
)
def test_what_is_not_toml_is_shown_where_it_breaks(text: str, said: str) -> None:
    with pytest.raises(Misconfigured) as caught:
        read_toml("hardgate.toml", text)
    assert str(caught.value) == said


def test_lines_that_end_in_carriage_returns_count_alike() -> None:
    document = read_toml("hardgate.toml", 'a = 1\r\n[b]\r\nc = """x\r\ny"""\r\nd = 2\r\n')
    assert document.place(("b", "d")) == Place(5, 5)
