"""An interval that holds at every moment at once, for experiments that nobody can say when to end.

It pays for that freedom: with a window that is closed, `group_sequential` finds the same effect with fewer customers.
Wrong with few units: it rests on the normal limit of the difference.

Ten thousand units whose difference has a variance of 1 a unit, at the sample that it was tuned for:

>>> f"{radius(1.0, 10_000, tuned_for=10_000):.5f}"
'0.03035'

Sources: Waudby-Smith, Arbour, Sinha, Kennedy & Ramdas (2024), Annals of Statistics 52, for asymptotic confidence
sequences, tuned as there; GrowthBook's sequential intervals are of the same form.
"""

import math


def radius(variance: float, units: float, alpha: float = 0.05, tuned_for: float = 5_000.0) -> float:
    """Return half the width of the interval around a difference of means.

    Args:
        variance: of the difference, times the units: what one unit of both arms together contributes.
        units: in all arms together.
        alpha: the chance that the interval ever leaves out the true difference.
        tuned_for: the number of units at which it is to be narrowest.

    Raises:
        ValueError: there are no units, the variance is negative, or alpha is no share.

    """
    if not (units > 0 and variance >= 0 and 0 < alpha < 1 and tuned_for > 0):
        raise ValueError(f"variance {variance} of {units} units at {alpha}: expected units, a variance and a share")
    rho = (-2 * math.log(alpha) + math.log(-2 * math.log(alpha) + 1)) / tuned_for
    n = units * rho
    return math.sqrt(variance) * math.sqrt(2 * (n + 1) / (units**2 * rho) * math.log(math.sqrt(n + 1) / alpha))
