"""How far demand may lie under and over what is asked for now, pool by pool, and what each workload then asks for.

On some days more is held and waiting in a pool than its own trend says, on others less. The scenarios are the quantiles
of that over the days of half a year, at the confidence of policy: all pools low together, and all high together. With
them go the middles of nine equal parts of the days, from the lowest demand to the highest. A pool with fewer than 8
weeks of days moves as all pools do. The requests of a pool then ask for more or less in whole gangs,
the largest first, and what rounding leaves is carried to the next of them, so that their total moves by the factor:
within one GPU where all come by single GPUs, else within half of the largest gang. A request belongs to the pool where
it holds GPUs, else to the largest of those on which it does the most. Wrong when the days seen held nothing like those
to come.

Requests are by day, so this is one demand a day and one price a pool: nobody says in which hours a workload is needed.

>>> spread([100.0, 110.0, 90.0, 105.0, 95.0, 100.0, 101.0, 99.0], 0.9)
(0.9166, 1.0776)
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence
from hardgate.metrics.columns import cells, days, whole
from hardgate.metrics.requests import Pool, Request, Wishes
from hardgate.metrics.rungs import ALLOCATED, QUEUED

WEEKS, FEWEST = 26, 8
DAYS = 7 * WEEKS
PARTS = 9
"""Equal parts of the days, by demand."""


@dataclass(frozen=True, slots=True)
class Scenarios:
    """Factors of demand by place of the pool: on a low day, on a high day, with the confidence they hold at.

    `parts` are those in the middle of each ninth of the days, the lowest demand first.
    """

    low: tuple[float, ...]
    high: tuple[float, ...]
    confidence: float
    parts: tuple[tuple[float, ...], ...] = ()

    @property
    def sides(self) -> tuple[tuple[float, ...], tuple[float, ...]]:
        """Both of them."""
        return self.low, self.high


def demand_scenarios(evidence: Evidence, pools: Sequence[Pool]) -> Scenarios | None:
    """Return the factors of some pools from their history; None where all pools together have too little of it."""
    return evidence.once(("demand scenarios", tuple(pools)), lambda: _scenarios(evidence, pools))


def _scenarios(evidence: Evidence, pools: Sequence[Pool]) -> Scenarios | None:
    end = evidence.last_complete("pool_day") + timedelta(days=1)
    window = Window(end - timedelta(weeks=WEEKS), end)
    rows = evidence.rows("pool_day", EVERYTHING, window)
    if rows.count == 0:
        return None
    held, queued = whole(rows, ALLOCATED), whole(rows, QUEUED)
    day = (days(rows) - np.datetime64(window.start, "D")).astype(np.int64)
    names = [str(name) for name in cells(rows, "pool")]
    waits = {name for name, known in zip(names, queued.known, strict=True) if known}
    unknown = ~held.known | (~queued.known & np.array([name in waits for name in names]))
    demand = (held.values + queued.values).astype(np.float64)

    def of(pool: str | None) -> tuple[float, ...] | None:
        mine = np.array([pool in (None, name) for name in names], np.bool_)
        total = np.bincount(day[mine], weights=demand[mine], minlength=DAYS)
        bad = np.bincount(day[mine], weights=unknown[mine].astype(np.float64), minlength=DAYS) > 0
        at = np.flatnonzero((total > 0) & ~bad)
        if len(at) < 7 * FEWEST:
            return None
        rest = over_trend(total[at].tolist(), at.tolist())
        return *_ends(rest, evidence.confidence), *parted(rest)

    together = of(None)
    if together is None:
        return None
    found = [of(one.pool) or together for one in pools]
    low, high, *parts = zip(*found, strict=True)
    return Scenarios(low, high, evidence.confidence, tuple(parts))


def spread(daily: Sequence[float], confidence: float, at: Sequence[int] | None = None) -> tuple[float, float]:
    """Return the quantiles of demand over its log-linear trend; `at` are the days where some are missing."""
    return _ends(over_trend(daily, at), confidence)


def over_trend(daily: Sequence[float], at: Sequence[int] | None = None) -> NDArray[np.float64]:
    """Return demand as a share of its own log-linear trend."""
    logs = np.log(np.asarray(daily, np.float64))
    when = np.asarray(range(len(daily)) if at is None else at, np.float64)
    slope, level = np.polyfit(when, logs, 1)
    rest: NDArray[np.float64] = np.exp(logs - slope * when - level)
    return rest


def _ends(rest: NDArray[np.float64], confidence: float) -> tuple[float, float]:
    low, high = np.quantile(rest, [(1 - confidence) / 2, (1 + confidence) / 2])
    return round(min(float(low), 1.0), 4), round(max(float(high), 1.0), 4)


def parted(rest: NDArray[np.float64]) -> tuple[float, ...]:
    """Return the middle of each ninth of the days, the lowest first.

    >>> parted(np.arange(1.0, 20.0))
    (2.0, 4.0, 6.0, 8.0, 10.0, 12.0, 14.0, 16.0, 18.0)
    """
    return tuple(np.quantile(rest, (np.arange(PARTS) + 0.5) / PARTS).round(4).tolist())


def demanded(asked: Wishes, factors: Sequence[float], fixed: Collection[int] = ()) -> tuple[int, ...]:
    """Return what each request asks for where the demand of each pool moves by its factor.

    Those that are `fixed`, by place, ask for what they ask for now: the others move.
    """
    wanted = [one.gpus for one in asked.requests]
    homes = [home(one, asked.pools) for one in asked.requests]
    for pool, factor in enumerate(factors):
        mine = [at for at, here in enumerate(homes) if here == pool and at not in fixed]
        owed = 0.0
        for at in sorted(mine, key=lambda at: (-asked.requests[at].gang, asked.requests[at].workload)):
            one = asked.requests[at]
            exact = one.gpus * factor + owed
            wanted[at] = max(one.gpus + one.gang * round((exact - one.gpus) / one.gang), 0)
            owed = exact - wanted[at]
    return tuple(wanted)


def home(one: Request, pools: Sequence[Pool]) -> int | None:
    """Return the pool whose demand a request is part of, by place; None where it can use none."""
    there = [at for at, pool in enumerate(pools) if pool.pool == one.pool]
    if there:
        return there[0]
    reach = [(one.reaches(pool.region, pool.accelerator), pool.gpus, -at) for at, pool in enumerate(pools)]
    best = max(reach, default=(0.0, 0, 0))
    return -best[2] if best[0] > 0 else None
