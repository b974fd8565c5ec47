"""What is wrong with a settings file: every mistake at once, each with its place and what to write instead.

An unknown key is answered with the nearest key that its section has, a wrong value with the form that is understood.
A key without a value is a mistake too, since it would otherwise count as not written.
"""

import typing
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from hardgate.core.errors import Misconfigured, Mistake, nearest
from hardgate.review.places import Document, Path
from hardgate.review.quantities import shown
from hardgate.review.slips import Slip

Model = TypeVar("Model", bound=BaseModel)
ATTEMPTS = 6
"""How often parts are left out to read the rest: as deep as a settings file goes."""

SHAPES = {
    "model_type": "a mapping of keys and values",
    "model_attributes_type": "a mapping of keys and values",
    "dict_type": "a mapping of keys and values",
    "list_type": "a list",
}
KINDS: Mapping[Path, str] = {("gates",): "gate"}
"""What a key of a section is, where it is more than a key."""


@dataclass(frozen=True, slots=True)
class Checked(Generic[Model]):
    """What a file says as far as it is understood: the model without its damaged parts, and every mistake found.

    `model` is None where too little is left; `damaged` are the paths that were left out.
    """

    model: Model | None
    mistakes: tuple[Mistake, ...]
    damaged: frozenset[Path]

    def touches(self, path: Path) -> bool:
        """Tell whether something that a path holds, or that holds it, was left out."""
        return any(one[: len(path)] == path or path[: len(one)] == one for one in self.damaged)

    def sound(self, document: Document, slips: Iterable[Slip]) -> Model:
        """Return the model.

        Raises:
            Misconfigured: with the mistakes of its shape, and the slips that do not follow from one of those.

        """
        own = [one for one in slips if not any(self.touches(path) for path in (one.path, *one.rests_on))]
        told = [document.mistake(one.path, one.message, one.suggestion, key=one.key) for one in own]
        if self.mistakes or told or self.model is None:
            raise Misconfigured(ordered([*self.mistakes, *told]))
        return self.model


def checked(model: type[Model], document: Document, optional: Iterable[Path] = ()) -> Checked[Model]:
    """Read a document as a model.

    `optional` lists the paths that may stand without a value ("*" stands for any key); they count as not written.
    """
    empty, data = tuple(optional), document.data
    if not isinstance(data, dict):
        shape = document.mistake((), f"expected a mapping of keys and values, found {shown(data)}")
        return Checked(None, (*document.mistakes, shape), frozenset({()}))
    told = {(one.line, one.column) for one in document.mistakes}
    written = list(_blanks(data, ()))
    blanks = [path for path in written if not any(_matches(path, one) for one in empty)]
    blanks = [path for path in blanks if (document.place(path).line, document.place(path).column) not in told]
    mistakes = [document.mistake(path, f"{path[-1]!r} has no value", _fill(path), key=True) for path in blanks]
    data, damaged = _without(data, written), set(blanks)
    for attempt in range(ATTEMPTS):
        try:
            found: Model | None = model.model_validate(data)
            break
        except ValidationError as error:
            details = error.errors(include_url=False)
        fresh = [one for one in details if attempt == 0 and one["loc"] not in blanks]
        mistakes += [_mistake(model, document, one) for one in fresh]
        gone = {_culprit(one) for one in details}
        damaged |= gone
        data = _without(data, gone)
    else:
        found = None
    return Checked(found, (*document.mistakes, *mistakes), frozenset(damaged))


def _culprit(detail: ErrorDetails) -> Path:
    """Return what to leave out so that the rest can be read: what holds a missing key, else the value itself."""
    return detail["loc"][:-1] if detail["type"] == "missing" else detail["loc"]


def _without(data: Mapping[str, Any], gone: Iterable[Path]) -> dict[str, Any]:
    """Return data without some paths; a list goes as a whole, so that the positions of the others stay true."""
    if any(path == () for path in gone):
        return {}
    kept = {}
    for name, below in data.items():
        inner = [path[1:] for path in gone if path[0] == name]
        whole = not isinstance(below, dict | list) or any(path == () for path in inner)
        if not inner:
            kept[name] = below
        elif isinstance(below, list) and not whole:
            items = _items(below, inner)
            kept |= {name: items} if items is not None else {}
        elif not whole:
            kept[name] = _without(below, inner)
    return kept


def _items(items: list[Any], gone: Iterable[Path]) -> list[Any] | None:
    """Return a list without some keys of its items, or None where an item itself has to go."""
    paths = list(gone)
    if any(len(path) == 1 or not isinstance(items[int(path[0])], dict) for path in paths):
        return None
    inner = {i: [path[1:] for path in paths if path[0] == i] for i in range(len(items))}
    return [_without(one, inner[i]) if inner[i] else one for i, one in enumerate(items)]


def ordered(mistakes: Iterable[Mistake]) -> list[Mistake]:
    """Return mistakes as they stand in the files, each once."""
    return sorted(dict.fromkeys(mistakes), key=lambda one: (one.file, one.line, one.column, one.message))


def _fill(path: Path) -> str:
    return "write a value, or remove the line" if isinstance(path[-1], str) else "write a value, or remove it"


def _matches(path: Path, pattern: Path) -> bool:
    return len(path) == len(pattern) and all(want in {"*", have} for have, want in zip(path, pattern, strict=True))


def _blanks(value: object, path: Path) -> Iterator[Path]:
    """Yield the paths without a value."""
    if value is None:
        yield path
    elif isinstance(value, dict):
        for name, below in value.items():
            yield from _blanks(below, (*path, name))
    elif isinstance(value, list):
        for i, below in enumerate(value):
            yield from _blanks(below, (*path, i))


def _mistake(model: type[BaseModel], document: Document, detail: ErrorDetails) -> Mistake:
    path: Path = detail["loc"]
    kind, context = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        names = _names(model, path[:-1])
        what = KINDS.get(path[:-1], "key")
        message = f"no {what} is called {path[-1]!r}" if what != "key" else f"unknown key {path[-1]!r}"
        return document.mistake(path, message, nearest(str(path[-1]), names), key=True)
    if kind == "missing":
        return document.mistake(path[:-1], f"{path[-1]!r} is missing", document.adding(str(path[-1])))
    if kind in SHAPES:
        hint = (
            f"write it like [`{detail['input']}`]" if kind == "list_type" and isinstance(detail["input"], str) else ""
        )
        return document.mistake(path, f"expected {SHAPES[kind]}, found {shown(detail['input'])}", hint)
    if kind == "hardgate":
        return document.mistake(path, context["message"], context["suggestion"])
    return document.mistake(path, detail["msg"])  # pragma: no cover  every field reads through quantities


def _names(model: type[BaseModel], path: Path) -> tuple[str, ...]:
    """Return the keys that the section at a path has."""
    kind: Any = model
    for step in path:
        kind = _section(kind)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            fields = {info.alias or name: info.annotation for name, info in kind.model_fields.items()}
            extra = typing.get_type_hints(kind, include_extras=True).get("__pydantic_extra__")
            kind = fields.get(str(step), typing.get_args(extra)[-1] if extra else None)
        else:  # a list or a mapping of sections: its last argument is what it holds
            kind = typing.get_args(kind)[-1]
    kind = _section(kind)
    return tuple(info.alias or name for name, info in kind.model_fields.items())


def _section(kind: Any) -> Any:  # noqa: ANN401  an annotation
    """Return an annotation without "or None" and without what is said about it."""
    if typing.get_origin(kind) is typing.Annotated:
        return _section(typing.get_args(kind)[0])
    inner = [one for one in typing.get_args(kind) if one is not type(None)]
    is_optional = type(None) in typing.get_args(kind)
    return _section(inner[0]) if is_optional else kind
