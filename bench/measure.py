"""Takes time: each run a fresh process, contestants in turn, so that a noisy minute hits all of them.

This process stays small and imports nothing heavy: Linux counts a parent's memory into the peak of a new process.
"""

import json
import os
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

NO_MEMORY = 12
"""The code with which a work ends that may have no more memory."""


class Failed(RuntimeError):
    """A measured process ended otherwise than it should, or gave a wrong answer."""


@dataclass(frozen=True, slots=True)
class Run:
    """One run: seconds of wall and CPU, the process's peak memory in MB, and what the work says of itself.

    `did_not_end` says why there is none of this: a peer asked for more memory than it may have.
    """

    wall: float
    cpu: float
    peak_mb: float
    facts: Mapping[str, Any] = field(default_factory=dict)
    did_not_end: str = ""


@dataclass(frozen=True, slots=True)
class Contestant:
    """One thing to measure: a work by name, or a whole command; `reset` puts things back before each run.

    Of a work its own time counts, of a command the time from start to end of the process. A work that may have so many
    bytes of `memory` and no more may fail for want of it; the others go on.
    """

    name: str
    work: str = ""
    arguments: Mapping[str, Any] = field(default_factory=dict)
    command: tuple[str, ...] = ()
    codes: tuple[int, ...] = (0,)
    reset: Callable[[], None] | None = None
    check: Callable[[Mapping[str, Any]], None] | None = None
    memory: int | None = None

    def run(self) -> Run:
        """Run it once in a fresh process.

        Raises:
            Failed: it ended with another code, or its answer is wrong.

        """
        if self.reset:
            self.reset()
        line = self.command or (sys.executable, "-m", "bench.child", self.work, json.dumps(dict(self.arguments)))
        wall, usage, code, out = _timed((*line, str(self.memory)) if self.memory else line)
        if self.memory and (code < 0 or code == NO_MEMORY):  # what cannot allocate in Rust or C++ ends by a signal
            return Run(0, 0, 0, {}, f"more memory than {self.memory / 2**30:.1f} GB (code {code})")
        if code not in self.codes:
            message = f"{' '.join(line)} ended with {code}"
            raise Failed(message)
        found = Run(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024)
        if self.work:
            told = json.loads(out.splitlines()[-1])
            found = Run(told["wall"], told["cpu"], found.peak_mb, told["facts"])
        if self.check:
            self.check(found.facts)
        return found


def once(work: str, **arguments: Any) -> Mapping[str, Any]:
    """Do a work once in a process of its own, without measuring it, and return what it says."""
    return Contestant(work, work, arguments).run().facts


def _timed(line: Sequence[str]) -> tuple[float, resource.struct_rusage, int, str]:
    begin = time.perf_counter()
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True) as process:
        out = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - begin
        process.returncode = os.waitstatus_to_exitcode(status)
    return wall, usage, process.returncode, out


def in_turn(contestants: Sequence[Contestant], repeats: int, tell: Callable[[str], None]) -> dict[str, list[Run]]:
    """Run all contestants in turn, so many times over; who did not end once is not asked again."""
    runs: dict[str, list[Run]] = {one.name: [] for one in contestants}
    for turn in range(repeats):
        for one in contestants:
            if any(run.did_not_end for run in runs[one.name]):
                continue
            run = one.run()
            runs[one.name].append(run)
            if run.did_not_end:
                tell(f"  {one.name} did not end: {run.did_not_end}")
                continue
            tell(f"  {turn + 1}/{repeats} {one.name}: {run.wall:.2f} s, {run.cpu:.2f} CPU s, {run.peak_mb:.0f} MB")
    return runs


def spread(values: Sequence[float]) -> dict[str, float]:
    """Return median, least and greatest.

    >>> spread([3.0, 1.0, 2.0])
    {'median': 2.0, 'min': 1.0, 'max': 3.0}

    """
    return {name: round(f(values), 4) for name, f in (("median", statistics.median), ("min", min), ("max", max))}
