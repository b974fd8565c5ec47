"""`python -m bench` measures; `show A.json` prints a result again, and `compare A.json B.json` puts two side by side.

Progress goes to stderr, the table to stdout, the results to bench/results/<date>-<machine>.json.
"""

import argparse
import os
import shutil
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench import contests, market_contests, results
from bench.contests import Bench
from bench.machine import label, machine, versions
from bench.measure import Failed
from bench.results import Measured

_HERE = Path(__file__).parent
SIZES = (1_000_000, 10_000_000)
ORDERS = (*SIZES, 100_000_000)
BY_SIZE = {"ingest": contests.ingest, "rollup": contests.rollup, "day": contests.new_day, "review": contests.review}
WORKS = (*BY_SIZE, "orders", "markets", "start")


def main(arguments: list[str]) -> int:
    """Run the command line and return the exit code: 0 when it ran, whatever it measured."""
    if arguments[:1] == ["compare"]:
        return compare(arguments[1:])
    if arguments[:1] == ["show"]:
        return show(arguments[1:])
    given = _parser().parse_args(arguments)
    folder = given.work_in / str(os.getpid()) if not given.keep else given.work_in
    folder.mkdir(parents=True, exist_ok=True)
    bench = Bench(folder, given.repeat, _tell)
    load = os.getloadavg()
    try:
        measured = measure(bench, given, given.only or list(WORKS))
    except Failed as error:
        _tell(f"bench: {error}")
        return 1
    finally:
        if not given.keep:
            shutil.rmtree(folder, ignore_errors=True)
    where, today = machine(), datetime.now(UTC).date()
    head = {
        "date": str(today),
        "machine": where,
        "versions": versions(),
        "repeats": given.repeat,
        "load_before_and_after": [round(one[0], 2) for one in (load, os.getloadavg())],
    }
    aims = [*contests.aims(measured), *market_contests.aims(measured)]
    path = given.results / f"{'-'.join([str(today), *(given.only or []), label(where)])}.json"
    results.write(path, head, measured, aims)
    _tell(f"written to {path}")
    return show([str(path)])


def measure(bench: Bench, given: argparse.Namespace, works: list[str]) -> list[Measured]:
    """Measure the works that are asked for, at every size."""
    measured: list[Measured] = []
    for rows in sorted(given.rows):
        for work in (one for one in BY_SIZE if one in works):
            if work == "review":
                measured += contests.review(bench, rows, given.scale)
            else:
                measured += BY_SIZE[work](bench, rows)
    for rows in sorted(given.orders) if "orders" in works else ():
        measured += market_contests.orders(bench, rows)
    if "markets" in works:
        measured += market_contests.markets(bench, given.cities, given.users)
    if "start" in works:
        measured += contests.review(bench, 0, given.scale) if "review" in works else []
        measured += contests.start(bench, given.scale)
    return measured


def show(arguments: list[str]) -> int:
    """Print a result."""
    parser = argparse.ArgumentParser(prog="python -m bench show", description="The table and the aims of a result.")
    parser.add_argument("result", type=Path, metavar="A.json")
    body = results.read(parser.parse_args(arguments).result)
    print("\n".join(results.shown(body, contests.FLOORS)))
    return 0


def compare(arguments: list[str]) -> int:
    """Print what one result took over another."""
    parser = argparse.ArgumentParser(prog="python -m bench compare", description="Ratios B over A.")
    parser.add_argument("first", type=Path, metavar="A.json")
    parser.add_argument("second", type=Path, metavar="B.json")
    given = parser.parse_args(arguments)
    print("\n".join(results.compared(results.read(given.first), results.read(given.second))))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--rows", type=int, nargs="+", default=SIZES, help="rows of telemetry, one or more sizes")
    parser.add_argument("--orders", type=int, nargs="+", default=ORDERS, help="orders, one or more sizes")
    parser.add_argument("--cities", type=int, default=market_contests.CITIES, help="cities whose customers are fitted")
    parser.add_argument("--users", type=int, default=market_contests.USERS, help="users of the experiment")
    parser.add_argument("--repeat", type=int, default=3, help="runs of each contestant (default 3)")
    parser.add_argument("--only", nargs="+", choices=WORKS, help="measure these only")
    parser.add_argument("--scale", type=float, default=1.0, help="of the sample operator that is reviewed")
    parser.add_argument("--results", type=Path, default=_HERE / "results", help="where results are written")
    parser.add_argument("--work-in", type=Path, default=_HERE.parent / ".cache" / "bench", help="scratch folder")
    parser.add_argument("--keep", action="store_true", help="keep the scratch folder, and use what is there")
    return parser


def _tell(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
