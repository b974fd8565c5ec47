"""What a user's SELECT gave is kept while the SELECT and the rollups are the same, and no longer."""

from datetime import date
from pathlib import Path

import pytest

from hardgate.rollups.kept import FOLDER, NEWEST, Answer, kept, of_model, of_rollups

DAY = date(2026, 9, 7)


class Made:
    """Counts how often it is asked."""

    def __init__(self) -> None:
        self.times = 0

    def __call__(self) -> Answer:
        self.times += 1
        return ("day", "numerator"), [["2026-09-06", self.times]]


def test_the_same_question_is_asked_once(tmp_path: Path) -> None:
    made = Made()
    first = of_rollups(tmp_path, "mine", DAY, "select 1", ("pool_day",), made)
    assert of_rollups(tmp_path, "mine", DAY, "select 1", ("pool_day",), made) == first
    assert made.times == 1


def test_another_select_or_date_is_asked_anew(tmp_path: Path) -> None:
    made = Made()
    of_rollups(tmp_path, "mine", DAY, "select 1", ("pool_day",), made)
    of_rollups(tmp_path, "mine", DAY, "select 2", ("pool_day",), made)
    of_rollups(tmp_path, "mine", date(2026, 9, 6), "select 2", ("pool_day",), made)
    assert made.times == 3


def test_a_file_that_is_not_whole_is_made_anew(tmp_path: Path) -> None:
    made = Made()
    of_rollups(tmp_path, "mine", DAY, "select 1", (), made)
    (file,) = (tmp_path / FOLDER / "own-mine").iterdir()
    file.write_text('{"key": ')
    assert of_rollups(tmp_path, "mine", DAY, "select 1", (), made) == (("day", "numerator"), [["2026-09-06", 2]])


def test_a_model_is_asked_once_for_the_same_inputs_and_gives_the_same_kept_or_not(tmp_path: Path) -> None:
    asked: list[float] = []

    def make() -> dict[str, tuple[float, ...]]:
        asked.append(0.1 + 0.2)
        return {"low": (0.1 + 0.2, float("inf"))}

    first, again = (of_model(tmp_path, "payback", {"rate": 0.1, "draws": 64}, make) for _ in range(2))
    assert first == again == {"low": [0.30000000000000004, float("inf")]}
    of_model(tmp_path, "payback", {"rate": 0.2, "draws": 64}, make)
    assert len(asked) == 2


def test_other_mathematics_is_another_question(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = Made()
    of_model(tmp_path, "payback", [1], made)
    monkeypatch.setattr("hardgate.rollups.kept.mathematics", lambda: "changed")
    of_model(tmp_path, "payback", [1], made)
    assert made.times == 2


def test_only_the_newest_answers_of_a_kind_are_kept(tmp_path: Path) -> None:
    made = Made()
    for one in range(NEWEST + 5):
        kept(tmp_path, "payback", one, made)
    assert len(list((tmp_path / FOLDER / "payback").iterdir())) == NEWEST
    kept(tmp_path, "payback", NEWEST + 4, made)
    assert made.times == NEWEST + 5
