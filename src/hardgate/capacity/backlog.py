"""Capital goes out against demand that customers are bound to, not against pipeline.

What customers must pay in the tranche's first months, after haircuts and with no single name above its cap, is held
against the revenue that the tranche needs to be worth its capital. Wrong when the haircuts are guesses that nobody
reviews: they are the named uncertainty, and stand in policy.yaml with their source.

Source: METHODS 3, backlog coverage.

>>> gate.question
'Is the revenue that this tranche needs contracted?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.backlog_coverage import metric as backlog_coverage


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.backlog."""

    backlog_coverage: float = 1.10


gate = Gate(
    name="capacity.backlog",
    question="Is the revenue that this tranche needs contracted?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator", "pool", "tranche"),
    window="4w",
    conditions=(Condition(backlog_coverage, at_least="backlog_coverage"),),
    limits=Limits(),
    owner="finance",
)
