"""A table that we understand, its columns, what one of its cells may hold, and a number that adds up over its rows."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TypeAlias

Cell: TypeAlias = str | int | float | Decimal | date | bool | None
"""What one cell of a table may hold."""


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a schema. `type` is one of text, integer, number, money, date, timestamp, boolean.

    `least` is the least figure that makes sense: a row with less is rejected.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """A table we understand.

    `key` says what a row states: rows known later with the same key replace the earlier ones. Where `lines` is true
    one key may have several rows (the lines of a bill for a day) and they are replaced together.
    `day` is the column that dates a row; `until` makes the row an interval [day, until).
    `every` ("day" or "month") makes a missing period a gap and not a small sum.
    `known` is the column that says when a row became known, where the table has one.
    `whole` is a column and the columns that add up to it: a row in which they do not is rejected.
    `register` is true of what somebody keeps as a whole (a price list): a key that leaves its file is withdrawn.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    day: str
    until: str | None = None
    every: str | None = None
    known: str | None = None
    lines: bool = False
    whole: tuple[str, tuple[str, ...]] | None = None
    register: bool = False

    def column(self, name: str) -> Column:
        """Return the column of this name.

        Raises:
            KeyError: there is none.

        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that adds up over the rows of a rollup: its column `column`, reduced by `how` (sum, min, max)."""

    table: str
    column: str
    how: str = "sum"
