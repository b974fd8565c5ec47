"""Rollups on disk: one Parquet file a month, and a small file that says which days they hold and of what.

Everything here can be deleted at any time: it is made again from the lake. A month's file that is not the one that the
state describes (another process, a restored copy) is made again too.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from hardgate.engine import Engine
from hardgate.engine.portable import literal

FORMAT = 2


@dataclass(slots=True)
class Stored:
    """One rollup on disk: its days with fingerprint and versions, and its files with size and time of writing."""

    root: Path
    name: str
    digest: str = ""
    through: date = date.min
    days: dict[date, tuple[str, tuple[date, ...]]] = field(default_factory=dict)
    files: dict[str, tuple[int, int]] = field(default_factory=dict)
    undeclared: tuple[str, ...] = ()
    columns: tuple[tuple[str, str], ...] = ()

    @classmethod
    def open(cls, root: Path, name: str) -> "Stored":
        """Read the state of a rollup; without one, or of another format, there is nothing."""
        stored = cls(root, name)
        try:
            state = json.loads((stored.folder / "state.json").read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):
            return stored
        if state.get("format") == FORMAT:
            stored._fill(state)
        return stored

    def _fill(self, state: dict[str, Any]) -> None:
        files = {month: (size, time) for month, (size, time) in state["files"].items()}
        self.files = {month: stamp for month, stamp in files.items() if _stamp(self.path(month)) == stamp}
        self.days = {
            date.fromisoformat(day): (fingerprint, tuple(date.fromisoformat(one) for one in known))
            for day, (fingerprint, known) in state["days"].items()
            if files.get(day[:7]) == self.files.get(day[:7])
        }
        self.digest = state["digest"] if len(files) == len(self.files) else ""
        self.through = date.fromisoformat(state["through"])
        self.undeclared = tuple(state["undeclared"])
        self.columns = tuple((name, kind) for name, kind in state["columns"])

    @property
    def folder(self) -> Path:
        """The rollup's own folder."""
        return self.root / self.name

    def path(self, month: str) -> Path:
        """Return where a month's rows lie."""
        return self.folder / f"{month}.parquet"

    def paths(self, months: Iterable[str] | None = None) -> list[Path]:
        """Return the files that hold rows, of some months or of all."""
        wanted = self.files if months is None else set(months) & set(self.files)
        return [self.path(month) for month in sorted(wanted)]

    def write(self, engine: Engine, made: str, days: Iterable[date]) -> None:
        """Put the rows of the relation `made` in place of all rows of some days; other days that it holds stay."""
        by_month: dict[str, list[date]] = {}
        for day in days:
            by_month.setdefault(f"{day:%Y-%m}", []).append(day)
        self.folder.mkdir(parents=True, exist_ok=True)
        for month, changed in by_month.items():
            self._write_month(engine, made, month, changed)

    def _write_month(self, engine: Engine, made: str, month: str, changed: list[date]) -> None:
        path = self.path(month)
        columns = ", ".join(name for name, _ in self.columns)
        sql = f"select {columns} from {made} where {_among(changed)}"
        kept = [literal(day) for day in self.days if f"{day:%Y-%m}" == month and day not in changed]
        if month in self.files and kept:
            engine.files("already_there", [path])
            sql += f" union all select {columns} from already_there where day in ({', '.join(kept)})"
        if engine.save(f"select * from ({sql}) order by {columns}", path):
            self.files[month] = _stamp(path)
        else:
            path.unlink(missing_ok=True)
            self.files.pop(month, None)

    def save(self) -> None:
        """Write the state; the file appears whole or not at all."""
        state = {
            "format": FORMAT,
            "digest": self.digest,
            "through": self.through.isoformat(),
            "undeclared": self.undeclared,
            "columns": self.columns,
            "files": dict(sorted(self.files.items())),
            "days": {str(day): [one, [str(k) for k in known]] for day, (one, known) in sorted(self.days.items())},
        }
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / "state.json.new"
        new.write_text(json.dumps(state), encoding="utf-8")
        new.replace(self.folder / "state.json")


def _among(days: list[date]) -> str:
    """Return the condition that `day` is one of some days: a range where they follow each other, which costs half."""
    first, last = min(days), max(days)
    if (last - first).days + 1 == len(days):
        return f"day between {literal(first)} and {literal(last)}"
    return f"day in ({', '.join(literal(day) for day in days)})"


def _stamp(path: Path) -> tuple[int, int]:
    try:
        found = path.stat()
    except FileNotFoundError:
        return (0, 0)
    return (found.st_size, found.st_mtime_ns)
