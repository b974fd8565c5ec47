"""What two arms differ by, from sums: counts, means, variances and a covariance are all that is needed of the units.

A ratio (basket size: money over orders) is taken on the unit that was randomised, by the delta method, since orders of
one customer are not independent. The effect is the difference over the control's mean, so that effects of different
things can be compared. Wrong with a few dozen units, or where one customer makes most of the sum.

Two arms of 1,000 customers with one order each; the treated spend 5 % more:

>>> control, treated = Arm(1000, 20.0, 1.0, 36.0, 0.0, 0.0), Arm(1000, 21.0, 1.0, 36.0, 0.0, 0.0)
>>> found = effect(control, treated)
>>> f"{found.value:.3f}, standard error {found.error:.5f}"
'0.050, standard error 0.01376'

Sources: Deng, Knoblich & Lu (2018), KDD, for the delta method; Fabijan et al. (2019), KDD, for the sample-ratio
check; Holm (1979), Scandinavian Journal of Statistics 6.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Arm:
    """Sums of one arm over its units: numerator and denominator of a ratio. A plain mean has the denominator 1."""

    units: float
    numerator: float
    denominator: float
    numerator_variance: float
    denominator_variance: float
    covariance: float

    @property
    def ratio(self) -> float:
        """The mean of the numerator over the mean of the denominator."""
        return self.numerator / self.denominator

    @property
    def variance(self) -> float:
        """The variance of one unit's part in the ratio, by the delta method."""
        ratio = self.ratio
        spread = self.numerator_variance - 2 * ratio * self.covariance + ratio**2 * self.denominator_variance
        return max(spread, 0.0) / self.denominator**2


@dataclass(frozen=True, slots=True)
class Effect:
    """A relative difference with its standard error."""

    value: float
    error: float

    @property
    def z(self) -> float:
        """The effect in standard errors."""
        return self.value / self.error if self.error > 0 else 0.0


def effect(control: Arm, treated: Arm) -> Effect | None:
    """Return the relative difference of the treated arm; None where it cannot be said.

    It cannot with fewer than two units in an arm, and not of a control whose mean is nothing.
    """
    if min(control.units, treated.units) < 2 or not (control.denominator > 0 and treated.denominator > 0):
        return None
    base, other = control.ratio, treated.ratio
    if base == 0:
        return None
    variance = treated.variance / treated.units / base**2 + other**2 * control.variance / control.units / base**4
    return Effect((other - base) / abs(base), math.sqrt(variance))


def sample_ratio(units: Sequence[float], shares: Sequence[float]) -> float:
    """Return the chance of counts as uneven as these, had units been split as planned (chi-square).

    >>> f"{sample_ratio([5000, 5300], [0.5, 0.5]):.4f}"
    '0.0031'

    Raises:
        ValueError: counts and shares do not match, or a share is not above 0.

    """
    from scipy.special import gammaincc

    if len(units) != len(shares) or len(units) < 2 or min(shares) <= 0 or min(units) < 0:
        raise ValueError(f"counts {list(units)} of shares {list(shares)}: expected one share above 0 for each arm")
    total, whole = sum(units), sum(shares)
    if not total:
        return 1.0
    expected = [total * one / whole for one in shares]
    square = sum((seen - due) ** 2 / due for seen, due in zip(units, expected, strict=True))
    return float(gammaincc((len(units) - 1) / 2, square / 2))


def holm(strengths: Sequence[float], alpha: float) -> tuple[float, ...]:
    """Return the share of false alarms that each of several effects may be tested at, the strongest first at the least.

    A test is only made where all stronger ones have passed; the caller goes down in order of strength.

    >>> holm([1.0, 3.0], 0.05)
    (0.05, 0.025)
    """
    order = sorted(range(len(strengths)), key=lambda i: (-strengths[i], i))
    return tuple(alpha / (len(strengths) - order.index(i)) for i in range(len(strengths)))


def family(chances: Sequence[float]) -> tuple[float, ...]:
    """Return each of several chances of luck as it counts among all of them (Holm), in their order.

    What comes out below a level holds for all that do: that luck makes even one of them stands below that level.

    >>> family([0.02, 0.5, 0.03])
    (0.06, 0.5, 0.06)
    """
    order = sorted(range(len(chances)), key=lambda i: (chances[i], i))
    found, least = [0.0] * len(chances), 0.0
    for place, i in enumerate(order):
        least = found[i] = max(least, min(1.0, (len(chances) - place) * chances[i]))
    return tuple(found)
