"""Run hardgate as a user would: in a process of its own, or in this one where the start-up is not the point."""

import io
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from typing import Any

from hardgate.cli import run


@dataclass(frozen=True, slots=True)
class Done:
    """What a command left behind."""

    code: int
    out: str
    err: str

    def lines(self) -> list[str]:
        """Return the lines of stdout, each run of spaces as one."""
        return [" ".join(line.split()) for line in self.out.splitlines()]


def here(*args: object) -> Done:
    """Run a command in this process."""
    out, err = io.StringIO(), io.StringIO()
    with redirect_stdout(out), redirect_stderr(err):
        code = run([str(one) for one in args])
    return Done(code, out.getvalue(), err.getvalue())


def apart(*args: object, **options: Any) -> Done:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "hardgate", *(str(one) for one in args)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, **options)
    return Done(done.returncode, done.stdout, done.stderr)
