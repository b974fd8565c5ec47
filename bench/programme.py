"""A programme on 131,072 courses of 40 quarters, what turns it, and what knowing is worth: hardgate beside its peers.

    python -m bench.programme [--repeat N] [--results FOLDER]

All draw the same points and must give the same net present values (`bench/programme_peers.py`); the flips and the worth
of knowing are `bench/flips.py`. CPU seconds are printed beside the wall clock, since other processes do not steal them.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench import flips
from bench.machine import label, machine, versions
from bench.programme_peers import COUNT, QUARTERS, floor, framed, plain, streamed

FLOOR, OURS = "drawing the numbers", "hardgate"
CONTESTANTS: Mapping[str, Callable[[], Any]] = {FLOOR: floor, OURS: streamed, "NumPy": plain, "polars": framed}
TOLERANCE = 1e-6


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Run once and return CPU seconds, wall seconds, and what it gave."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return time.process_time() - cpu, time.perf_counter() - wall, found


def race(repeat: int) -> dict[str, dict[str, float]]:
    """Run all in turn, so often, and return the best of each.

    Raises:
        ValueError: the net present values differ.

    """
    for work in CONTESTANTS.values():
        work()
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in CONTESTANTS}
    worth: dict[str, Any] = {}
    for _ in range(repeat):
        for name, work in CONTESTANTS.items():
            cpu, wall, worth[name] = timed(work)
            runs[name].append((cpu, wall))
    for name in set(CONTESTANTS) - {FLOOR, OURS}:
        if np.abs(worth[OURS] / worth[name] - 1).max() > TOLERANCE:
            raise ValueError(f"the net present values of {OURS} and {name} differ")
    return {name: {"cpu": min(c for c, _ in one), "wall": min(w for _, w in one)} for name, one in runs.items()}


def main(arguments: list[str]) -> int:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(prog="python -m bench.programme")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    given = parser.parse_args(arguments)
    load = os.getloadavg()[0]
    try:
        best, turned = race(given.repeat), flips.contest(timed)
    except ValueError as error:
        sys.stderr.write(f"bench: {error}\n")
        return 1
    ours = best[OURS]["cpu"]
    body = {
        "date": str(datetime.now(UTC).date()), "machine": machine(), "versions": versions(),
        "load_before_and_after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "courses": COUNT, "quarters": QUARTERS, "repeats": given.repeat, "best_of_repeats": best,
        "hardgate_over_floor_cpu": ours / best[FLOOR]["cpu"],
        "numpy_over_hardgate_cpu": best["NumPy"]["cpu"] / ours,
        "polars_over_hardgate_cpu": best["polars"]["cpu"] / ours,
        "numpy_over_floor_cpu": best["NumPy"]["cpu"] / best[FLOOR]["cpu"],
        "flips": turned,
    }  # fmt: skip
    path = given.results / f"programme-{body['date']}-{label(machine())}.json"
    path.write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    sys.stdout.write(json.dumps({**best, **turned}, indent=2) + f"\nwritten to {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
