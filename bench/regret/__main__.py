"""`python -m bench.regret` studies invented pools, `real FOLDER` published demand; `page` writes docs/evidence.md's tables.

Results go to bench/results/regret.json and regret-real.json. The whole study takes about ten minutes of one core.
"""

import argparse
import sys
import time
from collections.abc import Iterable, Sequence
from itertools import product
from pathlib import Path
from typing import Any

from bench.regret import page, real
from bench.regret.fleets import KINDS, Fleet, drawn, one_process
from bench.regret.results import laid_out, studied, studied_known
from bench.regret.rules import OWN
from bench.regret.study import DISCOUNT, LIVES, ONE_DATE, Cell

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
    fleets = [_told(drawn(kind, pools, SEED), GRID) for kind in KINDS]
    known = studied_known(one_process(known_pools, SEED), CASE)
    return {"schema": "hardgate.regret/1", **_head(), "fleets": fleets, "known": known}


def real_body(fleets: Iterable[Fleet], day: str) -> dict[str, Any]:
    """Return the study of published demand; `day` is that on which it was read."""
    found = [
        {**_told(fleet, real.cells(fleet.name), (ONE_DATE,)), "source": real.SOURCES[fleet.name]} for fleet in fleets
    ]
    return {"schema": "hardgate.regret.real/1", "read_on": day, **_head(), "fleets": found}


def _head() -> dict[str, Any]:
    return {"version": VERSION, "seed": SEED, "own": OWN, "discount": DISCOUNT, "confidence": 0.9}


def _told(fleet: Fleet, cells: Sequence[Cell], counting: Sequence[str] = (LIVES, ONE_DATE)) -> dict[str, Any]:
    begun = time.process_time()
    found = studied(fleet, cells, counting)
    print(f"{fleet.name}: {time.process_time() - begun:.0f} s CPU", file=sys.stderr, flush=True)
    return found


def _write(path: Path, found: dict[str, Any]) -> None:
    path.write_text(laid_out(found) + "\n", encoding="utf-8")
    print(f"written to {path}", file=sys.stderr)


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
