"""What customers must pay for a tranche, after haircuts, over the revenue that it needs.

Only what must be paid whether used or not; each commitment by the haircut of its credit grade times that of its
termination right. Wrong when one customer is most of it: see backlog_coverage.

Source: METHODS 3, backlog coverage.

>>> round(metric.formula(897.5, 800.0), 3)
1.122
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.backlog import covered
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read coverage after haircuts."""
    return covered(evidence, scope, window, metric, lambda found, need: found.coverage(need), haircuts=True)


metric = Metric(
    name="backlog_coverage_haircut",
    meaning="committed of needed revenue, after haircuts",
    unit="x",
    better=Better.HIGHER,
    denominator="revenue needed",
    facts=(Fact("contract_month", "committed_amount"), Fact("tranche", "amount")),
    formula=share,
    compute=compute,
    interval="exact",
    status=Status.ASSUMED,
)
