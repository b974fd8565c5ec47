"""Whether a list puts those first whom a nudge moves, and not those who would have come anyhow: the Qini curve.

Down a list, what happened among the treated less what happened among the controls, scaled to as many: that many came
because they were treated. The coefficient is the area between this curve and the straight line of a random list, over
that of the best list there could be: 1 is perfect, 0 is random, below 0 is worse. Only a nudge that was given by lot
can be read this way. Wrong at the top of a short list, where few controls stand for many.

Four cases, best first; the first came and was treated, the last came without:

>>> found = qini([4.0, 3.0, 2.0, 1.0], [1, 0, 0, 1], [True, False, True, False])
>>> found.gained.tolist(), found.area, found.coefficient
([0.0, 1.0, 1.0, 1.0, 0.0], 3.0, 1.0)

Sources: Radcliffe 2007, Direct Marketing Analytics Journal; Gutierrez & Gerardy 2017, PMLR 67.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Qini:
    """How many came because they were treated, down a list: after so many cases, so many; and what that is worth."""

    reached: Floats
    gained: Floats
    coefficient: float

    @property
    def area(self) -> float:
        """The area between the curve and a random list's line, in cases times cases."""
        return _over_random(self.reached, self.gained)


def qini(scores: ArrayLike, happened: ArrayLike, treated: ArrayLike) -> Qini | None:
    """Return how well a list tells whom a nudge moves; None where a group is empty, or no list could be better.

    Args:
        scores: by which the list is ordered, highest first; equals are taken together. Shape (cases,).
        happened: 0 or 1, shape (cases,).
        treated: who was nudged, by lot, shape (cases,).

    Raises:
        ValueError: shapes do not fit.

    """
    order, y = np.asarray(scores, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    who = np.asarray(treated, dtype=np.bool_)
    if order.ndim != 1 or not order.shape == y.shape == who.shape:
        message = (
            f"found scores of shape {order.shape}, outcomes of {y.shape} and treated of {who.shape}: expected (n,)"
        )
        raise ValueError(message)
    if who.all() or not who.any():
        return None
    best = _over_random(*_curve(np.where(who, y, -y), y, who))
    if best <= 0:
        return None
    reached, gained = _curve(order, y, who)
    return Qini(reached, gained, _over_random(reached, gained) / best)


def _curve(scores: Floats, y: Floats, who: Mask) -> tuple[Floats, Floats]:
    """Return how many cases, and how many came because of it, at each step down a list."""
    order = np.argsort(-scores, kind="stable")
    steps = np.append(np.flatnonzero(np.diff(scores[order])), len(scores) - 1)
    came, nudged = y[order], who[order]
    with_, without = (np.cumsum(one)[steps].astype(np.float64) for one in (nudged, ~nudged))
    paid, anyhow = (np.cumsum(came * one)[steps] for one in (nudged, ~nudged))
    scaled = np.divide(anyhow * with_, without, out=np.zeros_like(with_), where=without > 0)
    return np.append(0.0, steps + 1.0), np.append(0.0, paid - scaled)


def _over_random(reached: Floats, gained: Floats) -> float:
    under = float((np.diff(reached) * (gained[1:] + gained[:-1]) / 2).sum())
    return under - float(reached[-1] * gained[-1]) / 2
