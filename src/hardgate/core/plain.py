"""Values of this package as plain JSON and back, whatever they are made of.

Numbers, texts, truths and nothing stand for themselves; a mapping, a sequence, a date, a decimal, an enumeration or a
dataclass is a list that begins with its kind. What stands in several places is written once: readings share the names
of their batches. Only dataclasses and enumerations of `hardgate` come back, and no code is run but their construction.

>>> from hardgate.core.terms import Scope
>>> written = plain({"where": Scope.of(city="hangzhou")})
>>> restored(written)["where"]["city"]
'hangzhou'

Wrong for values that differ by identity alone, and for fields that are not given to the constructor.
"""

import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from importlib import import_module
from types import NoneType
from typing import Any

HOME = __name__.partition(".")[0]
SHARED = 24
"""A text at least so long is written once."""


def _name(of: type[Any]) -> str:
    return f"{of.__module__}:{of.__qualname__}"


@cache
def _type(name: str) -> type:
    module, _, of = name.partition(":")
    if module.partition(".")[0] != HOME:
        message = f"{name!r} is not a value of {HOME}"
        raise ValueError(message)
    found = getattr(sys.modules.get(module) or import_module(module), of)
    if not (isinstance(found, type) and (is_dataclass(found) or issubclass(found, Enum))):
        message = f"{name!r} is no value"
        raise ValueError(message)
    return found


def plain(value: Any) -> list[Any]:  # noqa: ANN401  anything of ours
    """Return a value as JSON: everything that is shared, in the order in which it is needed, and the value last.

    Raises:
        TypeError: something in it has no plain form.

    """
    writer = _Writer()
    last = writer.write(value)
    return [*writer.parts, last]


@dataclass(slots=True)
class _Writer:
    """What is shared so far, and where each of it stands: a text by itself, a value by its identity."""

    parts: list[Any] = field(default_factory=list)
    written: dict[Any, int] = field(default_factory=dict)

    def once(self, key: Any, made: Any) -> list[Any]:  # noqa: ANN401  JSON
        if key not in self.written:
            self.written[key] = len(self.parts)
            self.parts.append(made)
        return ["=", self.written[key]]

    def write(self, one: Any) -> Any:  # noqa: ANN401  JSON
        if is_dataclass(one):
            return self.dataclass(one)
        for kinds, form in FORMS:
            if isinstance(one, kinds):
                return form(self, one)
        message = f"{type(one).__name__} has no plain form"
        raise TypeError(message)

    def dataclass(self, one: Any) -> list[Any]:  # noqa: ANN401  a dataclass
        if id(one) in self.written:
            return ["=", self.written[id(one)]]
        return self.once(id(one), [_name(type(one)), *(self.write(getattr(one, name.name)) for name in fields(one))])

    def sequence(self, one: Sequence[Any]) -> list[Any]:
        found = ["list", *map(self.write, one)]
        return self.once(("list", repr(found)), found) if len(found) > 2 else found  # noqa: PLR2004  one cell is as short

    def date(self, one: date) -> list[Any]:
        if isinstance(one, datetime):
            raise TypeError("datetime has no plain form")
        return ["date", one.isoformat()]


FORMS: tuple[tuple[Any, Callable[[_Writer, Any], Any]], ...] = (
    (Enum, lambda _, one: ["enum", _name(type(one)), one.value]),
    ((bool, int, float, NoneType), lambda _, one: one),
    (str, lambda to, one: to.once(one, one) if len(one) >= SHARED else one),
    (date, _Writer.date),
    (Decimal, lambda _, one: ["decimal", str(one)]),
    (Mapping, lambda to, one: ["map", *([to.write(name), to.write(inside)] for name, inside in one.items())]),
    (Sequence, _Writer.sequence),
)
"""How each kind is written; the first that fits."""


def restored(written: Sequence[Any]) -> Any:  # noqa: ANN401  what was written
    """Return the value that `plain` wrote; sequences come back as tuples.

    Raises:
        ValueError: it holds something that is no value of ours.

    """
    parts: list[Any] = []

    def read(one: Any) -> Any:  # noqa: ANN401  JSON
        if not isinstance(one, list):
            return one
        kind, *inside = one
        if kind in SIMPLE:
            return SIMPLE[kind](*inside)
        if kind == "=":
            return parts[inside[0]]
        if kind == "map":
            return {read(name): read(value) for name, value in inside}
        return tuple(map(read, inside)) if kind == "list" else _type(kind)(*map(read, inside))

    for one in written:
        parts.append(read(one))  # noqa: PERF401  a part is read with those before it
    return parts[-1]


SIMPLE: Mapping[str, Callable[..., Any]] = {
    "date": date.fromisoformat,
    "decimal": Decimal,
    "enum": lambda name, value: _type(name)(value),
}
