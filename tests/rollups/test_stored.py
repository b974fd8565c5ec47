from datetime import date
from pathlib import Path
from typing import Any

from hardgate.rollups.stored import Stored

DAY, NEXT = date(2026, 9, 30), date(2026, 10, 1)
COLUMNS = (("day", "date"), ("known", "date"), ("known_to", "date"), ("n", "bigint"))


def write(engine: Any, stored: Stored, *rows: tuple[date, int]) -> None:
    engine.table("made", COLUMNS, [(day, day, date(9999, 12, 31), n) for day, n in rows])
    stored.columns = COLUMNS
    stored.write(engine, "made", {day for day, _ in rows})
    for day, n in rows:
        stored.days[day] = (str(n), (day,))
    stored.save()


def read(engine: Any, stored: Stored) -> list[tuple[Any, ...]]:
    engine.files("found", stored.paths())
    found: list[tuple[Any, ...]] = engine.rows("select day, n from found order by day")
    return found


def test_a_day_is_put_in_place_of_the_same_day_only(engine: Any, tmp_path: Path) -> None:
    stored = Stored(tmp_path, "x")
    write(engine, stored, (DAY, 1), (date(2026, 9, 29), 2), (NEXT, 3))
    again = Stored.open(tmp_path, "x")
    write(engine, again, (DAY, 9))
    assert read(engine, Stored.open(tmp_path, "x")) == [(date(2026, 9, 29), 2), (DAY, 9), (NEXT, 3)]


def test_what_was_saved_is_found_again(engine: Any, tmp_path: Path) -> None:
    stored = Stored(tmp_path, "x")
    write(engine, stored, (DAY, 1), (NEXT, 2))
    again = Stored.open(tmp_path, "x")
    assert (again.days, again.files, again.columns) == (stored.days, stored.files, COLUMNS)
    assert [path.name for path in again.paths(["2026-10"])] == ["2026-10.parquet"]


def test_a_month_that_is_not_the_one_described_is_as_if_it_were_not_there(engine: Any, tmp_path: Path) -> None:
    stored = Stored(tmp_path, "x")
    stored.digest = "all"
    write(engine, stored, (DAY, 1), (NEXT, 2))
    stored.path("2026-09").write_bytes(b"other")
    again = Stored.open(tmp_path, "x")
    assert list(again.days) == [NEXT]
    assert again.digest == ""


def test_a_state_that_cannot_be_read_is_no_state(tmp_path: Path) -> None:
    (tmp_path / "x").mkdir()
    for text in ("", "{", '{"format": 0}'):
        (tmp_path / "x" / "state.json").write_text(text, encoding="utf-8")
        assert Stored.open(tmp_path, "x").days == {}
