"""What a solver prints from C never comes to standard output, and what others print does, before and after."""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import highspy
import numpy as np
import pytest
import scipy.optimize

from hardgate.models.bundle_program import Market, solve
from hardgate.models.portfolio import best_set
from hardgate.models.solve import Programme
from hardgate.models.unprinted import unprinted

C = ctypes.CDLL(None)


def printing(solver: Callable[..., Any]) -> Callable[..., Any]:
    """A solver that prints a line from C, as HiGHS 1.12 does."""

    def run(*given: Any, **more: Any) -> Any:
        C.puts(b"a line of the solver's own")
        return solver(*given, **more)

    return run


def shop() -> float:
    """Five hours for gangs of 2 worth 3 and single ones worth 1."""
    programme = Programme()
    hours = programme.row(upper=5.0)
    programme.columns([3.0, 1.0], [9.0, 9.0], [[hours], [hours]], [[2.0], [1.0]], whole=True)
    return programme.solve().value


def bundle() -> list[int]:
    """One segment of 2 that values the only bundle at 5."""
    ones, none = np.ones(1), np.zeros(1)
    return solve(Market(((0,),), 2 * ones, 5 * ones[:, np.newaxis], ones, none, none), "mixed")


@pytest.mark.parametrize(
    ("solved", "expected"),
    [(shop, 7.0), (bundle, [0]), (lambda: best_set([[3.0], [-1.0]], [1, 1], budget=10).value, 3.0)],
)
def test_no_integer_programme_prints(
    solved: Callable[[], Any], expected: Any, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(highspy.Highs, "run", printing(highspy.Highs.run))
    monkeypatch.setattr(scipy.optimize, "milp", printing(scipy.optimize.milp))
    C.puts(b"before")
    assert solved() == expected
    C.puts(b"after")
    C.fflush(None)
    assert capfd.readouterr().out == "before\nafter\n"


def test_standard_output_is_back_after_an_error_and_within_itself(capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(ZeroDivisionError), unprinted(), unprinted():
        printing(lambda: 1 // 0)()
    with unprinted():
        with unprinted():
            pass
        C.puts(b"lost after the inner one")
    os.write(1, b"here\n")
    assert capfd.readouterr().out == "here\n"


def test_a_pipe_gets_what_python_printed_and_nothing_of_the_solver() -> None:
    """C holds back what it prints to a pipe until the end: the line has to be gone by then."""
    program = (
        "import ctypes\nfrom hardgate.models.unprinted import unprinted\nprint('one')\n"
        "with unprinted():\n    ctypes.CDLL(None).puts(b'a line')\nprint('two')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout == "one\ntwo\n"


def test_a_closed_standard_output_stays_closed() -> None:
    program = (
        "import os\nfrom hardgate.models.unprinted import unprinted\nos.close(1)\n"
        "with unprinted():\n    pass\n"
        "try:\n    os.fstat(1)\nexcept OSError:\n    os.write(2, b'closed')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stderr == "closed"
