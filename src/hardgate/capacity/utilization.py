"""Fill what you own before you build more.

A pool may ask for new capacity only when the GPU-hours it already has live have been sold and producing for the whole
window, and when its halls have been taken. Wrong when a pool is kept idle on purpose (a reserve): give it its own limit
in policy.yaml. The rung is productive unless policy names allocated or active; it never falls back by itself.

Source: METHODS 1; DESIGN 4.

>>> gate.question
'Is what we already own full of paid, productive work?'
>>> gate.limits.rung, gate.limits.productive_utilization
('productive', 0.75)
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Choice, Condition, Gate
from hardgate.metrics.activation import metric as activation
from hardgate.metrics.active_utilization import metric as active_utilization
from hardgate.metrics.allocated_utilization import metric as allocated_utilization
from hardgate.metrics.productive_utilization import metric as productive_utilization


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.utilization; the limit is the one of the rung."""

    rung: str = "productive"
    productive_utilization: float = 0.75
    active_utilization: float = 0.80
    allocated_utilization: float = 0.85
    activation: float = 0.90


RUNG = Choice(
    "rung",
    (("productive", productive_utilization), ("active", active_utilization), ("allocated", allocated_utilization)),
)

gate = Gate(
    name="capacity.utilization",
    question="Is what we already own full of paid, productive work?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator"),
    window="8w",
    conditions=(
        Condition(RUNG, at_least="productive_utilization", held_for=4),
        Condition(activation, at_least="activation"),
    ),
    limits=Limits(),
    owner="capacity",
)
