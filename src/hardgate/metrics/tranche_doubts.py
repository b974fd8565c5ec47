"""What it is worth to know a driver of a tranche before ordering it: on the value that its gate judges.

Ordering is worth what outlook.shift and outlook.portfolio draw for going now; here demand, its growth and volatility
and the margin lie anywhere in their intervals as well, each by itself, and demand takes its course. Knowing everything
one would order on just those draws on which it pays; knowing one driver, where it pays on average. Wrong where a
driver is held still (cost of owning, position, dates, hurdle rate): knowing it seems worth nothing.

Source: METHODS 13; Strong, Oakley & Brennan 2014.

>>> DRIVERS
('demand', 'demand_growth', 'volatility', 'contribution_margin')
"""

from collections.abc import Mapping
from statistics import NormalDist
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Reading, Scope
from hardgate.metrics.shift_options import DRAWS, SEED, Going, going

Floats = NDArray[np.float64]

DRIVERS = ("demand", "demand_growth", "volatility", "contribution_margin")
TERMS = dict(zip(DRIVERS, ("demand", "growth", "volatility", "gain"), strict=True))
COURSE = "demand course"
LEAST = 1e-9


def doubts(evidence: Evidence, scope: Scope, window: Window) -> tuple[Going, Mapping[str, Any] | None]:
    """Return a tranche and what knowing is worth to ordering it, as plain JSON; None where something is missing."""
    now = going(evidence, scope, window)
    if now.missing:
        return now, None
    spread = {name: _deviation(one, evidence.confidence) for name, one in zip(DRIVERS, now.inputs, strict=False)}
    terms = {**now.terms, "draws": DRAWS, "seed": SEED}
    kept: Mapping[str, Any] = evidence.kept("tranche-doubts", [terms, spread], lambda: known(terms, spread))
    return now, kept


def _deviation(reading: Reading, confidence: float) -> float:
    """Return the standard deviation that an interval tells of."""
    if reading.low is None or reading.high is None:
        return 0.0
    return (reading.high - reading.low) / (2 * NormalDist().inv_cdf((1 + confidence) / 2))


def known(terms: Mapping[str, Any], spread: Mapping[str, float]) -> dict[str, Any]:
    """Return the mean gain of ordering over all doubts, and what knowing all and each is worth."""
    from hardgate.models.draw import normals
    from hardgate.models.shift import courses
    from hardgate.models.voi import evpi, evppi

    levels = normals(int(terms["draws"]), len(DRIVERS), int(terms["seed"]) + 1)
    walked = courses(int(terms["months"]), int(terms["draws"]), int(terms["seed"]))
    gain = _gain(terms, spread, levels, walked)
    options = np.stack([np.zeros_like(gain), gain], axis=1)
    moved = {name: levels[:, [at]] for at, name in enumerate(DRIVERS) if spread[name] > 0}
    if terms["volatility"]:
        moved[COURSE] = walked[:, [int(terms["months"]) // 2, int(terms["months"])]]
    parts = {name: round(evppi(options, values), 2) for name, values in moved.items()}
    return {"gain": round(float(gain.mean()), 2), "evpi": round(evpi(options), 2), "evppi": parts}


def _gain(terms: Mapping[str, Any], spread: Mapping[str, float], levels: Floats, walked: Floats) -> Floats:
    """What ordering now is worth on each draw, its drivers drawn as well."""
    months, live = int(terms["months"]), int(terms["live"])
    years = np.arange(months) / 12
    demand, growth, moves, gain = (
        float(terms[TERMS[name]]) + spread[name] * levels[:, [at]] for at, name in enumerate(DRIVERS)
    )
    moves = np.maximum(moves, 0.0)
    course = np.exp((growth - moves**2 / 2) * years + moves * walked[:, :months])
    used = np.clip(np.maximum(demand, LEAST) * course - float(terms["position"]), 0, float(terms["size"]))
    earned = gain * used - float(terms["own"]) * float(terms["size"])
    away = np.exp(-float(terms["discount"]) * years)
    found: Floats = earned[:, live:] @ away[live:]
    return found
