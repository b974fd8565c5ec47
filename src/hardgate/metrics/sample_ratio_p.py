"""How rare a split as uneven as this one would be, had units been assigned as planned (chi-square).

Looked at before anything else: below one in a thousand the assignment or the export is broken, and no effect is read.
Wrong as proof that the assignment is sound: a broken one may be even.

Source: METHODS 10.

>>> metric.formula(3.0, 1000.0)
0.003
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.columns import share
from hardgate.metrics.readings_of_features import Ends, of_registration
from hardgate.metrics.readout import Readout


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the chance of the counts."""

    def chance(found: Readout) -> Ends | None:
        p = found.sample_ratio_p
        counted = (("control_units", found.units[0]), ("treated_units", found.units[1]))
        return None if p is None else Ends(p, p, p, counted, f"{found.both_arms} units saw both arms")

    return of_registration(evidence, scope, window, metric, chance)


metric = Metric(
    name="sample_ratio_p",
    meaning="chance of counts as uneven as these under the planned split",
    unit="share",
    better=Better.NEITHER,
    denominator="assignments as planned",
    facts=(Fact("feature_day", "numerator_mean"), Fact("experiment", "minimum_effect")),
    formula=share,
    compute=compute,
    interval="model",
)
