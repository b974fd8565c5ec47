"""GPU-hours that a scheduler or a contract gave to somebody.

Wrong when a reservation without a workload counts as allocated in one system and not in another: bring one of them.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="allocated_gpu_hours",
    meaning="GPU-hours that a scheduler or a contract gave to somebody",
    unit="GPU-hours",
    better=Better.HIGHER,
    digits=1,
    facts=(Fact("pool_day", "allocated_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.REPORTED,
)
