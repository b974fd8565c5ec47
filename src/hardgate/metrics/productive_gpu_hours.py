"""Active GPU-hours less the work that was lost: since the last checkpoint at a failure, and the restart.

Wrong when failures are not recorded as outcomes of workloads: then nothing seems lost.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="productive_gpu_hours",
    meaning="active GPU-hours less the work that was lost: since the last checkpoint at a failure, and the restart",
    unit="GPU-hours",
    better=Better.HIGHER,
    digits=1,
    facts=(Fact("pool_day", "productive_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.MEASURED,
)
