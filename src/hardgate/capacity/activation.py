"""Take what is live into use before you ask for more: halls that never took load are not a reason to build.

Held against every pool of the scope by itself, since one hall that nobody uses disappears in a region's average.
Wrong while a hall is being filled on plan: its ramp says whether it is late.

Source: METHODS 1, activation.

>>> gate.question
'Have the halls that are live taken paid load?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.activation import metric as activation


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.activation."""

    activation: float = 0.90


gate = Gate(
    name="capacity.activation",
    question="Have the halls that are live taken paid load?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator"),
    window="8w",
    conditions=(Condition(activation, at_least="activation"),),
    limits=Limits(),
    owner="capacity",
)
