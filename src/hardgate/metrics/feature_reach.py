"""How far the most that a feature may still do lies above the effect that was registered as worth keeping.

Below zero, what is left of the interval holds no effect worth the feature, and waiting for the deadline costs more than
it can show. Wrong when the registered effect was a wish: then a useful feature goes.

Source: METHODS 10.

>>> metric.formula(0.08, 0.03)
0.05
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.readings_of_features import Ends, less, of_feature
from hardgate.metrics.readout import Readout


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the upper end less the minimum effect, of the primary metric with most left."""

    def reach(found: Readout) -> Ends | None:
        left = [(one.high - one.minimum_effect, one.metric) for one in found.primary if one.high is not None]
        if found.primary and not left:
            return Ends(found.primary[0].value, -1.0, None, (), "no look yet")
        most = max(left, default=None)
        return None if most is None else Ends(most[0], most[0], most[0], (), most[1])

    return of_feature(evidence, scope, window, metric, reach)


metric = Metric(
    name="feature_reach",
    meaning="most that the effect may be less the minimum effect, of the control's mean",
    unit="share",
    better=Better.HIGHER,
    denominator="mean of the control arm",
    facts=(Fact("feature_day", "numerator_mean"), Fact("experiment", "minimum_effect")),
    formula=less,
    compute=compute,
    interval="model",
)
