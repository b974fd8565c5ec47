"""Of the GPU-hours active, the share whose work was kept.

The fourth factor of the ladder. Wrong when failures are not recorded: then it is 1.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'active GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="productivity",
    meaning="productive of active GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="active GPU-hours",
    facts=(Fact("pool_day", "productive_gpu_ms"), Fact("pool_day", "active_gpu_ms")),
    formula=share,
    unlabelled=Fact("pool_day", "unlabelled_gpu_ms"),
    at_most_one=True,
    status=Status.MEASURED,
)
