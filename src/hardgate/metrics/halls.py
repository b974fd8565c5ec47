"""Which halls a pool is made of, and how much of each has taken paid load by which day.

A hall is what went live on one day in one pool, by the inventory; a pool that no inventory lists is one hall, live
from its first day of evidence. Load fills the halls of a pool in the order of their live dates, so that an old full
hall is not mistaken for a new one.

>>> days_ = np.arange("2026-08-03", "2026-08-07", dtype="datetime64[D]")
>>> load = Load(days_, np.array([3.0, 6, 6, 6]), np.ones(4, np.bool_))
>>> taken(Hall("a", date(2026, 8, 3), 10, 0), load, share=0.5, running=3)
(True, True)
>>> taken(Hall("a", date(2026, 8, 5), 4, 5), load, share=0.5, running=2)
(False, False)
"""

from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Rows, Scope
from hardgate.metrics.columns import DAY_MS, Days, Mask, cells, dates, day_number, days, whole
from hardgate.metrics.rungs import ALLOCATED, INSTALLED


@dataclass(frozen=True, slots=True)
class Hall:
    """Nameplate that went live in a pool on one day, and the nameplate that was live there before it."""

    pool: str
    live: date
    gpus: float
    before: float


@dataclass(frozen=True, slots=True)
class Load:
    """Accelerators with paid load in a pool, day by day; `known` tells which days were reported."""

    day: Days
    gpus: NDArray[np.float64]
    known: Mask


def pool_days(evidence: Evidence, scope: Scope, end: date) -> Rows:
    """Return every row of pool_day in a scope before a day."""
    return evidence.rows("pool_day", scope, Window(date.min, end))


def loads(rows: Rows) -> dict[str, Load]:
    """Return the paid load of each pool from its rows of pool_day."""
    pools, when, allocated = np.asarray(cells(rows, "pool"), dtype=object), days(rows), whole(rows, ALLOCATED)
    found: dict[str, Load] = {}
    for pool in sorted({str(one) for one in pools}):
        mine = np.flatnonzero(pools == pool)
        mine = mine[np.argsort(when[mine], kind="stable")]
        found[pool] = Load(when[mine], allocated.values[mine] / DAY_MS, allocated.known[mine])
    return found


def halls(evidence: Evidence, scope: Scope, end: date) -> list[Hall]:
    """Return the halls that are live on the day before `end`, by pool and live date."""
    inventory = evidence.rows("inventory", scope)
    listed: dict[tuple[str, date], float] = {}
    known_pools: set[str] = set()
    columns = (
        cells(inventory, "pool"),
        dates(inventory, "live_date"),
        dates(inventory, "retire_date"),
        cells(inventory, "gpus"),
    )
    for pool, live, retired, gpus in zip(*columns, strict=True):
        known_pools.add(str(pool))
        if live is not None and live < end and (retired is None or retired >= end) and gpus is not None:
            listed[str(pool), live] = listed.get((str(pool), live), 0.0) + float(gpus)
    listed.update(_unlisted(pool_days(evidence, scope, end), known_pools))
    before: dict[str, float] = {}
    found = []
    for (pool, live), gpus in sorted(listed.items()):
        found.append(Hall(pool, live, gpus, before.get(pool, 0.0)))
        before[pool] = before.get(pool, 0.0) + gpus
    return found


def _unlisted(rows: Rows, listed: set[str]) -> dict[tuple[str, date], float]:
    pools, when, installed = np.asarray(cells(rows, "pool"), dtype=object), days(rows), whole(rows, INSTALLED)
    found: dict[tuple[str, date], float] = {}
    for pool in sorted({str(one) for one in pools} - listed):
        mine = np.flatnonzero((pools == pool) & installed.known)
        if len(mine):
            first, last = mine[np.argmin(when[mine])], mine[np.argmax(when[mine])]
            found[pool, when[first].item()] = float(installed.values[last]) / DAY_MS
    return found


def taken(hall: Hall, load: Load, *, share: float, running: int) -> tuple[bool, bool]:
    """Tell whether a hall's load has exceeded a share of its nameplate for some days running: proven, and possible.

    A day that was not reported proves nothing and may have been above.
    """
    since = load.day >= day_number(hall.live)
    above = load.gpus[since] > hall.before + share * hall.gpus
    known = load.known[since]
    return _ran(above & known, running), _ran(above | ~known, running)


def _ran(above: Mask, running: int) -> bool:
    if len(above) < running:
        return False
    held = np.convolve(above.astype(np.int64), np.ones(running, np.int64), mode="valid")
    return bool((held == running).any())
