"""When a programme has paid back: the median quarter from which its cash, added up, stays above nothing.

Courses that do not pay back within the horizon count as later than all others: an end of the interval that falls
among them is open, and a median that does is no number. Wrong when money now and later is not the same: nothing is
discounted.

Source: METHODS 11.

>>> metric.unit
'quarters'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.programme_npv import FACTS, of_programme
from hardgate.metrics.programme_outcome import Outcome, tails


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it from the simulated courses of the programme."""
    return of_programme(metric, evidence, scope, window, _take)


def _take(came: Outcome) -> tuple[float | None, float | None, float | None, tuple[tuple[str, float], ...]]:
    first, last = tails(came.confidence)
    low, middle, high = (quantile(came, part) for part in (first, 0.5, last))
    return middle, low, high, (("not_within_horizon", came.never_paid.value), ("error", came.never_paid.error))


def quantile(came: Outcome, part: float) -> float | None:
    """Return the quarter by which this part of the courses has paid back; None where it is not within the horizon."""
    reached = 0.0
    for quarter, share in enumerate(came.payback):
        reached += share
        if reached >= part:
            return float(quarter)
    return None


metric = Metric(
    name="payback_quarter",
    meaning="median quarter in which the programme has paid back",
    unit="quarters",
    better=Better.LOWER,
    digits=0,
    facts=FACTS,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
