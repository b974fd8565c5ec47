"""How far the guardrail that is nearest to harm stays from the most harm that was registered as bearable.

Every guardrail must clear its own margin, without correction, since all of them must hold (non-inferiority). Without a
guardrail the margin is nothing, and clears nothing. Wrong when harm shows only after the window.

Source: METHODS 10.

>>> metric.formula(-0.02, -0.1)
0.08
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.readings_of_features import Ends, less, of_feature
from hardgate.metrics.readout import Readout


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the smallest margin over the guardrails."""

    def margin(found: Readout) -> Ends | None:
        if not found.guardrails:
            return Ends(0.0, 0.0, 0.0, (), "no guardrail is registered")
        least = min(found.guardrails, key=lambda one: (-1.0 if one.low is None else one.low) + one.minimum_effect)
        low, high = (None if one is None else one + least.minimum_effect for one in (least.low, least.high))
        return Ends(least.value + least.minimum_effect, -1.0 if low is None else low, high, (), least.metric)

    return of_feature(evidence, scope, window, metric, margin)


metric = Metric(
    name="guardrail_margin",
    meaning="change of the guardrail nearest to harm above the most harm allowed, of the control's mean",
    unit="share",
    better=Better.HIGHER,
    denominator="mean of the control arm",
    facts=(Fact("feature_day", "numerator_mean"), Fact("experiment", "minimum_effect")),
    formula=less,
    compute=compute,
    interval="model",
)
