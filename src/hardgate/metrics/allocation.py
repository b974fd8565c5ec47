"""Of the GPU-hours available, the share that was allocated.

The second factor of the ladder, and the rung that schedulers report. An idle reservation counts in full.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'available GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="allocation",
    meaning="allocated of available GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="available GPU-hours",
    facts=(Fact("pool_day", "allocated_gpu_ms"), Fact("pool_day", "available_gpu_ms")),
    formula=share,
    at_most_one=True,
    status=Status.REPORTED,
)
