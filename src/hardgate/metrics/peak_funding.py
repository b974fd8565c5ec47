"""How much money a programme needs before it carries itself: the deepest point of its cash, added up.

The interval holds the middle of the courses, at the policy's confidence. Wrong when vintages can be stopped on the way:
then less is needed.

Source: METHODS 11.

>>> metric.unit
'currency'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.programme_npv import FACTS, of_programme
from hardgate.metrics.programme_outcome import Outcome


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it from the simulated courses of the programme."""
    return of_programme(metric, evidence, scope, window, _take)


def _take(came: Outcome) -> tuple[float, float, float, tuple[tuple[str, float], ...]]:
    facts = (("peak", came.peak.value), ("error", came.peak.error))
    return came.peak.value, came.peak_fan[0], came.peak_fan[-1], facts


metric = Metric(
    name="peak_funding",
    meaning="most that the programme must be funded with at any time",
    unit="currency",
    better=Better.LOWER,
    digits=2,
    facts=FACTS,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
