"""Where demand of each pool may go by the checked forecast, and whether the case of a tranche lies inside of it.

The case of a tranche is demand of its pool when it goes live, were it ordered today, by the growth that decides
(demand_growth, over all months that are known). The forecast weighs the last months more, its trend is damped, and its
intervals are checked on the past. Where the case lies outside, the two say different things of the same months: it
holds no ask, and is named wherever the case is used. Wrong after a break: nothing of it is in the past.

Source: METHODS 16; Gneiting & Raftery 2007 for the score.

>>> Lies("hall-4", "a", 8, 125.0, 60.0, 85.0, 110.0).inside
False
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import exp
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.terms import Evidence
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand import months
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.planned import open_tranches
from hardgate.metrics.volatility import metric as volatility

HORIZON, CHECKED, FIRST = 12, 3, 15
PATHS, SEED = 1 << 10, 16
PLACE = ("region", "accelerator", "pool")
WINDOW = "4w"


@dataclass(frozen=True, slots=True)
class Lies:
    """The case of one tranche beside the forecast of its pool, when it would go live; GPUs in demand."""

    tranche: str
    pool: str
    months: int
    case: float
    low: float
    middle: float
    high: float

    @property
    def inside(self) -> bool:
        """Tell whether the case lies inside the fan."""
        return self.low <= self.case <= self.high

    @property
    def words(self) -> str:
        """Say where it lies."""
        side = "above" if self.case > self.high else "below" if self.case < self.low else "inside"
        return (
            f"{self.tranche}: its case has {self.case:,.0f} GPUs in demand {self.months} months from now, {side} the "
            f"checked forecast of {self.middle:,.0f} [{self.low:,.0f}, {self.high:,.0f}]"
        )


def series(evidence: Evidence) -> dict[str, list[float]]:
    """Return the complete months of demand of every pool."""
    end = evidence.last_complete("pool_day") + timedelta(days=1)
    return {
        scope["pool"]: [round(gpus, 6) for _, gpus in months(evidence, scope, end)] for scope in evidence.scopes(PLACE)
    }


def able(found: Mapping[str, list[float]]) -> dict[str, list[float]]:
    """Return the pools with enough months to forecast and to check."""
    return {pool: one for pool, one in found.items() if len(one) >= FIRST + CHECKED and min(one) > 0}


def fans(evidence: Evidence, known: Mapping[str, list[float]]) -> dict[str, Any]:
    """Return the forecasts of some pools with their check, kept once worked out."""
    inputs = {"series": known, "confidence": evidence.confidence, "horizon": HORIZON, "checked": CHECKED, "each": 3}
    kept: dict[str, Any] = evidence.kept("forecast", inputs, lambda: forecast(known, evidence.confidence))
    return kept


def forecast(known: Mapping[str, Sequence[float]], confidence: float) -> dict[str, Any]:
    """Return the forecasts of some pools with their check, as plain JSON; `each` is the fan month by month."""
    import numpy as np

    from hardgate.models import forecast as model

    factor = model.pooled_factor(list(known.values()), CHECKED, confidence)
    ends = (1 - confidence) / 2, 0.5, (1 + confidence) / 2
    pools = {}
    for pool, one in known.items():
        ahead = np.quantile(model.paths(one, HORIZON, PATHS, SEED, factor), ends, axis=1).T
        checked = model.check(one, CHECKED, FIRST, spread_factor=factor, confidence=confidence)
        pools[pool] = {
            "fans": [round(float(value), 3) for fan in ahead[[2, HORIZON - 1]] for value in fan],
            "each": [[round(float(value), 3) for value in fan] for fan in ahead],
            "check": None if checked is None else [checked.count, checked.coverage, checked.score, checked.naive],
        }
    return {"factor": factor, "pools": pools}


def cases_in_fans(evidence: Evidence) -> list[Lies]:
    """Return where the case of each open tranche lies, of those whose pool is forecast as far as it goes live."""
    known = able(series(evidence))
    plan = open_tranches(evidence)
    if not known or not plan:
        return []
    made = fans(evidence, known)["pools"]
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    found = []
    for planned, scope in plan:
        pool, ahead = planned.pool or scope.as_mapping().get("pool", ""), round(planned.lead_months)
        readings = [evidence.reading(one, scope, window).value for one in (demand, demand_growth, volatility)]
        if pool not in made or not 1 <= ahead <= HORIZON or None in readings:
            continue
        asked, growth, moves = (one or 0.0 for one in readings)
        case = asked * exp((growth - moves**2 / 2) * planned.lead_months / 12)
        found.append(Lies(planned.tranche, pool, ahead, round(case, 1), *made[pool]["each"][ahead - 1]))
    return found
