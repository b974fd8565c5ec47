"""What one GPU more in a pool would earn for an hour: 0 where GPUs are left, whatever share of them is used.

The right-hand dual of the allocation; its interval lies between days of low and of high demand, by each pool's own
history. Requests are by day: it is one price a pool and day, not one of each hour. Over several pools it is their mean,
by GPUs. Wrong when requests are missing from the table: then scarcity is hidden.

Source: METHODS 7.

>>> metric.formula(12.0, 4.0)
3.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.allotment import Allotment, allotment, otherwise
from hardgate.metrics.columns import share

BRING = "bring workload_requests, and capacity for what is live"
SHORT = "fewer than 8 weeks of days for scenarios of demand: bring workload_allocations or pool_usage"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the shadow price of the pools in a scope."""
    found = allotment(evidence)
    if found is None:
        return nothing(metric, scope, window, f"no requests of {evidence.as_of}", BRING)
    pools = inside(found, scope)
    gpus = sum(found.wishes.pools[at].gpus for at in pools)
    if not gpus:
        return nothing(metric, scope, window, f"no live pool in {scope}", BRING)
    if found.conflict:
        return nothing(metric, scope, window, found.conflict, "correct tenant_floors")

    value, *sides = (price_of(one, pools) for one in (found, *otherwise(evidence, found.wishes)))
    return Reading(
        metric.name, scope, window, metric.unit, round(value, 4),
        round(min([value, *sides]), 4) if sides else None, round(max([value, *sides]), 4) if sides else None,
        facts=(("gpu_weighted_price", round(value * gpus, 4)), ("gpus", float(gpus))),
        gaps=found.wishes.gaps,
        status=metric.status,
        batches=tuple(sorted({*evidence.batches("request"), *evidence.batches("pool_day", window)})),
        because="" if sides else SHORT,
    )  # fmt: skip


def price_of(plan: Allotment, pools: list[int]) -> float:
    """Return what one GPU more of some pools would earn for an hour, by their GPUs."""
    sizes = [plan.wishes.pools[at].gpus for at in pools]
    return share(sum(plan.more[at] * gpus for at, gpus in zip(pools, sizes, strict=True)), sum(sizes))


def inside(plan: Allotment, scope: Scope) -> list[int]:
    """Return the live pools of a scope, by their place in the plan."""
    return [at for at, one in enumerate(plan.wishes.pools) if one.gpus and _in(scope, one.scope)]


def _in(scope: Scope, pool: Scope) -> bool:
    parts = pool.as_mapping()
    return all(parts[name] == value for name, value in scope.parts if name in parts)


metric = Metric(
    name="shadow_price",
    meaning="what one GPU more would earn for an hour",
    unit="currency per GPU-hour",
    better=Better.NEITHER,
    denominator="GPUs of the pools",
    facts=(Fact("request", "gpus"), Fact("pool_day", "available_gpu_ms")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
