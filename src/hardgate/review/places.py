r"""A settings file as plain values with the place of every key and value, so that a mistake is shown where it stands.

YAML is read as version 1.2 (`no` and `off` are text). A key that stands twice is a mistake and the first one counts for
what follows; all such mistakes are collected, not only the first.

>>> document = read_yaml("policy.yaml", "confidence: 90%\nhorizon: 26w\n")
>>> document.data["horizon"], document.line(("horizon",))
('26w', 2)
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, StreamMark, YAMLError
from ruamel.yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from hardgate.core.errors import Misconfigured, Mistake

Path: TypeAlias = tuple[str | int, ...]
"""The keys and list positions that lead to a value."""


@dataclass(frozen=True, slots=True)
class Place:
    """A line and a column, both counted from one."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Document:
    """What a settings file holds, and where. `mistakes` are those that reading it already found.

    `quote` stands around a text that a suggestion shows in backticks, `sign` behind a key: YAML's or TOML's way.
    """

    file: str
    lines: tuple[str, ...]
    data: Any
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()
    quote: str = ""
    sign: str = ":"

    def place(self, path: Path, *, key: bool = False) -> Place:
        """Return where a value (or its key) stands, or the nearest part around it that stands in the file."""
        for length in range(len(path), -1, -1):
            found = (self.keys if key else self.values).get(path[:length]) or self.keys.get(path[:length])
            if found is not None:
                return found
        return Place(1, 1)

    def line(self, path: Path) -> int:
        """Return the line of a value's key, or of the value where it has none."""
        return self.place(path, key=path in self.keys).line

    def mistake(self, path: Path, message: str, suggestion: str = "", *, key: bool = False) -> Mistake:
        """Return a mistake shown at the place of a value, or of its key."""
        told = suggestion.replace("`", self.quote)
        return marked(self.file, self.lines, self.place(path, key=key), message, told)

    def adding(self, key: str) -> str:
        """Return the advice to add a key."""
        return f"add {key}{self.sign}"


def marked(file: str, lines: tuple[str, ...], place: Place, message: str, suggestion: str = "") -> Mistake:
    """Return a mistake with its source line; tabs are shown as one blank so that the caret stands right."""
    source = lines[place.line - 1].replace("\t", " ").rstrip() if 0 < place.line <= len(lines) else ""
    return Mistake(message, file, place.line, place.column, source, suggestion)


def read_yaml(file: str, text: str) -> Document:
    """Read one YAML 1.2 document; an empty one is an empty mapping.

    Raises:
        Misconfigured: it is not YAML.

    """
    lines = tuple(text.splitlines())
    try:
        root = YAML(typ="rt", pure=True).compose(text)
    except MarkedYAMLError as error:
        raise Misconfigured([_unreadable(file, lines, error)]) from error
    except YAMLError as error:
        raise Misconfigured([Mistake(f"not YAML: {str(error).splitlines()[0]}", file)]) from error
    reader = _Reader(file, lines)
    data = {} if root is None else reader.value(root, ())
    return Document(file, lines, {} if data is None else data, reader.keys, reader.values, tuple(reader.mistakes))


def _unreadable(file: str, lines: tuple[str, ...], error: MarkedYAMLError) -> Mistake:
    mark = error.problem_mark or error.context_mark
    place = Place(mark.line + 1, mark.column + 1) if mark is not None else Place(1, 1)
    if place.line > len(lines):  # the end of the file: show where it broke off
        place = Place(max(len(lines), 1), len(lines[-1]) + 1 if lines else 1)
    what = " ".join(part for part in (error.context, error.problem) if part)
    hint = "indent with blanks" if "\\t" in what else "quote texts that hold ': ' or begin with one of % @ ` * & ! | >"
    return marked(file, lines, place, f"not YAML: {what}", hint)


@dataclass(slots=True)
class _Reader:
    """Turns YAML nodes into plain values and notes the place of each."""

    file: str
    lines: tuple[str, ...]
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    mistakes: list[Mistake] = field(default_factory=list)
    open: set[int] = field(default_factory=set)

    def value(self, node: Node, path: Path) -> Any:  # noqa: ANN401  whatever the file holds
        """Return a node as a plain value."""
        self.values[path] = _place(node.start_mark)
        if id(node) in self.open:
            self._add(node, "an alias that holds itself", "write the value out")
            return None
        self.open.add(id(node))
        try:
            if isinstance(node, MappingNode):
                return {name: self.value(below, (*path, name)) for name, below in self._pairs(node, path)}
            if isinstance(node, SequenceNode):
                return [self.value(below, (*path, i)) for i, below in enumerate(node.value)]
            return self._scalar(node) if isinstance(node, ScalarNode) else None
        finally:
            self.open.discard(id(node))

    def _pairs(self, node: MappingNode, path: Path) -> Iterator[tuple[str, Node]]:
        """Yield the keys of a mapping, each once."""
        first: dict[str, Node] = {}
        for key, below in node.value:
            if not isinstance(key, ScalarNode):
                self._add(key, "a key must be a name", "quote it, or remove the brackets")
                continue
            if key.value in first:
                line = _place(first[key.value].start_mark).line
                self._add(
                    key, f"the key {key.value!r} stands here again; it is already in line {line}", "keep one of the two"
                )
                continue
            first[key.value] = key
            self.keys[*path, key.value] = _place(key.start_mark)
            yield key.value, below

    def _scalar(self, node: ScalarNode) -> str | int | float | bool | date | None:
        kind = str(node.tag).rsplit(":", 1)[-1]
        written = node.value
        try:
            found: str | int | float | bool | date | None = _SCALARS[kind](written)
        except KeyError:
            self._add(node, f"the tag {node.tag} is not understood", "remove it")
        except ValueError:
            self._add(node, f"{written!r} is not a value of type {kind}", f'quote it if it is a text: "{written}"')
        else:
            return found
        return None

    def _add(self, node: Node, message: str, suggestion: str) -> None:
        self.mistakes.append(marked(self.file, self.lines, _place(node.start_mark), message, suggestion))


def _place(mark: StreamMark) -> Place:
    return Place(mark.line + 1, mark.column + 1)


def _whole(written: str) -> int:
    plain = written.replace("_", "").lower()
    if plain.lstrip("+-").startswith(("0x", "0o", "0b")):
        return int(plain, 0)
    return int(plain)


def _real(written: str) -> float:
    return float(written.replace("_", "").lower().replace(".inf", "inf").replace(".nan", "nan"))


def _date(written: str) -> date | str:
    return date.fromisoformat(written) if len(written) == len("2026-12-01") else written


_SCALARS: Mapping[str, Any] = {
    "str": str,
    "null": lambda _: None,
    "bool": lambda written: written.lower() == "true",
    "int": _whole,
    "float": _real,
    "timestamp": _date,
}
