"""Of the GPU-hours allocated, the share that was active.

The third factor of the ladder. Wrong when telemetry and allocation cover different GPUs.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'allocated GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="activity",
    meaning="active of allocated GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="allocated GPU-hours",
    facts=(Fact("pool_day", "active_gpu_ms"), Fact("pool_day", "allocated_gpu_ms")),
    formula=share,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    at_most_one=True,
    status=Status.MEASURED,
)
