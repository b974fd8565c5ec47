"""What one workload may hold in whole gangs, and what that is worth at given prices: every holding worth looking at.

A holding is a number of gangs in each pool. Its GPUs are paid for whole, used as far as the workload asks, and the last
gang may be partly idle. Holdings are built pool by pool, the pools that earn most a unit first, so that units are used
in the order that pays; one that cannot come to a bar even without idle GPUs is dropped, and before that each pool of
which a single gang costs too much. To find the best it is enough to go on with those that no other beats with no more
units served. Wrong only in speed where many pools are nearly equal for workloads of many gangs.

10 units, 2.2 of them from a GPU at a price of 1 each, worth 2.2: five GPUs, of which the last is partly idle, or four:

>>> wanted = Wanted.of([[2.2]], [9], [10], throughput=[[2.2]])
>>> found = every(wanted, Prices(np.array([1.0]), np.zeros(0), 0.0), np.array([3.0]))
>>> found.gangs.ravel().tolist(), found.units.round(6).tolist(), found.beyond.round(6).tolist()
([3, 4, 5], [6.6, 8.8, 10.0], [3.6, 4.8, 5.0])

Source: Land & Doig (1960), Econometrica 28, for bounds that cut a search short.
"""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from hardgate.models.allocation_claims import Wanted
from hardgate.models.flow import Prices

Floats = NDArray[np.float64]
Indices = NDArray[np.int64]
Mask = NDArray[np.bool_]

CLOSE = 1e-6  # of a gang: a matter of rounding
MANY = 200_000  # unfinished holdings at once, beyond which a search of all is given up


@dataclass(frozen=True, slots=True)
class Holdings:
    """Holdings of workloads, by row of what is wanted.

    Attributes:
        row: the workload, shape (holdings,).
        gangs: by pool, shape (holdings, pools).
        used: GPUs in use by pool, the same shape.
        units: served.
        worth: money an hour, with promises kept and what stays, without prices.
        beyond: what it earns beyond the prices.
        missed: the most that a holding left out for want of room would earn beyond them, by workload.

    """

    row: Indices
    gangs: Indices
    used: Floats
    units: Floats
    worth: Floats
    beyond: Floats
    missed: Floats

    def taken(self, keep: Indices) -> "Holdings":
        """Some of them."""
        return replace(
            self, row=self.row[keep], gangs=self.gangs[keep], used=self.used[keep], units=self.units[keep],
            worth=self.worth[keep], beyond=self.beyond[keep],
        )  # fmt: skip

    def best(self, most: int) -> Indices:
        """The best of each workload, at most so many, by place."""
        order = np.lexsort((-self.beyond, self.row))
        rank = np.arange(len(order)) - np.searchsorted(self.row[order], self.row[order])
        return order[rank < most]


@dataclass(frozen=True, slots=True)
class _Steps:
    """The pools of each workload in the order in which they pay; the last column is what stays where it is held.

    `ahead` is what a unit earns at most in any pool from a step on, idle GPUs apart.
    """

    rate: Floats
    work: Floats
    price: Floats
    order: Indices
    there: Mask
    ahead: Floats
    stays: Mask
    bonus: Floats
    premium: Floats

    @property
    def depth(self) -> int:
        return int(self.there.sum(axis=1).max(initial=0))


@dataclass(frozen=True, slots=True)
class _Begun:
    """Unfinished holdings: what they serve and earn so far, and what they hold and do not use yet where they stay."""

    row: Indices
    units: Floats
    earned: Floats
    spare: Floats
    gangs: Indices
    used: Floats


def every(wanted: Wanted, prices: Prices, bars: Floats) -> Holdings | None:
    """Return all holdings without an idle gang that earn at least a bar; None where they are too many to look at.

    Args:
        wanted: what is wanted.
        prices: of GPUs by pool, of floors by tenant, and of promised units.
        bars: by workload.

    """
    steps, now = _steps(wanted, prices, bars), _nothing(wanted)
    for step in range(steps.depth):
        now, reach = _gone_on(wanted, steps, now, step)
        now = _taken(now, np.flatnonzero(reach >= bars[now.row]))
        if len(now.row) > MANY:
            return None
    return _ended(wanted, steps, now, np.full(len(bars), -np.inf))


def holdings(wanted: Wanted, prices: Prices, bars: Floats, most: int) -> Holdings:
    """Return the best holdings that earn at least a bar, leaving out those that another one beats.

    Args:
        wanted: what is wanted.
        prices: see `every`.
        bars: by workload.
        most: unfinished holdings of a workload that are gone on with, those that may earn most.

    """
    steps, now, missed = _steps(wanted, prices, bars), _nothing(wanted), np.full(len(bars), -np.inf)
    for step in range(steps.depth):
        now, reach = _gone_on(wanted, steps, now, step)
        keep = np.flatnonzero(reach >= bars[now.row])
        now, reach = _taken(now, keep), reach[keep]
        keep = _unbeaten(now, now.earned + _kept_promises(wanted, steps, now.row, now.units))
        now, reach = _taken(now, keep), reach[keep]
        if len(now.row) > most:
            order = np.lexsort((-reach, now.row))
            rank = np.arange(len(order)) - np.searchsorted(now.row[order], now.row[order])
            left = order[rank >= most]
            np.maximum.at(missed, now.row[left], reach[left])
            now = _taken(now, np.sort(order[rank < most]))
    return _ended(wanted, steps, now, missed)


def _nothing(wanted: Wanted) -> _Begun:
    count, none = len(wanted.demand), np.zeros(len(wanted.demand))
    shape = wanted.value.shape
    return _Begun(np.arange(count), none, none, none, np.zeros(shape, np.int64), np.zeros(shape))


def _ended(wanted: Wanted, steps: _Steps, now: _Begun, missed: Floats) -> Holdings:
    beyond = now.earned + _kept_promises(wanted, steps, now.row, now.units)
    return Holdings(now.row, now.gangs, now.used, now.units, _worth(wanted, now), beyond, missed)


def _steps(wanted: Wanted, prices: Prices, bars: Floats) -> _Steps:
    (count, pools), usable, rows = wanted.value.shape, np.isfinite(wanted.value), np.arange(len(wanted.value))
    group = 0.0 if wanted.groups is None else np.append(prices.group, 0.0)[wanted.groups][:, np.newaxis]
    home = np.maximum(wanted.held_pool, 0)
    stays = (wanted.held_pool >= 0) & (wanted.held > 0) & (wanted.move_cost > 0) & usable[rows, home]
    rate = np.where(usable, wanted.value + group, 0.0)
    work = np.where(usable, 1.0 if wanted.work is None else wanted.work, 1.0)
    rate = np.column_stack([rate, rate[rows, home] + wanted.move_cost])
    work = np.column_stack([work, work[rows, home]])
    price = np.column_stack([np.broadcast_to(prices.pool, (count, pools)), prices.pool[home]])
    there = np.column_stack([usable, stays])
    bonus = np.where(stays, wanted.move_cost * np.minimum(wanted.held, wanted.demand / work[:, pools]), 0.0)
    net = np.where(there, (rate - price) / work, -np.inf)
    net[stays, pools] = net[stays, home[stays]]  # what staying is worth beside that is the bonus
    made = _Steps(rate, work, price, np.zeros((1, 1), np.int64), there, net.max(axis=1, keepdims=True),
                  stays, bonus, wanted.penalty + prices.need)  # fmt: skip
    there = there & ~_hopeless(wanted, made, bars, home)
    stays = stays & there[:, pools]
    order = np.argsort(-np.where(there, rate / work, -np.inf), axis=1, kind="stable")
    ordered = np.take_along_axis(np.where(there, net, -np.inf), order, axis=1)
    ahead = np.full((count, pools + 2), -np.inf)
    ahead[:, :-1] = np.maximum.accumulate(ordered[:, ::-1], axis=1)[:, ::-1]
    return replace(made, order=order, there=there, ahead=ahead, stays=stays, bonus=np.where(stays, bonus, 0.0))


def _hopeless(wanted: Wanted, steps: _Steps, bars: Floats, home: Indices) -> Mask:
    """Pools of which one gang alone keeps a workload under its bar: it costs that much more than the best pool."""
    most = steps.ahead[:, 0]
    reach = steps.bonus + _rest(wanted, steps, np.arange(len(most)), np.zeros(len(most)), most)
    instead = np.where(wanted.commitment > 0, most, np.maximum(most, 0.0))[:, np.newaxis] * steps.work
    loses = wanted.gang[:, np.newaxis] * (steps.price + np.minimum(instead - steps.rate, 0.0))
    found: Mask = steps.there & (reach[:, np.newaxis] - loses < bars[:, np.newaxis])
    lasts = np.flatnonzero(steps.stays & ~found[:, -1])
    found[lasts, home[lasts]] = False
    return found


def _gone_on(wanted: Wanted, steps: _Steps, now: _Begun, step: int) -> tuple[_Begun, Floats]:
    """Try every number of gangs in the next pool of each; return with the most that each may still earn."""
    pools, home = len(wanted.capacity), np.maximum(wanted.held_pool, 0)
    at = steps.order[now.row, step]
    staying = at == pools
    pool = np.where(staying, home[now.row], at)
    live = steps.there[now.row, at]
    decided = live & ~staying & steps.stays[now.row] & (pool == home[now.row])
    rate, work, gang = steps.rate[now.row, at], steps.work[now.row, at], wanted.gang[now.row].astype(np.float64)
    left = np.where(rate < 0, wanted.commitment[now.row], wanted.demand[now.row]) - now.units
    left = np.maximum(left, 0.0)
    most = np.floor(left / gang + CLOSE) if wanted.work is None else np.ceil(left / (gang * work) - CLOSE)
    most = np.minimum(most, np.floor(wanted.capacity[pool] / gang + CLOSE))
    tries = np.where(live & ~decided, np.maximum(most, 0.0), 0.0).astype(np.int64) + 1
    of = np.repeat(np.arange(len(tries)), tries)
    gangs = np.arange(len(of)) - np.repeat(np.cumsum(tries) - tries, tries)
    held = gangs * gang[of]
    room = np.where(decided[of], now.spare[of], held)
    room = np.where(staying[of], np.minimum(room, wanted.held[now.row[of]]), room)
    used = np.where(live[of], np.minimum(room, left[of] / work[of]), 0.0)
    spare = np.where(staying[of], held - used, np.where(decided[of], 0.0, now.spare[of]))
    every = np.arange(len(of))
    after = _Begun(
        now.row[of], now.units[of] + used * work[of],
        now.earned[of] + rate[of] * used - steps.price[now.row, at][of] * held, spare,
        now.gangs[of], now.used[of],
    )  # fmt: skip
    after.gangs[every, pool[of]] += gangs
    after.used[every, pool[of]] += used
    row = after.row
    to_come = (steps.order[row] == pools).argmax(axis=1) > step
    free = np.maximum(steps.rate[row, home[row]] + steps.premium[row] * steps.work[row, home[row]], 0.0)
    reach = after.earned + _kept_promises(wanted, steps, row, after.units) + spare * free
    reach += np.where(to_come, steps.bonus[row], 0.0)
    return after, reach + _rest(wanted, steps, row, after.units, steps.ahead[row, step + 1])


def _rest(wanted: Wanted, steps: _Steps, row: Indices, units: Floats, ahead: Floats) -> Floats:
    """What the units that are left would earn at most, idle GPUs apart."""
    sure, demand = wanted.commitment[row], wanted.demand[row]
    promised, other = np.maximum(sure - units, 0.0), demand - np.maximum(units, sure)
    rest = np.where(promised > 0, promised, 0.0) * np.maximum(ahead + steps.premium[row], 0.0)
    found: Floats = rest + np.maximum(other, 0.0) * np.maximum(ahead, 0.0)
    return found


def _kept_promises(wanted: Wanted, steps: _Steps, row: Indices, units: Floats) -> Floats:
    kept: Floats = steps.premium[row] * np.minimum(units, wanted.commitment[row])
    return kept


def _unbeaten(now: _Begun, earned: Floats) -> Indices:
    """Those that earn more than all of the same workload that serve no more units, with as many spare."""
    order = np.lexsort((-earned, now.units, now.spare, now.row))
    row, spare, value = now.row[order], now.spare[order], earned[order]
    other = (row[1:] != row[:-1]) | (spare[1:] != spare[:-1])
    lift = np.concatenate([[0.0], np.cumsum(other)])[: len(order)] * (2 * np.abs(value).max(initial=0.0) + 1)
    before = np.concatenate([[-np.inf], np.maximum.accumulate(value + lift)])[: len(order)]
    return np.sort(order[value + lift > before + 1e-9])


def _taken(now: _Begun, keep: Indices) -> _Begun:
    return _Begun(
        now.row[keep], now.units[keep], now.earned[keep], now.spare[keep], now.gangs[keep], now.used[keep]
    )  # fmt: skip


def _worth(wanted: Wanted, now: _Begun) -> Floats:
    row, home = now.row, np.maximum(wanted.held_pool, 0)
    value = (np.where(now.used > 0, wanted.value[row], 0.0) * now.used).sum(axis=1)
    kept = np.minimum(now.used[np.arange(len(row)), home[row]], wanted.held[row])
    value += np.where(wanted.held_pool[row] >= 0, kept * wanted.move_cost[row], 0.0)
    found: Floats = value + wanted.penalty[row] * np.minimum(now.units, wanted.commitment[row])
    return found


def at_hand(wanted: Wanted, prices: Prices) -> Floats:
    """What each workload earns beyond the prices with gangs of one pool, at least nothing: a bar to begin with."""
    usable, gang = np.isfinite(wanted.value), wanted.gang[:, np.newaxis].astype(np.float64)
    work = np.where(usable, 1.0 if wanted.work is None else wanted.work, 1.0)
    group = 0.0 if wanted.groups is None else np.append(prices.group, 0.0)[wanted.groups][:, np.newaxis]
    value, best = np.where(usable, wanted.value + group, 0.0), np.zeros(len(usable))
    for rounded in (np.floor,) if wanted.work is None else (np.floor, np.ceil):
        whole = np.minimum(rounded(wanted.demand[:, np.newaxis] / (gang * work)), np.floor(wanted.capacity / gang))
        used = np.minimum(whole * gang, wanted.demand[:, np.newaxis] / work)
        earned = value * used - prices.pool * whole * gang
        kept = np.minimum(used * work, wanted.commitment[:, np.newaxis])
        earned += (wanted.penalty + prices.need)[:, np.newaxis] * kept
        best = np.maximum(best, np.where(usable, earned, -np.inf).max(axis=1, initial=0.0))
    return best
