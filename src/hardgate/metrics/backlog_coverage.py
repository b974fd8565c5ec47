"""What customers must pay for a tranche, after haircuts and no name above a cap, over the revenue that it needs.

`single_name_cap` of the assumptions (25 %) is the most of all commitments that one customer may count for. Golden:
five customers, raw haircut coverage 1.122, capped .897. Wrong when two customers are one group.

Source: METHODS 3, backlog coverage.

>>> round(metric.formula(717.5, 800.0), 3)
0.897
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.backlog import cap, covered
from hardgate.metrics.columns import share


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read coverage after haircuts and the cap on single names."""
    return covered(
        evidence, scope, window, metric, lambda found, need: found.coverage(need, cap(evidence, scope)), haircuts=True
    )


metric = Metric(
    name="backlog_coverage",
    meaning="committed of needed revenue, after haircuts and the cap on single names",
    unit="x",
    better=Better.HIGHER,
    denominator="revenue needed",
    facts=(Fact("contract_month", "committed_amount"), Fact("tranche", "amount")),
    formula=share,
    compute=compute,
    interval="exact",
    status=Status.ASSUMED,
)
