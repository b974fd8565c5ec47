"""How few customers a tranche's backlog hangs on: the sum of their squared shares, from 0 to 1.

Of what must be paid whether used or not. One customer is 1, five equal ones .2. Wrong when customers of one group have
several names.

Source: METHODS 3, backlog coverage.

>>> round(sum(share**2 for share in (0.45, 0.2, 0.15, 0.1, 0.1)), 3)
0.285
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.backlog import concentrated


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the concentration of the backlog."""
    return concentrated(evidence, scope, window, metric, lambda found: found.hhi)


metric = Metric(
    name="backlog_hhi",
    meaning="concentration of the backlog (Herfindahl-Hirschman)",
    unit="index",
    better=Better.LOWER,
    denominator="",
    facts=(Fact("contract_month", "committed_amount"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
