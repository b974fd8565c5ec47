"""A cut of guidance on capital expenditure is the first word of a slower build.

Fires when guidance is that much below what was said before of the same period. Wrong when spending moves into leases.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Was guidance on capital expenditure cut?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.capex_guidance_change import metric as capex_guidance_change


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.capex_guidance."""

    capex_guidance_change: float = -0.05


gate = Gate(
    name="watch.capex_guidance",
    question="Was guidance on capital expenditure cut?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(capex_guidance_change, at_most="capex_guidance_change"),),
    limits=Limits(),
    owner="strategy",
)
