"""How much of the capacity position is in demand: what the trigger is compared with.

Over 1 means that what is live and ordered will not serve what is asked for today. Wrong when demand may move between
pools: then read it at the region.

Source: METHODS 3; Ryan 2004 for the position as denominator.

>>> metric.formula(850.0, 1000.0), metric.denominator
(0.85, 'GPUs of the capacity position')
"""

from datetime import date

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.capacity_position import position_on
from hardgate.metrics.columns import share
from hardgate.metrics.demand import metric as demand


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read demand over the capacity position due by the live date of the tranche that the scope means."""
    return over(evidence, scope, window, evidence.reading(capacity_position, scope, window))


def due_by(evidence: Evidence, scope: Scope, window: Window, day: date) -> Reading:
    """Read demand over the capacity position due by a day."""
    return over(evidence, scope, window, position_on(evidence, scope, window, day))


def over(evidence: Evidence, scope: Scope, window: Window, position: Reading) -> Reading:
    """Divide demand by a position: both intervals carry over, an open end of either opens the ratio."""
    asked = evidence.reading(demand, scope, window)
    nothing_there = position.value is not None and position.value <= 0
    gaps = (*asked.gaps, *position.gaps) + ((f"no capacity {position.because}",) if nothing_there else ())
    value = None if nothing_there else _over(asked.value, position.value)
    return Reading(
        metric.name, scope, asked.window, metric.unit, value,
        None if value is None else _over(asked.low, position.high),
        None if value is None else _over(asked.high, position.low),
        facts=tuple((one.metric, one.value) for one in (asked, position) if one.value is not None),
        missing=max(asked.missing, position.missing),
        gaps=gaps,
        whole_days_missing=asked.whole_days_missing,
        status=Status.weakest((asked.status, position.status)),
        sql=f"{asked.sql};\n{position.sql}",
        batches=tuple(sorted({*asked.batches, *position.batches})),
        because="; ".join(one for one in (asked.because, position.because) if one),
        bounds=_bounds(asked, position),
    )  # fmt: skip


def _over(top: float | None, bottom: float | None) -> float | None:
    return None if top is None or bottom is None else round(share(top, bottom), metric.digits)


def _bounds(asked: Reading, position: Reading) -> tuple[float, float] | None:
    if asked.bounds is None or not position.value:
        return None
    low, high = (round(share(one, position.value), metric.digits) for one in asked.bounds)
    return low, high


metric = Metric(
    name="demand_over_position",
    meaning="demand of the capacity position",
    unit="share",
    better=Better.NEITHER,
    denominator="GPUs of the capacity position",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms"), Fact("inventory", "gpus")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
