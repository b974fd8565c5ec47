"""Capital expenditure that falls over a year is a slower build, whatever was guided.

Fires when it is that much below the same quarter a year before. Wrong when a delivery slipped by a quarter.

Source: METHODS 15.

>>> gate.opens is None, gate.question
(True, 'Was capital expenditure cut against a year ago?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Condition, Gate
from hardgate.metrics.capex_growth import metric as capex_growth


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.capex_cut."""

    capex_growth: float = -0.10


gate = Gate(
    name="watch.capex_cut",
    question="Was capital expenditure cut against a year ago?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(capex_growth, at_most="capex_growth"),),
    limits=Limits(),
    owner="strategy",
)
