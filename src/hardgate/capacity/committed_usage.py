"""The largest accounts must be bound to use what is built: take-or-pay GPU-hours, not reservations.

Their take-or-pay GPU-hours over the tranche's GPU-hours in the same first months. Wrong where many small accounts
fill a pool together: then lower the limit and rely on coverage.

Source: METHODS 3, committed usage; take-or-pay as in its glossary.

>>> gate.question
'Are the top accounts bound to use this tranche?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.committed_usage import metric as committed_usage


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.committed_usage."""

    committed_usage: float = 0.50


gate = Gate(
    name="capacity.committed_usage",
    question="Are the top accounts bound to use this tranche?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator", "pool", "tranche"),
    window="4w",
    conditions=(Condition(committed_usage, at_least="committed_usage"),),
    limits=Limits(),
    owner="sales",
)
