"""Columns of rollup rows as numbers that know which of them are missing.

A null stays a null: it is carried beside the numbers and never becomes a number. Wrong when a caller drops the mask.

>>> rows = Rows({"gpu_ms": [3_600_000, None]}, 2)
>>> whole(rows, "gpu_ms").known.tolist()
[True, False]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from math import isnan
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Rows

Whole: TypeAlias = NDArray[np.int64]
Mask: TypeAlias = NDArray[np.bool_]
Days: TypeAlias = NDArray[np.datetime64]

HOUR_MS = 3_600_000
DAY_MS = 86_400_000
HOURS_PER_MONTH = 730.0
"""Hours of an average month: 8,760 / 12."""


def hours(milliseconds: float) -> float:
    """Return GPU-milliseconds as GPU-hours."""
    return milliseconds / HOUR_MS


def share(part: float, whole_: float) -> float:
    """Return a part as a share of its whole."""
    return part / whole_


@dataclass(frozen=True, slots=True)
class Numbers:
    """Whole numbers of one column; where `known` is false the number there is 0 and means nothing."""

    values: Whole
    known: Mask


def whole(rows: Rows, name: str) -> Numbers:
    """Return a column of whole numbers. A column that the rollup does not have is missing throughout."""
    if name not in rows.columns or rows.count == 0:
        return Numbers(np.zeros(rows.count, np.int64), np.zeros(rows.count, np.bool_))
    raw: Any = rows.columns[name]  # an array or any sequence
    if isinstance(raw, np.ma.MaskedArray):
        known = ~np.ma.getmaskarray(raw)
        return Numbers(np.where(known, np.ma.getdata(raw), 0).astype(np.int64), known)
    array = np.asarray(raw)
    if array.dtype.kind in "iub":
        return Numbers(array.astype(np.int64), np.ones(rows.count, np.bool_))
    if array.dtype.kind == "f":
        known = ~np.isnan(array)
        return Numbers(np.where(known, array, 0).round().astype(np.int64), known)
    known = np.fromiter((value is not None and not absent(value) for value in raw), np.bool_, rows.count)
    values = np.zeros(rows.count, np.int64)
    values[known] = np.fromiter(map(int, array[known]), np.int64)
    return Numbers(values, known)


def absent(value: object) -> bool:
    """Tell whether a cell is null in any of the ways a column may hold one."""
    if value is None or value is np.ma.masked:
        return True
    return bool(np.isnat(value)) if isinstance(value, np.datetime64) else isinstance(value, float) and isnan(value)


def cells(rows: Rows, name: str) -> list[Any]:
    """Return a column as plain Python values with None for null; a missing column is all None."""
    if name not in rows.columns:
        return [None] * rows.count
    raw: Any = rows.columns[name]
    values = raw.tolist() if isinstance(raw, np.ndarray) else list(raw)  # datetime64 becomes date, masked becomes None
    return [None if value is None or value != value else value for value in values]  # noqa: PLR0124  nan


def taken(rows: Rows, keep: Mask) -> Rows:
    """Return the rows for which `keep` is true."""
    columns: dict[str, Any] = {
        name: np.asarray(values, dtype=_dtype(values))[keep] for name, values in rows.columns.items()
    }
    return Rows(columns, int(np.count_nonzero(keep)))


def _dtype(values: Any) -> Any:  # noqa: ANN401  lists keep their objects, arrays their type
    return None if isinstance(values, np.ndarray) else object


def amounts(rows: Rows, name: str) -> list[Decimal | None]:
    """Return a column of money as decimals with None for null."""
    return [
        None if value is None else value if isinstance(value, Decimal) else Decimal(str(value))
        for value in cells(rows, name)
    ]


def dates(rows: Rows, name: str) -> list[date | None]:
    """Return a column of dates as dates with None for null."""
    raw: Any = rows.columns.get(name, [None] * rows.count)
    if isinstance(raw, np.ndarray) and raw.dtype.kind == "M":
        return raw.astype("datetime64[D]").tolist()  # type: ignore[no-any-return]
    return [_as_date(value) for value in cells(rows, name)]


def _as_date(value: Any) -> date | None:  # noqa: ANN401  engines return dates, timestamps and numpy's days
    if value is None or type(value) is date:
        return value
    if isinstance(value, np.datetime64):
        return None if np.isnat(value) else value.astype("datetime64[D]").item()
    return date(value.year, value.month, value.day)


def days(rows: Rows, name: str = "day") -> Days:
    """Return a column of dates as an array of days."""
    return np.asarray(rows.columns.get(name, ()), dtype="datetime64[D]")


def day_number(day: date) -> np.datetime64:
    """Return a date as a day of an array."""
    return np.datetime64(day, "D")


def as_dates(found: Days) -> tuple[date, ...]:
    """Return days as dates, sorted and each once."""
    return tuple(np.unique(found).astype("datetime64[D]").tolist())


def ranges(found: Sequence[date]) -> str:
    """Write days for people, with runs of them joined.

    >>> ranges([date(2026, 8, 3), date(2026, 8, 4), date(2026, 8, 9)])
    '2026-08-03 to 2026-08-04, 2026-08-09'
    """
    runs: list[list[date]] = []
    for day in sorted(set(found)):
        if runs and day == runs[-1][-1] + timedelta(days=1):
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(str(run[0]) if len(run) == 1 else f"{run[0]} to {run[-1]}" for run in runs)
