"""GPU-hours of everything installed and live.

Wrong when the inventory lists devices that were never racked: compare with the hosts that report telemetry.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="installed_gpu_hours",
    meaning="GPU-hours of everything installed and live",
    unit="GPU-hours",
    better=Better.NEITHER,
    digits=1,
    facts=(Fact("pool_day", "installed_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.REPORTED,
)
