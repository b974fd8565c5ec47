"""What each input usually comes from and what to export: data in templates/exports.toml, read once.

>>> exports()["accounts"].system, exports()["feature_usage"].late
("the CRM's account list", 1)
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from hardgate.sources.source import sources, tables


@dataclass(frozen=True, slots=True)
class Export:
    """One input: how it is read, from which system it comes, what to export, and how late it is known.

    An input without a source of its own is read as the table of its name.
    """

    name: str
    system: str
    export: str
    source: str = "table"
    files: str = ""
    late: int | None = None

    @property
    def readable(self) -> bool:
        """Tell whether hardgate has what reads it; an area that is not installed yet brings its tables later."""
        return self.name in tables() if self.source == "table" else self.source in sources()

    @property
    def where(self) -> str:
        """The files it lies in."""
        return self.files or f"data/{self.name}.csv"


@cache
def exports() -> Mapping[str, Export]:
    """Return every input that is described, by name."""
    text = resources.files("hardgate.review").joinpath("templates", "exports.toml").read_text("utf-8")
    return {name: Export(name, **told) for name, told in tomllib.loads(text).items()}


def systems() -> dict[str, str]:
    """Return which system a table usually comes from."""
    return {name: one.system for name, one in exports().items()}


def readable(names: Iterable[str]) -> list[Export]:
    """Return the inputs of these names that can be read, in their order, each once."""
    found = (exports()[name] for name in dict.fromkeys(names))
    return [one for one in found if one.readable]
