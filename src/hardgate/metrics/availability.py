"""Of the GPU-hours installed, the share available for work.

The first factor of the ladder. Wrong when maintenance is not recorded: then it is 1.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'installed GPU-hours')
"""

from hardgate.core.terms import Better, Fact, Metric, Status
from hardgate.metrics.columns import share

metric = Metric(
    name="availability",
    meaning="available of installed GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="installed GPU-hours",
    facts=(Fact("pool_day", "available_gpu_ms"), Fact("pool_day", "installed_gpu_ms")),
    formula=share,
    at_most_one=True,
    status=Status.REPORTED,
)
