"""Whatever stands in hardgate.toml, it is read or every mistake is told with its place; nothing else happens."""

import re
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

import hardgate.review
from hardgate.core.errors import Misconfigured, Mistake
from hardgate.review.settings import parse

TEMPLATE = (Path(hardgate.review.__file__).parent / "templates" / "hardgate.toml").read_text("utf-8")
LINES = [line.removeprefix("# ") for line in TEMPLATE.splitlines() if re.match(r"(# )?(\[|\w+ = )", line)]
VALUES = st.sampled_from(
    ['"x"', "3", "-1", "true", "2026-01-01", '["a"]', "[]", "{}", '{a = "b"}', '"35 days"', '"focus"', '"sales"']
)


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    lines = list(LINES)
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(lines) - 1))
        what = draw(st.sampled_from(["value", "key", "remove", "cut"]))
        if what == "value" and "=" in lines[at]:
            lines[at] = f"{lines[at].split('=')[0]}= {draw(VALUES)}"
        elif what == "key":
            lines[at] = lines[at].replace("e", draw(st.sampled_from(["", "a", "ee"])), 1)
        elif what == "remove":
            lines[at] = ""
        elif what == "cut":
            lines[at] = lines[at][: draw(st.integers(0, len(lines[at])))]
    return "\n".join(lines) + "\n"


@settings(max_examples=200, deadline=None)
@given(spoilt())
def test_a_spoilt_file_is_read_or_every_mistake_has_its_place(text: str) -> None:
    lines = text.split("\n")
    mistakes = told(text)
    assert [one.source for one in mistakes] == [lines[one.line - 1].rstrip() for one in mistakes]
    assert all(1 <= one.column <= len(lines[one.line - 1]) + 1 for one in mistakes)


def told(text: str) -> tuple[Mistake, ...]:
    """Return the mistakes of settings; sound ones have a currency."""
    try:
        found = parse("hardgate.toml", text.encode())
    except Misconfigured as error:
        return error.mistakes
    assert found.currency
    return ()
