"""More capacity goes out only while customers take up what it was planned for, at the rate that the case was built on.

The lower bound of the attach rate is held against the rate that the tranche's business case names, and so is the rate
that its trend leads to by the live date. Policy may choose which attach rate counts, by `variant`. Wrong when
the case rests on one feature alone and others carry the rate: own gates can be set on a feature.

Source: METHODS 8.

>>> gate.question, gate.limits.variant
('Do existing accounts attach as the business case says?', 'unit')
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Choice, Condition, Gate
from hardgate.metrics.attach_at_live import metric as attach_at_live
from hardgate.metrics.attach_case import metric as attach_case
from hardgate.metrics.attach_cohort_90d import metric as attach_cohort_90d
from hardgate.metrics.attach_revenue import metric as attach_revenue
from hardgate.metrics.attach_unit import metric as attach_unit
from hardgate.metrics.attach_weekly_active import metric as attach_weekly_active


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under capacity.attach: which attach rate is held against the case."""

    variant: str = "unit"


VARIANT = Choice(
    "variant",
    (
        ("unit", attach_unit),
        ("revenue", attach_revenue),
        ("cohort_90d", attach_cohort_90d),
        ("weekly_active", attach_weekly_active),
    ),
)

gate = Gate(
    name="capacity.attach",
    question="Do existing accounts attach as the business case says?",
    opens=Action.RELEASE,
    per=("region", "accelerator", "pool", "tranche"),
    window="8w",
    conditions=(
        Condition(VARIANT, at_least=attach_case),
        Condition(attach_at_live, at_least=attach_case),
    ),
    limits=Limits(),
    owner="product",
)
