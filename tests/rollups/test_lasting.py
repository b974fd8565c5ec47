"""Rows that last over several versions, told as small tables: a row holds from `known` to `known_to`."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.engine import Engine, connect
from hardgate.rollups.lasting import lasting

COLUMNS = ("day", "known", "known_to", "pool", "gpus")
Row = tuple[int, int, int, str | None, int]


def kept(engine: Engine, rows: list[Row]) -> list[Row]:
    typed = [("day", "integer"), ("known", "integer"), ("known_to", "integer"), ("pool", "text"), ("gpus", "integer")]
    engine.table("whole_versions", typed, rows)
    return sorted(engine.rows(lasting(COLUMNS, "whole_versions")), key=str)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return connect()


def test_what_the_next_version_repeats_stands_once(engine: Engine) -> None:
    assert kept(engine, [(1, 1, 4, "p", 8), (1, 4, 6, "p", 8), (1, 6, 9, "p", 8)]) == [(1, 1, 9, "p", 8)]


def test_what_changed_and_came_back_stands_once_for_each_time(engine: Engine) -> None:
    rows: list[Row] = [(1, 1, 4, None, 8), (1, 4, 6, None, 7), (1, 6, 8, None, 8), (1, 8, 9, None, 8)]
    assert kept(engine, rows) == [(1, 1, 4, None, 8), (1, 4, 6, None, 7), (1, 6, 9, None, 8)]


def test_what_left_for_a_version_does_not_last_over_it(engine: Engine) -> None:
    assert kept(engine, [(1, 1, 4, "p", 8), (1, 6, 9, "p", 8)]) == [(1, 1, 4, "p", 8), (1, 6, 9, "p", 8)]


def test_a_row_that_stands_twice_in_a_version_stands_twice_after_it(engine: Engine) -> None:
    rows: list[Row] = [(1, 1, 4, "p", 8), (1, 1, 4, "p", 8), (1, 4, 9, "p", 8)]
    assert kept(engine, rows) == [(1, 1, 4, "p", 8), (1, 1, 9, "p", 8)]


VERSIONS = st.lists(
    st.lists(st.tuples(st.integers(1, 2), st.sampled_from(["p", None]), st.integers(1, 2)), max_size=4),
    min_size=1,
    max_size=5,
)


@settings(max_examples=40, deadline=None)
@given(VERSIONS)
def test_every_date_sees_the_rows_of_its_version(versions: list[list[tuple[int, str | None, int]]]) -> None:
    whole = [(day, at, at + 1, pool, gpus) for at, rows in enumerate(versions) for day, pool, gpus in rows]
    with connect() as engine:
        found = kept(engine, whole)
    assert len(found) <= len(whole)
    for at, rows in enumerate(versions):
        seen = [(day, pool, gpus) for day, known, known_to, pool, gpus in found if known <= at < known_to]
        assert sorted(seen, key=str) == sorted(rows, key=str)
