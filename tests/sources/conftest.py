"""Reading a small file through a source alone, as the lake would: what each of our columns comes to."""

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import Report, ingest
from hardgate.sources.source import Input

Read = Callable[..., tuple[dict[str, list[tuple[Any, ...]]], Report]]


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """One engine for all."""
    with connect(threads=2) as opened:
        yield opened


@pytest.fixture
def read(tmp_path: Path, engine: Engine) -> Read:
    """Return a function that ingests one file and gives the columns asked for, by table, in order of the rows."""

    def read_file(
        source: str, text: str | bytes, columns: Mapping[str, str], name: str = "x.csv", **options: str
    ) -> tuple[dict[str, list[tuple[Any, ...]]], Report]:
        if isinstance(text, str):
            text = "\n".join(line.strip() for line in text.strip().splitlines()).encode() + b"\n"
        (tmp_path / name).write_bytes(text)
        with Lake(tmp_path / "lake") as lake:
            given = Input(source, files=(name,), options=options)
            report = ingest(lake, engine, [given], root=tmp_path, clock=datetime(2026, 9, 7))
            found = {}
            for table, chosen in columns.items():
                relation(lake, engine, table)
                found[table] = engine.rows(f"select {chosen} from {table} order by all")
            return found, report

    return read_file
