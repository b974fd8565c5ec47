"""AI products that carry a fifth of external cloud revenue decide its margin.

Fires when their share is at least its limit. Wrong across issuers: each defines AI products for itself.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'How much of external cloud revenue comes from AI products?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.ai_cloud_share import metric as ai_cloud_share


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.ai_share."""

    ai_cloud_share: float = 0.20


gate = Gate(
    name="watch.ai_share",
    question="How much of external cloud revenue comes from AI products?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(ai_cloud_share, at_least="ai_cloud_share"),),
    limits=Limits(),
    owner="strategy",
)
