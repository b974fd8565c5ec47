"""A step up of the cloud segment's margin says that growth is being turned into profit.

Fires when the margin of the last period is that much above the same period a year before. Wrong when costs were moved
between segments.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Does the cloud segment earn more of what it sells than a year ago?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.segment_margin_step import metric as segment_margin_step


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.segment_margin."""

    segment_margin_step: float = 0.01


gate = Gate(
    name="watch.segment_margin",
    question="Does the cloud segment earn more of what it sells than a year ago?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(segment_margin_step, at_least="segment_margin_step"),),
    limits=Limits(),
    owner="strategy",
)
