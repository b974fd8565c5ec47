"""The plan of who gets the GPUs, worked out once for the same requests and pools: what gate, metrics and exhibits read.

Where a request can use types of different throughput it asks for work, counted in GPUs of the type of throughput 1, and
more GPUs of a slower type serve it; where all have throughput 1 the plan counts GPUs, which is quicker. `demand`
multiplies what is asked for beyond what is promised and held: a scenario. Scenarios come from the history: how far
weekly demand lay above and below its own trend. Wrong when the weeks seen held nothing like what is to come.

>>> scenario([100.0, 110.0, 90.0, 105.0, 95.0, 100.0, 101.0, 99.0], 0.9)[0] < 1
True
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence
from hardgate.metrics.columns import days, whole
from hardgate.metrics.requests import Pool, Request, Wishes, wishes
from hardgate.metrics.rungs import ALLOCATED, QUEUED

WEEKS, FEWEST = 26, 8
DUST, ROUNDING = 1e-9, 1e-6
SERVED = 4  # digits of a GPU's work: what is closer is a matter of the solver


@dataclass(frozen=True, slots=True)
class Allotment:
    """A plan by position of request and pool; money in the reporting currency per GPU-hour.

    `given` counts the GPUs of each pool; `served` counts as requests do, on the type of throughput 1.
    """

    wishes: Wishes
    given: dict[int, dict[int, float]]
    served: tuple[float, ...]
    value: float
    penalties: float
    gap: float
    price: tuple[float, ...]
    more: tuple[float, ...]
    fewer: tuple[float | None, ...]
    lacking: tuple[float | None, ...]
    best_pool: tuple[int, ...]
    short: tuple[float, ...]
    conflict: str = ""

    def gpus(self, request: int) -> float:
        """GPUs that one request gets, of whatever type."""
        return sum(self.given.get(request, {}).values())

    def cut(self, request: int) -> float:
        """Return what one request lacks of what it asks for, counted as it asks."""
        return max(self.wishes.requests[request].gpus - self.served[request], 0.0)

    @property
    def by_work(self) -> bool:
        """Tell whether types differ in throughput, so that GPUs asked for and GPUs given are not the same count."""
        return any(abs(self.gpus(at) - served) > ROUNDING for at, served in enumerate(self.served))

    def full(self, pool: int) -> bool:
        """Tell whether one GPU more of a pool would be used, for something that pays."""
        return self.more[pool] > 0


def allotment(evidence: Evidence, demand: float = 1.0) -> Allotment | None:
    """Return the plan as of the evidence's date; None where nothing is asked for, or no pool is known."""
    asked = wishes(evidence)
    return allotted(evidence, asked, demand) if asked.requests and asked.pools else None


def allotted(evidence: Evidence, asked: Wishes, demand: float = 1.0, *, whole: bool = True) -> Allotment:
    """Return the plan of some wishes."""
    inputs = {"wishes": asdict(asked), "demand": demand, "whole": whole}
    return _of(asked, evidence.kept("allocation", inputs, lambda: _solved(asked, demand, whole=whole)))


def fair_allotment(evidence: Evidence, asked: Wishes) -> Allotment:
    """Return the max-min allotment over tenants: contributions, promises and floors count nothing."""
    return _of(asked, evidence.kept("fair allocation", asdict(asked), lambda: _fair(asked)))


def _fair(asked: Wishes) -> dict[str, Any]:
    from hardgate.models.max_min import fair

    given = arrays(asked)
    tenants = sorted({one.tenant for one in asked.requests})
    usable = np.isfinite(given["value"])
    work = given.get("throughput")
    groups = [tenants.index(one.tenant) for one in asked.requests]
    found = fair(usable, given["capacity"], given["demand"], groups, throughput=work)
    served = (found.gpus if work is None else found.gpus * work).sum(axis=1)
    short = np.maximum(np.array(given["commitment"]) - served, 0.0)
    nothing, pools = [0.0] * len(asked.requests), [0.0] * len(asked.pools)
    return {
        "given": _sparse(found.gpus), "served": _rounded(served),
        "value": round(float((np.where(usable, given["value"], 0.0) * found.gpus).sum()), 4),
        "penalties": round(float((short * np.array(given["penalty"])).sum()), 4), "gap": 0.0, "price": pools,
        "more": pools, "fewer": pools, "lacking": nothing, "best_pool": [0] * len(asked.requests),
        "short": [round(one, 6) for one in short.tolist()], "conflict": "",
    }  # fmt: skip


def _of(asked: Wishes, found: dict[str, Any]) -> Allotment:
    return Allotment(
        asked, {int(i): {int(p): g for p, g in row.items()} for i, row in found["given"].items()},
        tuple(found["served"]), found["value"],
        found["penalties"], found["gap"], tuple(found["price"]), tuple(found["more"]), tuple(found["fewer"]),
        tuple(found["lacking"]), tuple(found["best_pool"]), tuple(found["short"]), found["conflict"],
    )  # fmt: skip


def arrays(asked: Wishes, demand: float = 1.0, *, floors: bool = True) -> dict[str, Any]:
    """Return wishes as the keywords of `models.allocation.plan`: `throughput` only where types differ in it.

    Without `floors` where they cannot hold together.
    """
    from hardgate.models.durability import durability

    requests, at = asked.requests, {one.pool: place for place, one in enumerate(asked.pools)}
    tenants = {name: place for place, (name, _) in enumerate(asked.floors)}
    reach = np.array([[one.reaches(pool.region, pool.accelerator) for pool in asked.pools] for one in requests])
    lasts = durability([one.term_months for one in requests], [one.renewal for one in requests], asked.horizon_months)
    worth = np.array([one.contribution for one in requests]) * lasts
    differs = bool((reach[reach > 0] != 1).any())
    return {
        **({"throughput": reach} if differs else {}),
        "value": np.where(reach > 0, np.round(worth[:, np.newaxis] * reach, 6), np.nan),
        "capacity": [one.gpus for one in asked.pools],
        "demand": [_scaled(one, demand, asked.pools[at[one.pool]] if one.pool in at else None) for one in requests],
        "commitment": [one.committed for one in requests],
        "penalty": [one.penalty for one in requests],
        "tenant": [tenants.get(one.tenant, -1) for one in requests],
        "floor": [gpus for _, gpus in asked.floors] if floors else [],
        "held": [one.held if one.pool in at else 0 for one in requests],
        "held_pool": [at.get(one.pool or "", -1) for one in requests],
        "move_cost": [asked.move_cost] * len(requests),
        "gang": [one.gang for one in requests],
    }  # fmt: skip


def _scaled(one: Request, demand: float, pool: Pool | None) -> float:
    firm = min(one.gpus, max(one.committed, one.works(pool)))
    return firm + round((one.gpus - firm) * demand)


def _solved(asked: Wishes, demand: float, *, whole: bool) -> dict[str, Any]:
    from hardgate.models import allocation

    conflict, given = "", arrays(asked, demand)
    try:
        found = allocation.plan(**given, whole=whole)
    except allocation.FloorsConflict as error:
        named = ", ".join(f"{asked.floors[at][0]} ({asked.floors[at][1]:,})" for at in error.tenants)
        conflict = (
            f"floors cannot hold together: {named}; they take {error.asked:,.0f} GPUs of {error.room:,.0f}: "
            "lower one of them in tenant_floors"
        )
        found = allocation.plan(**{**given, "floor": []}, whole=whole)
    return {
        "given": _sparse(found.gpus), "served": _rounded(found.units),
        "value": round(found.value, 4), "penalties": round(found.penalties, 4), "gap": round(found.gap, 6),
        "price": _finite(found.price), "more": _finite(found.more), "fewer": _finite(found.fewer),
        "lacking": _finite(found.lacking), "best_pool": found.best_pool.tolist(), "short": found.short.tolist(),
        "conflict": conflict,
    }  # fmt: skip


def _sparse(gpus: Any) -> dict[int, dict[int, float]]:  # noqa: ANN401  an array
    return {
        int(i): {int(p): round(float(row[p]), 6) for p in np.flatnonzero(row > DUST)}
        for i, row in enumerate(gpus)
        if row.max(initial=0.0) > DUST
    }


def _rounded(values: Any) -> list[float]:  # noqa: ANN401  an array
    return [round(one, SERVED) + 0.0 for one in values.tolist()]


def _finite(values: Any) -> list[float | None]:  # noqa: ANN401  an array
    return [round(one, 6) + 0.0 if np.isfinite(one) else None for one in values.tolist()]


def scenarios(evidence: Evidence) -> tuple[float, float] | None:
    """Return how far demand may lie under and over what is asked for now, from its history; None where it is short."""
    end = evidence.last_complete("pool_day") + timedelta(days=1)
    window = Window(end - timedelta(weeks=WEEKS), end)
    rows = evidence.rows("pool_day", EVERYTHING, window)
    if rows.count == 0:
        return None
    held, queued = whole(rows, ALLOCATED), whole(rows, QUEUED)
    week = (days(rows) - np.datetime64(window.start, "D")).astype(np.int64) // 7
    total = np.bincount(week, weights=(held.values + queued.values).astype(np.float64), minlength=WEEKS)
    bad = np.bincount(week, weights=(~held.known).astype(np.float64), minlength=WEEKS) > 0
    seen = total[(total > 0) & ~bad]
    return scenario(seen.tolist(), evidence.confidence) if len(seen) >= FEWEST else None


def scenario(weekly: Sequence[float], confidence: float) -> tuple[float, float]:
    """Return the quantiles of weekly demand over its log-linear trend."""
    logs, at = np.log(np.asarray(weekly, np.float64)), np.arange(len(weekly), dtype=np.float64)
    slope, level = np.polyfit(at, logs, 1)
    rest = np.exp(logs - slope * at - level)
    low, high = np.quantile(rest, [(1 - confidence) / 2, (1 + confidence) / 2])
    return round(min(float(low), 1.0), 4), round(max(float(high), 1.0), 4)
