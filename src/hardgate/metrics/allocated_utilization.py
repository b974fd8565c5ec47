"""Of the GPU-hours available, the share that was allocated.

Allocation says that somebody holds the GPUs, not that they work. Where it stands alone, say so.

Source: METHODS 1; intervals METHODS 12.

>>> metric.formula(66.0, 100.0), metric.denominator
(0.66, 'available GPU-hours')
"""

from dataclasses import replace

from hardgate.metrics.allocation import metric as allocation

metric = replace(allocation, name="allocated_utilization")
