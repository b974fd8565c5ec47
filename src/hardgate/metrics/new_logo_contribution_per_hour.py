"""What an hour of sales brings with new logos, after what else was spent to win them.

Contribution of the first twelve months of what was won over the hours of all new logos that were closed, won or lost.
Wrong when a campaign opens a market that later ones harvest: its first year is not its worth.

Source: METHODS 8.

>>> metric.formula(60_000.0, 400.0)
150.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.columns import share
from hardgate.metrics.sales_effort import NEW, per_hour


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what an hour of sales brought with new logos that were closed in a window."""
    return per_hour(metric, evidence, scope, window, NEW)


metric = Metric(
    name="new_logo_contribution_per_hour",
    meaning="contribution of the first year of new logos won, for an hour of sales",
    unit="currency per hour",
    better=Better.HIGHER,
    denominator="sales hours of new logos closed",
    digits=2,
    facts=(Fact("opportunity", "amount"), Fact("opportunity", "hours"), Fact("revenue_month", "variable_cost")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.REPORTED,
)
