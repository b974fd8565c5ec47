"""From a query's columns to numbers: arrays where nothing is missing, and `None` where something is.

A column of integers, numbers or booleans without nulls is an array of int64, float64 or bool. Everything else is an
array of objects: `date`, `datetime`, `str`, `Decimal`, and `None` for a null in a column of any type. A null never
becomes a number: adding up a column that has one fails, and does not give a smaller sum.

>>> import numpy as np
>>> cells(np.ma.array([1, 2], mask=[False, True]), "bigint").tolist()
[1, None]
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np


def cells(array: Any, kind: str, *, as_day: bool = False) -> "np.ndarray[Any, Any]":  # noqa: ANN401  numpy's, masked or not
    """Return one column of a result as plain cells; `kind` is its SQL type. Amounts come as text.

    With `as_day` a column of dates without nulls stays an array of days, which are compared many times faster.
    """
    import numpy as np

    missing = np.ma.getmaskarray(array) if isinstance(array, np.ma.MaskedArray) else None
    plain = np.ma.getdata(array)
    if as_day and missing is None:
        return plain.astype("datetime64[D]")
    if kind == "date":
        plain = _moments(plain.astype("datetime64[D]"))
    elif kind.startswith("timestamp"):
        plain = _moments(plain.astype("datetime64[us]"))
    elif kind.startswith("decimal"):
        plain = _amounts(plain, missing)
    elif kind == "varchar":
        plain = plain.astype(object)
    elif kind != "boolean":
        plain = plain.astype(np.float64 if kind in {"double", "float"} else np.int64)
    if missing is None or not missing.any():
        return plain
    plain = plain.astype(object)
    plain[missing] = None
    return plain


def _moments(times: "np.ndarray[Any, Any]") -> "np.ndarray[Any, Any]":
    """Turn times into dates or datetimes, each different one once: a column holds few of them, many times over."""
    import numpy as np

    different, at = np.unique(times, return_inverse=True)
    moments: np.ndarray[Any, Any] = different.astype(object)[at]
    return moments


def _amounts(texts: "np.ndarray[Any, Any]", missing: "np.ndarray[Any, Any] | None") -> "np.ndarray[Any, Any]":
    """Turn amounts written as text into decimals."""
    from decimal import Decimal

    import numpy as np

    amounts = np.empty(len(texts), dtype=object)
    for at, written in enumerate(texts):
        amounts[at] = None if missing is not None and missing[at] else Decimal(written)
    return amounts
