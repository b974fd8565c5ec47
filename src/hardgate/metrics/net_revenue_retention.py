"""What customers of a year ago pay now, of what they paid then: expansion counts, newcomers do not.

The closed cohort is everybody who paid in the month a year before the last complete one.
Wrong when one account carries the expansion: see it without the largest, by segment.

Source: METHODS 8; SaaS Metrics Standards Board.

>>> metric.formula(100.0, 30.0, 8.0, 5.0)
1.17
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.cohort_movement import closed, read
from hardgate.models.account_retention import net


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read net revenue retention up to the last complete month before a window's end."""
    found = closed(evidence, scope, window.end)
    moved = found.moved
    value = None if found.why else net(moved.start, moved.expansion, moved.contraction, moved.churn)
    return read(metric, evidence, scope, window, found, value)


metric = Metric(
    name="net_revenue_retention",
    meaning="revenue of the closed cohort a year later",
    unit="share",
    better=Better.HIGHER,
    denominator="revenue of the same customers a year before",
    facts=(Fact("revenue_month", "amount"),),
    formula=net,
    compute=compute,
    interval="exact",
    at_most_one=False,
    status=Status.REPORTED,
)
