"""Of the GPU-hours available, the share that did work which was kept.

Wrong when a pool is idle on purpose (a reserve), or when failed work is not recorded as such.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'available GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="productive_utilization",
    meaning="productive of available GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="available GPU-hours",
    facts=(Fact("pool_day", "productive_gpu_ms"), Fact("pool_day", "available_gpu_ms")),
    formula=share,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    at_most_one=True,
    status=Status.MEASURED,
)
