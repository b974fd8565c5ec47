"""What an hour of sales brings with the accounts that are customers already.

Contribution of the first twelve months of what was won over the hours of all expansions that were closed, won or lost.
Wrong when few accounts are left to expand: an average hour is not the next one; see adoption.targets.

Source: METHODS 8.

>>> metric.formula(60_000.0, 400.0)
150.0
"""

from hardgate.metrics.sales_effort import EXPANSION, hour_metric

metric = hour_metric("expansion_contribution_per_hour", EXPANSION, "expansions")
