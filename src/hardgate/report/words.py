"""How a packet's numbers are said: the one place that turns shares into percent and distances into "flips at".

>>> number(0.6634, "share")
'66.3 %'
>>> number(1.153, "x")
'1.15x'
>>> number(None, "share")
'unknown'
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from hardgate.core.money import short
from hardgate.gates.flip import turns_at
from hardgate.report import units

SIGNS = {"at least": ">=", "at most": "<="}
_WHOLE_FROM = 1000
"""From here on a number is printed without decimals."""
_POINTS = {"share": ("points", 100.0)}


def number(value: float | str | None, unit: str, currency: str = "") -> str:
    """Write one number with its unit; the unknown is said, never written as zero."""
    if value is None:
        return "unknown"
    if isinstance(value, str):
        return value
    if unit == "share":
        return f"{100 * value:.1f} %"
    if unit == "x":
        return f"{value:.2f}x"
    if unit.startswith("currency"):
        return short(value, currency) + unit.removeprefix("currency")
    return f"{value:,.{0 if abs(value) >= _WHOLE_FROM or float(value).is_integer() else 2}f} {unit}".strip()


def interval(reading: Mapping[str, Any], currency: str = "") -> str:
    """Write a reading and its interval: the value alone when it is exact, the bounds alone when only they are known.

    A side on which there is no bound is written as three dots.
    """
    value, low, high, unit = reading["value"], reading["low"], reading["high"], reading["unit"]
    if low is None and high is None:
        return "unknown"
    if low == high and value in {None, low}:
        return number(low, unit, currency)
    bounds = f"[{_bare(low, unit)}, {_bare(high, unit)}]"
    return bounds + _suffix(unit) if value is None else f"{number(value, unit, currency)} {bounds}"


def _bare(value: float | str | None, unit: str) -> str:
    if value is None or isinstance(value, str):
        return value or "..."
    if unit == "share":
        return f"{100 * value:.1f}"
    return f"{value:,.{0 if abs(value) >= _WHOLE_FROM else 2}f}"


def _suffix(unit: str) -> str:
    return " %" if unit == "share" else f" {unit}".rstrip()


def condition(judged: Mapping[str, Any], currency: str = "") -> str:
    """Write one condition: the reading, what it is of, the sign and the limit."""
    reading, limit = judged["reading"], judged["limit"]
    name = reading["meaning"] or reading["metric"].replace("_", " ")
    said = interval(reading, currency)
    if reading["unit"] and name.startswith(reading["unit"]):  # "42 days left", never "42 days days left"
        said = said.removesuffix(reading["unit"]).rstrip()
    return f"{said} {name}, {SIGNS[judged['sense']]} {interval(limit, currency)}"


def flips(judged: Mapping[str, Any], currency: str = "") -> str:
    """Write by how much a reading must move to turn one condition, as `gates.flip` counts it; nothing where unknown."""
    reading, limit = judged["reading"], judged["limit"]
    ends = (one[name] for one in (reading, limit) for name in ("low", "high"))
    low, high, bottom, top = (None if isinstance(one, str) else one for one in ends)
    change = turns_at(low, high, bottom, top, judged["sense"])
    if change is None or judged["outcome"] == "unknown":
        return ""
    if change == 0:
        return "at the limit"
    return f"flips at {moved(change, reading['unit'], currency)}"


def moved(change: float, unit: str, currency: str = "") -> str:
    """Write by how much a reading moves, with its sign; a share in points.

    >>> moved(0.087, "share"), moved(-1234.5, "currency per hour", "RMB"), moved(0.17, "x")
    ('+8.7 points', '-1,234 RMB per hour', '+0.17x')
    """
    word, factor = _POINTS.get(unit, (unit.replace("currency", currency).strip(), 1.0))
    distance = change * factor
    digits = 1 if unit == "share" else 0 if abs(distance) >= _WHOLE_FROM or float(distance).is_integer() else 2
    return f"{distance:+,.{digits}f}{'' if word == 'x' else ' '}{word}".rstrip()


def fired(signal: Mapping[str, Any]) -> str:
    """Write a signal that has fired, as `gates.words.fired` does: which one, why, when it was stated, whose it is."""
    reasons = (one["reading"]["because"] for one in signal["conditions"])
    stated = dict.fromkeys(part for why in reasons if why for part in why.split("; "))
    since = f", since {signal['since']}" if signal["since"] else ""
    told = f" ({'; '.join(stated)})" if stated else ""
    return f"fired: {signal['gate']}, {signal['label']}: {signal['because']}{told}; owner {signal['owner']}{since}"


def unsaid(judged: Mapping[str, Any]) -> list[str]:
    """Return the gaps of a condition's reading that its reason does not name already."""
    return [gap for gap in judged["reading"]["gaps"] if gap not in judged["because"]]


def facts(reading: Mapping[str, Any], currency: str) -> str:
    """Write the sums a reading came from, numerator and denominator first."""
    return ", ".join(
        f"{fact_named(name)} {fact(name, value, currency, reading.get('unit', ''))}".strip()
        for name, value in reading["facts"].items()
    )


def fact(name: str, value: float | str | None, currency: str, reading: str = "") -> str:
    """Write one sum with the unit that its name says or ends in, or that its reading has."""
    unit = units.unit_of(name, reading)
    if isinstance(value, int | float):
        if name.rpartition(".")[2] in units.WEEKS and value < 0:
            return "none"
        if unit in _WHOLE and name not in units.NAMES:
            return f"{value:,.0f} {unit}"
    return number(value, unit, currency)


_WHOLE = frozenset(("GPU-hours", "GPUs"))
"""Units of which sums are written in whole numbers."""


def fact_named(name: str) -> str:
    """Return the name of a sum in words, without the unit that it is written with."""
    return units.bare(name)


def heading(head: Mapping[str, Any], currency: str) -> str:
    """Write the head of a column with its unit; a share shows its percent in the cells."""
    unit = head["unit"].replace("currency", currency)
    return head["name"] if unit in {"", "share"} else f"{head['name']} ({unit})"


def is_numeric(rows: Sequence[Sequence[Any]], position: int, unit: str) -> bool:
    """Tell whether a column holds numbers, which stand at the right."""
    return bool(unit) or any(isinstance(row[position], int | float) for row in rows)


def cell(value: Any, unit: str, digits: int) -> str:  # noqa: ANN401  a cell of JSON
    """Write one cell of an exhibit."""
    if value is None:
        return "unknown"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        if unit == "share":
            return f"{100 * value:.{digits}f} %"
        return f"{value:,.{digits}f}"
    if unit not in {"", "share"} and is_amount(value):
        return f"{Decimal(value):,.{digits}f}"
    return str(value)


def is_amount(text: str) -> bool:
    """Tell whether a cell is an amount of money written as text."""
    try:
        Decimal(text)
    except ArithmeticError:
        return False
    return True
