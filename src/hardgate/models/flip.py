"""Which change turns the verdict: the smallest of one driver, and the smallest joint move of all.

`nearest` moves one driver and judges again on the same draws: a scan outwards on both sides, then halving. It may say
that no value in the range turns it, and says where a verdict turns more than once. `joint` is the shortest way in
standard deviations from where things stand to where they turn (first-order reliability): its length, the chance of
turning, and how much of the way each driver goes. `readings` is the same for plain limits, where it is exact. Wrong
when the boundary is strongly curved: the chance is that of its tangent; and when drivers move together and are taken
as independent.

Two drivers, 10 give or take 2 and 5 give or take 1, against 21 in all, the second counting for 1.2:

>>> found = joint(lambda x: 21 - x[0] - 1.2 * x[1], [10, 5], [2, 1])
>>> f"{found.beta:.4f} {found.probability:.5f}", [f"{one:.4f}" for one in found.importance]
('2.1437 0.01603', ['0.7353', '0.2647'])

Sources: Hasofer & Lind (1974), Journal of Engineering Mechanics 100; Rackwitz & Fiessler (1978) for the search.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Draws = TypeVar("Draws")

SCAN = (0.02, 0.05, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.65, 0.8, 1.0)
"""How far from its value a driver is tried, as parts of its reach, on both sides."""

CLOSE = 1e-4  # of the reach: where halving ends
FARTHEST = 8.0  # standard deviations beyond which no joint move is looked for
ROUNDS = 60


@dataclass(frozen=True, slots=True)
class Driver:
    """A driver where it stands, how far it may be moved to either side, and its standard deviation (or 0)."""

    name: str
    value: float
    reach: float
    deviation: float = 0.0
    lowest: float = -math.inf
    highest: float = math.inf


@dataclass(frozen=True, slots=True)
class Flip:
    """The nearest value of one driver at which the verdict turns.

    Attributes:
        driver: its name.
        value: where it stands.
        at: the value at which it turns; None where no value in range does.
        change: from where it stands.
        deviations: the change in standard deviations; None where that is not known.
        monotone: whether the verdict turns at most once on each side.
        tried: the lowest and the highest value tried.

    """

    driver: str
    value: float
    at: float | None
    change: float | None
    deviations: float | None
    monotone: bool
    tried: tuple[float, float]


def nearest(
    verdict: Callable[[Mapping[str, float], Draws], bool], drivers: Sequence[Driver], draws: Draws
) -> tuple[Flip, ...]:
    """The nearest turn of each driver alone, all others where they stand; those that turn soonest come first.

    Args:
        verdict: tells, of the values of all drivers by name and of the draws, whether it holds.
        drivers: what may be moved.
        draws: handed to the verdict unchanged: the same numbers for every try.

    """
    base = {one.name: one.value for one in drivers}
    stands = verdict(base, draws)

    def turned(driver: Driver, value: float) -> bool:
        return verdict({**base, driver.name: value}, draws) is not stands

    found = [_one(driver, turned) for driver in drivers]
    return tuple(sorted(found, key=lambda one: (one.change is None, _size(one, drivers))))


def _size(found: Flip, drivers: Sequence[Driver]) -> float:
    """How far the driver moves: in deviations where they are known, else as a part of its reach."""
    if found.deviations is not None:
        return abs(found.deviations)
    reach = next(one.reach for one in drivers if one.name == found.driver)
    return math.inf if found.change is None else FARTHEST * abs(found.change) / reach


def _one(driver: Driver, turned: Callable[[Driver, float], bool]) -> Flip:
    monotone, best = True, None
    for side in (-1.0, 1.0):
        steps = [side * part * driver.reach for part in SCAN]
        inside = [one for one in steps if driver.lowest <= driver.value + one <= driver.highest]
        seen = [False, *(turned(driver, driver.value + one) for one in inside)]
        turns = [at for at in range(1, len(seen)) if seen[at] != seen[at - 1]]
        monotone = monotone and len(turns) <= 1
        if turns:
            first = turns[0]
            near, far = ([0.0, *inside][at] for at in (first - 1, first))
            change = _halved(driver, near, far, turned)
            best = change if best is None or abs(change) < abs(best) else best
    low, high = (min(max(driver.value + side * driver.reach, driver.lowest), driver.highest) for side in (-1, 1))
    at = None if best is None else driver.value + best
    deviations = None if best is None or not driver.deviation else best / driver.deviation
    return Flip(driver.name, driver.value, at, best, deviations, monotone, (low, high))


def _halved(driver: Driver, near: float, far: float, turned: Callable[[Driver, float], bool]) -> float:
    """The change at which it turns, between one at which it does not and one at which it does."""
    while abs(far - near) > CLOSE * driver.reach:
        middle = (near + far) / 2
        near, far = (near, middle) if turned(driver, driver.value + middle) else (middle, far)
    return far


@dataclass(frozen=True, slots=True)
class Reliability:
    """The shortest joint move that turns it.

    Attributes:
        beta: its length in standard deviations; negative where it has turned already.
        probability: of having turned: Phi(-beta).
        importance: the part of the squared way that each driver goes; adds up to 1.
        design_point: where the drivers stand when it turns, on the shortest way.
        converged: whether the search came to rest on the boundary.

    """

    beta: float
    probability: float
    importance: tuple[float, ...]
    design_point: tuple[float, ...]
    converged: bool = True


def joint(g: Callable[[Floats], float], means: ArrayLike, deviations: ArrayLike) -> Reliability:
    """The shortest way, in standard deviations of independent normals, to where g is nothing.

    The search goes along the gradient of g, taken by differences, and shortens a step that overshoots. Where there is
    no such place within eight deviations, `converged` is false and beta is infinite.

    Args:
        g: positive where the verdict holds as it should, negative where it does not.
        means: where the drivers stand.
        deviations: their standard deviations, positive.

    Raises:
        ValueError: shapes differ, or a deviation is not positive.

    """
    mean, spread = np.asarray(means, dtype=np.float64), np.asarray(deviations, dtype=np.float64)
    if mean.shape != spread.shape or mean.ndim != 1 or not (spread > 0).all():
        raise ValueError(f"means {mean}, deviations {spread}: expected one of each a driver, deviations positive")

    def at(z: Floats) -> float:
        return float(g(mean + spread * z))

    start = at(np.zeros_like(mean))
    z, scale = np.zeros_like(mean), max(abs(start), 1e-12)
    for _ in range(ROUNDS):
        here, slope = at(z), _gradient(at, z)
        length = float(slope @ slope)
        if length < (1e-12 * scale) ** 2:
            break
        target = slope * (float(slope @ z) - here) / length
        target *= min(1.0, 2 * FARTHEST / max(float(np.linalg.norm(target)), 1e-300))
        moved = _shortened(at, z, target, here, math.sqrt(length))
        still = float(np.linalg.norm(moved - z)) < 1e-7
        z = moved
        if still:
            break
    beta = float(np.linalg.norm(z))
    if abs(at(z)) > 1e-6 * scale or beta > FARTHEST:
        return Reliability(math.inf, 0.0, (0.0,) * mean.size, tuple(mean.tolist()), converged=False)
    shares = z * z / beta**2 if beta > 0 else _gradient(at, z) ** 2 / max(float((_gradient(at, z) ** 2).sum()), 1e-300)
    signed = beta if start >= 0 else -beta
    return Reliability(signed, _below(-signed), tuple(shares.tolist()), tuple((mean + spread * z).tolist()))


def _shortened(at: Callable[[Floats], float], z: Floats, target: Floats, here: float, slope: float) -> Floats:
    """A step towards the target that is not longer than helps: length of the way and distance to the boundary."""
    weight = 2.0 * max(float(np.linalg.norm(target)), 1.0) / slope

    def merit(one: Floats, value: float) -> float:
        return 0.5 * float(one @ one) + weight * abs(value)

    best, before = 1.0, merit(z, here)
    while best > 1 / 64:
        tried = z + best * (target - z)
        if merit(tried, at(tried)) < before:
            return tried
        best /= 2
    return z + best * (target - z)


def _gradient(at: Callable[[Floats], float], z: Floats) -> Floats:
    step = 1e-4
    found = np.empty_like(z)
    for i in range(z.size):
        ahead, behind = z.copy(), z.copy()
        ahead[i] += step
        behind[i] -= step
        found[i] = (at(ahead) - at(behind)) / (2 * step)
    return found


def readings(slacks: ArrayLike, deviations: ArrayLike) -> Reliability:
    """The shortest joint move of readings, each against a limit of its own, that turns the whole: exact.

    Slacks are positive where a reading clears its limit. Where all clear, the whole turns when the nearest one falls
    short; where some fall short, all of those must be brought to their limits. The probability is of turning.

    >>> found = readings([-3.0, -4.0, 5.0], [1.0, 1.0, 1.0])
    >>> f"{found.beta:.1f}", found.importance, found.design_point
    ('5.0', (0.36, 0.64, 0.0), (3.0, 4.0, 0.0))

    Returns:
        the design point is the change of each reading.

    Raises:
        ValueError: shapes differ, or a deviation is not positive.

    """
    slack, spread = np.asarray(slacks, dtype=np.float64), np.asarray(deviations, dtype=np.float64)
    if slack.shape != spread.shape or slack.ndim != 1 or not slack.size or not (spread > 0).all():
        raise ValueError(f"slacks {slack}, deviations {spread}: expected one of each a reading, deviations positive")
    away = slack / spread
    clear = math.exp(sum(math.log(max(_below(one), 1e-300)) for one in away.tolist()))
    short = away < 0
    move = np.where(short, -away, 0.0) if short.any() else np.where(np.arange(away.size) == away.argmin(), -away, 0.0)
    beta = float(np.linalg.norm(move))
    shares = move**2 / beta**2 if beta > 0 else (np.arange(away.size) == away.argmin()).astype(np.float64)
    chance = clear if short.any() else 1 - clear
    return Reliability(beta, chance, tuple(shares.tolist()), tuple((move * spread).tolist()))


def _below(z: float) -> float:
    return 0.5 * math.erfc(-z / math.sqrt(2))
