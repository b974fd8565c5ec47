"""What a user's SELECT gave is kept while the SELECT and the rollups are the same, and no longer."""

from datetime import date
from pathlib import Path

from hardgate.rollups.kept import FOLDER, Answer, kept

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
    first = kept(tmp_path, "mine", DAY, "select 1", ("pool_day",), made)
    assert kept(tmp_path, "mine", DAY, "select 1", ("pool_day",), made) == first
    assert made.times == 1


def test_another_select_or_date_is_asked_anew(tmp_path: Path) -> None:
    made = Made()
    kept(tmp_path, "mine", DAY, "select 1", ("pool_day",), made)
    kept(tmp_path, "mine", DAY, "select 2", ("pool_day",), made)
    kept(tmp_path, "mine", date(2026, 9, 6), "select 2", ("pool_day",), made)
    assert made.times == 3


def test_a_file_that_is_not_whole_is_made_anew(tmp_path: Path) -> None:
    made = Made()
    kept(tmp_path, "mine", DAY, "select 1", (), made)
    (tmp_path / FOLDER / f"mine-{DAY}.json").write_text('{"key": ')
    assert kept(tmp_path, "mine", DAY, "select 1", (), made) == (("day", "numerator"), [["2026-09-06", 2]])
