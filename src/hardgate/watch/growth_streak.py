"""A streak of quarters in which AI revenue doubles is worth watching for its end.

Fires while the streak is that long, and clears with the first quarter that ends it. Wrong when the issuer counts a
product in that it did not count before.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Does AI revenue still double within a year, quarter after quarter?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.ai_growth_streak import metric as ai_growth_streak


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.growth_streak."""

    ai_growth_streak: float = 4


gate = Gate(
    name="watch.growth_streak",
    question="Does AI revenue still double within a year, quarter after quarter?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(ai_growth_streak, at_least="ai_growth_streak"),),
    limits=Limits(),
    owner="strategy",
)
