"""Between which probabilities a city's subsidy is neither paused nor resumed: the two numbers that policy sets.

Above the upper one at every look, the subsidy pauses; below the lower one it goes on. Wrong when the two are close:
then a city goes on and off.

Source: METHODS 9, "Subsidy"; Dixit 1989 for the band.

>>> metric.formula(0.2, 1.0)
0.2
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked
from hardgate.metrics.columns import share
from hardgate.metrics.payback_risk import GATE


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the band that policy sets for a scope."""
    if not evidence.rows("cohort_week").count:
        return nothing(metric, scope, window, "no whole week of orders", ORDERS)
    limits = evidence.limits(GATE, scope)
    low, high = float(limits.resume_below), float(limits.pause_above)
    return Reading(
        metric.name, scope, window, metric.unit, low, low, max(low, high),
        facts=(("resume_below", low), ("pause_above", high)),
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=evidence.batches("cohort_week"),
        because=f"goes on up to {100 * low:.0f} %, pauses above {100 * high:.0f} %",
    )  # fmt: skip


metric = Metric(
    name="payback_band",
    meaning="probability of slow payback up to which a subsidy goes on, and above which it pauses",
    unit="share",
    better=Better.NEITHER,
    denominator="draws of how customers leave",
    facts=(Fact("cohort_week", "contribution"),),
    formula=share,
    compute=compute,
    interval="exact",
    at_most_one=True,
    status=Status.ASSUMED,
)
