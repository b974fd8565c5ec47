"""At which share of the capacity position does the next tranche go? Three limits, side by side.

All three are demand over the capacity position: live, under construction and firmly ordered. `economic` waits while
waiting is worth more than the tranche, `service_level` keeps the expected shortage at the end of the lead time small,
and `ceiling` is how busy a pool can be before arriving work has to wait. Wrong when demand was cut off by a full pool
(count the queued and denied work in), when its growth fades or jumps (all three take growth as it is, for as long as it
is asked), and when tranches compete for one budget or one building crew: each is judged here as if it stood alone.

Demand grows 34 % a year, give or take 25 %, and capacity takes a year: for a shortage of 1 % order at 54 %.

>>> f"{service_level(0.01, math.log(1.34), 0.25, 1):.2f}"
'0.54'

A used GPU-month earns 1,300 and owning one costs 600: the next 100 GPUs go when demand reaches 85 % of a position of
1,000; ordering anywhere from 72 % to 105 % keeps nine tenths of their value. At 800 waiting is worth a little more:

>>> found = economic(800, 1000, 100, 12, math.log(1.34), 0.25, 0.12, 1300, 600)
>>> f"{found.ratio:.2f}, {found.low:.2f} to {found.high:.2f}; waiting is worth {found.value_of_waiting:,.0f} more"
'0.85, 0.72 to 1.05; waiting is worth 32,225 more'

Sources: Ryan (2004), Management Science 50, and Marathe & Ryan (2009) for the service level; Dixit & Pindyck (1994),
Investment under Uncertainty, and Bar-Ilan & Strange (1996), American Economic Review 86, for the economic trigger;
Broadie, Glasserman & Kou (1997), Mathematical Finance 7, for decisions that fall once a month.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hardgate.models import erlang
from hardgate.models.optimal_stop import LOOK, MONTH, Motion, continuation, grid, passed_by
from hardgate.models.tranche import Tranche

Floats = NDArray[np.float64]

STEADIEST = 0.02  # a volatility below this is taken as this: the grid would have no end, the trigger hardly moves
TAIL = 4.0  # standard deviations of demand, over all the months that count, that the grid reaches beyond its drift
COARSE = 16  # grid points between those that find where ordering begins to gain


@dataclass(frozen=True, slots=True)
class Trigger:
    """When the next tranche goes, and what is at stake in waiting.

    Attributes:
        ratio: demand over position at and above which ordering now is best; infinite where it never is.
        low: lowest ratio at which ordering keeps the share `kept` of the best value.
        high: highest ratio that one may wait for and keep that share; infinite where waiting costs less.
        value_of_waiting: of keeping the order back at today's demand, less that of ordering now; money.
        value: of the right to the tranche at today's demand, ordered at the best time; money.

    """

    ratio: float
    low: float
    high: float
    value_of_waiting: float
    value: float


def shortage(ratio: float, drift: float, volatility: float, lead_years: float | Iterable[float]) -> float:
    """The demand expected to go short at the end of the lead time, as a share of the position.

    Args:
        ratio: demand over position today.
        drift: growth of mean demand, annual, continuously compounded: ln(1 + g).
        volatility: of log demand, annual.
        lead_years: one lead time, or a sample of lead times to average over.

    Raises:
        ValueError: the ratio is not positive, the volatility or a lead time is negative, or there is no lead time.

    """
    leads = _leads(lead_years)
    if not (0 < ratio < math.inf and 0 <= volatility < math.inf and math.isfinite(drift)):
        raise ValueError(f"ratio {ratio}, drift {drift}, volatility {volatility}: expected positive figures, any drift")
    return math.fsum(_short(ratio, drift, volatility, lead)[0] for lead in leads) / len(leads)


def service_level(shortage: float, drift: float, volatility: float, lead_years: float | Iterable[float]) -> float:
    """The demand over position at which to order, so that the shortage at the end of the lead time is as given.

    Newton's method from above, where the shortage, convex in the ratio, makes it fall to the root without overshooting.

    Raises:
        ValueError: the shortage, the volatility or a lead time is negative, or there is no lead time.

    """
    leads = _leads(lead_years)
    if not (0 <= shortage < math.inf and 0 <= volatility < math.inf and math.isfinite(drift)):
        found = f"shortage {shortage}, drift {drift}, volatility {volatility}"
        raise ValueError(f"{found}: expected figures, no negative shortage or volatility")
    if shortage == 0:
        certain = volatility * max(leads) == 0
        return min(math.exp(-drift * lead) for lead in leads) if certain else 0.0
    ratio = (1 + shortage) * len(leads) / math.fsum(math.exp(drift * lead) for lead in leads)
    while True:
        short, slope = map(math.fsum, zip(*(_short(ratio, drift, volatility, lead) for lead in leads), strict=True))
        better = ratio - (short - shortage * len(leads)) / slope
        if better >= ratio * (1 - 1e-12):
            return ratio
        ratio = better


def ceiling(busy: float, gang: float = 1, wait_probability: float = 0.05) -> float:
    """How busy a pool may be before work waits more often than this: its load over the fewest GPUs that carry it.

    A job takes `gang` GPUs at once, so a pool is that many times fewer servers. The ceiling of a load below one gang is
    low, and rightly: such a pool must be mostly idle if nothing is to wait.

    Args:
        busy: GPUs busy on average.
        gang: GPUs that a job takes at once.
        wait_probability: the share of jobs that may wait.

    Raises:
        ValueError: nothing is busy, the gang is not positive, or the probability is not between 0 and 1.

    """
    if not (0 < busy < math.inf and gang > 0 and 0 < wait_probability < 1):
        message = f"{busy} busy, gang {gang}, wait probability {wait_probability}: expected positive, and a probability"
        raise ValueError(message)
    load = busy / gang
    return load / erlang.servers_for(load, wait_probability)


def economic(
    demand: float,
    position: float,
    tranche: float,
    lead_months: float,
    growth: float,
    volatility: float,
    discount: float,
    margin: float,
    own: float,
    shortage_penalty: float = 0.0,
    horizon_months: int = 60,
    life_months: int = 48,
    kept: float = 0.9,
) -> Trigger:
    """When ordering the next tranche is worth more than waiting; rates annual and continuously compounded.

    The tranche goes live `lead_months` after its order and then, for `life_months`, earns `margin + shortage_penalty`
    on each of its GPUs that demand above `position` uses, and costs `own` on all of them. It may be ordered at the
    start of any month, or never; nothing after `horizon_months` counts. Take a horizon of the lead and the life
    together: a tranche is not renewed here, so in a longer one waiting wins months at the far end, which an operator
    who renews has anyway. For the tranche after this one, add this one to `position`.

    Args:
        demand: GPUs in demand today.
        position: GPUs live, under construction and firmly ordered before this tranche.
        tranche: GPUs that it adds.
        lead_months: from the order to live.
        growth: of mean demand.
        volatility: of log demand; below 2 % a year it is taken as 2 %.
        discount: the hurdle rate.
        margin: contribution of a used GPU-month before the cost of owning it, or the pool's shadow price.
        own: depreciation, capital and fixed power and space of a GPU-month, used or not.
        shortage_penalty: of a GPU-month that is in demand and not there.
        horizon_months: what is counted; longer than the lead.
        life_months: how long the tranche earns.
        kept: the share of the best value that ratios from `low` to `high` keep.

    Raises:
        ValueError: an argument is outside its range.

    """
    if not (0 <= demand < math.inf and 0 <= volatility < math.inf and math.isfinite(growth) and 0 < kept < 1):
        found = f"demand {demand}, growth {growth}, volatility {volatility}, kept {kept}"
        raise ValueError(f"{found}: expected figures, no negative demand or volatility, and a share to keep")
    if horizon_months <= lead_months:
        raise ValueError(f"a horizon of {horizon_months} months: expected more than the lead of {lead_months}")
    life = min(life_months, math.ceil(horizon_months - lead_months))
    order = Tranche(position, tranche, lead_months, life, discount, margin + shortage_penalty, own)
    motion = Motion(growth, max(volatility, STEADIEST))
    live = order.months_live(horizon_months)
    ratios = _ratios(order, motion, horizon_months)
    today = min(max(math.log(demand / position) if demand else -math.inf, ratios[0]), ratios[-1])
    go_today = float(order.value_if_ordered(position * np.exp([today]), motion)[live[0] - 1, 0])
    if order.gain <= order.own:
        return Trigger(math.inf, math.inf, math.inf, value_of_waiting=-go_today, value=0.0)
    go = _value_along(ratios, order, motion)[live - 1]
    wait = continuation(go, motion, discount)
    wait_today = float(np.interp(today, ratios, wait))
    best = _rises_above(go[0] - wait, ratios)
    low = _rises_above(go[0] - kept * wait, ratios)
    high = _latest(best, ratios, go, kept, motion, discount)
    return Trigger(math.exp(best), math.exp(low), math.exp(high), wait_today - go_today, max(wait_today, go_today))


def _latest(best: float, ratios: Floats, go: Floats, kept: float, motion: Motion, discount: float) -> float:
    """The highest ratio that one standing at the best may wait for and still keep that share of the value."""
    later = ratios[ratios > best][::3]
    if math.isinf(best) or later.size == 0 or len(go) == 1:
        return best
    reached = later + LOOK * motion.monthly_deviation
    years = MONTH * np.arange(1, len(go))
    chance = np.diff(passed_by((reached - best)[:, np.newaxis], motion, years), prepend=0.0)
    worth = np.array([np.interp(reached, ratios, ordered) for ordered in go[1:]])
    keeps = np.sum(chance * np.exp(-discount * years) * worth.T, axis=1)
    return max(best, _rises_above(kept * np.interp(best, ratios, go[0]) - keeps, later))


def _rises_above(values: Floats, at: Floats) -> float:
    """Where values last rise above zero, in a straight line between points; an infinity where all are on one side."""
    below = np.flatnonzero(values <= 0)
    if below.size == 0:
        return -math.inf
    last = below[-1]
    if last == values.size - 1:
        return math.inf
    share = values[last] / (values[last] - values[last + 1])
    return float(at[last] + share * (at[last + 1] - at[last]))


def _ratios(order: Tranche, motion: Motion, horizon_months: int) -> Floats:
    """Logarithms of demand over position, from where a right is worth nothing to where every GPU is always used."""
    years = horizon_months * MONTH
    tail = TAIL * motion.volatility * math.sqrt(years)
    bottom = -max(motion.drift, 0) * years - tail
    return grid(motion, bottom, max(-motion.drift, 0) * years + tail + math.log1p(order.size / order.position))


def _value_along(ratios: Floats, order: Tranche, motion: Motion) -> Floats:
    """The value of ordering along the grid: exact where it may gain, some loss below that."""
    coarse = np.append(ratios[:-1:COARSE], ratios[-1])
    rough = order.value_if_ordered(order.position * np.exp(coarse), motion)
    gains = max(int(np.argmax(rough.max(axis=0) > 0)) - 1, 0) * COARSE
    exact = order.value_if_ordered(order.position * np.exp(ratios[gains:]), motion)
    return np.concatenate([np.full((len(exact), gains), exact[:, :1]), exact], axis=1)


def _short(ratio: float, drift: float, volatility: float, lead: float) -> tuple[float, float]:
    """The shortage of one lead time, and how fast it rises with the ratio."""
    deviation = volatility * math.sqrt(lead)
    grown = math.exp(drift * lead)
    if deviation == 0:
        return max(ratio * grown - 1, 0.0), grown
    d = (math.log(ratio) + drift * lead) / deviation + deviation / 2
    slope = grown * _normal(d)
    return ratio * slope - _normal(d - deviation), slope


def _normal(z: float) -> float:
    """The standard normal distribution function."""
    return math.erfc(-z / math.sqrt(2)) / 2


def _leads(lead_years: float | Iterable[float]) -> tuple[float, ...]:
    leads = tuple(lead_years) if isinstance(lead_years, Iterable) else (lead_years,)
    if not leads or not all(0 <= lead < math.inf for lead in leads):
        raise ValueError(f"lead times {leads} in years: expected at least one, none negative")
    return leads
