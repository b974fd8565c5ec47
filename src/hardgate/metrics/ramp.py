"""Of the nameplate of past halls, the share that took paid load some months after they went live.

The month is `ramp_months` of the assumptions (6): the mean over its days, each hall after those before it in its pool.
Halls that are younger are left out. Wrong when the past halls were smaller, or opened into another demand, than the
next one.

Source: METHODS 1 and its glossary, "Activation / ramp".

>>> metric.formula(45.0, 50.0)
0.9
"""

from datetime import date

import numpy as np

from hardgate.core.days import Window, add_months
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import day_number, share
from hardgate.metrics.halls import Hall, Load, halls, loads, pool_days
from hardgate.metrics.ratio import point, sql

MONTHS = 6


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the ramp of the halls that are old enough on the last day of a window."""
    assumed = evidence.assumption("ramp_months", scope)
    months = int(assumed.value) if assumed else MONTHS
    by_pool = loads(pool_days(evidence, scope, window.end))
    found = [(hall, _month(hall, months)) for hall in halls(evidence, scope, window.end)]
    seen = [
        (hall, _loaded(hall, by_pool[hall.pool], when))
        for hall, when in found
        if when.end <= window.end and hall.pool in by_pool
    ]
    known = [(hall, low) for hall, low in seen if low is not None]
    total = sum(hall.gpus for hall, _ in known)
    if not known or total <= 0:
        bring = "bring workload_allocations or pool_usage from the day a hall went live"
        return nothing(metric, scope, window, f"no hall in {scope} with {months} months of allocation", bring)
    value = point(sum(load for _, load in known), total, metric.digits)
    gaps = tuple(f"{hall.pool}: no allocation {months} months after {hall.live}" for hall, low in seen if low is None)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("loaded_gpus", round(sum(load for _, load in known), 3)), ("nameplate_gpus", round(total, 3))),
        gaps=gaps,
        status=metric.status,
        sql=sql(metric, scope, window),
        batches=evidence.batches("pool_day", Window(known[0][0].live, window.end)),
        because="; ".join((f"{len(known)} halls, {months} months after they went live", *gaps)),
    )  # fmt: skip


def _month(hall: Hall, months: int) -> Window:
    """Return the month that begins `months` after a hall went live."""
    return Window(_later(hall.live, months), _later(hall.live, months + 1))


def _later(day: date, months: int) -> date:
    first = add_months(day, months)
    return first.replace(day=min(day.day, (add_months(first, 1) - first).days))


def _loaded(hall: Hall, load: Load, when: Window) -> float | None:
    inside = (load.day >= day_number(when.start)) & (load.day < day_number(when.end)) & load.known
    if not inside.any():
        return None
    return float(np.clip(load.gpus[inside] - hall.before, 0.0, hall.gpus).mean())


metric = Metric(
    name="ramp",
    meaning="loaded of past halls' nameplate some months after they went live",
    unit="share",
    better=Better.HIGHER,
    denominator="nameplate GPUs of past halls",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "installed_gpu_ms")),
    formula=share,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.DERIVED,
)
