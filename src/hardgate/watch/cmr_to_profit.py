"""Customer management revenue that grows while profit of commerce does not is stability of the top line alone.

Fires when both grow. Wrong when profit grows from cuts of marketing that the next quarter pays for.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Does growth of customer management revenue reach profit?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.cmr_growth import metric as cmr_growth
from hardgate.metrics.commerce_profit_growth import metric as commerce_profit_growth


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.cmr_to_profit."""

    cmr_growth: float = 0.05
    commerce_profit_growth: float = 0.0


gate = Gate(
    name="watch.cmr_to_profit",
    question="Does growth of customer management revenue reach profit?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(
        Condition(cmr_growth, at_least="cmr_growth"),
        Condition(commerce_profit_growth, at_least="commerce_profit_growth"),
    ),
    limits=Limits(),
    owner="strategy",
)
