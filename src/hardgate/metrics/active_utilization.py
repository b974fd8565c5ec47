"""Of the GPU-hours available, the share that was allocated and active.

DCGM field 203 is not this: it is near 1 with one small kernel. Activity is field 1002 unless declared otherwise.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'available GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="active_utilization",
    meaning="active of available GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="available GPU-hours",
    facts=(Fact("pool_day", "active_gpu_ms"), Fact("pool_day", "available_gpu_ms")),
    formula=share,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    at_most_one=True,
    status=Status.MEASURED,
)
