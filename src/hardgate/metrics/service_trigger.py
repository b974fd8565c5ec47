"""The demand over position at which to order so that service stays: the expected shortage at the end of the lead time.

`shortage` of the assumptions (1 %) is the demand expected to go short, over the position, when capacity ordered now
goes live. Falls with lead time, growth and volatility. The interval is that of the volatility. Printed beside the
economic trigger, and a limit only where policy says so. Wrong where demand that was not served is lost elsewhere.

Source: METHODS 3; Ryan 2004; Marathe & Ryan 2009.

>>> metric.denominator
'GPUs of the capacity position'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.planned import meant
from hardgate.metrics.volatility import metric as volatility

SHORTAGE = 0.01


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the service-level trigger for the lead time of the tranche that a scope means."""
    months = lead(evidence, scope)
    if months is None:
        bring = "bring capacity_plan, or set lead_months under assumptions"
        return nothing(metric, scope, window, f"no tranche in {scope}", bring)
    return at(evidence, scope, window, months)


def lead(evidence: Evidence, scope: Scope) -> float | None:
    """Return the lead time of a scope in months: of its tranche, else assumed."""
    planned = meant(evidence, scope)
    if planned is not None:
        return planned.lead_months
    assumed = evidence.assumption("lead_months", scope)
    return None if assumed is None else assumed.value


def at(evidence: Evidence, scope: Scope, window: Window, lead_months: float) -> Reading:
    """Read the service-level trigger for a lead time."""
    from hardgate.models.trigger import service_level

    growth, moves = (evidence.reading(one, scope, window) for one in (demand_growth, volatility))
    if growth.value is None or moves.value is None or moves.low is None or moves.high is None:
        why = next(one.because for one in (growth, moves) if one.value is None)
        return nothing(metric, scope, window, why, "see demand_growth")
    allowed = evidence.assumption("shortage", scope)
    shortage, drift = (allowed.value if allowed else SHORTAGE), growth.value

    def level(spread: float) -> float:
        return round(service_level(shortage, drift, spread, lead_months / 12), metric.digits)

    return Reading(
        metric.name, scope, window, metric.unit, level(moves.value), level(moves.high), level(moves.low),
        facts=(
            ("shortage", shortage), ("demand_growth", growth.value), ("volatility", moves.value),
            ("lead_months", round(lead_months, 2)),
        ),
        status=Status.weakest((growth.status, moves.status)),
        sql=growth.sql,
        batches=growth.batches,
    )  # fmt: skip


metric = Metric(
    name="service_trigger",
    meaning="demand over position at which an order keeps the shortage small",
    unit="share",
    better=Better.NEITHER,
    denominator="GPUs of the capacity position",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms")),
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
