"""What an issuer says of its use of capacity, or of a lack of it, moves the whole market for accelerators.

Fires when a document of the last half year has such a sentence, and cites it. Wrong when the sentence denies it.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Does the company speak of how its capacity is used, or of a lack of it?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.utilization_disclosures import metric as utilization_disclosures


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.utilization_disclosure."""

    utilization_disclosures: float = 1


gate = Gate(
    name="watch.utilization_disclosure",
    question="Does the company speak of how its capacity is used, or of a lack of it?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(utilization_disclosures, at_least="utilization_disclosures"),),
    limits=Limits(),
    owner="strategy",
)
