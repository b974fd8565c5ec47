"""How unsteadily demand moves: the volatility of its logarithm, annual, with its interval.

The Newey-West estimate over complete months of demand, at least twelve, so that months that lean on their neighbours
are allowed for. Wrong for seasonal demand under two seasons: the season counts as volatility.

Source: METHODS 3; Newey & West 1987.

>>> metric.unit
'share'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.demand_growth import of_months


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the volatility of demand."""
    return of_months(evidence, scope, window, metric)


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
