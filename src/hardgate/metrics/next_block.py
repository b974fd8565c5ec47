"""How large the next block of a tranche's pool should be: kept once worked out.

Demand when the block would go live is lognormal around what its growth says, as for the gate, so that one growth
decides everywhere; demand_fan says where the checked forecast, which ends after a year, has it elsewhere. The position
is what is there by then.
The economics are those of capacity.tranche, at the hurdle rate: margin of a used GPU-month (in a full pool its shadow
price), cost of owning one. Wrong where blocks compete for one budget: power is the only resource that is taken to be
short, where policy says how much there is.

>>> round(Case("hall-4", 120.0, 100.0, 40.0, 12.0, 0.3, 0.2, 0.12, 4000.0, 2000.0, 48, 0.9).median_gpus, 2)
158.78

Source: METHODS 2.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import timedelta
from math import exp, log, sqrt
from typing import TYPE_CHECKING, Any

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.cancel_share import curve, fee_on
from hardgate.metrics.capacity_position import metric as capacity_position
from hardgate.metrics.columns import cells
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.ownership_cost import life_months, owned
from hardgate.metrics.planned import Planned, open_tranches
from hardgate.metrics.tranche_margin import margin
from hardgate.metrics.tranche_value import STEADIEST, ordering
from hardgate.metrics.volatility import metric as volatility

if TYPE_CHECKING:  # the mathematics is imported where it is used
    from hardgate.models.optimal_stop import Motion
    from hardgate.models.tranche import Tranche

WINDOW = "4w"
SAMPLES, REPLICATES, FRESH = 256, 8, 128
SEED = 2
INPUTS = (demand_growth, volatility, demand, capacity_position)


@dataclass(frozen=True, slots=True)
class Case:
    """One tranche and what it is up against; money of a GPU-month in the reporting currency."""

    tranche: str
    demand: float
    position: float
    gpus: float
    lead_months: float
    growth: float
    volatility: float
    discount: float
    margin: float
    own: float
    life_months: int
    kilowatts: float | None
    fee: float = 0.0
    """What it costs to give the tranche up today; nothing where nobody stated it."""

    @property
    def median_gpus(self) -> float:
        """The median of demand when it goes live."""
        return self.demand * exp((self.growth - self.volatility**2 / 2) * self.lead_months / 12)

    @property
    def sigma(self) -> float:
        """The standard deviation of log demand when it goes live."""
        return self.volatility * sqrt(self.lead_months / 12)

    def value_now(self) -> float:
        """Return what ordering all of it now is worth over its life: that of capacity.tranche."""
        return ordering(self.demand, self.motion(), self.order())

    def motion(self) -> "Motion":
        """Return how its demand moves."""
        from hardgate.models.optimal_stop import Motion

        return Motion(self.growth, max(self.volatility, STEADIEST))

    def order(self, above: float = 0.0, part: float = 1.0) -> "Tranche":
        """Return the order of a part of it, above so much of it that comes before."""
        from hardgate.models.tranche import Tranche

        position, size = self.position + above * self.gpus, part * self.gpus
        return Tranche(position, size, self.lead_months, self.life_months, self.discount, self.margin, self.own)


@dataclass(frozen=True, slots=True)
class Cases:
    """The tranches whose economics are known, what the others lack, and the batches behind them."""

    known: tuple[tuple[Case, Scope], ...]
    gaps: tuple[str, ...]
    batches: tuple[str, ...]


def cases(evidence: Evidence) -> Cases:
    """Return the open tranches with what the trigger knows of them."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    known, gaps, batches = [], [], set[str]()
    for planned, scope in open_tranches(evidence):
        found = _case(evidence, planned, scope, window)
        if isinstance(found, str):
            gaps.append(f"{planned.tranche}: {found}")
        else:
            known.append((found, scope))
            batches |= {batch for one in INPUTS for batch in evidence.reading(one, scope, window).batches}
            batches |= {*margin(evidence, scope, window).batches, *evidence.batches("tranche")}
            batches |= set(evidence.batches("cancel_fee"))
    return Cases(tuple(known), tuple(gaps), tuple(sorted(batches)))


def _case(evidence: Evidence, planned: Planned, scope: Scope, window: Window) -> Case | str:
    rate = evidence.assumption("hurdle_rate", scope)
    readings = {one.name: evidence.reading(one, scope, window) for one in INPUTS}
    readings["contribution_margin"] = margin(evidence, scope, window)
    readings["ownership_cost"] = owned(evidence, scope, window, planned, None if rate is None else rate.value)
    lacking = [f"{name}: {one.because}" for name, one in readings.items() if one.value is None]
    if lacking or rate is None:
        return "; ".join(lacking) or "no hurdle_rate; set it under assumptions"
    value = {name: one.value or 0.0 for name, one in readings.items()}
    if not value["capacity_position"] or not value["demand"] or planned.gpus <= 0:
        return "no demand or no capacity position; bring capacity and workload_allocations"
    rows = evidence.rows("inventory", scope.narrowed(("region", "accelerator", "pool")))
    powers = [
        (float(kilowatts), float(gpus))
        for kilowatts, gpus in zip(cells(rows, "kilowatts"), cells(rows, "gpus"), strict=True)
        if kilowatts is not None and gpus
    ]
    return Case(
        planned.tranche, value["demand"], value["capacity_position"], planned.gpus, planned.lead_months,
        value["demand_growth"], value["volatility"], log(1 + rate.value), value["contribution_margin"],
        value["ownership_cost"], life_months(evidence, scope),
        sum(one for one, _ in powers) / sum(n for _, n in powers) if powers else None,
        float(fee_on(curve(evidence, planned), evidence.as_of) or 0),
    )  # fmt: skip


def blocks(evidence: Evidence, found: Cases) -> dict[str, Any]:
    """Return the blocks of all tranches together, as plain JSON."""
    power = [evidence.assumption("power_available", scope) for _, scope in found.known]
    pue = [evidence.assumption("pue", scope) for _, scope in found.known]
    places = [str(scope.narrowed(("region",))) for _, scope in found.known]
    limits = {place: one.value for place, one in zip(places, power, strict=True) if one is not None}
    ratio = [1.0 if one is None else one.value for one in pue]
    mine = [one for one, _ in found.known]
    inputs = {"cases": [asdict(one) for one in mine], "limits": limits, "places": places, "pue": ratio, "seed": SEED}
    kept: dict[str, Any] = evidence.kept("block", inputs, lambda: sized(mine, places, ratio, limits))
    return kept


def sized(
    mine: Sequence[Case], places: Sequence[str], pue: Sequence[float], limits: dict[str, float]
) -> dict[str, Any]:
    """Return newsvendor, stochastic programme and least regret of some tranches."""
    import numpy as np

    from hardgate.models import block, newsvendor
    from hardgate.models.draw import normals, seeds

    def needed(z: Any) -> Any:  # noqa: ANN401  arrays
        """Demand above the position of each tranche, shape (samples, tranches)."""
        moves = np.array([one.sigma for one in mine]) * z
        return np.maximum(
            np.array([one.median_gpus for one in mine]) * np.exp(moves) - [one.position for one in mine], 0
        )

    kinds = [
        block.Kind(one.tranche, one.margin, one.own,
                   {place: one.kilowatts * ratio} if place in limits and one.kilowatts is not None else {})
        for one, place, ratio in zip(mine, places, pue, strict=True)
    ]  # fmt: skip
    best = block.best(kinds, limits, needed(normals(SAMPLES, len(mine), SEED)))
    fresh = [needed(normals(FRESH, len(mine), one)) for one in seeds(SEED, REPLICATES)]
    gap = block.gap(kinds, limits, best.sizes, fresh)
    newsvendors = [
        max(newsvendor.block_size(one.median_gpus, max(one.sigma, 1e-9), one.margin, one.own) - one.position, 0.0)
        if one.margin > 0
        else 0.0
        for one in mine
    ]
    regrets = [max(newsvendor.least_regret(one.median_gpus, max(one.sigma, 1e-9)) - one.position, 0.0) for one in mine]
    return {
        "newsvendor": [round(one, 1) if np.isfinite(one) else None for one in newsvendors],
        "programme": [round(one, 1) for one in best.sizes], "regret": [round(one, 1) for one in regrets],
        "profit": best.profit, "prices": dict(best.prices), "gap": [gap.profit, gap.bound, gap.gap, gap.high],
    }  # fmt: skip
