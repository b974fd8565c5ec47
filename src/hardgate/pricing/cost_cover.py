"""A product is sold further only while what it brings covers what serving it costs.

Revenue of the last three complete months over inference, orchestration and storage in them, idle hours included, by the
bill; judged on the interval of the productive share. Wrong for a product in its first months, which is subsidised on
purpose: give it a limit of its own and an end.

Source: METHODS 4 and 5; DESIGN 4.

>>> gate.question, gate.limits.cost_cover
('Does this product cover what serving it costs?', 1.0)
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.cost_cover import metric as cost_cover


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under pricing.cost_cover."""

    cost_cover: float = 1.0


gate = Gate(
    name="pricing.cost_cover",
    question="Does this product cover what serving it costs?",
    opens=Action.SELL,
    per=("product",),
    window="13w",
    conditions=(Condition(cost_cover, at_least="cost_cover"),),
    limits=Limits(),
    owner="pricing",
)
