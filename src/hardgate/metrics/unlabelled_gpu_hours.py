"""Available GPU-hours without enough samples to say what they did.

It is a rung of its own: it lies between idle and productive and widens every reading above it.

Source: METHODS 1.

>>> metric.formula(7_200_000)
2.0
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import hours

metric = Metric(
    name="unlabelled_gpu_hours",
    meaning="available GPU-hours without enough samples to say what they did",
    unit="GPU-hours",
    better=Better.LOWER,
    digits=1,
    facts=(Fact("pool_day", "unlabelled_gpu_ms"),),
    formula=hours,
    interval="exact",
    status=Status.MEASURED,
)
