"""Allocated GPU-hours whose activity was at least the declared level.

Activity is DCGM field 1002 (or 1001, 203; never mixed). Activity is necessary for effective work, not sufficient.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="active_gpu_hours",
    meaning="allocated GPU-hours whose activity was at least the declared level",
    unit="GPU-hours",
    better=Better.HIGHER,
    digits=1,
    facts=(Fact("pool_day", "active_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.MEASURED,
)
