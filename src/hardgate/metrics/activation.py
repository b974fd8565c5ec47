"""Of the nameplate that is live, the share whose halls have taken paid load.

A hall is activated on the first date on which its paid load has exceeded a share of its nameplate for some days
running: `activation_load` (0.5) and `activation_days` (14) of the assumptions. Wrong when load is moved between halls
so that each looks taken in turn. A day without allocation does not prove activation, and does not disprove it.

Source: METHODS 1 and its glossary, "Activation / ramp".

>>> metric.formula(90.0, 100.0), metric.denominator
(0.9, 'live nameplate GPUs')
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import BRING, nothing
from hardgate.metrics.columns import share
from hardgate.metrics.halls import halls, loads, pool_days, taken
from hardgate.metrics.ratio import point, sql

LOAD, DAYS = 0.5, 14


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read activation on the last day of a window, from all that is known of the load before."""
    found = halls(evidence, scope, window.end)
    total = sum(hall.gpus for hall in found)
    if total <= 0:
        return nothing(metric, scope, window, f"no live hall in {scope} on {window.end}", BRING["pool_day"])
    load, running = _declared(evidence, scope)
    by_pool = loads(pool_days(evidence, scope, window.end))
    proven, possible, doubtful = 0.0, 0.0, []
    for hall in found:
        yes, maybe = (
            taken(hall, by_pool[hall.pool], share=load, running=running) if hall.pool in by_pool else (False, True)
        )
        proven += hall.gpus if yes else 0.0
        possible += hall.gpus if maybe else 0.0
        if yes is not maybe:
            doubtful.append(hall)
    gaps = tuple(f"{hall.pool}: no allocation to judge the hall of {hall.live} by" for hall in doubtful)
    low, high = (point(one, total, metric.digits) for one in (proven, possible))
    seen = total - possible + proven
    return Reading(
        metric.name, scope, window, metric.unit,
        point(proven, seen, metric.digits) if seen > 0 else None,
        low, high,
        facts=(("activated_gpus", round(proven, 3)), ("live_gpus", round(total, 3))),
        missing=round((possible - proven) / total, 6),
        gaps=gaps,
        status=metric.status,
        sql=sql(metric, scope, window),
        batches=evidence.batches("pool_day", Window(found[0].live, window.end)),
        because="; ".join(gaps),
        bounds=(low, high) if doubtful else None,
    )  # fmt: skip


def _declared(evidence: Evidence, scope: Scope) -> tuple[float, int]:
    """Return the load and the days running that count as activated: assumptions of policy, or their defaults."""
    load, running = (evidence.assumption(name, scope) for name in ("activation_load", "activation_days"))
    return (load.value if load else LOAD), (int(running.value) if running else DAYS)


metric = Metric(
    name="activation",
    meaning="activated of live nameplate",
    unit="share",
    better=Better.HIGHER,
    denominator="live nameplate GPUs",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "installed_gpu_ms")),
    formula=share,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.REPORTED,
)
