"""A file's bytes: digested, unpacked where they are gzip, decoded, and the same still when they were read.

UTF-8 and UTF-16 are read, with or without a byte order mark. Wrong for a file that changes without a change of its size
or its time.
"""

import gzip
import hashlib
import io
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, cast

from hardgate.core.errors import BadInput

CHUNK = 1 << 20
_START = 4096


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """The digest of a file's bytes, and what tells that it was not written to since."""

    digest: str
    size: int
    changed: int


def fingerprint(path: Path, advance: Callable[[int], None]) -> Fingerprint:
    """Digest a file's bytes, telling `advance` how many were read.

    Raises:
        BadInput: it cannot be read.

    """
    sha = hashlib.sha256()
    try:
        before = path.stat()
        with path.open("rb") as handle:
            while chunk := handle.read(CHUNK):
                sha.update(chunk)
                advance(len(chunk))
    except OSError as error:
        message = f"{path}: cannot be read: {error.strerror or error}"
        raise BadInput(message) from error
    return Fingerprint(sha.hexdigest(), before.st_size, before.st_mtime_ns)


def unchanged(path: Path, found: Fingerprint) -> None:
    """Check that a file is still the one that was digested.

    Raises:
        BadInput: it was written to meanwhile.

    """
    now = path.stat()
    if (now.st_size, now.st_mtime_ns) != (found.size, found.changed):
        message = f"{path}: changed while it was read; run ingest again when it is complete"
        raise BadInput(message)


def start_of(path: Path) -> bytes:
    """Return the first bytes of a file, unpacked where it is gzip.

    Raises:
        BadInput: it cannot be unpacked.

    """
    try:
        with stored(path) as stream:
            return stream.read(_START)
    except (OSError, EOFError) as error:
        message = f"{path}: cannot be unpacked: {error}"
        raise BadInput(message) from error


def unpacked(path: Path) -> Callable[[], AbstractContextManager[IO[bytes]]]:
    """Return what opens a file's bytes, unpacked where it is gzip."""
    return lambda: stored(path)


@contextmanager
def opened(path: Path) -> Iterator[Iterator[str]]:
    """Open a text file as its lines, whatever its encoding; a byte that is not UTF-8 becomes U+FFFD."""
    with stored(path) as stream:
        start = stream.read(2)
        stream.seek(0)
        encoding = "utf-16" if start in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
        yield iter(io.TextIOWrapper(stream, encoding=encoding, errors="replace", newline=None))


@contextmanager
def stored(path: Path) -> Iterator[IO[bytes]]:
    """Open a file's bytes, unpacked where it is gzip."""
    with path.open("rb") as handle:
        packed = handle.read(2) == b"\x1f\x8b"
        handle.seek(0)
        yield cast("IO[bytes]", gzip.GzipFile(fileobj=handle)) if packed else handle
