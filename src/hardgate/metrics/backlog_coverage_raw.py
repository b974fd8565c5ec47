"""What customers have committed to a tranche, over the revenue that it needs, before any haircut.

Every commitment that may be served counts at its face, enforceable or not. Wrong as a reason to build: it counts
reservations without an obligation to pay, and customers who may leave.

Source: METHODS 3, backlog coverage.

>>> round(metric.formula(1_000.0, 800.0), 3)
1.25
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.backlog import covered
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read raw coverage."""
    return covered(evidence, scope, window, metric, lambda found, need: found.raw() / need)


metric = Metric(
    name="backlog_coverage_raw",
    meaning="committed of needed revenue, before haircuts",
    unit="x",
    better=Better.HIGHER,
    denominator="revenue needed",
    facts=(Fact("contract_month", "committed_amount"), Fact("tranche", "amount")),
    formula=share,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
