"""A CSV becomes rows of text, each with the line it starts on; one broken line costs that line and nothing else.

It is read once by DuckDB, strictly; where it has blank lines, or anything that is not as it should be, it is read again
record by record. The comma, semicolon, tab or bar is told from the header. Wrong for a CSV without a header, and for
one in another encoding than UTF-8 or UTF-16: its lines beyond ASCII are rejected by number.
"""

import csv
from dataclasses import dataclass
from pathlib import Path

from hardgate.core.errors import BadInput, Fault
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.files import CHUNK, opened, stored
from hardgate.lake.lines import Broken, Record, records
from hardgate.sources.source import LINE, quoted

_DELIMITERS = ",;\t|"


@dataclass(frozen=True, slots=True)
class _Header:
    names: tuple[str, ...]
    delimiter: str
    lines: int


def read(engine: Engine, path: Path, target: Path) -> tuple[tuple[str, ...], int, tuple[Broken, ...]]:
    """Write the rows of a CSV to `target`, and return its columns, how many rows there are, and what did not read.

    Raises:
        BadInput: it has no header.

    """
    header = _header(path)
    lines = _countable(path)
    rows = _at_once(engine, path, header, lines, target) if lines else None
    if rows is not None:
        return header.names, rows, ()
    rows, broken = _carefully(engine, path, header, target)
    return header.names, rows, broken


def _at_once(engine: Engine, path: Path, header: _Header, lines: int, target: Path) -> int | None:
    """Read with DuckDB's own reader, and number the lines by counting; None when something is not as it should be."""
    names = [quoted(name) for name in header.names]
    source = scan(path, header.names, header.delimiter)
    told = ", ".join(names)
    # The window streams: the scan stays in the order of the file, and nothing is held.
    line = f"{header.lines} + row_number() over ()"
    try:
        rows = engine.save(f"select {told}, {line} as {LINE} from {source}", target)
        if header.lines + rows == lines:
            return rows
        # Fewer records than lines: some cells have line breaks, which count too.
        breaks = " + ".join(f"coalesce(length({name}) - length(replace({name}, chr(10), '')), 0)" for name in names)
        line += " + coalesce(sum(breaks) over (rows between unbounded preceding and current row), 0) - breaks"
        counted = f"select {told}, {breaks} as breaks from {source}"
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
    with stored(path) as stream:
        while chunk := stream.read(CHUNK):
            joined = last + chunk
            if b"\n\n" in joined or b"\n\r\n" in joined:
                return 0
            returns += chunk.count(b"\r")
            breaks += (last[-1:] + chunk).count(b"\r\n")
            lines += chunk.count(b"\n")
            last = joined[-2:]
    return lines + (not last.endswith(b"\n")) if returns == breaks else 0


def scan(path: Path, names: tuple[str, ...], delimiter: str, *, header: bool = True) -> str:
    """Return SQL that reads a CSV as text."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in names)
    return (
        f"read_csv({literal(str(path))}, auto_detect = false, header = {literal(header)}, delim = {literal(delimiter)},"
        f" quote = '\"', escape = '\"', max_line_size = 16777216, columns = {{{columns}}})"
    )


def _carefully(engine: Engine, path: Path, header: _Header, target: Path) -> tuple[int, tuple[Broken, ...]]:
    """Read record by record, by way of a clean CSV with the lines in front; what is no record is returned."""
    clean = target.with_name("records.csv")
    good, broken = _one_by_one(path, header, clean)
    source = scan(clean, (LINE, *header.names), ",", header=False)
    rows = engine.save(f"select * replace (cast({LINE} as bigint) as {LINE}) from {source}", target)
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
