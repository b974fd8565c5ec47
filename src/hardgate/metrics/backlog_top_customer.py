"""Of what customers must pay for a tranche, the share of the largest one.

Wrong when customers of one group have several names.

Source: METHODS 3, backlog coverage.

>>> metric.formula(450.0, 1_000.0)
0.45
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.backlog import concentrated
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of the largest customer."""
    return concentrated(evidence, scope, window, metric, lambda found: found.top1)


metric = Metric(
    name="backlog_top_customer",
    meaning="largest customer of the backlog",
    unit="share",
    better=Better.LOWER,
    denominator="backlog that must be paid",
    facts=(Fact("contract_month", "committed_amount"), Fact("tranche", "amount")),
    formula=share,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.REPORTED,
)
