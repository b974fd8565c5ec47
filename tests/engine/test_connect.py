import threading
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardgate.core.errors import BadInput, Fault, Misconfigured
from hardgate.engine import Engine, connect

COLUMNS = [("name", "text"), ("day", "date"), ("amount", "money"), ("count", "integer"), ("share", "number"),
           ("good", "boolean"), ("time", "timestamp")]  # fmt: skip
ROW = ("a", date(2026, 9, 7), Decimal("1.5"), 3, 0.25, True, datetime(2026, 9, 7, 8, 9, 10))


@pytest.fixture
def engine() -> Any:
    with connect(memory="500MB", threads=2) as opened:
        yield opened


def test_cells_come_out_as_they_went_in(engine: Engine) -> None:
    engine.table("t", COLUMNS, [ROW, (None,) * 7])
    assert engine.rows("select * from t order by name nulls last") == [ROW, (None,) * 7]
    assert engine.columns("select * from t")[2:4] == [("amount", "decimal(38,10)"), ("count", "bigint")]


def test_arrays_are_numbers_where_nothing_is_missing_and_plain_cells_elsewhere(engine: Engine) -> None:
    engine.table("t", COLUMNS, [ROW, (None,) * 7])
    whole = engine.arrays("select * from t where name = 'a'")
    assert (whole["count"].dtype, whole["share"].dtype, whole["good"].dtype) == (np.int64, np.float64, np.bool_)
    assert tuple(column[0] for column in whole.values()) == ROW
    partial = engine.arrays("select * from t order by name nulls last")
    assert [column.dtype for column in partial.values()] == [np.dtype(object)] * 7
    assert [tuple(column) for column in partial.values()] == [(cell, None) for cell in ROW]


def test_arrays_keep_the_order_asked_for() -> None:
    with connect(threads=4) as engine:
        found = engine.arrays("select (i * 7919) % 300007 as a, 'x' || i as b from range(300007) t(i) order by a")
    assert found["a"].tolist() == list(range(300007))


def test_a_sum_over_a_missing_number_fails_and_is_not_smaller(engine: Engine) -> None:
    engine.table("t", [("a", "integer")], [(1,), (None,)])
    with pytest.raises(TypeError):
        engine.arrays("select a from t")["a"].sum()


def test_no_rows_are_arrays_of_nothing(engine: Engine) -> None:
    engine.table("t", COLUMNS, [])
    assert {name: len(column) for name, column in engine.arrays("select * from t").items()} == dict.fromkeys(
        [name for name, _ in COLUMNS], 0
    )


def test_amounts_keep_every_digit(engine: Engine) -> None:
    amount = Decimal("1234567890123456789012345678.0123456789")
    engine.table("t", [("amount", "money")], [(amount,), (Decimal("0.0000000001"),)])
    total = Decimal("1234567890123456789012345678.0123456790")
    assert engine.rows("select sum(amount) from t") == [(total,)]
    assert engine.arrays("select sum(amount) as s from t")["s"][0] == total


def test_a_name_may_change_between_view_and_table(engine: Engine) -> None:
    engine.view("x", "select 1 as a")
    engine.table("x", [("a", "integer")], [(2,)])
    assert engine.rows("select a from x") == [(2,)]
    assert engine.keep("x", "select a + 1 as a from x") == 1
    engine.view("x", "select 4 as a")
    assert engine.rows("select a from x") == [(4,)]


def test_files_are_one_relation_with_columns_by_name(engine: Engine, tmp_path: Path) -> None:
    assert engine.save("select 1 as a, 'x' as b", tmp_path / "1.parquet") == 1
    assert engine.save("select 'y' as b, 2 as a union all select 'z', 3", tmp_path / "it's 2.parquet") == 2
    engine.save("select 4 as a", tmp_path / "3.parquet")
    engine.files("f", sorted(tmp_path.glob("*.parquet")))
    assert engine.rows("select a, b from f order by a") == [(1, "x"), (2, "y"), (3, "z"), (4, None)]


@pytest.mark.parametrize("content", [None, b"no parquet"])
def test_a_file_that_is_not_there_or_not_parquet_is_named(
    engine: Engine, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "gone.parquet"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(BadInput, match=r"gone\.parquet"):
        engine.files("f", [path])


def test_an_empty_list_of_files_is_an_error(engine: Engine) -> None:
    with pytest.raises(BadInput, match=r"no files for f"):
        engine.files("f", [])


def test_a_saved_file_appears_whole_or_not_at_all(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    engine.save("select 1 as a", path)
    with pytest.raises(Fault, match="error"):
        engine.save(
            "select case when i = 9 then cast(error('error') as bigint) else i end as a from range(10) t(i)", path
        )
    engine.files("f", [path])
    assert engine.rows("select * from f") == [(1,)]
    assert [found.name for found in tmp_path.iterdir()] == ["x.parquet"]


def test_saved_rows_keep_the_order_asked_for(tmp_path: Path) -> None:
    found = []
    for threads in (1, 4):
        with connect(threads=threads) as engine:
            engine.save(
                "select (i * 7919) % 300007 as a from range(300007) t(i) order by a desc", tmp_path / "x.parquet"
            )
        with connect(threads=1) as engine:
            engine.files("f", [tmp_path / "x.parquet"])
            found.append([row for (row,) in engine.rows("select a from f")])
    assert found[0] == found[1] == list(range(300006, -1, -1))


def test_a_query_that_fails_says_why_and_where(engine: Engine) -> None:
    with pytest.raises(Fault, match=r"(?s)nope.*in: select nope from"):
        engine.rows("select nope from (select 1 as a)")


@pytest.mark.parametrize(("memory", "threads"), [("lots", 1), ("1GB", 0)])
def test_settings_that_no_engine_takes_are_named(memory: str, threads: int) -> None:
    with pytest.raises(Misconfigured, match=r"\[engine\] memory = .* threads = "):
        connect(memory=memory, threads=threads)


def test_an_address_of_no_engine_is_an_error() -> None:
    with pytest.raises(Misconfigured, match=r"'oracle://' is not known: expected \"duckdb\""):
        connect("oracle://")


def test_variables_of_the_caller_are_not_tables(engine: Engine) -> None:
    secret = np.arange(3)
    assert secret.sum() == 3
    with pytest.raises(Fault, match="secret"):
        engine.rows("select * from secret")


def test_what_does_not_fit_goes_to_the_folder_given(tmp_path: Path) -> None:
    sql = "select count(*) from (select i % 3000000 as k, count(*) as n, max(md5(cast(i as varchar))) as m from range(4000000) t(i) group by 1)"
    with connect(memory="60MB", threads=2, temp=tmp_path / "spill") as engine:
        assert engine.rows(sql) == [(3_000_000,)]
    with connect(memory="60MB", threads=2) as engine, pytest.raises(Fault, match=r"(?i)memory"):
        engine.rows(sql)


def test_each_thread_may_open_its_own(tmp_path: Path) -> None:
    found: list[int] = []

    def work(number: int) -> None:
        with connect(threads=1) as engine:
            engine.table("t", [("a", "integer")], [(number,)])
            found.append(engine.rows("select a from t")[0][0])

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == [0, 1, 2, 3]
