"""What a batch is: rows of one table from one source, what it says of each day, and what it was made from."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as the manifest has it.

    `digest` is the SHA-256 of the source file's bytes; `known_at` the day on which somebody said that it became known.
    """

    table: str
    digest: str
    mapping: str
    source: str
    note: str
    file: str
    rows: int
    rejected: int
    duplicates: int
    first_day: date | None
    last_day: date | None
    ingested_at: datetime
    known_status: str
    known_at: date | None = None
    retired_at: datetime | None = None
    seq: int = 0

    @property
    def name(self) -> str:
        """The batch's own name: of its bytes and its reading."""
        return f"{self.digest[:16]}-{self.mapping[:8]}"


class Day(NamedTuple):
    """What one batch says of one day, known from one day on. The times are the first and last of its rows, if any."""

    day: date
    known: date
    digest: str
    rows: int
    rejected: int
    batch: str
    first_at: datetime | None = None
    last_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A batch written aside, ready to be committed: its Parquet, its rejects if any, and its days.

    `restated` counts what it says otherwise than the lake, `left_out` the rows of the file that are none of ours.
    """

    batch: Batch
    path: Path
    rejects: Path | None
    days: tuple[Day, ...]
    restated: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed."""

    added: tuple[Batch, ...]
    retired: tuple[Batch, ...]
