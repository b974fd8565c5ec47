"""Of the GPU-hours installed, the share that did work which was kept.

The product of the ladder's four factors. Unlike productive_utilization it counts maintenance as a leak.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'installed GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="productive_of_installed",
    meaning="productive of installed GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="installed GPU-hours",
    facts=(Fact("pool_day", "productive_gpu_ms"), Fact("pool_day", "installed_gpu_ms")),
    formula=share,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    at_most_one=True,
    status=Status.MEASURED,
)
