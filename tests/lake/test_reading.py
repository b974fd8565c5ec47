"""Text files of every kind, read with their lines; both readers agree."""

import gzip
from pathlib import Path

import pytest

from hardgate.core.errors import BadInput
from hardgate.engine import Engine
from hardgate.lake import delimited
from hardgate.lake.files import fingerprint
from hardgate.lake.reading import Raw, read


def parsed(engine: Engine, folder: Path, content: bytes, name: str = "x.csv") -> tuple[Raw, list[tuple[object, ...]]]:
    """Read a file's content."""
    path = folder / name
    path.write_bytes(content)
    raw = read(engine, path, folder)
    return raw, engine.rows(f"select hardgate_line, * exclude (hardgate_line) from ({raw.sql}) order by all")


@pytest.mark.parametrize(
    ("content", "rows"),
    [
        (b"a,b\n1,2\n3,4\n", [(2, "1", "2"), (3, "3", "4")]),
        (b"a,b\r\n1,2\r\n3,4", [(2, "1", "2"), (3, "3", "4")]),
        (b"a,b\r1,2\r3,4\r", [(2, "1", "2"), (3, "3", "4")]),
        (b"\xef\xbb\xbfa,b\n1,2\n", [(2, "1", "2")]),
        ("a,b\n1,ü\n".encode("utf-16"), [(2, "1", "ü")]),
        (b"\n\na;b\n1;2\n\n\n3;4,5\n", [(4, "1", "2"), (7, "3", "4,5")]),
        (b'a,"b\nc"\n1,"x\n\ny"\n2,"z"\n', [(3, "1", "x\n\ny"), (6, "2", "z")]),
        (b'a,b\n1,"x\ny"\n"2",z\n', [(2, "1", "x\ny"), (4, "2", "z")]),
        (b"a\tb\n1\t\n", [(2, "1", None)]),
        (b"a|b\n1|2\n", [(2, "1", "2")]),
        (b"a\n1\n\n2\n", [(2, "1"), (4, "2")]),
        (b'a,b\r\n1,"x\ny"\r\n2,z\r\n', [(2, "1", "x\ny"), (4, "2", "z")]),
        (gzip.compress(b"a,b\n1,2\n\n3,4\n", mtime=0), [(2, "1", "2"), (4, "3", "4")]),
    ],
)
def test_a_record_has_the_line_it_starts_on(
    engine: Engine, tmp_path: Path, content: bytes, rows: list[tuple[object, ...]]
) -> None:
    raw, found = parsed(engine, tmp_path, content)
    assert raw.broken == ()
    assert [tuple(cell or None for cell in row) for row in found] == rows


def test_lines_that_are_no_records_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    raw, rows = parsed(engine, tmp_path, b'a,b\n1,2,3\n3,4\n5\n"6,7\n8,9\n1,\xff\n1,"x"y\n"1",2\n')
    assert rows == [(3, "3", "4"), (6, "8", "9"), (9, "1", "2")]
    assert [(one.line, one.reason) for one in raw.broken] == [
        (2, "3 columns, expected 2"),
        (4, "1 columns, expected 2"),
        (5, "a quote is not closed"),
        (7, "not UTF-8 text"),
        (8, "not a record: ',' expected after '\"'"),
    ]


def test_both_readers_give_the_same_rows(engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b"a,b,c\n" + b"".join(b'%d,"x\n%d",""\n' % (at, at) if at % 3 else b"%d,y,z\n" % at for at in range(5000))
    _, fast = parsed(engine, tmp_path, content)
    monkeypatch.setattr(delimited, "_countable", lambda _path: 0)
    _, careful = parsed(engine, tmp_path, content)
    assert [tuple(cell or None for cell in row) for row in fast] == [
        tuple(cell or None for cell in row) for row in careful
    ]
    assert len(fast) == 5000


def test_columns_of_one_name_are_told_apart(engine: Engine, tmp_path: Path) -> None:
    raw, _ = parsed(engine, tmp_path, b"user,User,,user_2\n1,2,3,4\n")
    assert raw.columns.names == ("user", "User_2", "column_3", "user_2_2")


def test_the_rows_of_parquet_are_numbered(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "x.parquet"
    engine.save("select 7 as a union all select 8 order by a", path)
    raw = read(engine, path, tmp_path)
    assert engine.rows(f"select a, hardgate_line from ({raw.sql}) order by a") == [(7, 1), (8, 2)]
    assert (raw.rows, raw.columns.columns) == (2, (("a", "integer"),))


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("x.csv", b"", "empty; expected a header line"),
        ("x.csv", b"\n\n", "empty; expected a header line"),
        ("x.parquet", b"a,b\n", "named like Parquet, but its first bytes are b'a,b"),
        ("x.csv", b"PAR1 and nothing more", "not readable as Parquet"),
        ("x.csv", b"a,b\0\n1,2\n", "expected a header line with column names"),
    ],
)
def test_what_is_no_table_is_refused(engine: Engine, tmp_path: Path, name: str, content: bytes, said: str) -> None:
    with pytest.raises(BadInput, match=said):
        parsed(engine, tmp_path, content, name)


def test_a_file_that_is_not_there_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="cannot be read: No such file"):
        fingerprint(tmp_path / "none.csv", lambda _count: None)
