"""What became of the revenue of the customers that were there at the start: net and gross retention, closed cohort.

Customers that came later count for nothing, so that new logos cannot hide what the old ones took away. Wrong as a
verdict on one account: it is about all of them.

Source: METHODS 8; SaaS Metrics Standards Board for the definitions.

>>> net(100.0, 30.0, 8.0, 5.0), gross(100.0, 8.0, 5.0)
(1.17, 0.87)
"""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Movement:
    """How the revenue of a closed cohort moved; `end` is start + expansion - contraction - churn."""

    start: float
    expansion: float
    contraction: float
    churn: float

    @property
    def end(self) -> float:
        """What the same customers pay at the end."""
        return self.start + self.expansion - self.contraction - self.churn


def net(start: float, expansion: float, contraction: float, churn: float) -> float:
    """Return net revenue retention."""
    return (start + expansion - contraction - churn) / start


def gross(start: float, contraction: float, churn: float) -> float:
    """Return gross revenue retention, at most 1."""
    return (start - contraction - churn) / start


def movement(before: Sequence[float], after: Sequence[float]) -> Movement:
    """Return how revenue moved from one period to another, customer by customer; who pays nothing before is left out.

    >>> movement([60.0, 30.0, 10.0, 0.0], [90.0, 22.0, 0.0, 50.0])
    Movement(start=100.0, expansion=30.0, contraction=8.0, churn=10.0)
    """
    pairs = [(one, other) for one, other in zip(before, after, strict=True) if one > 0]
    return Movement(
        sum(one for one, _ in pairs),
        sum(other - one for one, other in pairs if other > one),
        sum(one - other for one, other in pairs if 0 < other < one),
        sum(one for one, other in pairs if other <= 0),
    )
