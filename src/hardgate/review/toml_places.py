r"""Where each key and value of a TOML file stands, which the standard library's reader does not tell.

The text is read by `tomllib` first, so this walk meets only valid TOML: it needs to find where keys and values begin
and where values end, not what they mean. Wrong when it is given text that `tomllib` refuses.

>>> document = read_toml("hardgate.toml", 'currency = "RMB"\n[engine]\nthreads = 2\n')
>>> document.place(("engine", "threads"))
Place(line=3, column=11)

Source: TOML 1.0.0.
"""

import re
import tomllib
from dataclasses import dataclass, field

from hardgate.core.errors import Misconfigured
from hardgate.review.places import Document, Path, Place, marked

_AT = re.compile(r" \(at (?:line (\d+), column (\d+)|end of document)\)$")
_BARE = re.compile(r"[A-Za-z0-9_-]+")
_BLANK = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE = re.compile(r"[ \t]*")
_STRINGS = (
    re.compile(r'"""(?:[^\\]|\\.)*?"{3,5}', re.DOTALL),
    re.compile(r"'''.*?'{3,5}", re.DOTALL),
    re.compile(r'"(?:[^"\\\n]|\\.)*"'),
    re.compile(r"'[^'\n]*'"),
)
_PLAIN = re.compile(r"[^,\]}\n#]+")


def read_toml(file: str, text: str) -> Document:
    """Read a TOML file.

    Raises:
        Misconfigured: it is not TOML.

    """
    text = text.replace("\r\n", "\n")
    lines = tuple(text.split("\n"))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found, what = _AT.search(str(error)), _AT.sub("", str(error))
        if found and found[1]:
            place, hint = (
                Place(int(found[1]), int(found[2])),
                "texts stand in quotes" if what == "Invalid value" else "",
            )
        else:
            last = max((i for i, line in enumerate(lines, 1) if line.strip()), default=1)
            place, hint = Place(last, len(lines[last - 1]) + 1), "close what was opened before the end of the file"
        raise Misconfigured([marked(file, lines, place, f"not TOML: {what[:1].lower()}{what[1:]}", hint)]) from error
    walk = _Walk(text)
    walk.file()
    return Document(file, lines, data, walk.keys, walk.values, quote='"', sign=" = ...")


@dataclass(slots=True)
class _Walk:
    """Goes through a valid TOML text once and notes where keys and values begin."""

    text: str
    at: int = 0
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    counts: dict[Path, int] = field(default_factory=dict)

    def file(self) -> None:
        """Walk the whole text."""
        base: Path = ()
        self.skip(_BLANK)
        while self.at < len(self.text):
            if self.text.startswith("[", self.at):
                base = self.header()
            else:
                self.pair(base)
            self.skip(_BLANK)

    def header(self) -> Path:
        """Walk `[a.b]` or `[[a.b]]` and return the path of what follows."""
        start, many = self.at, self.text.startswith("[[", self.at)
        self.at += 2 if many else 1
        path: Path = ()
        names = self.names()
        for i, (name, where) in enumerate(names):
            path = (*path, name)
            if i < len(names) - 1 or not many:
                self.keys.setdefault(path, where)
                path = (*path, self.counts[path] - 1) if path in self.counts else path
        self.at += 2 if many else 1
        if many:
            self.counts[path] = self.counts.get(path, 0) + 1
            self.keys.setdefault(path, names[-1][1])
            path = (*path, self.counts[path] - 1)
        self.values.setdefault(path, self.place(start))
        return path

    def names(self) -> list[tuple[str, Place]]:
        """Walk a key, dotted or not."""
        found = []
        while True:
            self.skip(_SPACE)
            start, quote = self.at, self.text[self.at]
            if quote in "\"'":
                self.string()
                name = tomllib.loads(f"k = {self.text[start : self.at]}")["k"]
            else:
                self.skip(_BARE)
                name = self.text[start : self.at]
            found.append((name, self.place(start)))
            self.skip(_SPACE)
            if not self.text.startswith(".", self.at):
                return found
            self.at += 1

    def pair(self, base: Path) -> None:
        """Walk `key = value`."""
        path = base
        for name, where in self.names():
            path = (*path, name)
            self.keys.setdefault(path, where)
        self.at += 1  # the sign =
        self.skip(_SPACE)
        self.value(path)

    def value(self, path: Path) -> None:
        """Walk a value and what is in it."""
        self.values[path] = self.place(self.at)
        if self.text.startswith("[", self.at):
            self.inside(path, "]")
        elif self.text.startswith("{", self.at):
            self.inside(path, "}")
        elif self.text[self.at] in "\"'":
            self.string()
        else:
            self.skip(_PLAIN)

    def inside(self, path: Path, end: str) -> None:
        """Walk an array or an inline table."""
        self.at += 1
        count = 0
        self.skip(_BLANK)
        while not self.text.startswith(end, self.at):
            if end == "]":
                self.value((*path, count))
            else:
                self.pair(path)
            count += 1
            self.skip(_BLANK)
            if self.text.startswith(",", self.at):
                self.at += 1
                self.skip(_BLANK)
        self.at += 1

    def string(self) -> None:
        """Walk a string of any of the four kinds."""
        kinds = _STRINGS[:2] if self.text[self.at : self.at + 3] in {'"""', "'''"} else _STRINGS[2:]
        matches = (kind.match(self.text, self.at) for kind in kinds)
        self.at = next(found.end() for found in matches if found)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Walk over what a pattern matches here, if anything."""
        found = pattern.match(self.text, self.at)
        self.at = found.end() if found else self.at

    def place(self, at: int) -> Place:
        """Return a position as line and column."""
        return Place(self.text.count("\n", 0, at) + 1, at - self.text.rfind("\n", 0, at))
