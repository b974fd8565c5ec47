"""A file becomes rows of raw cells, each with the line it starts on; lines that are no record are told apart.

Parquet is read in place, a CSV by `hardgate.lake.delimited`, JSON lines (.jsonl, .ndjson, .json) by the object, and a
document by the source that lays it out. Wrong for Parquet in many files that are one table: name them all.
"""

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardgate.core.errors import BadInput, Fault
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake import delimited, json_lines
from hardgate.lake.files import opened
from hardgate.lake.lines import Broken
from hardgate.sources.source import LINE, Document, RawColumns, Source


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows of a file: a SELECT over it with the column `hardgate_line`, its columns, and what did not read."""

    sql: str
    columns: RawColumns
    rows: int
    broken: tuple[Broken, ...] = ()


def read(engine: Engine, path: Path, scratch: Path) -> Raw:
    """Return the rows of a CSV, Parquet or JSON lines file, through `scratch` where it is text.

    Raises:
        BadInput: it is neither, or has no header.

    """
    with path.open("rb") as handle:
        magic = handle.read(4)
    if magic == b"PAR1":
        return _parquet(engine, path)
    if path.suffix.lower() in {".parquet", ".pq"}:
        message = f"{path}: named like Parquet, but its first bytes are {magic!r}; write it again, or name it .csv"
        raise BadInput(message)
    return _json_lines(engine, path, scratch) if _is_json(path) else _text(engine, path, scratch)


def lay(engine: Engine, source: Source, document: Document, scratch: Path) -> Raw:
    """Return the rows that a source makes of a document, by way of a CSV with their places in front.

    Raises:
        BadInput: it is no document of this format.

    """
    if source.lay is None:
        message = f"source {source.name!r} lays out no documents"
        raise Fault(message)
    laid = source.lay(document)
    broken = [Broken(one.at, one.reason, one.text[:200]) for one in laid.unread]
    return _laid(engine, document.name, laid.columns, laid.rows, broken, scratch)


def _is_json(path: Path) -> bool:
    """Tell whether a file holds JSON lines: by its name, since a CSV may start with a brace, too."""
    names = [suffix.lower() for suffix in path.suffixes]
    return bool({".jsonl", ".ndjson", ".json"} & set(names[-2:]))


def _text(engine: Engine, path: Path, scratch: Path) -> Raw:
    target = scratch / "raw.parquet"
    names, rows, broken = delimited.read(engine, path, target)
    columns = RawColumns(tuple((name, "varchar") for name in names))
    return Raw(f"select * from read_parquet({literal(str(target))})", columns, rows, broken)


def _json_lines(engine: Engine, path: Path, scratch: Path) -> Raw:
    """Read objects by the line, by way of a clean CSV with a column for every name that any of them has."""
    names: dict[str, str] = {}
    broken = []
    with opened(path) as lines:
        for at, found, text in json_lines.records(lines):
            if isinstance(found, str):
                broken.append(Broken(at, found, text[:200]))
            else:
                names |= {name.lower(): name for one in reversed(found) for name in reversed(one)} | names
    if not names:
        message = f"{path}: no JSON object on any line; expected one object a line"
        raise BadInput(message)
    heads = tuple(sorted(names.values()))

    def cells(one: Mapping[str, str]) -> list[str]:
        said = {name.lower(): value for name, value in one.items()}
        return [said.get(name.lower(), "") for name in heads]

    with opened(path) as lines:
        rows = (
            (at, cells(one)) for at, read, _ in json_lines.records(lines) if not isinstance(read, str) for one in read
        )
        return _laid(engine, str(path), heads, rows, broken, scratch)


def _parquet(engine: Engine, path: Path) -> Raw:
    where = literal(str(path))
    try:
        columns = engine.columns(f"select * from read_parquet({where})")
        sql = f"select *, file_row_number + 1 as {LINE} from read_parquet({where}, file_row_number = true)"
        rows = engine.rows(f"select sum(num_rows) from parquet_file_metadata({where})")[0][0]
    except Fault as error:
        message = f"{path}: not readable as Parquet: {error}"
        raise BadInput(message) from error
    return Raw(sql, RawColumns(tuple(columns)), int(rows))


def _laid(  # noqa: PLR0913  rows and all that is known of them
    engine: Engine,
    name: str,
    heads: Sequence[str],
    rows: Iterable[tuple[int, Sequence[str | None]]],
    broken: Sequence[Broken],
    scratch: Path,
) -> Raw:
    """Return rows of text, each with its place, by way of a clean CSV that only the engine reads."""
    target, clean = scratch / "raw.parquet", scratch / "clean.csv"
    good = 0
    with clean.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        for at, cells in rows:
            writer.writerow([at, *cells])
            good += 1
    scan = delimited.scan(clean, (LINE, *heads), ",", header=False)
    read = engine.save(f"select * replace (cast({LINE} as bigint) as {LINE}) from {scan}", target)
    clean.unlink()
    if read != good:
        message = f"{name}: {good} records were found and {read} read; please report this file"
        raise Fault(message)
    columns = RawColumns(tuple((head, "varchar") for head in heads))
    return Raw(f"select * from read_parquet({literal(str(target))})", columns, read, tuple(broken))
