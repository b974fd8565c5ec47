"""`python -m bench.regret` studies invented pools, `real FOLDER` published demand; `page` writes docs/evidence.md's tables.

Results go to bench/results/regret.json and regret-real.json. The whole study takes about ten minutes of one core.
"""

import argparse
import json
import sys
import time
from collections.abc import Iterable
from itertools import product
from pathlib import Path
from typing import Any

from bench.regret import page, real
from bench.regret.fleets import KINDS, Fleet, drawn, one_process
from bench.regret.rules import OWN
from bench.regret.study import DISCOUNT, ONE_DATE, Cell, study, study_of_known

_RESULTS = Path(__file__).parents[1] / "results"
VERSION, SEED, POOLS, KNOWN_POOLS = 1, 14, 100, 400
MARGINS, LEADS, TRANCHES = (1.5, 2.5, 5.0), (3, 6, 12), (0.125, 0.5)
GRID = tuple(Cell(*one) for one in product(MARGINS, LEADS, TRANCHES))
CASE = Cell(2.0, 9, 0.1, count=5)
"""Of METHODS 3: as far as it says, see docs/evidence.md for the rest."""


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code."""
    given = _parser().parse_args(arguments)
    given.results.mkdir(parents=True, exist_ok=True)
    if given.what == "page":
        page.write(given.results)
    elif given.what == "real":
        _write(given.results / "regret-real.json", real_body(real.load(given.folder), given.date))
    else:
        _write(given.results / "regret.json", body(given.pools, given.known_pools))
    return 0


def body(pools: int, known_pools: int) -> dict[str, Any]:
    """Return the study of invented pools: the same for the same numbers."""
    fleets = [_studied(drawn(kind, pools, SEED), GRID) for kind in KINDS]
    known = one_process(known_pools, SEED)
    found = {"name": known.name, "pools": known_pools, "cells": study_of_known(known, CASE)}
    return {"schema": "hardgate.regret/1", **_head(), "fleets": fleets, "known": found}


def real_body(fleets: Iterable[Fleet], day: str) -> dict[str, Any]:
    """Return the study of published demand; `day` is that on which it was read."""
    found = [
        {**_studied(fleet, real.cells(fleet.name), (ONE_DATE,)), "source": real.SOURCES[fleet.name]} for fleet in fleets
    ]
    return {"schema": "hardgate.regret.real/1", "read_on": day, **_head(), "fleets": found}


def _head() -> dict[str, Any]:
    return {"version": VERSION, "seed": SEED, "own": OWN, "discount": DISCOUNT, "confidence": 0.9}


def _studied(fleet: Fleet, cells: Iterable[Cell], counting: tuple[str, ...] | None = None) -> dict[str, Any]:
    begun = time.process_time()
    found = study(fleet, tuple(cells), *([counting] if counting else []))
    print(f"{fleet.name}: {time.process_time() - begun:.0f} s CPU", file=sys.stderr, flush=True)
    return {"name": fleet.name, "pools": len(fleet.demand), "reviews": len(fleet.reviews), "cells": found}


def _write(path: Path, found: dict[str, Any]) -> None:
    path.write_text(laid_out(found) + "\n", encoding="utf-8")
    print(f"written to {path}", file=sys.stderr)


def laid_out(found: object, margin: str = "") -> str:
    """Return results as JSON, with a line for each rule of a cell.

    >>> print(laid_out({"rules": {"always": {"went": 1, "share": [0.5, 1.0]}}}))
    {
     "rules": {
      "always": {"went": 1, "share": [0.5, 1.0]}
     }
    }
    """
    values = list(found.values() if isinstance(found, dict) else found if isinstance(found, list) else ())
    if not any(_nested(one) for one in values):
        return json.dumps(found, allow_nan=False)
    inner = [laid_out(one, margin + " ") for one in values]
    if isinstance(found, dict):
        inner = [f"{json.dumps(name)}: {one}" for name, one in zip(found, inner, strict=True)]
    opened, closed = "{}" if isinstance(found, dict) else "[]"
    body = ",".join(f"\n{margin} {one}" for one in inner)
    return f"{opened}{body}\n{margin}{closed}"


def _nested(found: object) -> bool:
    """Tell whether a mapping is in it or it is one."""
    return isinstance(found, dict) or (isinstance(found, list) and any(map(_nested, found)))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench.regret", description=__doc__)
    parser.add_argument("what", nargs="?", choices=("invented", "real", "page"), default="invented")
    parser.add_argument("folder", nargs="?", type=Path, help="with `real`: the folder of the published tables")
    parser.add_argument("--pools", type=int, default=POOLS, help=f"of each kind (default {POOLS})")
    parser.add_argument("--known-pools", type=int, default=KNOWN_POOLS, help="of the process that is known")
    parser.add_argument("--date", default="", help="with `real`: the day on which the tables were read")
    parser.add_argument("--results", type=Path, default=_RESULTS)
    return parser


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
