"""Would a rule have decided well? What an order in each month would have earned on what came, and what a choice lost.

An order earns margin on what realised demand used of it above the capacity that was there without it, and costs its
ownership from the month it goes live, used or not; months that have not come yet count nothing on either side. Regret
is the value of the best choice with hindsight less that of the choice made, and is never negative: going where holding
or going later was better is a wrong go, holding or going later where going was better is a wrong hold. Wrong when what
was built drew demand that would not have come without it, and when the months seen are a small part of the life.

Demand grows from 100 to 130 against 100 GPUs; 20 more earn 9 a used GPU-month and cost 5 each, live a month after:

>>> worth = by_month([100, 110, 120, 130], [100] * 4, [9.0] * 4, Order(20, 1, 48, 0.0, 5.0))
>>> worth.tolist()
[150.0, 160.0, 80.0, 0.0]
>>> lost(worth, choice=2), lost(worth, choice=None).wrong_hold
(Loss(best=160.0, value=80.0, wrong_go=0.0, wrong_hold=80.0), 160.0)

Sources: Savage (1951), Journal of the American Statistical Association 46, for regret; Efron (1979), Annals of
Statistics 7, for the bootstrap.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]

MONTHS_A_YEAR = 12
RESAMPLES = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """One order: its GPUs, whole months until it is live, months it then earns, discount rate, cost of a GPU-month.

    The rate is annual and continuously compounded.
    """

    size: float
    lead_months: int
    life_months: int
    discount: float
    own: float


@dataclass(frozen=True, slots=True)
class Loss:
    """What one choice was worth, what the best one was worth, and the difference by the way it was wrong."""

    best: float
    value: float
    wrong_go: float
    wrong_hold: float

    @property
    def regret(self) -> float:
        """The best value less that of the choice."""
        return self.wrong_go + self.wrong_hold


def by_month(demand: ArrayLike, position: ArrayLike, gain: ArrayLike, order: Order) -> Floats:
    """Return what ordering in each month would have earned by the last, discounted to the first; shape (months,).

    Args:
        demand: GPUs in demand in each month, served or not, shape (months,).
        position: GPUs that were there without the order, shape (months,).
        gain: margin of a used GPU-month in each month, shape (months,).
        order: what is ordered.

    Raises:
        ValueError: a month is not a number, or the three differ in length.

    """
    asked, there, margin = (np.asarray(one, dtype=np.float64) for one in (demand, position, gain))
    if not (asked.shape == there.shape == margin.shape and np.isfinite(asked + there + margin).all()):
        raise ValueError(f"demand {asked.shape}, position {there.shape}, gain {margin.shape}: expected equal, no gaps")
    earned = margin * np.clip(asked - there, 0, order.size) - order.own * order.size
    earned *= np.exp(-order.discount * np.arange(asked.size) / MONTHS_A_YEAR)
    until = np.concatenate([[0.0], np.cumsum(earned)])
    live = np.minimum(np.arange(asked.size) + order.lead_months, asked.size)
    return np.asarray(until[np.minimum(live + order.life_months, asked.size)] - until[live])


def lost(worth: ArrayLike, choice: int | None) -> Loss:
    """Return what a choice lost against the best one: `worth` of going on each date, None for holding on all."""
    values = np.asarray(worth, dtype=np.float64)
    first = int(values.argmax()) if values.size and values.max() > 0 else None
    best = 0.0 if first is None else float(values[first])
    value = 0.0 if choice is None else float(values[choice])
    missed = best - value
    too_soon = choice is not None and (first is None or choice < first)
    return Loss(best, value, missed if too_soon else 0.0, 0.0 if too_soon else missed)


def share_lost(losses: Sequence[Loss], confidence: float = 0.9, seed: int = 7) -> tuple[float, float, float] | None:
    """Return regret over the best value of all, with its bootstrap interval (low, share, high); None where none pays.

    Asks are drawn anew with replacement; draws in which nothing would have paid say nothing and are left out.
    """
    return _share([one.regret for one in losses], [one.best for one in losses], confidence, seed)


def share_apart(
    losses: Sequence[Loss], others: Sequence[Loss], confidence: float = 0.9, seed: int = 7
) -> tuple[float, float, float] | None:
    """Return by how much more others lost on the same asks, over the best value: low, share, high; None as above.

    Both are drawn together, so that what is hard for either does not widen the interval: below nothing throughout, the
    others are better.

    >>> one, other = Loss(10.0, 8.0, 2.0, 0.0), Loss(10.0, 7.0, 0.0, 3.0)
    >>> share_apart([one, one], [other, other])
    (0.1, 0.1, 0.1)
    """
    if [one.best for one in losses] != [one.best for one in others]:
        raise ValueError(f"{len(losses)} and {len(others)} losses: expected those of two rules on the same asks")
    more = [other.regret - one.regret for one, other in zip(losses, others, strict=True)]
    return _share(more, [one.best for one in losses], confidence, seed)


def _share(
    amounts: Sequence[float], bests: Sequence[float], confidence: float, seed: int
) -> tuple[float, float, float] | None:
    """The sum of amounts over that of the best values, with its bootstrap interval."""
    amount, best = np.array(amounts, dtype=np.float64), np.array(bests, dtype=np.float64)
    if not best.size or best.sum() <= 0:
        return None
    drawn = np.random.default_rng(seed).integers(0, best.size, (RESAMPLES, best.size))
    tops, bottoms = amount[drawn].sum(axis=1), best[drawn].sum(axis=1)
    shares = tops[bottoms > 0] / bottoms[bottoms > 0]
    tail = (1 - confidence) / 2
    low, high = np.quantile(shares, [tail, 1 - tail])
    return float(low), math.fsum(amounts) / math.fsum(bests), float(high)
