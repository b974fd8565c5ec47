"""What a feature does to its metric, of the control's mean, with an interval that outlasts looking often.

The primary metric that shows most is read; a feature is kept when the whole interval lies above nothing. Wrong when
units of the two arms meet.

Source: METHODS 10.

>>> metric.formula(4.2, 84.0)
0.05
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.columns import share
from hardgate.metrics.readings_of_features import Ends, of_feature
from hardgate.metrics.readout import Readout


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the effect of the primary metric that shows most."""

    def effect(found: Readout) -> Ends | None:
        best = found.best
        if best is None:
            return None
        low = -1.0 if best.low is None else best.low
        return Ends(best.value, low, best.high, (("minimum_effect", best.minimum_effect),), best.metric)

    return of_feature(evidence, scope, window, metric, effect)


metric = Metric(
    name="feature_effect",
    meaning="difference of the treated arm's mean, of the control's mean",
    unit="share",
    better=Better.HIGHER,
    denominator="mean of the control arm",
    facts=(Fact("feature_day", "numerator_mean"), Fact("experiment", "minimum_effect")),
    formula=share,
    compute=compute,
    interval="model",
)
