"""Cities whose customers leave otherwise than the model of payback says, and what its verdicts and intervals make of them.

Customers come week by week, order at their own rate while they are there, and leave by a law that the model does not
know. Only their orders are seen: who has not ordered for eight weeks has gone. What the next customer truly brings is
known from the law, and so is the week in which it has paid for what it cost to win.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from hardgate.core.terms import Evidence
from hardgate.metrics.cohorts import LAPSE, RECENT, Panel, life
from hardgate.metrics.payback import DRAWS, HORIZON, markets
from hardgate.models import payback

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]
Hazards = Callable[[Floats, int, int], Floats]
"""From a customer's own numbers, shape (customers, 3), its age and the weeks to the look: its chance to leave."""

THRESHOLD, LOOKS, RATE = 52, 3, 0.12
PAUSE, RESUME = 0.8, 0.2
TOGETHER = 10
"""Cities that are fitted at once."""
YOUNGEST, OLDEST = 20, 52
"""Weeks of history: all cities are younger than the threshold, or just as old."""


def _shifted_beta_geometric(own: Floats, _age: int, _left: int) -> Floats:
    return own[:, 0]


def _weibull(shape: float) -> Hazards:
    """Hazards that fall with age where the shape is below 1, and rise above; half have gone after some twelve weeks."""

    def leaves(own: Floats, age: int, _left: int) -> Floats:
        scale = 17.0 * own[:, 2]
        return np.asarray(1 - np.exp((age / scale) ** shape - ((age + 1) / scale) ** shape))

    return leaves


def _lognormal(own: Floats, age: int, _left: int) -> Floats:
    from scipy.special import ndtr

    at = [ndtr(-(np.log(max(weeks, 1e-9)) - np.log(11.0 * own[:, 2])) / 1.3) for weeks in (age, age + 1)]
    return np.asarray(1 - at[1] / at[0])


def _two_kinds(own: Floats, _age: int, _left: int) -> Floats:
    """Four in ten try it and leave at once, six in ten stay for a year."""
    return np.where(own[:, 1] < 0.4, 0.25, 0.018) / own[:, 2]


def _shock(own: Floats, _age: int, left: int) -> Floats:
    """For six weeks, a quarter before the look, customers leave four times as often: a rival's campaign."""
    return own[:, 0] * (4.0 if 12 <= left < 18 else 1.0)


def _vouchers_end(own: Floats, age: int, _left: int) -> Floats:
    """After twelve weeks a customer's vouchers end, and it leaves twice as often from then on."""
    return own[:, 0] * (2.0 if age >= 12 else 1.0)


def _subsidy_ended(own: Floats, _age: int, left: int) -> Floats:
    """The city's subsidy ended eight weeks ago, and all leave twice as often since: hardly anyone was seen to."""
    return own[:, 0] * (2.0 if left < 8 else 1.0)


WORLDS: Mapping[str, Hazards] = {
    "as the model says": _shifted_beta_geometric,
    "Weibull, falling": _weibull(0.7),
    "Weibull, rising": _weibull(1.4),
    "lognormal": _lognormal,
    "two kinds of customers": _two_kinds,
    "a shock of six weeks": _shock,
    "worse after twelve weeks": _vouchers_end,
    "worse since the subsidy ended": _subsidy_ended,
}
"""How customers leave, by a name that a page can print."""


@dataclass(frozen=True)
class City:
    """One city: its cohorts as the rollup has them, what it spent, and the week in which its next customer pays back."""

    panel: Panel
    spent: float
    pays_in: int | None


def city(random: np.random.Generator, leaves: Hazards, end: int) -> City:
    """Draw one city up to a week's end; what it costs to win a customer pays back in a week drawn first, or never."""
    weeks, size = int(random.integers(YOUNGEST, OLDEST + 1)), float(random.uniform(15, 60))
    level, rate, worth = (
        float(np.exp(random.normal(0, 0.3))),
        float(random.uniform(0.6, 1.2)),
        float(random.uniform(6, 12)),
    )
    won = random.poisson(size, weeks)
    born = np.repeat(np.arange(weeks), won)
    orders, lasts = _ordered(random, leaves, _numbers(random, len(born), level), born, weeks, rate)
    flows = _truth(random, leaves, level, rate) * worth
    total = np.cumsum(flows * payback.discount(RATE, HORIZON))
    wanted = int(np.exp(random.uniform(np.log(15), np.log(180))))
    cost = float(total[min(wanted, HORIZON) - 1]) * (1.1 if wanted > HORIZON else 1.0)
    pays_in = int(payback.first_passage(flows * payback.discount(RATE, HORIZON), np.array(cost)))
    panel = _panel(born, orders, lasts, weeks, end, random, worth)
    new = panel.of(panel.week >= end - RECENT).new.sum()
    return City(panel, cost * float(new), None if pays_in < 0 else pays_in)


def _numbers(random: np.random.Generator, count: int, level: float) -> Floats:
    """Return of each customer a hazard drawn from a beta, a uniform number, and the level of its city."""
    hazard = random.beta(1.1, 9.0 * level, count)
    return np.stack([hazard, random.random(count), np.full(count, level)], axis=1)


def _ordered(
    random: np.random.Generator, leaves: Hazards, own: Floats, born: Whole, weeks: int, rate: float
) -> tuple[Whole, Whole]:
    """Return orders by customer and week, and the week of the last one; each orders once when it comes."""
    pace = random.gamma(4.0, rate / 4.0, len(born))
    orders, there = np.zeros((len(born), weeks), np.int64), np.ones(len(born), np.bool_)
    for week in range(weeks):
        age = week - born
        here = there & (age >= 0)
        orders[here, week] = random.poisson(pace[here]) + (age[here] == 0)
        hazard = np.zeros(len(born))
        for one in np.unique(age[here]):
            mine = here & (age == one)
            hazard[mine] = np.clip(leaves(own[mine], int(one), weeks - 1 - week), 0, 1)
        there &= ~(here & (random.random(len(born)) < hazard))
    lasts = weeks - 1 - np.argmax(orders[:, ::-1] > 0, axis=1)
    return orders, lasts


def _truth(random: np.random.Generator, leaves: Hazards, level: float, rate: float) -> Floats:
    """Return what the next customer brings a week, in orders: the mean over many drawn from the law."""
    own = _numbers(random, 20_000, level)
    there, flows = np.ones(len(own)), np.zeros(HORIZON)
    for age in range(HORIZON):
        flows[age] = rate * there.mean() + (age == 0)
        there *= 1 - np.clip(leaves(own, age, -1 - age), 0, 1)
    return flows


def _panel(
    born: Whole, orders: Whole, lasts: Whole, weeks: int, end: int, random: np.random.Generator, worth: float
) -> Panel:
    """Return the cohorts as cohort_week has them: a customer lapses in the eighth week without an order."""
    brought = np.zeros((weeks, weeks))
    lapsed, counted = np.zeros((weeks, weeks)), np.zeros((weeks, weeks))
    np.add.at(brought, born, orders)
    noise = random.normal(1.0, 0.03, weeks)  # weeks differ
    gone = lasts + LAPSE < weeks
    np.add.at(lapsed, (born[gone], lasts[gone] + LAPSE), 1)
    np.add.at(counted, born, orders > 0)
    cohort, week = np.nonzero(np.triu(np.ones((weeks, weeks))))
    nobody = np.full(len(week), None, dtype=object)
    money = (brought * noise * worth)[cohort, week]
    first = end - weeks
    return Panel(
        first + week, week - cohort, nobody, nobody, nobody, brought[cohort, week], brought[cohort, week],
        counted[cohort, week], lapsed[cohort, week], money, np.zeros(len(week)), np.zeros(len(week), np.int64),
    )  # fmt: skip


class _Kept:
    """Evidence that keeps nothing."""

    def kept(self, _name: str, _inputs: object, make: Callable[[], Any]) -> Any:
        return make()


def judged(found: list[City], end: int) -> list[dict[str, Any]]:
    """Return what the looks say of each city by the model, and by one constant chance to leave."""
    names = [f"{at:03d}" for at in range(len(found))]
    whole = _joined([one.panel for one in found], names)
    groups = {name: whole.city == name for name in names}
    seen: list[dict[str, Any]] = [{"risk": [], "constant": []} for _ in found]
    for look in range(LOOKS):
        spent = {name: one.spent * _share(one.panel, end, look) for name, one in zip(names, found, strict=True)}
        told = markets(
            cast("Evidence", _Kept()), whole, groups, spent, end - look, dict.fromkeys(names, THRESHOLD), RATE
        )
        for name, one in zip(names, seen, strict=True):
            one["risk"].append(told[name].risk)
            one["constant"].append(_constant(whole.of(groups[name]), end - look, told[name].cost))
            if look == 0:
                one.update(low=told[name].low, high=told[name].high)
    return seen


def _share(panel: Panel, end: int, look: int) -> float:
    """Return how the customers of the half year before an earlier look compare with those of the last one: cost is cost."""
    new = [panel.of((panel.week >= last - RECENT) & (panel.week < last)).new.sum() for last in (end - look, end)]
    return float(new[0] / new[1])


def _joined(panels: list[Panel], names: list[str]) -> Panel:
    city_ = np.concatenate(
        [np.full(len(one.week), name, dtype=object) for one, name in zip(panels, names, strict=True)]
    )
    parts = {
        name: np.concatenate([getattr(one, name) for one in panels])
        for name in (
            "week",
            "age",
            "segment",
            "product",
            "orders",
            "paid_orders",
            "customers",
            "lapsed",
            "contribution",
            "subsidy",
            "lacks",
        )
    }
    return Panel(city=city_, **parts)


def _constant(panel: Panel, end: int, cost: float) -> float:
    """Return the share of draws beyond the threshold where the chance to leave is one number (beta, Jeffreys' prior)."""
    one = life(panel, end, HORIZON)
    assert one is not None
    random = np.random.default_rng(3)
    lost, stayed = float(one.lost.sum()), float((one.watched - one.lost).sum())
    stay = 1 - random.beta(lost + 0.5, stayed + 0.5, DRAWS)
    level = one.each_week[None, :] + one.error * random.standard_normal((DRAWS, 1))
    flows = stay[:, None] ** np.arange(HORIZON) * level * payback.discount(RATE, HORIZON)
    return payback.later(payback.course(payback.first_passage(flows, np.full(DRAWS, cost))), THRESHOLD)


def study(name: str, cities: int) -> dict[str, float]:
    """Return verdict errors and coverage over some cities of one world, by the model and by constant churn."""
    end, rows, truth = 1_000, [], []
    for group in range(cities // TOGETHER):
        random = np.random.default_rng([9, list(WORLDS).index(name), group])
        found = [city(random, WORLDS[name], end) for _ in range(TOGETHER)]
        rows += judged(found, end)
        truth += [one.pays_in for one in found]
    late = np.array([one is None or one > THRESHOLD for one in truth])
    told: dict[str, float] = {"cities": cities, "late": float(late.mean())}
    for by in ("risk", "constant"):
        looks = np.array([one[by] for one in rows])
        pauses, goes = (looks > PAUSE).all(axis=1), (looks < RESUME).all(axis=1)
        told |= {
            f"{by}: decided": float((pauses | goes).mean()),
            f"{by}: paused wrongly": float((pauses & ~late).mean()),
            f"{by}: continued wrongly": float((goes & late).mean()),
        }
    ends = [(one["low"], one["high"]) for one in rows]
    told["covered"] = float(np.mean([_holds(low, high, one) for (low, high), one in zip(ends, truth, strict=True)]))
    return {key: round(value, 4) for key, value in told.items()}


def _holds(low: int | None, high: int | None, truth: int | None) -> bool:
    never = HORIZON + 1
    first, last, at = (never if one is None else one for one in (low, high, truth))
    return first <= at <= last
