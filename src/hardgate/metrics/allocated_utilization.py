"""Of the GPU-hours available, the share that was allocated.

Allocation says that somebody holds the GPUs, not that they work. Where it stands alone, say so.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'available GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="allocated_utilization",
    meaning="allocated of available GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="available GPU-hours",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "available_gpu_ms")),
    formula=share,
    at_most_one=True,
    status=Status.REPORTED,
)
