"""The next tranche goes when demand has grown into what is live and ordered, and not before.

Demand over the capacity position is held against a computed limit: the lower of the economic trigger (when ordering is
worth more than waiting) and the operational ceiling (how busy the pool can get before work waits). Policy may choose
one of them, or the service level, by `limit`. Wrong where tranches compete for one
budget or one building crew: each is judged as if it stood alone, on the open tranches before it.

Source: METHODS 3.

>>> gate.question, gate.limits.limit
('Has demand grown into what is live and ordered?', 'min')
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Choice, Condition, Gate
from hardgate.metrics.ceiling_trigger import metric as ceiling_trigger
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.economic_trigger import metric as economic_trigger
from hardgate.metrics.service_trigger import metric as service_trigger
from hardgate.metrics.trigger import metric as trigger


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.trigger: which computed limit counts."""

    limit: str = "min"


LIMIT = Choice(
    "limit",
    (("min", trigger), ("economic", economic_trigger), ("service", service_trigger), ("ceiling", ceiling_trigger)),
)

gate = Gate(
    name="capacity.trigger",
    question="Has demand grown into what is live and ordered?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator", "pool", "tranche"),
    window="4w",
    conditions=(Condition(demand_over_position, at_least=LIMIT),),
    limits=Limits(),
    owner="capacity",
)
