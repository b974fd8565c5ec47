"""A file becomes rows of raw cells, each with the line it starts on; lines that are no record are told apart.

Parquet is read in place. A CSV is read once by DuckDB, strictly; where it has blank lines, or anything that is not as
it should be, it is read again record by record, so that one broken line costs that line and nothing else. The comma,
semicolon, tab or bar is told from the header; UTF-8 and UTF-16, with or without a byte order mark, and gzip are read.
JSON lines (.jsonl, .ndjson, .json) are read by the object.

Wrong for a CSV without a header, and for one in another encoding: its lines beyond ASCII are rejected by number.
"""

import csv
import gzip
import hashlib
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from hardgate.core.errors import BadInput, Fault
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake import json_lines
from hardgate.lake.lines import Record, records
from hardgate.sources.source import LINE, Document, RawColumns, Source, quoted

_CHUNK = 1 << 20
_DELIMITERS = ",;\t|"
_START = 4096


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The digest of a file's bytes, and what tells that it was not written to since."""

    digest: str
    size: int
    changed: int


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no record."""

    line: int
    reason: str
    text: str


@dataclass(frozen=True, slots=True)
class Raw:
    """The rows of a file: a SELECT over it with the column `hardgate_line`, its columns, and what did not read."""

    sql: str
    columns: RawColumns
    rows: int
    broken: tuple[Broken, ...] = ()


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    delimiter: str
    lines: int


def fingerprint(path: Path, advance: Callable[[int], None]) -> Fingerprint:
    """Digest a file's bytes, telling `advance` how many were read.

    Raises:
        BadInput: it cannot be read.

    """
    sha = hashlib.sha256()
    try:
        before = path.stat()
        with path.open("rb") as handle:
            while chunk := handle.read(_CHUNK):
                sha.update(chunk)
                advance(len(chunk))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise BadInput(message) from error
    return Fingerprint(sha.hexdigest(), before.st_size, before.st_mtime_ns)


def unchanged(path: Path, found: Fingerprint) -> None:
    """Check that a file is still the one that was digested.

    Raises:
        BadInput: it was written to meanwhile.

    """
    now = path.stat()
    if (now.st_size, now.st_mtime_ns) != (found.size, found.changed):
        message = f"{path}: changed while it was read; run ingest again when it is complete"
        raise BadInput(message)


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


def _is_json(path: Path) -> bool:
    """Tell whether a file holds JSON lines: by its name, since a CSV may start with a brace, too."""
    names = [suffix.lower() for suffix in path.suffixes]
    return bool({".jsonl", ".ndjson", ".json"} & set(names[-2:]))


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
    scan = _scan(clean, (LINE, *heads), ",", header=False)
    read = engine.save(f"select * replace (cast({LINE} as bigint) as {LINE}) from {scan}", target)
    clean.unlink()
    if read != good:
        message = f"{name}: {good} records were found and {read} read; please report this file"
        raise Fault(message)
    columns = RawColumns(tuple((head, "varchar") for head in heads))
    return Raw(f"select * from read_parquet({literal(str(target))})", columns, read, tuple(broken))


def start_of(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzip.

    Raises:
        BadInput: it cannot be unpacked.

    """
    try:
        with _bytes(path) as stream:
            return stream.read(_START)
    except (OSError, EOFError) as error:
        message = f"{path}: cannot be unpacked: {error}"
        raise BadInput(message) from error


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


def unpacked(path: Path) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    """Return what opens a file's bytes, unpacked where it is gzip."""
    return lambda: _bytes(path)


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


def _text(engine: Engine, path: Path, scratch: Path) -> Raw:
    header = _header(path)
    target = scratch / "raw.parquet"
    broken: tuple[Broken, ...] = ()
    lines = _countable(path)
    rows = _at_once(engine, path, header, lines, target) if lines else None
    if rows is None:
        rows, broken = _carefully(engine, path, header, target)
    columns = tuple((name, "varchar") for name in header.names)
    return Raw(f"select * from read_parquet({literal(str(target))})", RawColumns(columns), rows, broken)


def _at_once(engine: Engine, path: Path, header: _Header, lines: int, target: Path) -> int | None:
    """Read with DuckDB's own reader, and number the lines by counting; None when something is not as it should be."""
    names = [quoted(name) for name in header.names]
    scan = _scan(path, header.names, header.delimiter)
    told = ", ".join(names)
    # The window streams: the scan stays in the order of the file, and nothing is held.
    line = f"{header.lines} + row_number() over ()"
    try:
        rows = engine.save(f"select {told}, {line} as {LINE} from {scan}", target)
        if header.lines + rows == lines:
            return rows
        # Fewer records than lines: some cells have line breaks, which count too.
        breaks = " + ".join(f"coalesce(length({name}) - length(replace({name}, chr(10), '')), 0)" for name in names)
        line += " + coalesce(sum(breaks) over (rows between unbounded preceding and current row), 0) - breaks"
        counted = f"select {told}, {breaks} as breaks from {scan}"
        rows = engine.save(f"select {told}, cast({line} as bigint) as {LINE} from ({counted})", target)
    except Fault:
        return None
    staged = f"read_parquet({literal(str(target))})"
    last = engine.rows(f"select {LINE} + {breaks} from {staged} where {LINE} = (select max({LINE}) from {staged})")
    return rows if last and last[0][0] == lines else None


def _countable(path: Path) -> int:
    """Return how many lines a file has, where a record's line can be found by counting; 0 where one is blank."""
    last = b"\n"
    returns = breaks = lines = 0
    with _bytes(path) as stream:
        while chunk := stream.read(_CHUNK):
            joined = last + chunk
            if b"\n\n" in joined or b"\n\r\n" in joined:
                return 0
            returns += chunk.count(b"\r")
            breaks += (last[-1:] + chunk).count(b"\r\n")
            lines += chunk.count(b"\n")
            last = joined[-2:]
    return lines + (not last.endswith(b"\n")) if returns == breaks else 0


def _scan(path: Path, names: tuple[str, ...], delimiter: str, *, header: bool = True) -> str:
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = {literal(header)}, delim = {literal(delimiter)},"
        f" quote = '\"', escape = '\"', max_line_size = 16777216, columns = {{{columns}}})"
    )


def _carefully(engine: Engine, path: Path, header: _Header, target: Path) -> tuple[int, tuple[Broken, ...]]:
    """Read record by record, by way of a clean CSV with the lines in front; what is no record is returned."""
    clean = target.with_name("records.csv")
    good, broken = _one_by_one(path, header, clean)
    scan = _scan(clean, (LINE, *header.names), ",", header=False)
    rows = engine.save(f"select * replace (cast({LINE} as bigint) as {LINE}) from {scan}", target)
    clean.unlink()
    if rows != good:
        message = f"{path}: {good} records were found and {rows} read; please report this file"
        raise Fault(message)
    return rows, broken


def _one_by_one(path: Path, header: _Header, target: Path) -> tuple[int, tuple[Broken, ...]]:
    """Copy the good records, and return how many there are and what was not good."""
    good = 0
    broken: list[Broken] = []
    with opened(path) as lines, target.open("w", encoding="utf-8", newline="") as out:
        for _ in range(header.lines):
            next(lines, None)
        writer = csv.writer(out, lineterminator="\n")
        for one in records(lines, len(header.names), header.delimiter, first=header.lines + 1):
            if one.cells is None:
                broken.append(Broken(one.line, one.wrong, one.text[:200]))
            else:
                writer.writerow([one.line, *one.cells])
                good += 1
    return good, tuple(broken)


def _header(path: Path) -> _Header:
    """Read the header: the delimiter is the one that gives the most columns."""
    with opened(path) as lines:
        head = [line for line, _ in zip(lines, range(50), strict=False)]
    skipped = next((at for at, line in enumerate(head) if line.strip()), None)
    if skipped is None:
        message = f"{path}: empty; expected a header line with column names"
        raise BadInput(message)
    best = max((_first_record(head[skipped:], one) for one in _DELIMITERS), key=lambda found: len(found[1].cells or []))
    delimiter, record, taken = best
    if record.cells is None or "\0" in "".join(record.cells):
        message = f"{path}:{skipped + 1}: expected a header line with column names, found {record.text[:80]!r}"
        raise BadInput(message)
    return _Header(_told_apart(record.cells), delimiter, skipped + taken)


def _first_record(head: list[str], delimiter: str) -> tuple[str, Record, int]:
    reader = csv.reader(head, delimiter=delimiter)
    try:
        cells = next(reader)
    except csv.Error as error:
        return delimiter, Record(1, None, str(error), head[0]), 1
    return delimiter, Record(1, cells, text=head[0]), reader.line_num


def _told_apart(cells: list[str]) -> tuple[str, ...]:
    """Name every column, and no two alike: the second `cost` is `cost_2`, a column without a name `column_7`."""
    names: list[str] = []
    for at, cell in enumerate(cells, start=1):
        name = wanted = cell.strip() or f"column_{at}"
        count = 1
        while name.lower() in {one.lower() for one in (*names, LINE)}:
            count += 1
            name = f"{wanted}_{count}"
        names.append(name)
    return tuple(names)


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """Open a text file as its lines, whatever its encoding; a byte that is not UTF-8 becomes U+FFFD."""
    with _bytes(path) as stream:
        start = stream.read(2)
        stream.seek(0)
        encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        yield iter(io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None))


@contextmanager
def _bytes(path: Path) -> Iterator[IO[bytes]]:
    """Open a file's bytes, unpacked where it is gzip."""
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
        handle.seek(0)
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=handle)) if packed else handle
