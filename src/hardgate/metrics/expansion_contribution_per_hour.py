"""What an hour of sales brings with the accounts that are customers already.

Contribution of the first twelve months of what was won over the hours of all expansions that were closed, won or lost.
Wrong when few accounts are left to expand: an average hour is not the next one; see adoption.targets.

Source: METHODS 8.

>>> metric.formula(60_000.0, 400.0)
150.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.columns import share
from hardgate.metrics.sales_effort import EXPANSION, per_hour


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read what an hour of sales brought with expansions that were closed in a window."""
    return per_hour(metric, evidence, scope, window, EXPANSION)


metric = Metric(
    name="expansion_contribution_per_hour",
    meaning="contribution of the first year of expansions won, for an hour of sales",
    unit="currency per hour",
    better=Better.HIGHER,
    denominator="sales hours of expansions closed",
    digits=2,
    facts=(Fact("opportunity", "amount"), Fact("opportunity", "hours"), Fact("revenue_month", "variable_cost")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.REPORTED,
)
