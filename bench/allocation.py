"""Allocation beside its peers, each run in a process of its own: `python -m bench.allocation`.

A peer that is not installed has a row that says so, and so has one that does not end within the limit of CPU seconds.
Peers that answer the same question must give the same answer: otherwise there is no result. Who takes more than a tenth
of the limit runs once.
"""

import argparse
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from bench.allocation_peers import PEERS, instance
from bench.machine import commit, label, machine
from bench.results import Aim

_RESULTS = Path(__file__).parent / "results"
SIZES = (1_000, 10_000, 100_000)
AIMED, LARGE = 10_000, 100_000
"""Workloads of the aims of METHODS 19."""
SAME = 1e-6
"""How far answers to one question may differ, as a share."""
COMMAND = (sys.executable, "-m", "bench.allocation")


def run(peer: str, workloads: int, pools: int) -> dict[str, Any]:
    """Time one peer, imports and the drawing of the instance apart."""
    given = instance(workloads, pools)
    for name in (PEERS[peer].needs, "highspy"):  # before the clock
        import_module(name)
    before, cpu = time.perf_counter(), time.process_time()
    facts = PEERS[peer].call(*given)
    took = {"wall": round(time.perf_counter() - before, 3), "cpu": round(time.process_time() - cpu, 3)}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {"peer": peer, "workloads": workloads, "pools": pools, **took, "peak_mb": round(peak), **facts}


def main(arguments: list[str]) -> int:
    """Run every peer in turn, keep the run of median CPU time, write the result and print it."""
    given = _parser().parse_args(arguments)
    if given.one:
        print(json.dumps(run(given.one, given.workloads[0], given.pools)))
        return 0
    load = os.getloadavg()
    kept = [one for size in given.workloads for one in _measured(given.only or list(PEERS), size, given)]
    differ = list(different(kept))
    if differ:
        _tell("\n".join(f"bench: {one}" for one in differ))
        return 1
    told = list(aims(kept, given.limit))
    body = {
        "schema": "hardgate.bench.allocation/2", "date": str(datetime.now(UTC).date()), "machine": machine(),
        "load_before_and_after": [round(one[0], 1) for one in (load, os.getloadavg())], "runs": given.repeat,
        "versions": {one: _version(one) for one in ("numpy", "highspy", "ortools", "cvxpy")}, "commit": commit(),
        "measured": kept, "aims": [{**asdict(one), "met": one.met} for one in told],
    }  # fmt: skip
    path = given.results / f"allocation-{body['date']}-{label(machine())}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")
    _tell(f"written to {path}")
    print("\n".join([*map(_line, kept), *(f"{_met(one)}  {one.aim}: {one.measured:.3g} {one.unit}" for one in told)]))
    return 0


def different(kept: Sequence[dict[str, Any]]) -> Iterator[str]:
    """Yield the answers to one question that differ."""
    first: dict[tuple[str, int], dict[str, Any]] = {}
    for one in kept:
        if one["cpu"] is not None:
            other = first.setdefault((PEERS[one["peer"]].of, one["workloads"]), one)
            if abs(one["objective"] - other["objective"]) > SAME * abs(other["objective"]):
                yield f"{one['peer']} gives {one['objective']:,.6f}, {other['peer']} {other['objective']:,.6f}"


def aims(kept: Sequence[dict[str, Any]], limit: int) -> Iterator[Aim]:
    """Yield every aim of which this run says something, in CPU seconds; who does not end took the limit at least."""
    took = {(one["peer"], one["workloads"]): one for one in kept if one["peer"] in {"hardgate", "cvxpy"}}
    for size, most in ((AIMED, 1.0), (LARGE, 5.0)):
        if (ours := took.get(("hardgate", size))) and ours["cpu"]:
            yield Aim(f"allocation of {size:,} workloads, both sides of every price", most, ours["cpu"], "s of CPU")
    theirs = {size: one for (peer, size), one in took.items() if peer == "cvxpy" and size <= AIMED}
    ended = [size for size, one in theirs.items() if one["cpu"]]
    for size in sorted({AIMED, max(ended, default=AIMED)} & theirs.keys()):
        ours = took.get(("hardgate", size))
        if ours and ours["cpu"] and (size in ended or "end" in theirs[size]["note"]):
            over = ours["cpu"] / (theirs[size]["cpu"] or limit)
            yield Aim(f"allocation of {size:,} workloads over cvxpy, CPU", 0.1, over, "x")


def _measured(peers: Sequence[str], workloads: int, given: argparse.Namespace) -> list[dict[str, Any]]:
    runs: dict[str, list[dict[str, Any]]] = {one: [] for one in peers if workloads <= PEERS[one].most}
    for _ in range(given.repeat):
        for peer, of in runs.items():
            if not of or (of[-1]["cpu"] or given.limit) < given.limit / 10:  # who is slow, or not there, is asked once
                of.append(_apart(peer, workloads, given))
                _tell(_line(of[-1]))
    return [sorted(of, key=lambda one: one["cpu"] or 1e9)[(len(of) - 1) // 2] for of in runs.values()]


def _apart(peer: str, workloads: int, given: argparse.Namespace) -> dict[str, Any]:
    """Run one peer in a process of its own, as long as the limit allows."""
    without = {"peer": peer, "workloads": workloads, "pools": given.pools, "wall": None, "cpu": None}
    if not find_spec(PEERS[peer].needs):
        return {**without, "note": f"{PEERS[peer].needs} is not installed"}
    asked = ["--one", peer, "--workloads", str(workloads), "--pools", str(given.pools)]
    limited = ("bash", "-c", f'ulimit -t {given.limit}; exec "$@"', "bash", *COMMAND, *asked)
    told = subprocess.run(limited, stdout=subprocess.PIPE, text=True, check=False)
    if told.returncode < 0:
        return {**without, "note": f"did not end in {given.limit} s of CPU"}
    told.check_returncode()
    found: dict[str, Any] = json.loads(told.stdout)
    return found


def _line(one: dict[str, Any]) -> str:
    what = f"{one['peer']:<31} {one['workloads']:>8,} x {one['pools']:<4}"
    if one["cpu"] is None:
        return f"{what} {one['note']}"
    answer = f"{one['objective']:,.3f} {PEERS[one['peer']].of}"
    return f"{what} {one['cpu']:>8.2f} s CPU {one['wall']:>8.2f} s {one['peak_mb']:>6} MB  {answer}"


def _met(aim: Aim) -> str:
    return "met   " if aim.met else "missed"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.allocation", description=__doc__)
    parser.add_argument("--workloads", type=int, nargs="+", default=SIZES, help="one or more sizes")
    parser.add_argument("--pools", type=int, default=200)
    parser.add_argument("--repeat", type=int, default=3, help="runs of each peer (default 3)")
    parser.add_argument("--only", nargs="+", choices=tuple(PEERS), help="run these only")
    parser.add_argument("--limit", type=int, default=300, help="seconds of CPU that one run may take")
    parser.add_argument("--results", type=Path, default=_RESULTS, help="where the result is written")
    parser.add_argument("--one", choices=tuple(PEERS), help=argparse.SUPPRESS)
    return parser


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
