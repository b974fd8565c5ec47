"""Cloud growth above a level and still rising says that demand outruns what was planned for.

Fires when growth is at least its limit and has risen since the quarter before. Wrong when the base quarter was odd.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Does cloud revenue grow faster than planned for, and ever faster?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.cloud_acceleration import metric as cloud_acceleration
from hardgate.metrics.cloud_growth import metric as cloud_growth


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.cloud_growth."""

    cloud_growth: float = 0.25
    cloud_acceleration: float = 0.01


gate = Gate(
    name="watch.cloud_growth",
    question="Does cloud revenue grow faster than planned for, and ever faster?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(
        Condition(cloud_growth, at_least="cloud_growth", band=0.02),
        Condition(cloud_acceleration, at_least="cloud_acceleration"),
    ),
    limits=Limits(),
    owner="strategy",
)
