"""What an hour of sales brings with new logos, after what else was spent to win them.

Contribution of the first twelve months of what was won over the hours of all new logos that were closed, won or lost.
Wrong when a campaign opens a market that later ones harvest: its first year is not its worth.

Source: METHODS 8.

>>> metric.formula(60_000.0, 400.0)
150.0
"""

from hardgate.metrics.sales_effort import NEW, hour_metric

metric = hour_metric("new_logo_contribution_per_hour", NEW, "new logos")
