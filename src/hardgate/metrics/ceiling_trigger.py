"""How busy a pool of this size can be before work waits more often than allowed: large pools carry more.

Erlang's formula for gangs: jobs take `gang` GPUs at once (1), and `wait_probability` (5 %) of them may wait. One
threshold for all pools is wrong: 64 busy GPUs allow 81 %, 8,192 allow 98 %. Wrong where jobs can be preempted or moved,
which lets a pool run fuller, or come in bursts, which does not.

Source: METHODS 3; Erlang 1917; square-root staffing, Halfin & Whitt 1981.

>>> metric.denominator
'GPUs that carry the load'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.demand import metric as demand

GANG, WAIT = 1.0, 0.05


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the operational ceiling at the demand of a scope."""
    from hardgate.models.trigger import ceiling

    busy = evidence.reading(demand, scope, window)
    if busy.value is None or busy.low is None or busy.low <= 0:
        return nothing(metric, scope, window, busy.because or f"no demand in {scope}", "see demand")
    gang, wait = (evidence.assumption(name, scope) for name in ("gang", "wait_probability"))
    size, probability = (gang.value if gang else GANG), (wait.value if wait else WAIT)

    def level(gpus: float) -> float:
        return round(ceiling(gpus, size, probability), metric.digits)

    ends = [level(one) for one in (busy.low, busy.value, busy.high) if one is not None]
    return Reading(
        metric.name, scope, busy.window, metric.unit, level(busy.value), min(ends), max(ends),
        facts=(("demand", busy.value), ("gang", size), ("wait_probability", probability)),
        status=busy.status,
        sql=busy.sql,
        batches=busy.batches,
    )  # fmt: skip


metric = Metric(
    name="ceiling_trigger",
    meaning="load at which work begins to wait",
    unit="share",
    better=Better.NEITHER,
    denominator="GPUs that carry the load",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms")),
    compute=compute,
    interval="model",
    at_most_one=True,
    status=Status.DERIVED,
)
