"""What turns a programme with 20 drivers and what knowing one is worth, beside doing each anew.

Flips: eight levels and twelve vintages' capital, each moved alone on the same courses until the mean net present value
changes sign. The naive version tries the same values, draws its numbers anew each time and runs whole arrays; it is
given a few of the drivers, since it takes so long. Value of knowing: 20 drivers by regression on the courses that are
there, beside nested Monte Carlo for those of them that a level holds: the driver set to each of its quantiles in turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from bench.programme_peers import QUARTERS, RATE, SEED, in_numpy, programme

PATHS = 1 << 14
LEVELS = ("growth", "erosion", "demand", "price", "productive_share", "capex", "power_price", "opex")
REACH = {"growth": 0.6, "erosion": 0.5}
DATES = (5, 10, 15, 20, 30, 39)
"""Quarters at which demand and price are known, for the worth of knowing how they went."""

NAIVE = ("price", "v3")
QUANTILES, INNER = 64, 1 << 11


def case() -> Any:
    """Return the programme with prices at which it is in doubt."""
    return programme().moved(price=0.13)


def drivers(given: Any) -> list[Any]:
    """Return what may be moved, and how far."""
    from hardgate.models.flip import Driver

    levels = [
        Driver(name, getattr(given.centre, name), REACH.get(name, 0.9), getattr(given.spread, name)) for name in LEVELS
    ]
    return levels + [Driver(one.name, 1.0, 1.0) for one in given.vintages]


def moved(given: Any, values: Mapping[str, float]) -> Any:
    """Return the programme with its levels there and the capital of each vintage so many times what it is."""
    vintages = tuple(replace(one, amount=one.amount * values.get(one.name, 1.0)) for one in given.vintages)
    return replace(given, vintages=vintages).moved(**{name: values[name] for name in LEVELS if name in values})


def flips(paths: int = PATHS, only: Sequence[str] = ()) -> Any:
    """Return the nearest turn of each driver as hardgate finds it: one set of draws for all."""
    from hardgate.models.cash_flow import npv
    from hardgate.models.flip import nearest
    from hardgate.models.programme_paths import draw, simulate

    given = case()

    def stands(values: Mapping[str, float], drawn: Any) -> bool:
        return float(npv(simulate(moved(given, values), drawn).cash, RATE).mean()) >= 0

    return nearest(stands, _those(given, only), draw(QUARTERS, paths, SEED))


def flips_anew(paths: int = PATHS, only: Sequence[str] = NAIVE) -> Any:
    """Return the same, drawing the numbers and running whole arrays for each value that is tried."""
    from hardgate.models.flip import nearest
    from hardgate.models.programme_paths import draw

    given = case()

    def stands(values: Mapping[str, float], count: int) -> bool:
        return float(in_numpy(moved(given, values), draw(QUARTERS, count, SEED), RATE).mean()) >= 0

    return nearest(stands, _those(given, only), paths)


def _those(given: Any, only: Sequence[str]) -> list[Any]:
    return [one for one in drivers(given) if not only or one.name in only]


def knowing(paths: int = PATHS) -> dict[str, float]:
    """Return what knowing each of 20 drivers is worth, by regression on one set of courses."""
    from hardgate.models.programme import NAMES
    from hardgate.models.programme_paths import draw
    from hardgate.models.voi import evpi, evppi

    drawn = draw(QUARTERS, paths, SEED)
    options = _options(case(), drawn)
    known = {name: drawn.levels[NAMES.index(name)] for name in LEVELS}
    known |= {f"demand {at}": drawn.demand[at] for at in DATES} | {f"price {at}": drawn.price[at] for at in DATES}
    return {"everything": evpi(options), **{name: evppi(options, values) for name, values in known.items()}}


def knowing_nested(quantiles: int = QUANTILES, inner: int = INNER) -> dict[str, float]:
    """Return the same of the drivers that a level holds, by nested Monte Carlo: each set to its quantiles in turn."""
    from scipy.special import ndtri

    from hardgate.models.programme import NAMES
    from hardgate.models.programme_paths import draw

    drawn, middles = draw(QUARTERS, inner, SEED), ndtri((np.arange(quantiles) + 0.5) / quantiles)
    found = {}
    for name in LEVELS:
        levels = drawn.levels.copy()
        means = np.empty(quantiles)
        for at, z in enumerate(middles):
            levels[NAMES.index(name)] = z
            means[at] = _options(case(), replace(drawn, levels=levels))[:, 1].mean()
        found[name] = float(np.maximum(means, 0).mean() - max(means.mean(), 0.0))
    return found


def _options(given: Any, drawn: Any) -> Any:
    """Return the net benefit of leaving it and of doing it, on each course."""
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme_paths import simulate

    gain = npv(simulate(given, drawn).cash, RATE)
    return np.stack([np.zeros_like(gain), gain], axis=1)


def contest(timed: Callable[[Callable[[], Any]], tuple[float, float, Any]]) -> dict[str, Any]:
    """Measure each once and return times with what they found.

    Raises:
        ValueError: two ways of working out the same differ.

    """
    works: dict[str, Callable[[], Any]] = {"flips of 20 drivers": flips, f"flips of {len(NAIVE)}, anew for each value": flips_anew,
             "knowing each of 20 drivers": knowing, f"knowing each of {len(LEVELS)}, nested": knowing_nested}  # fmt: skip
    came = {name: timed(work) for name, work in works.items()}
    ours, anew, known, nested = (one[2] for one in came.values())
    compare(ours, anew, known, nested)
    body: dict[str, Any] = {name: {"cpu": cpu, "wall": wall} for name, (cpu, wall, _) in came.items()}
    return {
        "paths": PATHS, "drivers": len(ours), **body,
        "turns": {one.driver: one.at for one in ours}, "worth knowing": {name: round(one) for name, one in known.items()},
    }  # fmt: skip


def compare(ours: Any, anew: Any, known: Mapping[str, float], nested: Mapping[str, float]) -> None:
    """Refuse results that differ: turns beyond a millionth, worths beyond a hundredth of knowing everything.

    Raises:
        ValueError: they do.

    """
    turns = {one.driver: one.at for one in ours}
    for one in anew:
        if (one.at is None) != (turns[one.driver] is None) or abs((one.at or 0) - (turns[one.driver] or 0)) > 1e-6:
            raise ValueError(f"{one.driver} turns at {turns[one.driver]} and, drawn anew, at {one.at}")
    for name, value in nested.items():
        if abs(value - known[name]) > 0.01 * known["everything"]:
            raise ValueError(f"knowing {name} is worth {known[name]:.0f} and, nested, {value:.0f}")
