"""Of the GPUs that a workload asks for, the share that the most valuable plan gives it.

Its interval lies between days of low and of high demand, by each pool's own history: others ask for less or more than
now, the workload itself for the same. Wrong when a workload's
contribution is what somebody hopes for.

Source: METHODS 7.

>>> metric.formula(6.0, 8.0)
0.75
"""

from hardgate.core.days import Window
from hardgate.core.percent import percent
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.allotment import Allotment, allotment, otherwise
from hardgate.metrics.columns import share
from hardgate.metrics.shadow_price import BRING


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what the plan gives to the workloads of a scope."""
    found = allotment(evidence)
    if found is None:
        return nothing(metric, scope, window, f"no requests of {evidence.as_of}", BRING)
    parts = scope.as_mapping()
    mine = [
        at
        for at, one in enumerate(found.wishes.requests)
        if parts.get("workload", one.workload) == one.workload and parts.get("tenant", one.tenant) == one.tenant
    ]
    asked = sum(found.wishes.requests[at].gpus for at in mine)
    if not asked:
        return nothing(metric, scope, window, f"nobody asks for GPUs in {scope}", BRING)
    if found.conflict:
        return nothing(metric, scope, window, found.conflict, "correct tenant_floors")

    def of(plan: Allotment) -> float:
        got = sum(min(plan.served[at], found.wishes.requests[at].gpus) for at in mine)
        return round(share(got, asked), metric.digits)

    value, sides = of(found), [of(one) for one in otherwise(evidence, found.wishes, mine)]
    low, high = min([value, *sides]), max([value, *sides])
    return Reading(
        metric.name, scope, window, metric.unit, value, low, high,
        facts=(("granted_gpus", round(sum(found.served[at] for at in mine), 4)), ("wanted_gpus", float(asked))),
        gaps=found.wishes.gaps,
        status=metric.status,
        batches=tuple(sorted({*evidence.batches("request"), *evidence.batches("pool_day", window)})),
        because=f"it hangs on the others' demand, low or high with {percent(evidence.confidence, 0)} confidence"
        if low < high else "",
    )  # fmt: skip


metric = Metric(
    name="granted_share",
    meaning="GPUs that the most valuable plan gives, of those asked for",
    unit="share",
    better=Better.HIGHER,
    denominator="GPUs asked for",
    facts=(Fact("request", "gpus"),),  # not of pools: a workload is not judged pool by pool
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
