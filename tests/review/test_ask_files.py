from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardgate.core.errors import Misconfigured
from hardgate.core.terms import Action, Ask, Scope
from hardgate.review.ask_files import load, parse, text_of

WHOLE = """\
action: build
pool: cn-north-h20
region: cn-north
accelerator: H20
amount: 1.2 bn
currency: RMB
by: wang.fang
decide_by: 2026-12-01
gpus: 4096
live_date: "2027-12-01"
released_share: 20%
note: hall 4, second phase
"""


def test_an_ask_is_read_with_its_scope_from_coarse_to_fine() -> None:
    assert parse("asks/hall-4.yaml", WHOLE.encode(), "RMB") == (
        Ask(
            id="hall-4",
            action=Action.BUILD,
            scope=Scope.of(region="cn-north", accelerator="H20", pool="cn-north-h20"),
            by="wang.fang",
            amount=Decimal(1_200_000_000),
            currency="RMB",
            decide_by=date(2026, 12, 1),
            terms=(
                ("gpus", 4096),
                ("live_date", date(2027, 12, 1)),
                ("released_share", 0.2),
                ("note", "hall 4, second phase"),
            ),
            derived=False,
        ),
    )


def test_an_id_may_differ_from_the_name_of_the_file() -> None:
    [ask] = parse("asks/new.yaml", b"id: hall-4\naction: SELL\nproduct: gpu\nby: li.wei\n", "RMB")
    assert (ask.id, ask.amount, ask.currency) == ("hall-4", None, "")


def test_a_commented_example_is_no_ask(tmp_path: Path) -> None:
    (tmp_path / "example.yaml").write_text("# action: BUILD\n")
    assert load(tmp_path, "RMB") == ()


def test_a_folder_that_does_not_exist_holds_no_asks(tmp_path: Path) -> None:
    assert load(tmp_path / "asks", "RMB") == ()


def test_asks_are_read_by_file_name_and_other_files_are_left_alone(tmp_path: Path) -> None:
    for name in ("b.yaml", "a.yaml"):
        (tmp_path / name).write_text(WHOLE)
    (tmp_path / "README.md").write_text("about asks\n")
    assert [one.id for one in load(tmp_path, "RMB")] == ["a", "b"]


def test_mistakes_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = tmp_path / "asks"
    folder.mkdir()
    (folder / "a.yaml").write_text("action: BILD\nregion: x\nby: li.wei\n")
    (folder / "b.yaml").write_text(WHOLE)
    (folder / "c.yaml").write_text("id: b\n" + WHOLE)
    (folder / "d.yml").write_text(WHOLE)
    with pytest.raises(Misconfigured) as caught:
        load(folder, "RMB")
    assert [str(one).replace("\n    ", " | ") for one in caught.value.mistakes] == [
        "asks/a.yaml:1:9: no action is called 'BILD' | action: BILD |         ^ | did you mean 'BUILD'?",
        "asks/c.yaml: the ask 'b' is already in asks/b.yaml | give one of them another id",
        "asks/d.yml: asks are read from *.yaml | rename it to d.yaml",
    ]


def test_a_file_name_that_is_no_id_asks_for_one() -> None:
    with pytest.raises(Misconfigured, match="'hall 4' cannot be the id of an ask"):
        parse("asks/hall 4.yaml", WHOLE.encode(), "RMB")


values = (
    st.text(st.characters(codec="utf-8", exclude_categories=("Cs", "Cc")), min_size=1, max_size=12).filter(str.strip)
    | st.integers(-(10**9), 10**9)
    | st.booleans()
    | st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1))
    | st.sampled_from(["no", "null", "True", "1e3", "2026-12-01", "72%", "- a", "a: b", "# x", "~", "1_000"])
)
terms = st.dictionaries(st.sampled_from(["halls", "note", "vendor", "price"]), values, max_size=3)


@given(terms, st.decimals(min_value=0, max_value=10**12, places=2))
def test_what_is_written_is_read_back(fields: dict[str, Any], amount: Decimal) -> None:
    head: dict[str, object] = {"action": "BUILD", "pool": "成都 h20", "amount": amount, "currency": "RMB", "by": "李伟"}
    text = text_of("hall-4", {**head, **fields})
    [ask] = parse("asks/hall-4.yaml", text.encode(), "RMB")
    assert (ask.id, ask.action, ask.scope["pool"], ask.amount, ask.by) == (
        "hall-4",
        "BUILD",
        "成都 h20",
        amount,
        "李伟",
    )
    assert dict(ask.terms) == fields


def test_a_field_that_no_file_can_hold_is_refused() -> None:
    with pytest.raises(Misconfigured, match=r"halls of the ask is \[3, 4\]"):
        text_of("hall-4", {"halls": [3, 4]})
