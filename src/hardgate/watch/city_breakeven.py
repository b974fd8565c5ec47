"""Quick commerce that reaches break-even city by city is a path; user growth without it is none.

Fires when at least that share of cities pays for its own delivery. Wrong when cities that never will are left out.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Do cities reach break-even, and how many have?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.city_breakeven import metric as city_breakeven


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.city_breakeven."""

    city_breakeven: float = 0.5


gate = Gate(
    name="watch.city_breakeven",
    question="Do cities reach break-even, and how many have?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(city_breakeven, at_least="city_breakeven"),),
    limits=Limits(),
    owner="markets",
)
