"""Shares, money, durations and days as people write them in policy.yaml, hardgate.toml and asks.

Each function takes what the file holds and returns the value, or raises `NotUnderstood` with what to write instead.
`72%`, `72 %` and `0.72` are one share; `10 m` and `10000000` are one amount. Wrong when a file means percent points by
a bare number: `72` is refused as a share and never divided by a hundred in silence.

>>> share("72 %"), share(0.72)
(0.72, 0.72)
>>> money("1.2 bn")
Decimal('1200000000.0')
"""

import math
import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from hardgate.core.days import days_of, duration
from hardgate.core.errors import nearest

_PERCENT = re.compile(r"^\s*([+-]?\d+(?:\.\d+)?)\s*%\s*$")
_POINTS = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*points?\s*$")
_AMOUNT = re.compile(r"^\s*(\d[\d_,]*(?:\.\d+)?)\s*(k|m|bn)?\s*$")
_SCALE = {None: Decimal(1), "k": Decimal(1000), "m": Decimal(1_000_000), "bn": Decimal(1_000_000_000)}


class NotUnderstood(ValueError):
    """A value that is not what its place asks for; `suggestion` says what to write instead, texts in backticks."""

    def __init__(self, message: str, suggestion: str = "") -> None:
        """Take what was found and what to write."""
        super().__init__(message)
        self.suggestion = suggestion


def shown(value: object) -> str:
    """Return a value as the file would hold it, for messages."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return repr(value)
    if value is None:
        return "nothing"
    return "a mapping" if isinstance(value, dict) else "a list" if isinstance(value, list) else str(value)


def number(value: object) -> float:
    """Read a finite number or a percentage."""
    if isinstance(value, str) and (match := _PERCENT.match(value)):
        return float(Decimal(match[1]) / 100)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise NotUnderstood(f"expected a number, found {shown(value)}", "write it like 1.10 or `72%`")
    return float(value)


def share(value: object) -> float:
    """Read a share between 0 and 1, or a percentage between 0 % and 100 %."""
    try:
        found = number(value)
    except NotUnderstood as error:
        raise NotUnderstood(f"expected a share, found {shown(value)}", "write it like `72%` or 0.72") from error
    if 0 <= found <= 1:
        return found
    is_percent = not isinstance(value, str) and 1 < found <= 100  # noqa: PLR2004  a percentage without its sign
    hint = f"did you mean `{value}%`?" if is_percent else "write it like `72%` or 0.72"
    raise NotUnderstood(f"a share lies between 0 and 1, found {shown(value)}", hint)


def inner_share(value: object) -> float:
    """Read a share above 0 and below 1, such as a confidence level."""
    found = share(value)
    if found in {0.0, 1.0}:
        raise NotUnderstood(f"expected a share above 0 and below 1, found {shown(value)}", "write it like `90%`")
    return found


def points(value: object) -> float:
    """Read a distance in the metric's own unit: a number, or `2 points` of a percentage for 0.02."""
    if isinstance(value, str) and (match := _POINTS.match(value)):
        return float(Decimal(match[1]) / 100)
    try:
        found = number(value)
    except NotUnderstood as error:
        raise NotUnderstood(
            f"expected a distance, found {shown(value)}", "write it like `2 points`, `2%` or 0.02"
        ) from error
    if found < 0:
        raise NotUnderstood(
            f"a distance is not negative, found {shown(value)}", "write it like `2 points`, `2%` or 0.02"
        )
    return found


def whole(value: object) -> int:
    """Read a whole number of at least zero."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise NotUnderstood(f"expected a whole number of at least 0, found {shown(value)}", "write it like 4")
    return value


def count(value: object) -> int:
    """Read a whole number of at least one."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise NotUnderstood(f"expected a whole number of at least 1, found {shown(value)}", "write it like 4")
    return value


def evaluations(value: object) -> int:
    """Read a number of weekly evaluations: a whole number, or whole weeks as a duration such as `4w`."""
    if not isinstance(value, str):
        return whole(value)
    try:
        days = days_of(value)
    except ValueError as error:
        raise NotUnderstood(str(error), "gates are judged weekly: write it like `4w`") from error
    if days % 7:
        raise NotUnderstood(
            f"gates are judged weekly and {shown(value)} is no whole number of weeks", "write it like `4w`"
        )
    return days // 7


def flag(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise NotUnderstood(f"expected true or false, found {shown(value)}", "write true or false")
    return value


def text(value: object) -> str:
    """Read a text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        hint = f'write it in quotes: "{value}"' if isinstance(value, int | float | date) else ""
        raise NotUnderstood(f"expected a text, found {shown(value)}", hint)
    return value


def one_of(value: object, names: Sequence[str], kind: str) -> str:
    """Read one of some names, in any case; the name is returned as it stands in `names`."""
    for name in names:
        if isinstance(value, str) and value.casefold() == name.casefold():
            return name
    hint = nearest(value, names) if isinstance(value, str) else f"expected one of: {', '.join(sorted(names))}"
    raise NotUnderstood(f"no {kind} is called {shown(value)}", hint)


def window(value: object) -> str:
    """Read a duration such as `8w`, `35 days` or `12 months`; it is returned as it was written."""
    try:
        length, _ = duration(text(value))
    except ValueError as error:
        raise NotUnderstood(str(error), "write it like `8w`") from error
    if length == 0:
        raise NotUnderstood(f"a window of {shown(value)} holds no day", "write it like `8w`")
    return str(value)


def days(value: object) -> int:
    """Read a duration in days or weeks as days."""
    try:
        return days_of(text(value))
    except ValueError as error:
        raise NotUnderstood(str(error), "write it like `35 days` or `5w`") from error


def horizon(value: object) -> str:
    """Read a duration in days or weeks; it is returned as it was written."""
    days(value)
    return window(value)


def money(value: object) -> Decimal:
    """Read an amount of at least zero: a number, or a number with k, m or bn."""
    written = value if isinstance(value, str) else str(value)
    match = None if isinstance(value, bool) else _AMOUNT.match(written)
    try:
        if match is not None:
            return Decimal(re.sub("[_,]", "", match[1])) * _SCALE[match[2]]
        if isinstance(value, float) and value >= 0 and math.isfinite(value):
            return Decimal(written)
    except InvalidOperation:  # pragma: no cover  the patterns above let numbers through only
        pass
    raise NotUnderstood(f"expected an amount of at least 0, found {shown(value)}", "write it like 12000000 or `12 m`")


def day(value: object) -> date:
    """Read a date such as 2026-12-01."""
    if isinstance(value, date) and not isinstance(value, datetime):
        return value
    try:
        return date.fromisoformat(text(value))
    except ValueError as error:
        raise NotUnderstood(f"expected a date, found {shown(value)}", "write it like 2026-12-01") from error
