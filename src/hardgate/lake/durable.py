"""Bytes that survive: a file moved to where it belongs only when it is on disk, and a lock that ends with its process.

Wrong on file systems that answer before they have written, and on Windows, which has no such lock: there nothing is
swept.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def move(source: Path, target: Path) -> None:
    """Move a file into place: it is on disk before it has its name, and its name is when this returns."""
    target.parent.mkdir(parents=True, exist_ok=True)
    _sync(source)
    source.replace(target)
    if sys.platform != "win32":
        _sync(target.parent)


@contextmanager
def locked(path: Path, *, shared: bool) -> Iterator[bool]:
    """Hold a lock: shared, waiting for it; or alone, and then tell whether nobody else had it."""
    if sys.platform == "win32":
        yield shared
        return
    import fcntl

    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_SH if shared else fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
            return
        yield True


def _sync(path: Path) -> None:
    """Make sure that a file's bytes, or a folder's names, are on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
