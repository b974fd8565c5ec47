"""How likely a programme is to earn its hurdle rate: the share of courses worth at least nothing at that rate.

The interval is that of the standard error of the simulation, at the policy's confidence: what more courses would tell,
not what more evidence would. Wrong when the drivers' intervals are guesses.

Source: METHODS 11.

>>> metric.unit
'share'
"""

from statistics import NormalDist

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.programme_npv import FACTS, of_programme
from hardgate.metrics.programme_outcome import Outcome


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read it from the simulated courses of the programme."""
    return of_programme(metric, evidence, scope, window, _take)


def _take(came: Outcome) -> tuple[float, float, float, tuple[tuple[str, float], ...]]:
    value, error = came.p_hurdle.value, came.p_hurdle.error
    wide = NormalDist().inv_cdf(0.5 + came.confidence / 2) * error
    low, high = max(value - wide, 0.0), min(value + wide, 1.0)
    return value, low, high, (("p_hurdle", value), ("error", error))


metric = Metric(
    name="p_hurdle",
    meaning="share of courses that earn the hurdle rate",
    unit="share",
    better=Better.HIGHER,
    denominator="simulated courses",
    digits=4,
    facts=FACTS,
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
