"""Every rollup is written in the SQL that DuckDB and Spark share.

What is listed here is what rollups use, and `make test-spark` runs every rollup on Spark 3.5.9, the lowest declared, and
asks for the rows of DuckDB.

A function that is missing from the list may be added with the rollup that calls it, after it has been run there.
"""

import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pytest
import sqlglot
from sqlglot import exp

import hardgate.rollups
from hardgate.engine.portable import check
from hardgate.rollups.definition import definition, names

FUNCTIONS = {
    # aggregates
    "count", "sum", "min", "max", "nullif", "avg", "variance", "covar_pop", "min_by", "over",
    # over rows that come before and after
    "lead", "lag", "first_value", "row_number",
    # numbers
    "floor", "greatest", "least", "power", "coalesce",
    # days and times
    "date_trunc", "extract", "datediff", "date_add", "add_months", "unix_timestamp",
}  # fmt: skip
TYPES = {"bigint", "int", "double", "varchar", "date", "timestamp", "decimal(38,10)", "decimal(28,10)",
         "decimal(20,0)", "decimal(3,2)"}  # fmt: skip
CLAUSES = {
    "Add", "Alias", "And", "Boolean", "Case", "Cast", "Column", "CTE", "DataType", "DataTypeParam", "Distinct", "Div",
    "EQ", "From", "GT", "GTE", "Group", "Identifier", "If", "In", "Is", "Join", "LT", "LTE", "Literal", "Mul", "NEQ",
    "Neg", "Not", "Null", "NullSafeEQ", "Or", "Ordered", "Paren", "Placeholder", "Select", "Star", "Sub", "Subquery", "Table",
    "TableAlias", "Union", "Var", "Where", "With",
    # count(distinct x), and functions over rows that come before and after in a partition
    "Order", "Window", "WindowSpec",
}  # fmt: skip
JOINS = {"", "left", "full outer", "cross"}


def functions(sql: str) -> set[str]:
    bare = re.sub(r"'(?:[^']|'')*'", "''", re.sub(r"--[^\n]*", "", sql))
    words = {word.lower() for word in re.findall(r"\b([A-Za-z_]\w*)\s*\(", bare)}
    return words - {"in", "and", "or", "as", "on", "from", "by", "select", "when", "then", "else", "case", "cast", "not",
                    "where", "decimal", "with", "exists", "join"}  # fmt: skip


def type_of(cast: exp.Cast) -> str:
    return cast.to.sql(dialect="spark").lower().replace(", ", ",").replace("string", "varchar")


@pytest.mark.parametrize("name", names())
def test_a_rollup_calls_only_functions_that_the_engines_share(name: str) -> None:
    assert functions(definition(name).sql) - FUNCTIONS == set()


@pytest.mark.parametrize("name", names())
def test_a_rollup_has_nothing_that_one_engine_lacks(name: str) -> None:
    assert check(definition(name).sql) == []


@dataclass(frozen=True)
class Used:
    clauses: set[str]
    joins: set[str]
    types: set[str]


@cache
def used(name: str) -> Used:
    tree = sqlglot.parse_one(definition(name).sql, read="spark")
    kinds = {(type(node).__name__, isinstance(node, exp.Func)) for node in tree.walk()}
    return Used(
        {kind for kind, is_function in kinds if not is_function or kind in CLAUSES},
        {f"{join.side} {join.kind}".strip().lower() for join in tree.find_all(exp.Join)},
        {type_of(cast) for cast in tree.find_all(exp.Cast)},
    )


@pytest.mark.parametrize("name", names())
def test_a_rollup_is_built_of_clauses_that_the_engines_share(name: str) -> None:
    assert used(name).clauses - CLAUSES == set()
    assert used(name).joins <= JOINS
    assert used(name).types <= TYPES


def test_nothing_is_listed_that_no_rollup_uses() -> None:
    assert set().union(*(functions(definition(name).sql) for name in names())) == FUNCTIONS
    assert set().union(*(used(name).clauses for name in names())) == CLAUSES
    assert set().union(*(used(name).joins for name in names())) == JOINS
    assert set().union(*(used(name).types for name in names())) == TYPES


@pytest.mark.parametrize("name", names())
def test_sums_of_a_rollup_have_a_type_of_their_own(name: str) -> None:
    """The sum of a bigint is a HUGEINT in DuckDB and a BIGINT in Spark, so that every sum that leaves is cast."""
    final = definition(name).sql.rpartition("\nselect\n")[2] or definition(name).sql
    tree = sqlglot.parse_one(f"select {final}", read="spark")
    for total in tree.find_all(exp.Sum):
        assert total.find_ancestor(exp.Cast) is not None or isinstance(total.parent, exp.EQ), total.sql()


@pytest.mark.parametrize("name", names())
def test_a_rollup_divides_by_numbers_with_a_point(name: str) -> None:
    """Division of whole numbers or decimals differs between engines: one side of every division is a double."""
    tree = sqlglot.parse_one(definition(name).sql, read="spark")
    for division in tree.find_all(exp.Div):
        sides = (division.this, division.expression)
        literal = any(isinstance(side, exp.Literal) for side in sides)
        cast = any(part.to.is_type("double") for side in sides for part in side.find_all(exp.Cast))
        assert cast or literal or DOUBLES & {column.name for column in division.find_all(exp.Column)}, division.sql()


DOUBLES = {"samples", "part", "by_opening", "by_closing", "by_end", "by_known", "ramp", "age_before", "age_after"}
"""Columns that a WITH clause casts to double."""


@pytest.mark.parametrize("name", names())
def test_the_head_of_a_rollup_says_what_it_means_and_when_it_is_wrong(name: str) -> None:
    rollup = definition(name)
    assert rollup.meaning.endswith((".", ":", "histogram of activity with bins of one percent."))
    head = rollup.sql.partition("\nselect")[0].partition("\nwith")[0]
    assert name in {"pool_hour", "telemetry_day", "cost_day", "sales_month"} or "Wrong" in head
    assert max(map(len, rollup.sql.splitlines())) <= 120


def test_every_sql_file_is_a_rollup_and_every_input_exists() -> None:
    found = {path.name for path in files(hardgate.rollups).iterdir() if path.name.endswith(".sql")}
    assert found == {f"{name}.sql" for name in names()}
    assert {"pool_hour", "pool_day", "cost_day", "ledger_month", "asset_month", "contract_month", "sales_month",
            "tranche", "cancel_fee", "inventory", "exchange_rate"} <= set(names())  # fmt: skip
