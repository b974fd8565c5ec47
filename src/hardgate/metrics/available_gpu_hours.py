"""GPU-hours installed, less maintenance, failure and quarantine.

Wrong when maintenance_share of the inventory is a plan and not a record.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="available_gpu_hours",
    meaning="GPU-hours installed, less maintenance, failure and quarantine",
    unit="GPU-hours",
    better=Better.NEITHER,
    digits=1,
    facts=(Fact("pool_day", "available_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.REPORTED,
)
