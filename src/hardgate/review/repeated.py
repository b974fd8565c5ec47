"""What a review heard, kept while nothing that it depends on has changed: a second review reads it and is made at once.

It depends on the lake's batches, hardgate.toml, policy.yaml, the asks, the user's own metrics, signed modes, the date,
the exhibits wanted, and every file of hardgate and version of what it computes with. Waivers and signatures come after
it and are read anew each time. Wrong where somebody edits a rollup's files by hand: `rm -r .hardgate/rollups` makes
all of them again.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import cache
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import Any

from hardgate.core.plain import plain, restored
from hardgate.core.terms import Ask, Exhibit
from hardgate.lake.batches import Lake
from hardgate.review.gate_modes import Modes
from hardgate.review.hearing import Hearing
from hardgate.rollups.kept import kept

NEWEST = 8
COMPUTES_WITH = ("duckdb", "highspy", "numpy", "scipy")


def hearing(  # noqa: PLR0913  what a hearing depends on
    folder: Path,
    lake: Lake,
    settings: Sequence[Path],
    asks: Sequence[Ask],
    modes: Modes,
    exhibits: Mapping[str, Exhibit],
    as_of: date,
    make: Callable[[], Hearing],
) -> Hearing:
    """Return what `make` hears, from `folder` where it was heard before.

    `settings` are the files in which the user set what it depends on.
    """
    depends_on = {
        "lake": lake.state(),
        "written": [[one.name, hashlib.sha256(one.read_bytes()).hexdigest()] for one in settings],
        "asks": plain(tuple(asks)),
        "modes": sorted([gate, str(scope.parts), mode.value] for (gate, scope), mode in modes.items()),
        "exhibits": sorted(exhibits),
        "as_of": as_of.isoformat(),
        "program": program(),
    }
    written_down = kept(folder, "review", depends_on, lambda: plain(make()), newest=NEWEST)
    try:
        found: Hearing = restored(written_down)
    except (LookupError, TypeError, ValueError, AttributeError):  # somebody else's file, or half of one
        found = restored(plain(make()))
    return found


@cache
def program() -> list[Any]:
    """Return what tells this hardgate from any other: each of its files by size and time, and the versions it uses."""
    root = Path(str(files("hardgate")))
    seen = [
        f"{path.relative_to(root)} {stat.st_size} {stat.st_mtime_ns}"
        for path in sorted(root.rglob("*"))
        if path.suffix in {".py", ".sql"}
        for stat in (path.stat(),)
    ]
    return [hashlib.sha256("\n".join(seen).encode()).hexdigest(), *(f"{one} {version(one)}" for one in COMPUTES_WITH)]
