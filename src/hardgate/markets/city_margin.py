"""A subsidy buys nothing where every order loses money before it: an order must pay for its own delivery first.

What an order leaves after delivery, payment and support, by the declared cost stack, on the lower end of its interval,
for four weeks. Wrong for a city that opens: give it a limit of its own for the weeks of its ramp.

Source: METHODS 9, city P&L.

>>> gate.question
'Does an order pay for its own delivery?'
"""

from dataclasses import dataclass

from hardgate.core.terms import Action, Condition, Gate
from hardgate.metrics.cm2_per_order import metric as cm2_per_order


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under markets.city_margin, in the reporting currency."""

    cm2_per_order: float = 0.0


gate = Gate(
    name="markets.city_margin",
    question="Does an order pay for its own delivery?",
    opens=Action.SUBSIDIZE,
    per=("city",),
    window="8w",
    conditions=(Condition(cm2_per_order, at_least="cm2_per_order", held_for=4),),
    limits=Limits(),
    owner="markets",
    cool_down=4,
)
