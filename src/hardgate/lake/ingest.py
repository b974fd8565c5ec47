"""Bring files in: what is new becomes batches, what is known already changes nothing, what is bad is told.

Every file is digested first. One whose bytes were read in this way before is left alone, unless the file said something
else since (`hardgate.lake.saying`). The others are read, typed and
judged row by row; good rows become a batch of each table that the file speaks of, bad rows are kept as rejects, and
both are entered into the lake together, file by file. Killed at any moment, the next run goes on where it stopped.

When a row became known: its own column, where the table has one (signed, ordered, proposed); else `known_at`; else so
many days after its own (`known_after`, an assumption); else the day on which these bytes first came in. What says
otherwise than the lake does becomes known no earlier than this ingest (`hardgate.lake.restated`), and so does what a
register no longer says (`hardgate.lake.withdrawn`).
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from hardgate.core.errors import BadInput, HardgateError, Misconfigured
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.arrivals import Arrival, digested, matching, selected
from hardgate.lake.batch import Batch, Gone, Written
from hardgate.lake.batches import Lake
from hardgate.lake.files import start_of, unchanged, unpacked
from hardgate.lake.normalising import forget
from hardgate.lake.reading import Raw, lay, read
from hardgate.lake.saying import Saying, saying
from hardgate.lake.withdrawn import Register
from hardgate.lake.writing import Job, write
from hardgate.sources.source import LINE, Document, Input, RawColumns, Source, layer, recognise, source_named, tables

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that could not be read, and why; the others were."""

    file: str
    message: str


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did. Equal rows that stood twice in one file are counted once, and here.

    `restated` counts by table what was said otherwise than before, which is known from this ingest on.
    `left_out` says of a file how many rows are none of ours, and what they are. `gone` are keys that a file said before
    and no longer says: withdrawn, or in force still, and why.
    """

    added: tuple[Batch, ...] = ()
    known: tuple[str, ...] = ()
    retired: tuple[Batch, ...] = ()
    problems: tuple[Problem, ...] = ()
    dry_run: bool = False
    restated: Mapping[str, int] = field(default_factory=dict)
    left_out: tuple[tuple[str, int, str], ...] = ()
    gone: tuple[Gone, ...] = ()

    @property
    def rows(self) -> int:
        """Rows added."""
        return sum(batch.rows for batch in self.added)

    @property
    def rejected(self) -> int:
        """Rows rejected."""
        return sum(batch.rejected for batch in self.added)

    @property
    def duplicates(self) -> int:
        """Rows that stood twice in one file."""
        return sum(batch.duplicates for batch in self.added)


@dataclass(slots=True)
class _Run:
    """One ingest: what it was given, and what it has done so far."""

    lake: Lake
    engine: Engine
    clock: datetime
    known_at: date | None
    known_after: Mapping[str, int]
    progress: Progress
    dry_run: bool
    withdraw: bool
    now: dict[str, str] = field(default_factory=dict)
    ways: dict[str, set[str]] = field(default_factory=dict)
    done: int = 0
    total: int = 0
    added: list[Batch] = field(default_factory=list)
    known: list[str] = field(default_factory=list)
    retired: list[Batch] = field(default_factory=list)
    problems: list[tuple[str, str]] = field(default_factory=list)
    restated: Counter[str] = field(default_factory=Counter)
    left_out: list[tuple[str, int, str]] = field(default_factory=list)
    gone: list[Gone] = field(default_factory=list)

    def advance(self, label: str, count: int) -> None:
        """Tell that so many more bytes are done."""
        self.done += count
        self.progress(label, self.done, self.total)


def ingest(  # noqa: PLR0913  the surface's settings, each by name
    lake: Lake,
    engine: Engine,
    inputs: Sequence[Input],
    *,
    root: Path,
    clock: datetime,
    known_at: date | None = None,
    known_after: Mapping[str, int] | None = None,
    progress: Progress | None = None,
    dry_run: bool = False,
    withdraw: bool = False,
) -> Report:
    """Read every input into the lake, and report what was added, known, rejected and unreadable.

    `root` is the workspace, `clock` the time of this ingest (UTC), `known_after` days by table. `progress` is told a
    file's name, and the bytes done and to do. With `dry_run` everything is read and judged, and nothing is kept. With
    `withdraw` what the files said before and no longer say is taken back, whatever the table.

    Raises:
        Misconfigured: an input or its column map is wrong, or `known_at` is after the clock.

    """
    if known_at is not None and known_at > _utc(clock).date():
        message = (
            f"known at {known_at} is after this ingest on {_utc(clock).date()}: nothing is known before it is read"
        )
        raise Misconfigured(message)
    # A column map may cut times to days: days are UTC on every machine.
    engine.rows("set TimeZone = 'UTC'")
    run = _Run(lake, engine, _utc(clock), known_at, known_after or {}, progress or _silent, dry_run, withdraw)
    with lake.scratch() as scratch:
        arrivals = _arrivals(run, inputs, root, scratch)
        current: dict[str, set[str]] = {}
        for one in arrivals:
            current.setdefault(one.found.digest, set()).add(one.mapping)
            run.ways.setdefault(one.label, set()).add(one.mapping)
            run.now[one.label] = one.found.digest
        for one in arrivals:
            try:
                _bring_in(run, one, current[one.found.digest], scratch)
            except BadInput as error:
                run.problems.append((one.label, str(error)))
            run.advance(one.label, one.found.size)
    forget(engine)
    problems = tuple(Problem(*problem) for problem in run.problems)
    return Report(
        tuple(run.added), tuple(run.known), tuple(run.retired), problems, dry_run, dict(run.restated),
        tuple(run.left_out), tuple(run.gone),
    )  # fmt: skip


def _arrivals(run: _Run, inputs: Sequence[Input], root: Path, scratch: Path) -> list[Arrival]:
    """Find and digest everything that the inputs bring."""
    paths = matching(inputs, root, run.problems)
    # Each byte is read twice: once for its digest, once for its rows.
    run.total = 2 * sum(path.stat().st_size for _, path in paths)
    arrivals = digested(paths, root, run.advance, run.problems)
    selects = [given for given in inputs if given.select is not None]
    return arrivals + [
        selected(run.engine, given, root, scratch / f"select-{at}.parquet") for at, given in enumerate(selects)
    ]


def _bring_in(run: _Run, one: Arrival, current: set[str], scratch: Path) -> None:
    """Read one file into the tables that it speaks of, unless it says what it said before."""
    said = saying(run.lake, one.label, one.found.digest, one.mapping, run.ways[one.label])
    if said.known and not run.withdraw:
        _leave(run, one, said, current)
        return
    written = _written(run, one, said.taking_back(run.lake) if said.known else said, scratch)
    for batch in written:
        run.restated += Counter({batch.batch.table: batch.restated})
        run.gone += batch.gone
    if said.known:
        written = [batch for batch in written if batch.withdrawn]
    if said.known and not written:
        _leave(run, one, said, current)
        return
    if run.dry_run:
        run.added += [batch.batch for batch in written]
        return
    committed = run.lake.commit(
        written, file=one.label, said=said.known or [batch.batch for batch in written], current=current, at=run.clock
    )
    run.added += committed.added
    run.retired += committed.retired
    if not committed.added:
        run.known.append(one.label)


def _leave(run: _Run, one: Arrival, said: Saying, current: set[str]) -> None:
    """Leave a file alone that says nothing new; note that it says it, and which of its readings hold now."""
    run.known.append(one.label)
    noted = {batch.seq for batch in run.lake.statements(one.label)} >= {batch.seq for batch in said.known}
    settled = all((batch.retired_at is None) == (batch.mapping in current) for batch in said.readings)
    if not run.dry_run and not (noted and settled):
        run.retired += run.lake.commit((), file=one.label, said=said.known, current=current, at=run.clock).retired


def _written(run: _Run, one: Arrival, said: Saying, scratch: Path) -> list[Written]:
    """Write aside what a file says of each table."""
    source, raw = _read(run, one, scratch)
    try:
        source = source or _source(one, raw.columns)
        extracts = source.extract(raw.columns, one.given)
    except HardgateError as error:
        raise type(error)(f"{one.label}: {error}") from error
    job = _job(run, one, source, said, scratch)
    written = []
    for table, extract in extracts.items():
        written.append(write(job, tables()[table], extract, raw))
        if written[-1].left_out:
            run.left_out.append((one.label, written[-1].left_out, extract.left))
        # A line that is no record is of no table: it is told with the first.
        raw = replace(raw, broken=())
    if not one.selected:
        unchanged(one.path, one.found)
    return written


def _job(run: _Run, one: Arrival, source: Source, said: Saying, scratch: Path) -> Job:
    """Return what is to be written; the same bytes read anew became known when they did before."""
    told = [batch.known_at for batch in said.readings if batch.known_at is not None]
    seen = [batch.ingested_at.date() for batch in said.readings]
    known_at = run.known_at or min(told, default=None)
    return Job(
        run.engine, run.lake, one, source.name, scratch, run.clock, known_at, run.known_after, min(seen, default=None),
        Register(one.label, said, run.now, run.withdraw),
    )  # fmt: skip


def _read(run: _Run, one: Arrival, scratch: Path) -> tuple[Source | None, Raw]:
    """Return the rows of a file; of a document the source that lays it out, too."""
    laid = None if one.selected else layer(one.given.source, start_of(one.path))
    if laid is None:
        return None, _raw(run, one, scratch)
    document = Document(Path(one.label).name, one.found.digest, unpacked(one.path), one.given.options)
    try:
        return laid, lay(run.engine, laid, document, scratch)
    except HardgateError as error:
        raise type(error)(f"{one.label}: {error}") from error


def _raw(run: _Run, one: Arrival, scratch: Path) -> Raw:
    if not one.selected:
        return read(run.engine, one.path, scratch)
    scan = f"select * from read_parquet({literal(str(one.path))})"
    rows = run.engine.rows(f"select count(*) from ({scan})")[0][0]
    return Raw(
        f"select *, row_number() over () as {LINE} from ({scan})", RawColumns(tuple(run.engine.columns(scan))), rows
    )


def _source(one: Arrival, columns: RawColumns) -> Source:
    return recognise(columns.names) if one.given.source == "auto" else source_named(one.given.source)


def _utc(clock: datetime) -> datetime:
    return clock.astimezone(UTC).replace(tzinfo=None) if clock.tzinfo else clock


def _silent(label: str, done: int, total: int) -> None:
    """Tell nobody."""
