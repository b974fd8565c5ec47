"""Keep what was slow to make, as long as what it depends on is the same: a user's SELECT, or a heavy model's answer.

An answer is plain JSON: what `make` returns comes back as its JSON would, kept or not, so that both are the same bytes.
Disposable like the rollups: without the file the answer is made again, and only the newest of a kind are kept. Wrong
when an answer depends on the time or on chance; then its first one stands.

>>> import tempfile
>>> with tempfile.TemporaryDirectory() as folder:
...     once = kept(Path(folder), "payback", {"rate": 0.1}, lambda: {"weeks": (31, 34)})
...     again = kept(Path(folder), "payback", {"rate": 0.1}, lambda: {"weeks": None})
>>> once == again == {"weeks": [31, 34]}
True
"""

import hashlib
import json
import os
from collections.abc import Callable, Sequence
from datetime import date
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from hardgate.rollups.stored import Stored

FOLDER = "kept"
NEWEST = 64
"""How many answers of one kind are kept."""
Answer = tuple[tuple[str, ...], list[list[Any]]]
"""Column names and rows, as `engine.confined.select` gives them."""


def kept(folder: Path, kind: str, depends_on: Any, make: Callable[[], Any], newest: int = NEWEST) -> Any:  # noqa: ANN401  plain JSON
    """Return what `make` gives, from the file where it was given before for the same `depends_on` (plain JSON)."""
    key = hashlib.sha256(json.dumps(depends_on, sort_keys=True, default=str).encode()).hexdigest()
    path = folder / FOLDER / kind / f"{key}.json"
    try:
        return json.loads(path.read_text("utf-8"))
    except (OSError, ValueError):
        pass  # never made, or not whole: made anew
    text = json.dumps(make(), default=str, separators=(",", ":"))
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f"{path.name}.{os.getpid()}.new")
    aside.write_text(text, "utf-8")
    aside.replace(path)
    _sweep(path.parent, newest)
    return json.loads(text)


def _sweep(folder: Path, newest: int) -> None:
    """Remove all but the newest answers of one kind."""
    found = sorted(folder.glob("*.json"), key=lambda one: (-one.stat().st_mtime_ns, one.name))
    for old in found[newest:]:
        old.unlink(missing_ok=True)


def of_rollups(  # noqa: PLR0913  what the answer depends on
    root: Path, name: str, as_of: date, sql: str, rollups: Sequence[str], make: Callable[[], Answer]
) -> Answer:
    """Return what a user's SELECT gave on a date, kept while the SELECT and the rollups are the same.

    `root` is the folder of the rollups.
    """
    stamps = [Stored.open(root, rollup).digest for rollup in rollups]
    columns, rows = kept(root, f"own-{name}", [sql, as_of.isoformat(), stamps], make)
    return tuple(columns), rows


def of_model(folder: Path, name: str, inputs: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401  plain JSON
    """Return what a model gave for these inputs, kept while they and all of the mathematics are the same."""
    return kept(folder, f"model-{name}", [mathematics(), inputs], make)


@cache
def mathematics() -> str:
    """Return the digest of every file of `hardgate.models`: an answer of other mathematics is another answer."""
    found = sorted(
        (one for one in files("hardgate.models").iterdir() if one.name.endswith(".py")), key=lambda x: x.name
    )
    return hashlib.sha256(b"\0".join(one.read_bytes() for one in found)).hexdigest()
