"""What adopting something caused: each account against its own earlier course, and against those not yet there.

Detrended difference-in-differences: every account's line through the months before is drawn on, and how far it comes
out above that line is compared with how far accounts do that had not adopted by then, over the same months. A placebo
asks the same inside the months before adopting, where there is nothing to find; how far it may stray by luck is found
by choosing adopters at random among accounts that had not adopted. Where the offer was randomised, `cuped` compares
the groups as drawn and takes out what was known of them before. Wrong when accounts adopt just when something
else of theirs bends upwards: `erased_by` says how sharp such a bend would have to be.

Source: METHODS 8; Callaway & Sant'Anna 2021 for not-yet-treated controls; Chung & Romano 2013 for the studentised
permutation; Deng, Xu, Kohavi & Walker 2013 for CUPED; Rambachan & Roth 2023 for bounding the violation.

>>> months = np.arange(24.0)
>>> late = np.stack([3 + 0.02 * months, 5 + 0.01 * months, 4 - 0.01 * months, 4 + 0.03 * months])
>>> late[0, 15:] += 0.11
>>> late[1, 16:] += 0.11
>>> found = detrended_did(late, [15, 16, np.inf, np.inf])
>>> round(found.effect.value, 6), found.effect.treated
(0.11, 2)
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]

BEFORE, SKIPPED, AFTER = 12, 1, 6
"""Periods of an account's own course, the period in which it adopts, and periods after it."""
DRAWS = 400
PLACEBO_CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Effect:
    """A difference with its standard error and interval, and how many units it rests on."""

    value: float
    low: float
    high: float
    deviation: float
    treated: int
    controls: int

    @property
    def steps(self) -> float:
        """How many standard errors it is from nothing."""
        return self.value / self.deviation if self.deviation > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Uplift:
    """The effect of adopting, and what checks it.

    `placebo` is the same question where nothing can be; it `holds` within `critical` standard errors. `erased_by` is
    the bend in adopters' slope, a period, that would make the effect nothing; `doubted_by` the one that would make its
    interval reach nothing. `placebo_bend` is the bend that the placebo saw.
    """

    effect: Effect
    placebo: Effect | None
    critical: float
    erased_by: float
    doubted_by: float
    placebo_bend: float

    @property
    def holds(self) -> bool:
        """Tell whether the placebo found nothing where nothing is."""
        return self.placebo is not None and abs(self.placebo.steps) <= self.critical


@dataclass(frozen=True, slots=True)
class _Cohort:
    """Units that adopted in one period, and those that had not by its window's end: their distance from their lines."""

    treated: NDArray[np.intp]
    controls: NDArray[np.intp]
    distance: Floats


def contrast(before: int, skipped: int, after: int) -> Floats:
    """Return the weights of a window's periods that give: the mean afterwards less the line drawn on from before.

    Args:
        before: periods the line is fitted through.
        skipped: periods after them that count for nothing.
        after: periods that are averaged.

    Returns:
        shape (before + skipped + after,).

    """
    past = np.stack([np.ones(before), np.arange(before, dtype=np.float64)])
    ahead = np.array([1.0, before + skipped + (after - 1) / 2])
    weights = -np.linalg.solve(past @ past.T, past).T @ ahead
    return np.concatenate([weights, np.zeros(skipped), np.full(after, 1.0 / after)])


def detrended_did(
    outcomes: ArrayLike,
    adopted: ArrayLike,
    *,
    before: int = BEFORE,
    skipped: int = SKIPPED,
    after: int = AFTER,
    confidence: float = 0.9,
    draws: int = DRAWS,
    seed: int = 8,
) -> Uplift | None:
    """Return what adopting did to outcomes, over its adopters, or None where nobody can be compared.

    Args:
        outcomes: one row a unit, one column a period, such as log revenue; nan is not known; shape (units, periods).
        adopted: the period in which each unit adopted; inf is not yet; shape (units,).
        before: periods of the own course that are needed.
        skipped: periods from the adoption on that count for nothing, since they are half before and half after.
        after: periods that are averaged.
        confidence: of the interval.
        draws: random choices of adopters that calibrate the placebo.
        seed: of these choices.

    Raises:
        ValueError: shapes do not fit, or fewer than four periods before.

    """
    y, when = _panel(outcomes, adopted, before)
    found = _effect(list(_cohorts(y, when, before, skipped, after, shift=0)), len(y), confidence)
    if found is None:
        return None
    early, late = before - before // 3, before // 3
    cohorts = list(_cohorts(y, when, early, 0, late, shift=late))
    placebo = _effect(cohorts, len(y), PLACEBO_CONFIDENCE)
    critical = _critical(cohorts, len(y), draws, seed) if placebo is not None else 0.0
    reach, short = skipped + (after + 1) / 2, (late + 1) / 2
    nearest = 0.0 if found.low <= 0 <= found.high else min(abs(found.low), abs(found.high))
    bend = placebo.value / short if placebo is not None else 0.0
    return Uplift(found, placebo, critical, abs(found.value) / reach, nearest / reach, bend)


def cuped(outcomes: ArrayLike, covariates: ArrayLike, treated: ArrayLike, confidence: float = 0.9) -> Effect | None:
    """Return the difference between randomised groups, less what was known of them before.

    Args:
        outcomes: after the draw, shape (units,).
        covariates: known before the draw, shape (units, covariates).
        treated: who was drawn, shape (units,).
        confidence: of the interval.

    Returns:
        None where a group has fewer than two units more than there are covariates.

    """
    y, who = np.asarray(outcomes, dtype=np.float64), np.asarray(treated, dtype=np.bool_)
    x = np.asarray(covariates, dtype=np.float64).reshape(len(y), -1)
    x = x - x.mean(axis=0)
    sizes = int(who.sum()), int((~who).sum())
    if min(sizes) < x.shape[1] + 2:
        return None
    inside = np.where(who[:, None], x - x[who].mean(axis=0), x - x[~who].mean(axis=0))
    left = y - np.where(who, y[who].mean(), y[~who].mean())
    theta = np.linalg.lstsq(inside, left, rcond=None)[0]
    less = y - x @ theta
    one, other = less[who], less[~who]
    value = float(one.mean() - other.mean())
    parts = one.var(ddof=1) / sizes[0], other.var(ddof=1) / sizes[1]
    deviation = float(np.sqrt(sum(parts)))
    degrees = sum(parts) ** 2 / (parts[0] ** 2 / (sizes[0] - 1) + parts[1] ** 2 / (sizes[1] - 1)) if deviation else 1.0
    return _around(value, deviation, float(degrees), confidence, sizes)


def per_adopter(offered: Effect, uptake: Effect) -> Effect | None:
    """Return the effect on those who adopted because they were offered: the difference over the difference in uptake.

    None where the offer did not move uptake beyond its own interval. The deviation takes the two as independent, which
    is wide where they move together (Fieller's interval would not be symmetric).
    """
    if uptake.low <= 0:
        return None
    value, deviation = offered.value / uptake.value, offered.deviation / uptake.value
    deviation = float(np.hypot(deviation, value * uptake.deviation / uptake.value))
    spread = (offered.high - offered.low) / 2 / offered.deviation * deviation if offered.deviation > 0 else 0.0
    return Effect(value, value - spread, value + spread, deviation, offered.treated, offered.controls)


def same_size(first: int, second: int, share: float = 0.5) -> float:
    """Return how likely group sizes as uneven as these are by luck, where `share` should be in the first (chi-square).

    >>> round(same_size(520, 480), 4)
    0.2059
    """
    from scipy.special import chdtrc

    total = first + second
    expected = share * total, (1 - share) * total
    square = (first - expected[0]) ** 2 / expected[0] + (second - expected[1]) ** 2 / expected[1]
    return float(chdtrc(1, square))


def naive(outcomes: ArrayLike, adopted: ArrayLike, after: int = AFTER, confidence: float = 0.9) -> Effect | None:
    """Return what a dashboard says: growth of adopters less that of all who have not adopted, nothing taken out.

    It is here to be shown beside the others: accounts that grow adopt more, so it says too much.
    """
    y, when = _panel(outcomes, adopted, BEFORE)
    cohorts = []
    for g in np.unique(when[np.isfinite(when)]).astype(int).tolist():
        first, last = g - after, g + SKIPPED + after
        if first >= 0 and last <= y.shape[1]:
            grown = y[:, g + SKIPPED : last].mean(axis=1) - y[:, first:g].mean(axis=1)
            cohorts += _cohort(grown, when, g, last)
    return _effect(cohorts, len(y), confidence)


def _panel(outcomes: ArrayLike, adopted: ArrayLike, before: int) -> tuple[Floats, Floats]:
    y, when = np.asarray(outcomes, dtype=np.float64), np.asarray(adopted, dtype=np.float64)
    if y.ndim != 2 or when.shape != y.shape[:1]:
        message = (
            f"found outcomes of shape {y.shape} and adopted of {when.shape}: expected (units, periods) and (units,)"
        )
        raise ValueError(message)
    if before < 4:
        message = f"before = {before}: a line and a placebo inside it need at least four periods"
        raise ValueError(message)
    return y, np.where(np.isnan(when), np.inf, when)


def _cohorts(y: Floats, when: Floats, before: int, skipped: int, after: int, shift: int) -> Iterator[_Cohort]:
    """Yield the cohorts whose whole window lies in the panel; `shift` moves the window before the adoption."""
    weights = contrast(before, skipped, after)
    for g in np.unique(when[np.isfinite(when)]).astype(int).tolist():
        first = g - shift - before
        last = first + len(weights)
        if first >= 0 and last <= y.shape[1]:
            yield from _cohort(y[:, first:last] @ weights, when, g, last)


def _cohort(distance: Floats, when: Floats, g: int, last: int) -> list[_Cohort]:
    known = np.isfinite(distance)
    treated = np.flatnonzero(known & (when == g))
    controls = np.flatnonzero(known & (when >= last) & (when != g))
    return [_Cohort(treated, controls, distance)] if treated.size and controls.size > 1 else []


def _effect(cohorts: list[_Cohort], units: int, confidence: float) -> Effect | None:
    if not cohorts:
        return None
    value, deviation, treated, controls = _estimate([(c.distance, c.treated, c.controls) for c in cohorts], units)
    if treated < 2:
        return None
    return _around(value, deviation, treated - 1.0, confidence, (treated, controls))


def _estimate(
    cohorts: list[tuple[Floats, NDArray[np.intp], NDArray[np.intp]]], units: int
) -> tuple[float, float, int, int]:
    """Return the mean distance of adopters from their controls, and its deviation over units (influence functions)."""
    count = sum(len(treated) for _, treated, _ in cohorts)
    gaps = [distance[treated] - distance[controls].mean() for distance, treated, controls in cohorts]
    value = float(sum(gap.sum() for gap in gaps) / count)
    influence, seen = np.zeros(units), np.zeros(units, dtype=np.bool_)
    for (distance, treated, controls), gap in zip(cohorts, gaps, strict=True):
        influence[treated] += (gap - value) / count * np.sqrt(count / max(count - 1, 1))
        m = len(controls)
        off = distance[controls] - distance[controls].mean()
        influence[controls] -= len(treated) / count * off / m * np.sqrt(m / (m - 1))
        seen[controls] = True
    return value, float(np.sqrt(influence @ influence)), count, int(seen.sum())


def _critical(cohorts: list[_Cohort], units: int, draws: int, seed: int) -> float:
    """Return how many standard errors a placebo strays by luck: adopters drawn at random from each cohort's window."""
    from scipy.special import stdtrit

    steps = _drawn_steps(cohorts, units, draws, np.random.default_rng(seed)) if draws else np.zeros(0)
    treated = sum(len(one.treated) for one in cohorts)
    usual = float(stdtrit(max(treated - 1, 1), (1 + PLACEBO_CONFIDENCE) / 2))
    return max(usual, float(np.quantile(steps, PLACEBO_CONFIDENCE))) if draws else usual


def _drawn_steps(cohorts: list[_Cohort], units: int, draws: int, rng: np.random.Generator) -> Floats:
    """Return the steps of `_estimate` with adopters drawn at random, shape (draws,); all draws at once."""
    count = sum(len(one.treated) for one in cohorts)
    rows = np.arange(draws)[:, None]
    mixed, gaps = [], []
    for one in cohorts:
        pool = np.concatenate([one.treated, one.controls])
        order = pool[rng.random((draws, len(pool))).argsort(axis=1)]
        distance = one.distance[order]
        n = len(one.treated)
        mixed.append(order)
        gaps.append(distance - distance[:, n:].mean(axis=1, keepdims=True))
    value = sum(gap[:, : len(one.treated)].sum(axis=1) for one, gap in zip(cohorts, gaps, strict=True)) / count
    influence = np.zeros((draws, units))
    for one, order, gap in zip(cohorts, mixed, gaps, strict=True):
        n, m = len(one.treated), len(one.controls)
        influence[rows, order[:, :n]] += (gap[:, :n] - value[:, None]) / count * np.sqrt(count / max(count - 1, 1))
        influence[rows, order[:, n:]] -= n / count * gap[:, n:] / m * np.sqrt(m / (m - 1))
    deviation = np.sqrt((influence**2).sum(axis=1))
    steps: Floats = np.abs(value) / np.where(deviation > 0, deviation, np.inf)
    return steps


def _around(value: float, deviation: float, degrees: float, confidence: float, sizes: tuple[int, int]) -> Effect:
    from scipy.special import stdtrit

    spread = float(stdtrit(degrees, (1 + confidence) / 2)) * deviation
    return Effect(value, value - spread, value + spread, deviation, *sizes)
