"""Keep what a user's own SELECT over rollups gave on a date, as long as the SELECT and the rollups are the same.

Disposable like the rollups: without the file the SELECT runs again. Wrong when a SELECT asks for the time or chance;
then its first answer stands.
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from hardgate.rollups.stored import Stored

FOLDER = "own"
Answer = tuple[tuple[str, ...], list[list[Any]]]
"""Column names and rows, as `engine.confined.select` gives them."""


def kept(  # noqa: PLR0913  what the answer depends on
    root: Path, name: str, as_of: date, sql: str, rollups: Sequence[str], make: Callable[[], Answer]
) -> Answer:
    """Return what `make` gives, from the file where it was given before on the same rollups.

    `root` is the folder of the rollups.
    """
    stamps = [Stored.open(root, rollup).digest for rollup in rollups]
    key = hashlib.sha256(json.dumps([sql, as_of.isoformat(), stamps]).encode()).hexdigest()
    path = root / FOLDER / f"{name}-{as_of}.json"
    try:
        found = json.loads(path.read_text("utf-8"))
        if found["key"] == key:
            return tuple(found["columns"]), found["rows"]
    except (OSError, ValueError, KeyError, TypeError):
        pass  # never made, or not whole: made anew
    columns, rows = make()
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    aside.write_text(json.dumps({"key": key, "columns": columns, "rows": rows}, default=str), "utf-8")
    aside.replace(path)
    return columns, rows
