"""How unsteadily demand moves: the volatility of its logarithm, annual, with its interval.

The Newey-West estimate over complete months of demand, at least twelve, so that months that lean on their neighbours
are allowed for. It is checked: where past intervals held less of the next months than chance allows, it is widened.
Wrong for seasonal demand under two seasons: the season counts as volatility.

Source: METHODS 3; Newey & West 1987.

>>> metric.unit
'share'
"""

from dataclasses import replace

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.demand import months
from hardgate.metrics.demand_growth import of_months


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the volatility of demand, widened where its intervals have not held what came."""
    found = of_months(evidence, scope, window, metric)
    if found.value is None or found.low is None or found.high is None:
        return found
    from hardgate.models.demand import checked_factor

    factor = checked_factor([gpus for _, gpus in months(evidence, scope, window.end)], evidence.confidence)
    if factor == 1:
        return found
    value, low, high = (round(factor * one, metric.digits) for one in (found.value, found.low, found.high))
    return replace(
        found, value=value, low=low, high=high, facts=(*found.facts, ("spread_factor", round(factor, 4))),
        because=f"{found.because}; widened {factor:.2f} times, since too little of what came lay in its intervals",
    )  # fmt: skip


metric = Metric(
    name="volatility",
    meaning="volatility of log demand a year",
    unit="share",
    better=Better.LOWER,
    denominator="demand, a year",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "queued_gpu_ms")),
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
