"""What an input brings: the files that its patterns match, or the rows of its SELECT, each with its digest.

Files come in the order of the inputs and then of their names, whatever order a file system lists them in. A SELECT runs
once, over files named relative to the workspace; its digest is of its rows in an order of their own, so that it does
not depend on the order in which they came.
"""

import glob
import hashlib
import os
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from hardgate.core.errors import BadInput, Fault, Misconfigured
from hardgate.engine import Engine
from hardgate.engine.portable import literal
from hardgate.lake.files import Fingerprint, fingerprint
from hardgate.sources.source import Input, quoted, source_named

Problems = list[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Arrival:
    """One file of one input, or the saved rows of its SELECT (`selected`). `mapping` says how it will be read."""

    given: Input
    label: str
    path: Path
    found: Fingerprint
    mapping: str
    selected: bool = False


def matching(inputs: Sequence[Input], root: Path, problems: Problems) -> list[tuple[Input, Path]]:
    """Return every file of every input; a pattern that matches none is a problem."""
    found = []
    for given in inputs:
        paths: dict[str, None] = {}
        for pattern in given.files:
            # glob and not Path.glob: a pattern may be absolute, or lead out of the workspace.
            listed = glob.glob(pattern, root_dir=root, recursive=True)  # noqa: PTH207
            matched = [path for path in sorted(listed) if (root / path).is_file()]
            if not matched:
                problems.append((pattern, f"{pattern}: no file of this name in the workspace"))
            paths |= dict.fromkeys(matched)
        found += [(given, root / path) for path in paths]
    return found


def digested(
    paths: Sequence[tuple[Input, Path]], root: Path, advance: Callable[[str, int], None], problems: Problems
) -> list[Arrival]:
    """Digest every file; one that cannot be read is a problem."""
    arrivals = []
    for given, path in paths:
        label = _label(path, root)
        try:
            found = fingerprint(path, lambda count, label=label: advance(label, count))  # type: ignore[misc]
            arrivals.append(Arrival(given, label, path, found, _mapping(given)))
        except BadInput as error:
            problems.append((label, str(error)))
    return arrivals


def selected(engine: Engine, given: Input, root: Path, path: Path) -> Arrival:
    """Run a SELECT once, save its rows, and digest them.

    Raises:
        Misconfigured: it does not run.

    """
    engine.rows(f"set file_search_path = {literal(str(root))}")
    try:
        engine.save(f"select * from ({given.select}) as given", path)
    except Fault as error:
        message = f"select = {given.select!r} cannot be run: {error}"
        raise Misconfigured(message) from error
    finally:
        engine.rows("reset file_search_path")
    scan = f"read_parquet({literal(str(path))})"
    names = [name for name, _ in engine.columns(f"select * from {scan}")]
    cells = ", ".join(f"coalesce(cast({quoted(name)} as varchar), chr(30))" for name in names)
    sha = hashlib.sha256("\x1f".join(names).encode())
    for (digest,) in engine.rows(f"select sha256(concat_ws(chr(31), {cells})) as h from {scan} order by h"):
        sha.update(digest.encode())
    label = f"select {hashlib.sha256(str(given.select).encode()).hexdigest()[:8]}"
    return Arrival(given, label, path, Fingerprint(sha.hexdigest(), 0, 0), _mapping(given), selected=True)


def _mapping(given: Input) -> str:
    return given.mapping(0 if given.source == "auto" else source_named(given.source).version)


def _label(path: Path, root: Path) -> str:
    """Return a file's name relative to the workspace, so that no absolute path gets into the evidence."""
    return Path(os.path.relpath(path, root)).as_posix()
