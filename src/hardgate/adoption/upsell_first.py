"""Chase new logos only where an hour of sales brings as much with them as with the accounts that are customers already.

What an hour brought with new logos over a year, after acquisition spend, is held against what an hour brought with
expansions in the same region and segment. Wrong when nobody is left to expand: the ranked list of adoption.targets says
how far the next hours would still go.

Source: METHODS 8.

>>> gate.question
'Would the same hours bring more with the accounts that we have?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.expansion_contribution_per_hour import metric as expansion_contribution_per_hour
from hardgate.metrics.new_logo_contribution_per_hour import metric as new_logo_contribution_per_hour


@dataclass(frozen=True, slots=True)
class Limits:
    """The limit is computed: what an hour brings with the accounts that are there."""


gate = Gate(
    name="adoption.upsell_first",
    question="Would the same hours bring more with the accounts that we have?",
    opens=Action.CHASE,
    per=("region", "segment"),
    window="12m",
    conditions=(Condition(new_logo_contribution_per_hour, at_least=expansion_contribution_per_hour),),
    limits=Limits(),
    owner="sales",
)
