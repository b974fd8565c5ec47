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
def together(path: Path) -> Iterator[None]:
    """Hold a lock that others may hold too, but nobody alone."""
    with _locked(path, alone=False, wait=True):
        yield


@contextmanager
def alone(path: Path, *, wait: bool) -> Iterator[bool]:
    """Hold a lock alone; without waiting for it, tell whether nobody else had it."""
    with _locked(path, alone=True, wait=wait) as held:
        yield held


@contextmanager
def _locked(path: Path, *, alone: bool, wait: bool) -> Iterator[bool]:
    if sys.platform == "win32":
        yield wait
        return
    import fcntl

    with path.open("w") as handle:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if alone else fcntl.LOCK_SH) | (0 if wait else fcntl.LOCK_NB))
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
