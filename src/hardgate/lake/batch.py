"""What a batch is: rows of one table from one source, what it says of each day, and what it was made from."""

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch as the manifest has it.

    `digest` is the SHA-256 of the source file's bytes; `known_at` the day on which somebody said that it became known.
    `nth` counts how often these bytes were said anew after something else, `withdrawn` the keys that it takes back.
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
    nth: int = 0
    withdrawn: int = 0

    @property
    def name(self) -> str:
        """The batch's own name: of its bytes, its reading, and how often they were said anew."""
        return named(self.digest, self.mapping, self.nth)


def named(digest: str, mapping: str, nth: int) -> str:
    """Return the name of a batch."""
    return f"{digest[:16]}-{mapping[:8]}" + (f"-{nth}" if nth else "")


class Day(NamedTuple):
    """What one batch says of one day, known from one day on. The times are the first and last of its rows, if any.

    `withdrawn` counts the keys of the day that it takes back; they are none of its rows.
    """

    day: date
    known: date
    digest: str
    rows: int
    rejected: int
    batch: str
    first_at: datetime | None = None
    last_at: datetime | None = None
    withdrawn: int = 0


@dataclass(frozen=True, slots=True)
class Gone:
    """Keys that a file said before and says no more: withdrawn, or in force still and `because` of what.

    `keys` names the first of them, as in "account=power, level=CM1".
    """

    file: str
    table: str
    rows: int
    keys: tuple[str, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Written:
    """A batch written aside, ready to be committed: its Parquet, its rejects and withdrawn keys if any, and its days.

    `restated` counts what it says otherwise than the lake, `left_out` the rows of the file that are none of ours.
    """

    batch: Batch
    path: Path
    rejects: Path | None
    days: tuple[Day, ...]
    restated: int = 0
    left_out: int = 0
    withdrawn: Path | None = None
    gone: tuple[Gone, ...] = ()


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed."""

    added: tuple[Batch, ...]
    retired: tuple[Batch, ...]
