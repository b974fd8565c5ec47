from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardgate.core.errors import Misconfigured
from hardgate.engine import connect
from hardgate.engine.portable import MACROS, bind_literals, check, identifier, literal, values

CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.decimals(-(10**20), 10**20, places=10),
    st.dates(),
    st.datetimes(datetime(1, 1, 1), datetime(9999, 1, 1)),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
)


@settings(max_examples=60, deadline=None)
@given(cells=st.lists(CELLS, min_size=1, max_size=20))
def test_a_literal_is_read_back_as_the_value_it_was(cells: list[Any]) -> None:
    with connect() as engine:
        [found] = engine.rows(f"select {', '.join(literal(cell) for cell in cells)}")
    assert list(found) == cells


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", "'it''s'"),
        ("'; drop table x; --", "'''; drop table x; --'"),
        ("a\\b", "concat('a', chr(92), 'b')"),
        (0.1, "cast('0.1' as double)"),
        (Decimal("1E+3"), "cast('1000' as decimal(38,10))"),
        (date(2026, 9, 7), "date '2026-09-07'"),
        (datetime(2026, 9, 7, 1, 2), "timestamp '2026-09-07 01:02:00'"),
        (None, "null"),
        (True, "true"),
    ],
)
def test_a_literal_reads_alike_on_both_engines(value: Any, text: str) -> None:
    assert literal(value) == text


@pytest.mark.parametrize(
    "value", [float("nan"), float("inf"), Decimal("nan"), "a\0b", datetime(2026, 1, 1, tzinfo=UTC)]
)
def test_what_no_engine_holds_is_an_error(value: Any) -> None:
    with pytest.raises(ValueError, match=r"cannot be written|zero byte|time zone"):
        literal(value)


def test_names_are_filled_in_outside_quotes_and_comments_only() -> None:
    sql = "select :a, ':a', \":a\", x::int -- :a\nfrom t /* :a */ where b = :b"
    assert bind_literals(sql, {"a": 1, "b": "o'k"}) == (
        "select 1, ':a', \":a\", x::int -- :a\nfrom t /* :a */ where b = 'o''k'"
    )


def test_a_name_that_is_not_given_is_an_error_with_the_nearest() -> None:
    with pytest.raises(Misconfigured, match="did you mean 'enough'"):
        bind_literals("select :enuogh", {"enough": 0.5, "field": 1})


def test_a_list_of_nothing_holds_nothing() -> None:
    with connect() as engine:
        assert engine.rows(f"select 1 where 1 in {values([])}") == []
        assert engine.rows(f"select 1 where 'b' in {values(['a', 'b'])}") == [(1,)]


@pytest.mark.parametrize("name", ["Upper", "with space", "1st", "semi;colon", ""])
def test_a_name_that_needs_quotes_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name a table"):
        identifier(name)


@pytest.mark.parametrize(
    ("sql", "value"),
    [
        ("datediff(date '2026-03-01', date '2026-02-27')", 2),
        ("unix_timestamp(timestamp '2026-01-01 00:00:01')", 1_767_225_601),
        ("regexp_like('cn-north-1', '^cn-')", True),
        ("try_divide(1, 0)", None),
        ("try_divide(1, 4)", 0.25),
        ("dayofweek(date '2026-11-22')", 1),
        ("add_months(date '2026-01-31', 1)", date(2026, 2, 28)),
        ("date_add(date '2026-02-28', 1)", date(2026, 3, 1)),
        ("array_size([1, 2, 3])", 3),
    ],
)
def test_the_macros_answer_as_spark_does(sql: str, value: Any) -> None:
    with connect() as engine:
        assert engine.rows(f"select {sql}") == [(value,)]


def test_every_macro_is_tried() -> None:
    tried = "datediff unix_timestamp regexp_like try_divide dayofweek add_months date_add array_size"
    assert {head.partition("(")[0] for head in MACROS} == set(tried.split())


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t qualify row_number() over (order by a) = 1",
        "select * except (a) from t",
        "select * exclude a from t",
        "select a, count(*) from t group by all",
        "select cast(a as uinteger) from t",
        "select a::int from t",
        "select cast(a as varchar) from t",
        "select a // 2 from t",
        "select [1, 2]",
        "select list(a) from t",
        "select any_value(a) from t",
        "select now()",
        "select * from read_parquet('x')",
        "select * from a asof join b using (t)",
        "select a from t where a = ?",
        "select a ilike 'x' from t",
        "select cast(a as timestamptz) from t",
    ],
)
def test_what_one_engine_lacks_is_found(sql: str) -> None:
    assert len(check(sql)) == 1


def test_comments_and_text_may_hold_anything() -> None:
    assert check("select 'a::b // [qualify]' as x -- select * except\nfrom t /* [1] */") == []
