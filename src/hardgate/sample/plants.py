"""What is true of the sample operator by construction: each truth with the gate that has to find it.

A plant's strength is what the generator puts in, never a limit of a gate: the two meet only in the files. With
strength 0 the plant is removed and its region is like the others, so that a gate that still speaks gives a false alarm.

>>> PLANTS["idle_allocation"].strength, str(PLANTS["idle_allocation"].scope)
(0.45, 'cn-east')
>>> strengths({"lost_week": 0})["lost_week"]
0.0
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from hardgate.core.errors import NotFound, nearest
from hardgate.core.terms import EVERYTHING, Outcome, Scope


@dataclass(frozen=True, slots=True)
class Plant:
    """One planted truth; strength 0 removes it.

    `gate` is empty where every gate has to say `outcome`; without an outcome it is a figure to estimate.
    """

    name: str
    scope: Scope
    gate: str
    outcome: Outcome | None
    meaning: str
    strength: float
    unit: str


_PLANTS = (
    Plant(
        name="cleared",
        scope=Scope.of(region="cn-north"),
        gate="",
        outcome=Outcome.PASS,
        meaning="demand over installed GPUs at the end: full and covered by many; removed, a half",
        strength=1.04,
        unit="share",
    ),
    Plant(
        name="idle_allocation",
        scope=Scope.of(region="cn-east"),
        gate="capacity.utilization",
        outcome=Outcome.FAIL,
        meaning="share of the GPU-hours held by pods in which the multiprocessors hardly run",
        strength=0.45,
        unit="share",
    ),
    Plant(
        name="single_customer",
        scope=Scope.of(region="cn-west", accelerator="H20"),
        gate="capacity.backlog",
        outcome=Outcome.FAIL,
        meaning="share of the largest customer in what is committed to the region's tranche",
        strength=0.7,
        unit="share",
    ),
    Plant(
        name="lost_week",
        scope=Scope.of(region="ap-southeast"),
        gate="capacity.utilization",
        outcome=Outcome.UNKNOWN,
        meaning="days of telemetry that were never exported, five weeks before the end",
        strength=7.0,
        unit="days",
    ),
    Plant(
        name="too_early",
        scope=Scope.of(region="cn-west", accelerator="L20"),
        gate="capacity.trigger",
        outcome=Outcome.FAIL,
        meaning="share of the pool that demand leaves empty at the end",
        strength=0.55,
        unit="share",
    ),
    Plant(
        name="subsidised_feature",
        scope=Scope.of(product="code-agents"),
        gate="pricing.cost_cover",
        outcome=Outcome.FAIL,
        meaning="share of the cost of serving that the seats of a product do not bring",
        strength=0.40,
        unit="share",
    ),
    Plant(
        name="rising_peer",
        scope=Scope.of(company="Harbour Compute"),
        gate="watch.cloud_growth",
        outcome=Outcome.PASS,
        meaning="growth of a peer's cloud revenue over a year in its last quarter; removed, as slow as before",
        strength=0.40,
        unit="share",
    ),
    Plant(
        name="discount_below_floor",
        scope=Scope.of(deal="Q-2041"),
        gate="pricing.floor",
        outcome=Outcome.FAIL,
        meaning="discount off the list price in one open deal; removed, 5 %",
        strength=0.75,
        unit="share",
    ),
    Plant(
        name="never_pays_back",
        scope=Scope.of(city="chengdu"),
        gate="markets.payback",
        outcome=Outcome.FAIL,
        meaning="share of every basket that one city gives away on top, so that no customer pays back what it cost",
        strength=0.11,
        unit="share",
    ),
    Plant(
        name="moves_basket",
        scope=Scope.of(feature="basket-suggestions"),
        gate="markets.kill",
        outcome=Outcome.PASS,
        meaning="what a feature adds to the basket",
        strength=0.16,
        unit="share",
    ),
    Plant(
        name="moves_nothing",
        scope=Scope.of(feature="map-skins"),
        gate="markets.kill",
        outcome=Outcome.FAIL,
        meaning="share of a working feature's effect that is not there: at 1 it moves nothing by its deadline",
        strength=1.0,
        unit="share",
    ),
    Plant(
        name="harms_basket",
        scope=Scope.of(feature="priority-slot-upsell"),
        gate="markets.kill",
        outcome=Outcome.FAIL,
        meaning="at 1 a feature takes as much off the basket as a working one adds, and is killed before its deadline",
        strength=1.0,
        unit="share",
    ),
    Plant(
        name="subsidy_return",
        scope=EVERYTHING,
        gate="",
        outcome=None,
        meaning="contribution that one unit of subsidy brought in the holdout that would not have come without it",
        strength=0.6,
        unit="x",
    ),
    Plant(
        name="growth",
        scope=EVERYTHING,
        gate="",
        outcome=None,
        meaning="growth of demand in a year, continuously compounded, over the whole history",
        strength=0.30,
        unit="per year",
    ),
    Plant(
        name="price_erosion",
        scope=EVERYTHING,
        gate="",
        outcome=None,
        meaning="erosion of prices a year that the programme assumes: it pays back, and at three times as much not",
        strength=0.06,
        unit="per year",
    ),
    Plant(
        name="volatility",
        scope=EVERYTHING,
        gate="",
        outcome=None,
        meaning="volatility of demand in a year",
        strength=0.10,
        unit="per year",
    ),
    Plant(
        name="adoption_effect",
        scope=EVERYTHING,
        gate="",
        outcome=None,
        meaning="growth of an account's base revenue from the month in which it adopts an AI feature",
        strength=0.11,
        unit="share",
    ),
    Plant(
        name="fast_template",
        scope=Scope.of(architecture="rag-starter"),
        gate="",
        outcome=None,
        meaning="share of the days to a first production event that the reference architecture takes off",
        strength=0.5,
        unit="share",
    ),
    Plant(
        name="weak_attach",
        scope=Scope.of(tranche="cn-east-hall-3"),
        gate="capacity.attach",
        outcome=None,
        meaning="share of the accounts of the tranche's region that do not take up AI features though others would",
        strength=0.7,
        unit="share",
    ),
    Plant(
        name="poor_logos",
        scope=Scope.of(segment="startup"),
        gate="adoption.upsell_first",
        outcome=None,
        meaning="share that a new contract lacks of the one with which an hour brings as much as with accounts there",
        strength=0.75,
        unit="share",
    ),
    Plant(
        name="cheap_work",
        scope=Scope.of(region="ap-southeast"),
        gate="capacity.tranche",
        outcome=Outcome.FAIL,
        meaning="what an hour of work earns in a region full of work of the moment, as a share of the usual; removed, "
        "the region has room",
        strength=0.03,
        unit="share",
    ),
    Plant(
        name="lasting_wait",
        scope=Scope.of(region="cn-north", accelerator="H20"),
        gate="",
        outcome=None,
        meaning="what a workload earns that lasts and waits, over the usual: the plan has to admit it",
        strength=1.2,
        unit="x",
    ),
)

PLANTS: Mapping[str, Plant] = MappingProxyType({plant.name: plant for plant in _PLANTS})
"""Every planted truth by name, with the strength it has when nothing is said."""


def strengths(changed: Mapping[str, float] | None = None) -> dict[str, float]:
    """Return the strength of every plant, those in `changed` as given there.

    Raises:
        NotFound: there is no plant of that name.

    """
    known = {name: plant.strength for name, plant in PLANTS.items()}
    for name, strength in (changed or {}).items():
        if name not in known:
            message = f"no plant is called {name!r}: {nearest(name, known)}"
            raise NotFound(message)
        known[name] = float(strength)
    return known
