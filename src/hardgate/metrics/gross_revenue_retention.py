"""What customers of a year ago still pay, of what they paid then: no expansion counts, so it is at most 1.

The closed cohort is everybody who paid in the month a year before the last complete one.
Wrong when contracts end once a year: then most of them could not leave yet.

Source: METHODS 8; SaaS Metrics Standards Board.

>>> metric.formula(100.0, 8.0, 5.0)
0.87
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.cohort_movement import closed, read
from hardgate.models.account_retention import gross


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read gross revenue retention up to the last complete month before a window's end."""
    found = closed(evidence, scope, window.end)
    moved = found.moved
    value = None if found.why else gross(moved.start, moved.contraction, moved.churn)
    return read(metric, evidence, scope, window, found, value)


metric = Metric(
    name="gross_revenue_retention",
    meaning="revenue of the closed cohort kept a year later, without expansion",
    unit="share",
    better=Better.HIGHER,
    denominator="revenue of the same customers a year before",
    facts=(Fact("revenue_month", "amount"),),
    formula=gross,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.REPORTED,
)
