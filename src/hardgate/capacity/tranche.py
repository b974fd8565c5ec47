"""A tranche may go when its own terms hold: in time, buildable, with a known way out, and worth its capital.

The commit date has not passed, the plan leaves at least the lead time until it goes live, what cancelling costs is
stated and not more than the tranche itself, and ordering now is worth at least nothing at the hurdle rate. Wrong when
the plan is a placeholder: its dates then pass by themselves.

Source: METHODS 3, tranches.

>>> gate.question
'Do the terms of this tranche hold?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.cancel_share import metric as cancel_share
from hardgate.metrics.days_to_commit import metric as days_to_commit
from hardgate.metrics.lead_slack import metric as lead_slack
from hardgate.metrics.tranche_value import metric as tranche_value


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.tranche."""

    days_to_commit: float = 0.0
    lead_slack: float = 0.0
    cancel_share: float = 1.0
    tranche_value: float = 0.0


gate = Gate(
    name="capacity.tranche",
    question="Do the terms of this tranche hold?",
    opens=Action.BUILD,
    also_opens=(Action.RELEASE,),
    per=("region", "accelerator", "pool", "tranche"),
    window="4w",
    conditions=(
        Condition(days_to_commit, at_least="days_to_commit"),
        Condition(lead_slack, at_least="lead_slack"),
        Condition(cancel_share, at_most="cancel_share"),
        Condition(tranche_value, at_least="tranche_value"),
    ),
    limits=Limits(),
    owner="finance",
)
