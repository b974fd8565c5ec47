"""A programme on 131,072 courses of 40 quarters: hardgate beside plain NumPy and beside the floor of drawing the numbers.

    python -m bench.programme [--repeat N] [--results FOLDER]

All three draw the same points; the NumPy version is what one writes first: whole arrays, one line a formula. Both must
give the same net present values. CPU seconds are printed beside the wall clock, since other processes do not steal them.
"""

import argparse
import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from bench.machine import label, machine, versions

QUARTERS, COUNT, SEED, RATE = 40, 1 << 17, 1, 0.025


def programme() -> Any:
    """Return twelve vintages, nine uncertain levels, demand and prices that move together."""
    from hardgate.models.programme import Levels, Programme, Vintage

    vintages = tuple(
        Vintage(f"v{at}", at, 1e6 * (1 + at / 12), lead=4, life=20, gpus=100, price=20, erosion=0.15,
                productive_share=0.7, ramp=2, kilowatts=0.9, opex=300, variable_cost=0.2)
        for at in range(12)
    )  # fmt: skip
    spread = Levels(0.05, 0.03, 0.05, 0.03, 0.04, 0.06, 0.0, 0.2, 0.05)
    return Programme(
        vintages, QUARTERS, demand=600, growth=0.25, volatility=0.25, price_volatility=0.15, correlation=0.4,
        power_price=0.08, pue=1.3, idle_power=0.3, tax_rate=0.25, working_capital=0.1, spread=spread,
    )  # fmt: skip


def floor() -> Any:
    """Draw the numbers, and nothing else."""
    from hardgate.models.draw import normals
    from hardgate.models.programme_paths import dimensions

    return normals(COUNT, dimensions(QUARTERS), SEED)


def streamed() -> Any:
    """Draw and run the courses as hardgate does, block by block."""
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme_paths import stream

    found = np.empty(COUNT)

    def take(start: int, end: int, paths: Any) -> None:
        found[start:end] = npv(paths.cash, RATE)

    stream(programme(), COUNT, SEED, take)
    return found


def plain() -> Any:
    """Draw the same numbers and run the courses in whole arrays."""
    from hardgate.models.programme import NAMES, profile
    from hardgate.models.programme_paths import draw

    given, drawn = programme(), draw(QUARTERS, COUNT, SEED)
    line = profile(given, given.vintages)
    z = dict(zip(NAMES, drawn.levels, strict=True))
    years = np.arange(QUARTERS)[:, np.newaxis] / 4

    def level(name: str) -> Any:
        return np.exp(getattr(given.spread, name) * z[name])

    def column(name: str) -> Any:
        return getattr(line, name)[:, np.newaxis]

    growth = given.growth + given.spread.growth * z["growth"] - given.volatility**2 / 2
    demand = given.demand * level("demand") * np.exp(growth * years + given.volatility * drawn.demand / 2)
    moves = given.correlation * drawn.demand + np.sqrt(1 - given.correlation**2) * drawn.price
    erosion = given.spread.erosion * z["erosion"] + given.price_volatility**2 / 2
    price = level("price") * np.exp(-erosion * years + given.price_volatility * moves / 2)
    sellable = column("sellable")
    load = np.where(sellable > 0, demand / np.where(sellable > 0, sellable, 1), 0)
    load = np.minimum(load, np.minimum(level("productive_share"), 1 / 0.7))
    revenue = load * column("revenue") * price
    power = level("power_price") * (load * column("busy_power") + column("idle_power"))
    written_off = level("capex") * column("depreciation")
    ebita = revenue - load * column("variable_cost") - power - level("opex") * column("opex") - written_off
    taxed = given.tax_rate * np.maximum(np.maximum.accumulate(np.cumsum(ebita, axis=0), axis=0), 0)
    tax = np.diff(taxed, axis=0, prepend=0)
    bound = np.diff(given.working_capital * revenue, axis=0, prepend=0)
    cash = ebita + written_off - tax - bound - level("capex") * column("capex")
    return (cash / (1 + RATE) ** np.arange(QUARTERS)[:, np.newaxis]).sum(axis=0)


def timed(work: Callable[[], Any]) -> tuple[float, float, Any]:
    """Run once and return CPU seconds, wall seconds, and what it gave."""
    cpu, wall = time.process_time(), time.perf_counter()
    found = work()
    return time.process_time() - cpu, time.perf_counter() - wall, found


def main(arguments: list[str]) -> int:
    """Measure, print, and write the result."""
    parser = argparse.ArgumentParser(prog="python -m bench.programme")
    parser.add_argument("--repeat", type=int, default=5)
    parser.add_argument("--results", type=Path, default=Path(__file__).parent / "results")
    given = parser.parse_args(arguments)
    contestants = {"drawing the numbers": floor, "hardgate": streamed, "NumPy": plain}
    for work in contestants.values():
        work()
    load = os.getloadavg()[0]
    runs: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    worth: dict[str, Any] = {}
    for _ in range(given.repeat):
        for name, work in contestants.items():
            cpu, wall, worth[name] = timed(work)
            runs[name].append((cpu, wall))
    if np.abs(worth["hardgate"] / worth["NumPy"] - 1).max() > 1e-6:
        sys.stderr.write("bench: the net present values differ\n")
        return 1
    best = {name: {"cpu": min(c for c, _ in one), "wall": min(w for _, w in one)} for name, one in runs.items()}
    body = {
        "date": str(datetime.now(UTC).date()), "machine": machine(), "versions": versions(),
        "load_before_and_after": [round(load, 2), round(os.getloadavg()[0], 2)],
        "courses": COUNT, "quarters": QUARTERS, "repeats": given.repeat, "best_of_repeats": best,
        "hardgate_over_floor_cpu": best["hardgate"]["cpu"] / best["drawing the numbers"]["cpu"],
        "numpy_over_hardgate_cpu": best["NumPy"]["cpu"] / best["hardgate"]["cpu"],
        "numpy_over_hardgate_wall": best["NumPy"]["wall"] / best["hardgate"]["wall"],
    }  # fmt: skip
    path = given.results / f"programme-{body['date']}-{label(machine())}.json"
    path.write_text(json.dumps(body, indent=2) + "\n", "utf-8")
    sys.stdout.write(json.dumps(body["best_of_repeats"], indent=2) + f"\nwritten to {path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
