"""An investment programme: its vintages of capital, the business around it, and what they are in each quarter.

Vintages are spent, go live after their lead time, fill up over their ramp, and are written off in a straight line over
their life, at whose end they leave. Demand fills what can be sold of all vintages alike; prices erode; idle GPUs draw a
part of their power. What becomes of it on one course is `programme_run`, on many `programme_paths`. Nothing is counted
after the last quarter: no residual value, and working capital is not paid back. Wrong when vintages serve demands of
their own.

A vintage of 100 GPUs for 1,000 is bought in quarter 0 and live from quarter 1 for two quarters:

>>> vintage = Vintage("first", spend=0, amount=1000, lead=1, life=2, gpus=100, price=10 / HOURS_PER_QUARTER)
>>> found = profile(Programme((vintage,), quarters=3, demand=500), [vintage])
>>> found.sellable.tolist(), found.depreciation.tolist(), found.capex.tolist()
([0.0, 100.0, 100.0], [0.0, 500.0, 500.0], [1000.0, 0.0, 0.0])

Source: METHODS 11.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

HOURS_PER_QUARTER = 2190.0
QUARTERS_A_YEAR = 4


@dataclass(frozen=True, slots=True)
class Vintage:
    """Capital that is spent in one quarter, and what it becomes.

    Attributes:
        name: of the tranche or hall.
        spend: the quarter in which it is spent, 0 the first; before 0 it is spent already.
        amount: capital.
        lead: quarters from spend to live.
        life: quarters that it is live and depreciated, in a straight line.
        gpus: that it adds.
        price: of a sold GPU-hour in quarter 0.
        erosion: of its price a year, continuously compounded.
        productive_share: of live GPU-hours, the most that can be sold.
        ramp: quarters in which its load rises evenly, before it is full.
        kilowatts: of one GPU at full load, before the site's own use.
        opex: of a live GPU-quarter, sold or not.
        variable_cost: of a sold GPU-hour, beside power.
        committed: it goes on with or without the programme.
        trigger: it is ordered on just those courses on which demand, in its quarter of spend, is at least this part of
            what the position of its pool can sell before it; None: whatever comes. A committed one is ordered always.
        pool: whose position its trigger is held against; all vintages that name none are one.

    """

    name: str
    spend: int
    amount: float
    lead: int
    life: int
    gpus: float
    price: float
    erosion: float = 0.0
    productive_share: float = 1.0
    ramp: int = 0
    kilowatts: float = 0.0
    opex: float = 0.0
    variable_cost: float = 0.0
    committed: bool = False
    trigger: float | None = None
    pool: str = ""

    def __post_init__(self) -> None:
        figures = (self.amount, self.gpus, self.productive_share, self.kilowatts, self.ramp, self.lead)
        if (
            min(figures) < 0
            or self.life < 1
            or self.productive_share > 1
            or not np.isfinite([*figures, self.price]).all()
        ):
            raise ValueError(f"vintage {self.name}: expected figures that are not negative, a life, a share at most 1")

    @property
    def live(self) -> int:
        """The first quarter in which it is live."""
        return self.spend + self.lead


@dataclass(frozen=True, slots=True)
class Other:
    """One quarter of all other segments: what they earn, write off, invest, and bind in working capital."""

    revenue: float
    ebita: float
    depreciation: float = 0.0
    capex: float = 0.0
    working_capital: float = 0.0


@dataclass(frozen=True, slots=True)
class Levels:
    """How far the world differs from what was put in: rates are added, all others multiply; `delay` is in quarters."""

    growth: float = 0.0
    erosion: float = 0.0
    demand: float = 1.0
    price: float = 1.0
    productive_share: float = 1.0
    capex: float = 1.0
    delay: float = 0.0
    power_price: float = 1.0
    opex: float = 1.0


NAMES = tuple(one.name for one in fields(Levels))
ADDED = frozenset({"growth", "erosion", "delay"})
STILL = Levels(**dict.fromkeys(NAMES, 0.0))


@dataclass(frozen=True, slots=True)
class Programme:
    """A programme with the business around it.

    Attributes:
        vintages: in any order.
        quarters: of the horizon.
        demand: GPUs in demand in quarter 0.
        growth: of mean demand a year, continuously compounded.
        volatility: of log demand a year.
        price_volatility: of log price a year.
        correlation: of the moves of demand and price.
        power_price: of a kWh.
        pue: kWh that the site takes for each kWh of its GPUs.
        idle_power: share of full power that an idle GPU draws.
        tax_rate: on profit after losses carried forward.
        working_capital: share of a quarter's revenue that is bound.
        bound: working capital bound before quarter 0.
        losses: carried forward into quarter 0.
        others: all other segments, a quarter each, or none.
        fees: one-off costs of the programme by quarter, or none.
        centre: where each level stands; what a flip moves.
        spread: the standard deviation of each level: of what is added as it is, of what multiplies in its logarithm.

    """

    vintages: tuple[Vintage, ...]
    quarters: int
    demand: float
    growth: float = 0.0
    volatility: float = 0.0
    price_volatility: float = 0.0
    correlation: float = 0.0
    power_price: float = 0.0
    pue: float = 1.0
    idle_power: float = 0.0
    tax_rate: float = 0.0
    working_capital: float = 0.0
    bound: float = 0.0
    losses: float = 0.0
    others: tuple[Other, ...] = ()
    fees: tuple[float, ...] = ()
    centre: Levels = field(default_factory=Levels)
    spread: Levels = STILL

    def __post_init__(self) -> None:
        given = ((len(self.others), "others"), (len(self.fees), "fees"))
        for count, name in given:
            if count not in {0, self.quarters}:
                raise ValueError(f"{count} quarters of {name} in a programme of {self.quarters}: give one a quarter")
        if self.quarters < 1 or self.demand < 0:
            raise ValueError(f"{self.quarters} quarters, demand {self.demand}: expected a quarter, and no less than 0")
        if not -1 <= self.correlation <= 1:
            raise ValueError(f"correlation {self.correlation}: expected between -1 and 1")

    def without(self, *names: str) -> "Programme":
        """The same business without some vintages.

        Raises:
            ValueError: a name is not among the vintages.

        """
        unknown = set(names) - {one.name for one in self.vintages}
        if unknown:
            raise ValueError(f"no vintage is called {', '.join(sorted(unknown))}")
        return replace(self, vintages=tuple(one for one in self.vintages if one.name not in names))

    def committed(self) -> "Programme":
        """The business as it goes on without the programme: committed vintages and other segments, no fees."""
        return replace(self, vintages=tuple(one for one in self.vintages if one.committed), fees=())

    @property
    def decides(self) -> bool:
        """Whether a vintage is ordered on some courses only."""
        return any(one.trigger is not None and not one.committed for one in self.vintages)

    def moved(self, **to: float) -> "Programme":
        """The same programme with the centre of some levels elsewhere."""
        return replace(self, centre=replace(self.centre, **to))


@dataclass(frozen=True, slots=True)
class Profile:
    """What some vintages are in each quarter at full load, before demand, price and levels; shape (quarters,)."""

    sellable: Floats
    revenue: Floats
    variable_cost: Floats
    busy_power: Floats
    idle_power: Floats
    opex: Floats
    depreciation: Floats
    capex: Floats


def profile(programme: Programme, vintages: Sequence[Vintage], late: int = 0) -> Profile:
    """The profile of some vintages when those not committed to go live so many quarters late; kept, not writable."""
    energy = HOURS_PER_QUARTER * programme.pue * programme.power_price
    return _profile(programme.quarters, energy, programme.idle_power, tuple(vintages), late)


@lru_cache(maxsize=1024)
def _profile(quarters: int, energy: float, idle_power: float, vintages: tuple[Vintage, ...], late: int) -> Profile:
    """The profile, where `energy` is what a kilowatt costs in a quarter."""
    lines = {one.name: np.zeros(quarters) for one in fields(Profile)}
    when = np.arange(quarters)
    for one in vintages:
        age = when - one.live - (0 if one.committed else late)
        live = np.where((age >= 0) & (age < one.life), one.gpus, 0.0)
        sellable = live * np.minimum((age + 1) / (one.ramp + 1), 1.0) * one.productive_share
        price = one.price * np.exp(-one.erosion * when / QUARTERS_A_YEAR)
        lines["sellable"] += sellable
        lines["revenue"] += sellable * HOURS_PER_QUARTER * price
        lines["variable_cost"] += sellable * HOURS_PER_QUARTER * one.variable_cost
        lines["busy_power"] += sellable * one.kilowatts * energy * (1 - idle_power)
        lines["idle_power"] += live * one.kilowatts * energy * idle_power
        lines["opex"] += live * one.opex
        lines["depreciation"] += np.where(live > 0, one.amount / one.life, 0.0)
        lines["capex"] += np.where(when == one.spend, one.amount, 0.0)
    for line in lines.values():
        line.flags.writeable = False
    return Profile(**lines)
