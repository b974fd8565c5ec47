"""Keep what a solver prints by itself off standard output, which belongs to answers, tables and JSON.

HiGHS 1.12, which SciPy brings, prints a line from C where a solution in whole numbers violates a row by more than the
tolerance after presolve is undone, and is mended: whatever its output is set to. highspy 1.14 no longer does. No option
keeps it from that but solving without presolve, which may end with other plans. So standard output leads nowhere while
an integer programme is solved, and back after, whatever happened. Wrong when another thread prints meanwhile: that is
lost, too. Threads that solve take turns.

>>> with unprinted():
...     _ = os.write(1, b"a line of the solver's own")
>>> print("what comes after is there")
what comes after is there
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

STANDARD_OUTPUT = 1
_TURN = RLock()


@contextmanager
def unprinted() -> Iterator[None]:
    """Point standard output of the process to the null device inside."""
    with _TURN:
        try:
            saved = os.dup(STANDARD_OUTPUT)
        except OSError:  # it is closed: nothing can be printed
            yield
            return
        try:
            _written_out()
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, STANDARD_OUTPUT)
            os.close(nowhere)
            yield
        finally:
            _written_out()
            os.dup2(saved, STANDARD_OUTPUT)
            os.close(saved)


def _written_out() -> None:
    """Have C write out what it holds back: to a pipe or a file it would do so at the end of the process only."""
    import ctypes

    ctypes.CDLL("ucrtbase" if os.name == "nt" else None).fflush(None)
