"""What is it worth to know more before deciding: everything, or one driver.

Knowing everything, one would choose the best option on each draw; knowing one driver, the one that is best on average
where it stands. The average given a driver comes from a regression of each option's net benefit on it. To know a part
is never worth more than to know all. Wrong when knowing changes what can be done: only the options given are chosen
from; and what a measurement costs, and how exact it is, is not in it.

Do nothing, or take 3 and two independent doubts of 4 and 3:

>>> from hardgate.models.draw import normals
>>> drawn = normals(1 << 12, 2, seed=7)
>>> gain = 3 + 4 * drawn[:, 0] + 3 * drawn[:, 1]
>>> options = np.stack([np.zeros_like(gain), gain], axis=1)
>>> f"{evpi(options):.3f} {evppi(options, drawn[:, 0]):.3f} {evppi(options, drawn[:, 1]):.2f}"
'0.843 0.525 0.25'

Sources: Raiffa & Schlaifer (1961) for the value of perfect information; Strong, Oakley & Brennan (2014), Medical
Decision Making 34, for the regression.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

KNOTS = 9  # of the cubic spline in one driver
FEWEST = 64


def evpi(net_benefits: ArrayLike) -> float:
    """The value of knowing everything: the mean of the best option on each draw, less the best mean.

    Args:
        net_benefits: shape (draws, options).

    Raises:
        ValueError: not one column an option, or a number is missing.

    """
    benefits = _benefits(net_benefits)
    return max(float(benefits.max(axis=1).mean() - benefits.mean(axis=0).max()), 0.0)


def evppi(net_benefits: ArrayLike, driver: ArrayLike) -> float:
    """The value of knowing one driver, or several at once: between 0 and that of knowing everything.

    Args:
        net_benefits: shape (draws, options).
        driver: its value on each draw, shape (draws,), or of several, shape (draws, drivers).

    Raises:
        ValueError: shapes differ, a number is missing, or there are too few draws to say anything.

    """
    benefits = _benefits(net_benefits)
    known = np.asarray(driver, dtype=np.float64)
    known = known[:, np.newaxis] if known.ndim == 1 else known
    if known.shape[0] != benefits.shape[0] or benefits.shape[0] < FEWEST:
        raise ValueError(f"{known.shape[0]} values of the driver, {benefits.shape[0]} draws: expected {FEWEST} of each")
    basis = _basis(known)
    differences = benefits - benefits[:, :1]
    fitted = basis @ np.linalg.lstsq(basis.T @ basis, basis.T @ differences, rcond=1e-13)[0]
    gained = float(fitted.max(axis=1).mean() - fitted.mean(axis=0).max())
    return min(max(gained, 0.0), evpi(benefits))


def _basis(known: Floats) -> Floats:
    """A cubic spline in each driver, standardised, and the products of each two."""
    columns = [np.ones(known.shape[0])]
    scaled = []
    for one in known.T:
        spread = one.std()
        if not spread:
            continue
        z = (one - one.mean()) / spread
        scaled.append(z)
        knots = np.quantile(z, np.linspace(0, 1, KNOTS + 2)[1:-1])
        columns += [z, z**2, z**3, *(np.maximum(z - knot, 0.0) ** 3 for knot in knots)]
    columns += [a * b for i, a in enumerate(scaled) for b in scaled[:i]]
    return np.stack(columns, axis=1)


def _benefits(net_benefits: ArrayLike) -> Floats:
    benefits = np.asarray(net_benefits, dtype=np.float64)
    if benefits.ndim != 2 or not benefits.size or not np.isfinite(benefits).all():
        raise ValueError(f"net benefits of shape {benefits.shape}: expected (draws, options), no number missing")
    return benefits
