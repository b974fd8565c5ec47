"""How likely something is, given what is known of each case: a ridge logistic regression that keeps its calibration.

Maximum likelihood by Newton's method on standardised features; the intercept is not shrunk, so that the mean of the
fitted chances is the share that happened. Cases are never reweighted to balance classes: that ruins the chances.
Wrong when the future differs from the months it was fitted on: see the calibration of `hardgate.models.ranking`.

Source: Hoerl & Kennard 1970 for ridge; le Cessie & van Houwelingen 1992 for the logistic one; METHODS 8, targets.

>>> fitted = fit([[0.0], [1.0], [2.0], [3.0]], [0, 0, 1, 1], ridge=1.0)
>>> fitted.chances([[0.0], [3.0]]).round(3).tolist()
[0.22, 0.78]
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ROUNDS = 100
CLOSE = 1e-10


@dataclass(frozen=True, slots=True)
class Logistic:
    """A fitted regression: `weights` are for features less `means`, over `scales`."""

    intercept: float
    weights: Floats
    means: Floats
    scales: Floats

    def chances(self, features: ArrayLike) -> Floats:
        """Return the chance of each case, shape (cases,)."""
        from scipy.special import expit

        x = (np.asarray(features, dtype=np.float64) - self.means) / self.scales
        chances: Floats = expit(self.intercept + x @ self.weights)
        return chances


def fit(features: ArrayLike, happened: ArrayLike, ridge: float = 1.0) -> Logistic:
    """Fit chances to what happened.

    Args:
        features: shape (cases, features); a feature that never varies gets no weight.
        happened: 0 or 1, shape (cases,).
        ridge: half the square of the standardised weights is charged this much (scikit-learn's 1/C).

    Raises:
        ValueError: shapes do not fit, a number is missing, or all cases ended alike.

    """
    from scipy.special import expit

    x, y = np.asarray(features, dtype=np.float64), np.asarray(happened, dtype=np.float64)
    if x.ndim != 2 or y.shape != x.shape[:1] or not np.isfinite(x).all():
        message = f"found features of shape {x.shape} and outcomes of {y.shape}: expected whole (n, k) and (n,)"
        raise ValueError(message)
    if not 0 < y.sum() < y.size:
        message = f"all {y.size} cases ended alike: there is nothing to tell apart"
        raise ValueError(message)
    means, scales = x.mean(axis=0), x.std(axis=0)
    scales = np.where(scales > 0, scales, 1.0)
    design = np.column_stack([np.ones(len(y)), (x - means) / scales])
    charge = np.full(design.shape[1], ridge)
    charge[0] = 0.0
    b = np.zeros(design.shape[1])
    b[0] = np.log(y.mean() / (1 - y.mean()))
    for _ in range(ROUNDS):
        p = expit(design @ b)
        slope = design.T @ (p - y) + charge * b
        bend = (design * (p * (1 - p))[:, None]).T @ design + np.diag(charge + 1e-12)
        step = np.linalg.solve(bend, slope)
        b = b - step / max(1.0, float(np.abs(step).max()) / 2)  # no step so far that the chances saturate
        if np.abs(step).max() < CLOSE:
            break
    return Logistic(float(b[0]), b[1:], means, scales)
