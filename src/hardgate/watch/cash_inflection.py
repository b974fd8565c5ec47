"""Free cash flow has turned when four quarters of it are above nothing and stay so for as many quarters as declared.

Policy may set `basis: quarter` for an issuer of whom not all quarters are known. Wrong across issuers: each has its own
definition of free cash flow.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Is free cash flow above nothing, and has it stayed so?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Choice, Condition, Gate
from hardgate.metrics.fcf_positive_quarters import metric as fcf_positive_quarters
from hardgate.metrics.fcf_positive_trailing import metric as fcf_positive_trailing


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.cash_inflection."""

    basis: str = "trailing"
    quarters: float = 2


gate = Gate(
    name="watch.cash_inflection",
    question="Is free cash flow above nothing, and has it stayed so?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(
        Condition(
            Choice("basis", (("trailing", fcf_positive_trailing), ("quarter", fcf_positive_quarters))),
            at_least="quarters",
        ),
    ),
    limits=Limits(),
    owner="strategy",
)
