"""What one seed shows of a plant, and what areas share that look for one."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from hardgate.core.days import Window
from hardgate.review.workspace import Workspace

AS_OF = date(2026, 9, 7)
CLOCK = datetime(2026, 11, 22)
WINDOW = Window(date(2026, 7, 13), AS_OF)
SMALL = 0.25


@dataclass(frozen=True)
class Seen:
    """What one seed shows of a plant: whether it is found, and where it is a figure, its reading and whether it covers."""

    found: bool
    reads: float | None = None
    covers: bool | None = None


Area = Callable[[Path, int, Mapping[str, float]], dict[str, Seen]]


def figure(low: float | None, value: float | None, high: float | None, truth: float) -> Seen:
    """Return what an interval says: it lies off nothing, and it holds the truth."""
    if low is None or value is None or high is None:
        return Seen(found=False)
    return Seen(not low <= 0 <= high, value, low <= truth <= high)


def ingested(folder: Path) -> Workspace:
    workspace = Workspace.open(folder)
    workspace.ingest([], source=None, table=None, clock=CLOCK, known_at=None, dry_run=False, progress=None)
    return workspace
