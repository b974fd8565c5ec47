"""How a file that is named on the command line is to be read: as the inputs of hardgate.toml say of such a file.

Wrong where two inputs match one file and mean it differently: the first that matches is taken.
"""

import glob
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from hardgate.sources.source import Input


def input_named(path: Path, root: Path, inputs: Sequence[Input], source: str | None, table: str | None) -> Input:
    """Return how to read one file: `source` and `table` are what was said of it, `root` the workspace.

    As the [[inputs]] that matches it says; else as the only one of the source given; else as it is recognised.
    """
    resolved = path.resolve()
    files = (glob.escape(str(resolved)),)
    fitting = [
        one
        for one in inputs
        if (resolved in _matched(root, one) if source is None else (one.source, one.table) == (source, table))
    ]
    if fitting and (source is None or len(fitting) == 1):
        return replace(fitting[0], files=files, select=None)
    return Input(source or "auto", table, files)


def _matched(root: Path, given: Input) -> set[Path]:
    """Return the files that an input names; a pattern may lead out of the workspace."""
    named = (name for pattern in given.files for name in glob.glob(pattern, root_dir=root, recursive=True))  # noqa: PTH207
    return {(root / name).resolve() for name in named}
