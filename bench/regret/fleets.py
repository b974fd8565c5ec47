"""Pools whose demand is known to its end: four invented kinds of them, drawn from one seed.

Every pool starts with three years of months that are known, asks for three years, once a quarter, and is then seen for
five more, so that the last tranche asked for lives to its end. Growth and volatility differ from pool to pool; at the
first review demand stands at 60 % to 100 % of 1,000 GPUs. `one_process` is the case of METHODS 3: all pools move alike,
and each is reviewed every month for five years.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

GPUS = 1_000.0
PAST, ASKING, AFTER, EVERY = 36, 36, 60, 3
"""Months known before the first review, of reviews, seen after them, and from one review to the next."""
COUNTED = 60
"""Months from the first review on, where all is counted to one date."""
MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class Fleet:
    """Pools that are reviewed on the same dates.

    Attributes:
        name: what the tables call it.
        demand: GPUs in demand in each period, shape (pools, periods).
        position: GPUs before the plan, shape (pools,).
        reviews: the periods at whose start it is decided, in order; what came before one is known at it.
        counted: how many periods from the first review on count, where all is counted to one date.
        periods_a_year: 12 where a period is a month.
        truth: growth and volatility of each pool, where demand was drawn from them.

    """

    name: str
    demand: Floats
    position: Floats
    reviews: tuple[int, ...]
    counted: int
    periods_a_year: float = MONTHS_A_YEAR
    truth: tuple[tuple[float, float], ...] = ()

    @property
    def start(self) -> int:
        """The first review: what lies before it is the past."""
        return self.reviews[0]


def drawn(name: str, pools: int, seed: int) -> Fleet:
    """Draw one of KINDS; the pools of a smaller fleet are the first of a larger one."""
    months = PAST + ASKING + AFTER
    paths, truth = [], []
    for pool in range(pools):
        random = np.random.default_rng([seed, list(KINDS).index(name), pool])
        logs, known = KINDS[name](random, months)
        at_start = random.uniform(0.6, 1.0)
        paths.append(GPUS * at_start * np.exp(logs - logs[PAST - 1]))
        truth += [known] if known else []
    reviews = tuple(range(PAST, PAST + ASKING, EVERY))
    return Fleet(name, np.array(paths), np.full(pools, GPUS), reviews, COUNTED, truth=tuple(truth))


def one_process(pools: int, seed: int) -> Fleet:
    """Growth 34 % a year, volatility 25 %, demand at 80 % of 1,000 GPUs: every pool, with five years of reviews."""
    growth, volatility, asking = math.log(1.34), 0.25, 60
    random = np.random.default_rng([seed, len(KINDS)])
    steps = _steps(random, (pools, asking + AFTER + 1), growth, volatility)
    steps[:, 0] = 0.0
    demand = 0.8 * GPUS * np.exp(np.cumsum(steps, axis=1))
    reviews, truth = tuple(range(1, asking + 1)), ((growth, volatility),) * pools
    return Fleet("one process, known", demand, np.full(pools, GPUS), reviews, asking, truth=truth)


Kind = Callable[[np.random.Generator, int], tuple[Floats, tuple[float, float] | None]]


def _growing(random: np.random.Generator, months: int) -> tuple[Floats, tuple[float, float] | None]:
    """A geometric Brownian motion: what the trigger takes demand to be."""
    growth, volatility = random.uniform(-0.05, 0.35), random.uniform(0.1, 0.4)
    return np.cumsum(_steps(random, (months,), growth, volatility)), (growth, volatility)


def _returning(random: np.random.Generator, months: int) -> tuple[Floats, tuple[float, float] | None]:
    """Demand that is drawn back to a level: half of what it is away is gone in three to twelve months."""
    keeps, spread = 0.5 ** (1 / random.uniform(3, 12)), random.uniform(0.1, 0.3)
    noise = random.normal(0, spread * math.sqrt(1 - keeps**2), months)
    logs = np.empty(months)
    at = random.normal(0, spread)
    for month, one in enumerate(noise):
        at = keeps * at + one
        logs[month] = at
    return logs, None


def _stepping(random: np.random.Generator, months: int) -> tuple[Floats, tuple[float, float] | None]:
    """A customer comes (30 % more) or goes (20 % less) once in ten months on average; between, hardly anything."""
    moves = np.where(random.random(months) < 0.65, math.log(1.3), math.log(0.8))
    return np.cumsum(np.where(random.random(months) < 0.1, moves, 0.0) + random.normal(0, 0.02, months)), None


def _stopping(random: np.random.Generator, months: int) -> tuple[Floats, tuple[float, float] | None]:
    """Growth of 20 % to 45 % a year that stops for good somewhere within the three years of reviews."""
    growth, stop = random.uniform(0.2, 0.45), random.integers(PAST, PAST + ASKING)
    trend = np.where(np.arange(months) < stop, growth / MONTHS_A_YEAR, 0.0)
    return np.cumsum(trend + random.normal(0, 0.1 / math.sqrt(MONTHS_A_YEAR), months)), None


def _steps(random: np.random.Generator, shape: tuple[int, ...], growth: float, volatility: float) -> Floats:
    """Changes of the logarithm a month, of a motion whose mean grows so fast."""
    drift, spread = growth - volatility**2 / 2, volatility / math.sqrt(MONTHS_A_YEAR)
    return drift / MONTHS_A_YEAR + random.normal(0, spread, shape)


KINDS: dict[str, Kind] = {
    "growing": _growing,
    "returning to a level": _returning,
    "in steps": _stepping,
    "growth that stops": _stopping,
}
