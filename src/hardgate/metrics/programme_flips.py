"""Which driver turns a programme, and what it is worth to know one: on the same courses, kept once worked out.

A programme stands when its mean net present value at the hurdle rate is at least nothing. Each driver is moved alone,
then all together along the shortest way; and for each vintage that is asked for, knowing a driver is worth what better
choosing between buying it and not would bring. Wrong where drivers without an interval matter: they are not moved
jointly, and knowing them seems worth nothing.

>>> sorted(REACH)[:3]
['capex', 'delay', 'demand']

Source: METHODS 13.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.programme_model import Assembled, assemble, names
from hardgate.metrics.programme_outcome import SEED, a_quarter, hurdle

if TYPE_CHECKING:
    from hardgate.models.programme import Programme
    from hardgate.models.programme_paths import Draws

Floats = NDArray[np.float64]

PATHS = 1 << 11
REACH = {
    "growth": 0.6, "erosion": 0.5, "demand": 0.9, "price": 0.9, "productive_share": 0.9, "capex": 1.0, "delay": 8.0,
    "power_price": 0.9, "opex": 0.9,
}  # fmt: skip
"""How far a level is moved to either side."""
COURSES = ("demand course", "price course")
"""What no level says: how demand and prices move on the way."""


def flips(evidence: Evidence, name: str) -> tuple[Assembled, Mapping[str, Any] | None]:
    """Return a programme and what turns it, as plain JSON; None where something is missing."""
    return _kept(evidence, name, "programme-flips", flipped)


def worth(evidence: Evidence, name: str) -> tuple[Assembled, Mapping[str, Any] | None]:
    """Return a programme and what knowing is worth, as plain JSON; None where something is missing."""
    return _kept(evidence, name, "programme-worth", valued)


def within(evidence: Evidence) -> dict[str, tuple[str, float]]:
    """Return the programme of each vintage asked for, and what the vintage adds to it on average."""
    found = [worth(evidence, name) for name in names(evidence)]
    return {
        name: (one.name, float(each["gain"])) for one, known in found if known for name, each in known.items() if name
    }


def _kept(evidence: Evidence, name: str, kind: str, make: Any) -> tuple[Assembled, Mapping[str, Any] | None]:  # noqa: ANN401
    found = assemble(evidence, name)
    rate = hurdle(evidence, found)
    if found.programme is None or rate is None:
        return found, None
    programme = found.programme
    inputs = {"programme": asdict(programme), "hurdle": rate, "seed": SEED, "paths": PATHS}
    kept: Mapping[str, Any] = evidence.kept(kind, inputs, lambda: make(programme, rate))
    return found, kept


def draws(programme: "Programme") -> "Draws":
    """Return the courses that every question is asked on."""
    from hardgate.models.programme_paths import draw

    return draw(programme.quarters, PATHS, SEED)


def flipped(programme: "Programme", rate: float) -> dict[str, Any]:
    """Return the nearest turn of each driver, and the shortest joint way."""
    from hardgate.models import flip
    from hardgate.models.programme import NAMES

    drivers = [_driver(programme, name) for name in NAMES if _matters(programme, name)]

    def stands(levels: Mapping[str, float], drawn: "Draws") -> bool:
        return float(npv_of(programme.moved(**levels), drawn, rate).mean()) >= 0

    drawn = draws(programme)
    found = [asdict(one) for one in flip.nearest(stands, drivers, drawn)]
    npv = float(npv_of(programme, drawn, rate).mean())
    return {"npv": npv, "stands": npv >= 0, "nearest": found, "joint": _joint(programme, rate)}


def _matters(programme: "Programme", name: str) -> bool:
    """Power has no price where no vintage draws any beside its other cost."""
    return name != "power_price" or (programme.power_price > 0 and any(one.kilowatts for one in programme.vintages))


def _driver(programme: "Programme", name: str) -> Any:  # noqa: ANN401  of a module that is imported late
    from hardgate.models.flip import Driver

    lowest = -np.inf if name in {"growth", "erosion"} else 0.0
    highest = 1 / max(one.productive_share for one in programme.vintages) if name == "productive_share" else np.inf
    value, spread = getattr(programme.centre, name), getattr(programme.spread, name)
    return Driver(name, value, REACH[name], spread, lowest, float(highest))


def npv_of(programme: "Programme", drawn: "Draws", rate: float) -> Floats:
    """Return the net present value of what a programme adds, on each course, at an effective rate a year."""
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme_paths import simulate

    return npv(simulate(programme, drawn).cash, a_quarter(rate))


def _joint(programme: "Programme", rate: float) -> dict[str, Any]:
    """Return the shortest joint move of all drivers that have an interval, and of the courses of demand and price."""
    from hardgate.models import flip
    from hardgate.models.cash_flow import npv
    from hardgate.models.programme import ADDED, NAMES
    from hardgate.models.programme_run import run

    spread = {name: getattr(programme.spread, name) for name in NAMES if getattr(programme.spread, name) > 0}
    names = [*spread, *COURSES]
    steps = max(programme.quarters - 1, 1)
    years = np.arange(programme.quarters) / 4
    rise = np.arange(programme.quarters) / np.sqrt(steps) / 2

    def g(z: Floats) -> float:
        moved = {}
        for name, normal in zip(names, z.tolist(), strict=True):
            if name in spread:
                at = getattr(programme.centre, name)
                level = at + spread[name] * normal if name in ADDED else at * float(np.exp(spread[name] * normal))
                moved[name] = max(level, 0.0) if name == "delay" else level
        demand, price = z[-2], z[-1]
        v, p, r = programme.volatility, programme.price_volatility, programme.correlation
        course = np.exp(v * demand * rise - v * v / 2 * years)
        prices = np.exp(p * (r * demand + np.sqrt(1 - r * r) * price) * rise - p * p / 2 * years)
        return float(npv(run(programme.moved(**moved), course, prices).cash, a_quarter(rate)))

    found = flip.joint(g, np.zeros(len(names)), np.ones(len(names)))
    return {
        "names": names, "beta": found.beta if np.isfinite(found.beta) else None, "probability": found.probability,
        "importance": list(found.importance), "design_point": list(found.design_point), "converged": found.converged,
    }  # fmt: skip


def valued(programme: "Programme", rate: float) -> dict[str, Any]:
    """Return, for the programme and each vintage asked for, what knowing all and what knowing one driver is worth."""
    drawn = draws(programme)
    whole = npv_of(programme, drawn, rate)
    asked = [one.name for one in programme.vintages if not one.committed]
    gains = {"": whole} | {name: whole - npv_of(programme.without(name), drawn, rate) for name in asked}
    return {name: _worth(programme, drawn, gain) for name, gain in gains.items()}


def _worth(programme: "Programme", drawn: "Draws", gain: Floats) -> dict[str, Any]:
    from hardgate.models.programme import NAMES
    from hardgate.models.voi import evpi, evppi

    options = np.stack([np.zeros_like(gain), gain], axis=1)
    known = {name: drawn.levels[at] for at, name in enumerate(NAMES) if getattr(programme.spread, name) > 0}
    if programme.volatility:
        known[COURSES[0]] = drawn.demand[[-1, programme.quarters // 2]].T
    if programme.price_volatility:
        known[COURSES[1]] = drawn.price[[-1, programme.quarters // 2]].T
    parts = {name: round(evppi(options, values), 2) for name, values in known.items()}
    everything = round(evpi(options), 2)
    return {"gain": round(float(gain.mean()), 2), "evpi": everything, "evppi": parts}
