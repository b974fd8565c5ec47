"""What a ranked list is worth: are its chances true, and does its top hold more than chance or size would give.

Calibration is read off groups of equal size (what was said beside what happened) and by the slope of a logistic
regression on the chances' own logits: 1 is right, below 1 they are too bold. Lift is the share of what happened in the
top of the list over the share of accounts there. Wrong when the list was acted on before it was scored: then those
at the top were treated differently.

Source: Cox 1958 for the calibration slope; Brier 1950; METHODS 8, targets.

>>> top_share([9.0, 1.0, 5.0, 2.0, 3.0], order=[0, 2, 4, 3, 1], share=0.2)
0.45
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    """One group of a list by chance: the mean that was said, what happened, and how many cases."""

    said: float
    happened: float
    count: int


@dataclass(frozen=True, slots=True)
class Calibration:
    """How true chances are. `slope` is None where they do not vary, or all cases ended alike."""

    said: float
    happened: float
    slope: float | None
    brier: float
    groups: tuple[Group, ...]


def calibration(chances: ArrayLike, happened: ArrayLike, groups: int = 5) -> Calibration:
    """Return how true chances were, in groups of equal size from the least to the most likely.

    Raises:
        ValueError: there is no case.

    """
    p, y = np.asarray(chances, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if not p.size:
        raise ValueError("no case to calibrate on")
    order = np.argsort(p, kind="stable")
    parts = [part for part in np.array_split(order, groups) if part.size]
    found = tuple(Group(float(p[part].mean()), float(y[part].mean()), int(part.size)) for part in parts)
    return Calibration(float(p.mean()), float(y.mean()), _slope(p, y), float(((p - y) ** 2).mean()), found)


def _slope(p: Floats, y: Floats) -> float | None:
    from hardgate.models.logistic import fit

    logits = np.log(np.clip(p, 1e-9, 1 - 1e-9) / (1 - np.clip(p, 1e-9, 1 - 1e-9)))
    if not 0 < y.sum() < y.size or np.ptp(logits) == 0:
        return None
    fitted = fit(logits[:, None], y, ridge=0.0)
    return float(fitted.weights[0] / fitted.scales[0])


def top_share(amounts: ArrayLike, order: Sequence[int] | NDArray[np.intp], share: float = 0.1) -> float:
    """Return the part of all amounts that lies in the first `share` of an order, 0 where there is nothing at all.

    A case that is cut by the share counts in part, so that a list in random order gives the share itself.
    """
    found = np.asarray(amounts, dtype=np.float64)[np.asarray(order, dtype=np.intp)]
    total = float(found.sum())
    if total == 0:
        return 0.0
    reach = share * len(found)
    whole = int(reach)
    cut = (reach - whole) * float(found[whole]) if whole < len(found) else 0.0
    return (float(found[:whole].sum()) + cut) / total


def descending(scores: ArrayLike) -> NDArray[np.intp]:
    """Return the order from the highest score to the lowest; equals stay as they came."""
    return np.argsort(-np.asarray(scores, dtype=np.float64), kind="stable")
