"""How much of a revenue lasts: its term, and after it what is likely to be renewed, over the horizon that counts.

durability = .3 + .7 (min(term, H) + max(H - term, 0) renewal)/H, between .3 for work of the moment and 1 for what lasts
the whole horizon. The .3 and .7 are declared, not estimated: work of the moment counts three tenths of work that stays.
Wrong when a renewal probability is a hope: then it is the term alone that counts.

A year's contract that is renewed with probability a half, over three years:

>>> round(float(durability(12, 0.5, 36)), 4)
0.7667

Source: METHODS 7.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

FLOOR, LASTING = 0.3, 0.7


def durability(term_months: ArrayLike, renewal: ArrayLike, horizon_months: float) -> NDArray[np.float64]:
    """The weight of a revenue, shape of the terms broadcast with the renewal probabilities.

    Raises:
        ValueError: a term is negative, a probability is none, or the horizon is not positive.

    """
    term, again = np.asarray(term_months, np.float64), np.asarray(renewal, np.float64)
    if not horizon_months > 0 or np.any(term < 0) or np.any((again < 0) | (again > 1)):
        raise ValueError("expected a positive horizon, terms of at least 0 months, probabilities between 0 and 1")
    within, after = np.minimum(term, horizon_months), np.maximum(horizon_months - term, 0.0)
    weight: NDArray[np.float64] = FLOOR + LASTING * (within + after * again) / horizon_months
    return weight
