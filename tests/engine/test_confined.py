"""A user's own SELECT, kept where it can do no harm."""

import time
from pathlib import Path

import pytest

from hardgate.core.errors import BadInput
from hardgate.engine.confined import select
from hardgate.engine.connect import connect


@pytest.fixture(name="folder")
def _folder(tmp_path: Path) -> Path:
    with connect() as engine:
        engine.save("select 1 as a union all select 2 order by 1", tmp_path / "t.parquet")
    return tmp_path


def relation(folder: Path) -> dict[str, str]:
    return {"t": f"select * from read_parquet('{folder / 't.parquet'}')"}


def test_it_reads_the_relations_it_is_given(folder: Path) -> None:
    assert select("select sum(a) as total from t", relation(folder), folder) == (("total",), [[3]])


@pytest.mark.parametrize(
    "sql",
    [
        "copy (select 1) to 'out.csv'",
        "create table x as select 1",
        "select 1; select 2",
        "set memory_limit = '10GB'",
        "attach 'x.db'",
    ],
)
def test_what_is_no_single_select_is_refused(sql: str, folder: Path) -> None:
    with pytest.raises(BadInput, match="expected one SELECT"):
        select(sql, relation(folder), folder)
    assert not (folder / "out.csv").exists()


def test_no_other_file_can_be_read(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"(?i)permission|disabled|not allowed"):
        select("select * from read_csv('/etc/passwd')", relation(folder), folder)


def test_a_query_without_end_is_stopped(folder: Path) -> None:
    start = time.monotonic()
    with pytest.raises(BadInput, match="took longer than 1 s"):
        select("select count(*) from range(1e12::bigint) a, range(1e6::bigint) b", relation(folder), folder, seconds=1)
    assert time.monotonic() - start < 10


def test_a_string_without_end_does_not_take_the_machine(folder: Path) -> None:
    with pytest.raises(BadInput, match=r"(?i)memory|took longer"):
        select("select length(repeat('x', 4000000000))", relation(folder), folder, seconds=10)


def test_a_mistake_is_told_in_one_line(folder: Path) -> None:
    with pytest.raises(BadInput, match=r'"b" not found'):
        select("select b from t", relation(folder), folder)
