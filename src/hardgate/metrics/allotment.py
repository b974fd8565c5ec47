"""The plan of who gets the GPUs, worked out once for the same requests and pools: what gate, metrics and exhibits read.

Where a request can use types of different throughput it asks for work, counted in GPUs of the type of throughput 1, and
more GPUs of a slower type serve it; where all have throughput 1 the plan counts GPUs, which is quicker. A scenario is
the same plan with other demand; what was promised to a workload stays promised as far as it then asks for it. Wrong
when requests leave out who waits: then scarcity is hidden.

Three GPUs in the second of two pools for one workload, and none for the next:

>>> _sparse(np.array([[0.0, 3.0], [0.0, 0.0]]))
{0: {1: 3.0}}

Source: METHODS 7.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from hardgate.core.terms import Evidence
from hardgate.metrics.demand_scenarios import demand_scenarios, demanded
from hardgate.metrics.requests import Wishes, wishes

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


def allotment(evidence: Evidence) -> Allotment | None:
    """Return the plan as of the evidence's date; None where nothing is asked for, or no pool is known."""
    asked = wishes(evidence)
    return allotted(evidence, asked) if asked.requests and asked.pools else None


def otherwise(evidence: Evidence, asked: Wishes, fixed: Collection[int] = ()) -> tuple[Allotment, ...]:
    """Return the plans on a day of low and of high demand; none where the history is too short to tell.

    Requests that are `fixed`, by place, ask for what they ask for now, and all others for more or less.
    """
    found = demand_scenarios(evidence, asked.pools)
    if found is None:
        return ()
    return tuple(allotted(evidence, asked, demanded(asked, side, fixed)) for side in found.sides)


def by_demand(evidence: Evidence, asked: Wishes) -> tuple[tuple[float, ...], ...]:
    """Return what one GPU more of each pool earns in each ninth of the days, the lowest demand first.

    Nothing where the history is too short to tell. Prices are those of the plan in parts of GPUs, which is quick.
    """
    found = demand_scenarios(evidence, asked.pools)
    if found is None:
        return ()
    return tuple(allotted(evidence, asked, demanded(asked, part), whole=False).more for part in found.parts)


def allotted(
    evidence: Evidence, asked: Wishes, demand: Sequence[int] | None = None, *, whole: bool = True
) -> Allotment:
    """Return the plan of some wishes, with other demand where it is given."""
    if demand is not None and list(demand) == [one.gpus for one in asked.requests]:
        demand = None
    name = ("allocation", asked, None if demand is None else tuple(demand), whole)
    return evidence.once(name, lambda: _kept(evidence, asked, demand, whole=whole))


def _kept(evidence: Evidence, asked: Wishes, demand: Sequence[int] | None, *, whole: bool) -> Allotment:
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
    found = fair(usable, given["capacity"], given["demand"], groups, throughput=work, work=True)
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


def arrays(asked: Wishes, demand: Sequence[int] | None = None, *, floors: bool = True) -> dict[str, Any]:
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
        "demand": [one.gpus for one in requests] if demand is None else list(demand),
        "commitment": [one.committed for one in requests],
        "penalty": [one.penalty for one in requests],
        "tenant": [tenants.get(one.tenant, -1) for one in requests],
        "floor": [gpus for _, gpus in asked.floors] if floors else [],
        "held": [one.held if one.pool in at else 0 for one in requests],
        "held_pool": [at.get(one.pool or "", -1) for one in requests],
        "move_cost": [asked.move_cost] * len(requests),
        "gang": [one.gang for one in requests],
    }  # fmt: skip


def _solved(asked: Wishes, demand: Sequence[int] | None, *, whole: bool) -> dict[str, Any]:
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
