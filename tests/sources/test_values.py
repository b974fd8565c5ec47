"""Foreign cells, one by one: what each becomes, and which are refused."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.terms import Column
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.sources.values import cleaned, typed


def became(engine: Engine, column: Column, cell: str, kind: str = "varchar", dates: str = "mdy") -> Any:
    """Return what a cell becomes: a value, None for nothing, or 'refused'."""
    sql = literal(cell) if kind == "varchar" else f"cast({cell} as {kind})"
    read = typed(column, "cell", kind, dates)
    rows = engine.rows(
        f"select cell is null, {read.value} from (select {cleaned('foreign_cell', kind)} as cell from (select {sql} as foreign_cell))"
    )
    ((empty, value),) = rows
    return "refused" if not empty and value is None else value


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        ("12.50", "12.5"), ("$10,000.00 ", "10000"), ("(1,234.5)", "-1234.5"), ("-$3", "-3"), ("¥12", "12"), ("8E-7", "0.0000008"),
        ("0.00000080000", "0.0000008"), ("12,5", None), ("1.234,56", None), ("abc", None), ("nan", None), ("100%", None),
    ],
)  # fmt: skip
def test_amounts(engine: Engine, cell: str, amount: str | None) -> None:
    assert became(engine, Column("x", "money", ""), cell) == (Decimal(amount) if amount else "refused")


@pytest.mark.parametrize("cell", ["", "  ", "NULL", "null", " Null ", "\\N"])
@pytest.mark.parametrize("kind", ["text", "money", "number", "integer", "date", "timestamp", "boolean"])
def test_what_stands_for_nothing_is_null_in_every_type(engine: Engine, cell: str, kind: str) -> None:
    assert became(engine, Column("x", kind, ""), cell) is None


@pytest.mark.parametrize(
    ("cell", "number"),
    [("4", 4), ("4.0", 4), ("1,000", 1000), ("4.5", "refused"), ("x", "refused"), ("99999999999999999999", "refused")],
)
def test_whole_numbers(engine: Engine, cell: str, number: int | str) -> None:
    assert became(engine, Column("x", "integer", ""), cell) == number


@pytest.mark.parametrize(
    ("cell", "share"),
    [("0.5", 0.5), ("75%", 0.75), ("100 %", 1.0), ("1.0000001", 1.0), ("1.2", "refused"), ("-0.1", "refused")],
)
def test_shares_lie_between_none_and_all(engine: Engine, cell: str, share: float | str) -> None:
    assert became(engine, Column("x", "number", "", unit="share"), cell) == share


@pytest.mark.parametrize("cell", ["inf", "nan", "1.234,5"])
def test_numbers_that_are_not_finite_are_refused(engine: Engine, cell: str) -> None:
    assert became(engine, Column("x", "number", ""), cell) == "refused"


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("2026-09-07", date(2026, 9, 7)), ("2026-9-7", date(2026, 9, 7)), ("4/1/25", date(2025, 4, 1)),
        ("4/1/2025", date(2025, 4, 1)), ("2026-09", date(2026, 9, 1)), ("20260907", date(2026, 9, 7)),
        ("2026/09/07", date(2026, 9, 7)), ("2023-01-01T00:00:00+02:00", date(2022, 12, 31)),
        ("1700000000", date(2023, 11, 14)), ("13/1/25", "refused"), ("2023-02-30", "refused"), ("soon", "refused"),
    ],
)  # fmt: skip
def test_dates(engine: Engine, cell: str, day: date | str) -> None:
    assert became(engine, Column("x", "date", ""), cell) == day


def test_the_order_of_day_and_month_is_told_and_not_guessed(engine: Engine) -> None:
    assert became(engine, Column("x", "date", ""), "5/4/25", dates="dmy") == date(2025, 4, 5)
    assert became(engine, Column("x", "date", ""), "5/4/25", dates="mdy") == date(2025, 5, 4)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2023-01-01T00:00:00Z", datetime(2023, 1, 1)), ("2023-01-01 23:00:00-0500", datetime(2023, 1, 2, 4)),
        ("2023-01-01T00:00Z", datetime(2023, 1, 1)), ("2023-01-01 00:00:00.123 UTC", datetime(2023, 1, 1, 0, 0, 0, 123000)),
        ("1700000000.5", datetime(2023, 11, 14, 22, 13, 20, 500000)), ("1700000000000", datetime(2023, 11, 14, 22, 13, 20)),
        ("9/1/2024 12:00:00 AM", datetime(2024, 9, 1)),
        ("4/1/25 10:30", datetime(2025, 4, 1, 10, 30)), ("2023-02-01T30:00:00Z", "refused"),
        ("2023-01-01 00:00:00 EST", "refused"),
    ],
)  # fmt: skip
def test_times(engine: Engine, cell: str, moment: datetime | str) -> None:
    assert became(engine, Column("x", "timestamp", ""), cell) == moment


@pytest.mark.parametrize(
    ("kind", "cell", "sql", "value"),
    [
        ("timestamp", "1700000000", "bigint", datetime(2023, 11, 14, 22, 13, 20)),
        ("timestamp", "1700000000000000000", "bigint", datetime(2023, 11, 14, 22, 13, 20)),
        ("timestamp", "1700000000.25", "double", datetime(2023, 11, 14, 22, 13, 20, 250000)),
        ("timestamp", "'2024-01-01 00:00:00+02'", "timestamp with time zone", datetime(2023, 12, 31, 22)),
        ("timestamp", "'2024-01-01 00:00:00.123456789'", "timestamp_ns", datetime(2024, 1, 1, 0, 0, 0, 123456)),
        ("date", "'2024-01-01 00:00:00+02'", "timestamp with time zone", date(2023, 12, 31)),
        ("money", "1234567.89", "double", Decimal("1234567.89")),
        ("money", "7", "bigint", Decimal(7)),
        ("number", "'nan'", "double", "refused"),
        ("integer", "5.5", "decimal(10,2)", "refused"),
        ("integer", "5", "hugeint", 5),
        ("boolean", "1", "bigint", True),
        ("text", "5", "bigint", "5"),
    ],
)
def test_cells_that_have_a_type_already(engine: Engine, kind: str, cell: str, sql: str, value: object) -> None:
    assert became(engine, Column("x", kind, ""), cell, sql) == value


@pytest.mark.parametrize(("cell", "value"), [("Yes", True), ("f", False), ("0", False), ("maybe", "refused")])
def test_booleans(engine: Engine, cell: str, value: bool | str) -> None:
    assert became(engine, Column("x", "boolean", ""), cell) == value
