"""Where the GPU-hours of each pool went, part by part, and what each part cost.

Every installed GPU-hour is in one part: in maintenance, not allocated, allocated but not active, active but lost, or
productive; not reported where its allocation is not known, and not seen where only its activity is not. What cannot be
told apart is never idle. A pool's cost is spread over its installed
GPU-hours, so that the parts of its money add up to it. Wrong when GPUs of one pool cost very different amounts.

Source: METHODS 1; idle cost of the OpenCost specification.

>>> day = Rows({"installed_gpu_ms": [10], "available_gpu_ms": [9], "allocated_gpu_ms": [None]}, 1)
>>> {name: int(part[0]) for name, part in parts(day).items() if part[0]}
{'maintenance': 1, 'not reported': 9}
"""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Rows, Scope
from hardgate.metrics.columns import HOUR_MS, Whole, cells, whole
from hardgate.metrics.cost_source import Cost
from hardgate.metrics.rungs import ACTIVE, ALLOCATED, AVAILABLE, INSTALLED, LOST_UNKNOWN, PRODUCTIVE, UNLABELLED

LEAKS = ("maintenance", "not allocated", "not active", "lost work")
UNSEEN = ("not reported", "not seen")
PARTS = (*LEAKS, *UNSEEN, "productive")


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool in a window: GPU-milliseconds by part, and what it cost; None where no cost is known."""

    scope: Scope
    parts: dict[str, int]
    cost: Decimal | None

    @property
    def installed(self) -> int:
        """All its GPU-milliseconds."""
        return sum(self.parts.values())

    def hours(self, *names: str) -> float:
        """Return GPU-hours of some parts."""
        return sum(self.parts[name] for name in names) / HOUR_MS

    def money(self, *names: str) -> Decimal | None:
        """Return the cost of some parts: their share of the installed GPU-hours."""
        if self.cost is None or not self.installed:
            return None
        return self.cost * sum(self.parts[name] for name in names) / self.installed


def parts(rows: Rows) -> dict[str, Whole]:
    """Return the GPU-milliseconds of each part, one a row of pool_day; together they are what is installed."""
    installed, available, allocated = (whole(rows, name) for name in (INSTALLED, AVAILABLE, ALLOCATED))
    active, productive, unlabelled = (whole(rows, name) for name in (ACTIVE, PRODUCTIVE, UNLABELLED))
    usable = np.where(available.known, np.minimum(available.values, installed.values), installed.values)
    held = np.where(allocated.known, np.minimum(allocated.values, usable), usable)
    busy = np.where(active.known, np.minimum(active.values, held), 0)
    blind = np.where(active.known & unlabelled.known, np.minimum(unlabelled.values, held - busy), held - busy)
    reported = allocated.known & available.known
    kept = np.where(productive.known & active.known, np.minimum(productive.values, busy), 0)
    doubt = np.minimum(whole(rows, LOST_UNKNOWN).values, kept)
    lost = np.where(productive.known, busy - kept, 0)
    return {
        "maintenance": installed.values - usable,
        "not allocated": np.where(reported, usable - held, 0),
        "not active": np.where(reported, held - busy - blind, 0),
        "lost work": lost,
        "not reported": np.where(reported, 0, usable - busy),
        "not seen": np.where(reported, blind, 0) + doubt + (busy - kept - lost),
        "productive": kept - doubt,
    }


def pools(evidence: Evidence, window: Window, cost: Cost | None) -> list[Pool]:
    """Return every pool that was live in a window, in order of region, accelerator and name."""
    rows = evidence.rows("pool_day", window=window)
    split = parts(rows)
    names = ("region", "accelerator", "pool")
    where = list(zip(*(cells(rows, name) for name in names), strict=True)) if rows.count else []
    keys = {key: i for i, key in enumerate(dict.fromkeys(where))}
    place = np.array([keys[key] for key in where], np.intp)
    sums = {name: np.zeros(len(keys), np.int64) for name in PARTS}
    for name in PARTS:
        np.add.at(sums[name], place, split[name])
    spent = None if cost is None or cost.total is None else cost
    found = []
    for key, i in keys.items():
        totals = {name: int(sums[name][i]) for name in PARTS}
        scope = Scope(tuple((name, str(one)) for name, one in zip(names, key, strict=True) if one is not None))
        found.append(Pool(scope, totals, None if spent is None else spent.of(str(key[2]))))
    return sorted(found, key=lambda pool: pool.scope.parts)
