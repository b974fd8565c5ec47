"""Days until the deadline of a feature: what has not shown its effect by then is killed.

A feature that has shown its effect has time; so has an open window. The default at the deadline is to kill, also where
nothing was counted or the registration is void. Wrong when the deadline was set by the calendar of a release.

Source: METHODS 10.

>>> metric.formula(12.0, 1.0)
12.0
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.columns import share
from hardgate.metrics.readings_of_features import Ends, of_registration
from hardgate.metrics.readout import Readout


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the days that are left."""

    def left(found: Readout) -> Ends:
        days = float((found.registered.ends_on - evidence.as_of).days)
        if found.kept or found.registered.open_ended:
            days = max(days, 1.0)
        said = "its effect is shown" if found.kept else f"deadline {found.registered.ends_on}"
        return Ends(days, days, days, (), said)

    return of_registration(evidence, scope, window, metric, left)


metric = Metric(
    name="verdict_days",
    meaning="days to the deadline of what has not shown its effect",
    unit="days",
    better=Better.NEITHER,
    digits=0,
    facts=(Fact("feature_day", "numerator_mean"), Fact("experiment", "minimum_effect")),
    formula=share,
    compute=compute,
    interval="model",
)
