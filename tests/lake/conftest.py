"""A desk to ingest at: a folder with files, a lake and an engine."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import Report, ingest
from hardgate.lake.rejects import Reject, rejects
from hardgate.sources.source import Input

CLOCK = datetime(2026, 9, 7, 12)


@dataclass
class Desk:
    """A workspace folder, its lake, and an engine that outlives it."""

    root: Path
    engine: Engine
    lake: Lake = field(init=False)

    def __post_init__(self) -> None:
        """Open the lake."""
        self.lake = Lake(self.root / "lake")

    def write(self, name: str, text: str | bytes) -> str:
        """Write a file and return its name; text may be indented."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, str):
            text = "\n".join(line.strip() for line in text.strip().splitlines()).encode() + b"\n"
        path.write_bytes(text)
        return name

    def ingest(self, *inputs: Input, clock: datetime = CLOCK, **rest: Any) -> Report:
        """Ingest inputs at a time."""
        return ingest(self.lake, self.engine, inputs, root=self.root, clock=clock, **rest)

    def bring(self, table: str, text: str | bytes, known: date | None = None, name: str | None = None) -> Report:
        """Ingest one file of a table, with our column names, known on a day."""
        name = self.write(name or f"{table}-{len(self.lake.batches())}.csv", text)
        return self.ingest(Input("table", table=table, files=(name,)), known_at=known)

    def rows(self, table: str, columns: str, as_of: date | None = None) -> list[tuple[Any, ...]]:
        """Return columns of a table, as of a date, sorted."""
        relation(self.lake, self.engine, table)
        where = f" where known_from <= date '{as_of}' and date '{as_of}' < known_to" if as_of else ""
        return self.engine.rows(f"select {columns} from {table}{where} order by all")

    def rejected(self, table: str | None = None) -> list[Reject]:
        """Return what was rejected."""
        return rejects(self.lake, self.engine, table)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One engine for all: views and tables of one test are replaced by the next."""
    with connect(threads=2) as opened:
        yield opened


@pytest.fixture
def desk(tmp_path: Path, engine: Engine) -> Iterator[Desk]:
    """Give an empty desk."""
    made = Desk(tmp_path, engine)
    yield made
    made.lake.close()
