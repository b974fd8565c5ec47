"""Many claims on few pools, at the most value: a transport problem solved on the claims that are undecided.

Given a price a pool, each claim has its best pool, or none; where the best is far ahead of the second best, a small
change of prices does not move it. So only claims near their margin stand in the linear programme, with the pools that
they may come to choose, and the others are placed; then all claims and all pools are priced against its duals, and
whatever would choose otherwise is taken in, until nothing would. Then the prices are the duals of the whole programme,
so that the answer is exact. Wrong only in speed where many claims are nearly equal.

Two claims of 3 GPUs worth 5 and 4, pools of 4 and 1 GPUs, where only the first claim may use the second pool:

>>> claims = Flow(np.array([[5.0, 4.5], [4.0, -np.inf]]), np.array([3.0, 3.0]), np.array([4.0, 1.0]))
>>> found = serve(claims)
>>> found.prices.pool.tolist(), found.gpus().tolist()
([4.0, 3.5], [[2.0, 1.0], [2.0, 0.0]])

Source: Marsten, Hogan & Blankenship (1975), Operations Research 23, for steps in a box.
"""

from dataclasses import dataclass, replace

import numpy as np

from hardgate.models.flow import Chosen, Floats, Flow, Indices, Prices
from hardgate.models.flow_alike import Kinds, alike
from hardgate.models.flow_prices import near, tried
from hardgate.models.flow_programme import CLOSE, Core, Trial, limits, prices_of, solved
from hardgate.models.solve import Infeasible, Solution

SMALL = 1200  # claims up to which all stand in one programme
CORE, A_POOL = 1000, 8  # undecided claims in one programme, at least and for each pool
HURRIED = 2  # rounds in which a price that met its bound is carried on as far again; then the box grows
NARROW = 1e-5  # the least that a box is wide, in shares of the largest value


@dataclass(frozen=True, slots=True)
class Served:
    """Who got what: GPUs by arc, the prices that make it the best, and what a claim would still pay for a unit."""

    claim: Indices
    pool: Indices
    amount: Floats
    prices: Prices
    margin: Floats
    shape: tuple[int, int]
    rounds: int
    last: "_Step"
    kinds: Kinds | None = None

    def gpus(self) -> Floats:
        """GPUs by claim and pool."""
        dense = np.zeros(self.shape)
        np.add.at(dense, (self.claim, self.pool), self.amount)
        return dense


@dataclass(frozen=True, slots=True)
class _Step:
    """A trial that was solved: prices, what all claims choose at them, and what keeps it from being the answer.

    Attributes:
        met: prices met their box.
        wrong: claims outside the programme that would choose anew.
        short: units that floors and needs lack.

    """

    trial: Trial
    core: Core
    found: Solution
    prices: Prices
    chosen: Chosen
    met: bool
    wrong: Indices
    short: float


def serve(flow: Flow, guess: Prices | None = None) -> Served:
    """Return the best plan and its prices.

    Raises:
        Infeasible: floors, or the units that must be served, ask for more than the pools have.

    """
    kinds = alike(flow) if len(flow.demand) > SMALL else None
    return _apart(flow, guess) if kinds is None else _dealt(kinds, _apart(kinds.flow, guess))


def _apart(flow: Flow, guess: Prices | None) -> Served:
    if len(flow.demand) <= SMALL:
        return _all_at_once(flow, guess or tried(flow))
    return _step_by_step(flow, guess or near(flow))


def _dealt(kinds: Kinds, served: Served) -> Served:
    claim, pool, amount = kinds.dealt(served.claim, served.pool, served.amount)
    shape = (len(kinds.kind), served.shape[1])
    return replace(
        served, claim=claim, pool=pool, amount=amount, margin=served.margin[kinds.kind], shape=shape, kinds=kinds
    )


def moved(flow: Flow, served: Served) -> Served:
    """Return the best plan of a flow that has other capacities or another need.

    It goes on from the last programme of a plan, which gets other bounds; where that is not enough it begins anew.

    Raises:
        Infeasible: see `serve`.

    """
    if served.kinds is not None:
        of = replace(served.kinds.flow, capacity=flow.capacity, need=flow.need)
        return _dealt(served.kinds, moved(of, replace(served, kinds=None)))
    last = served.last
    last.core.programme.bound(*limits(flow, last.trial))
    step = _stepped(flow, last.trial, last.core)
    if step.met or len(step.wrong) or step.short > _rounding(flow):
        return serve(flow, served.prices)
    return _served(flow, step, served.rounds + 1)


def _all_at_once(flow: Flow, prices: Prices) -> Served:
    everything, nobody, scale = np.arange(len(flow.demand)), np.zeros(0, np.int64), flow.scale
    trial = Trial(everything, (nobody, nobody, np.zeros(0)), prices, np.inf, 1e3 * scale, scale)
    while True:
        step = _stepped(flow, trial)
        if step.short <= _rounding(flow):
            return _served(flow, step, 1)
        trial = replace(trial, around=step.prices, big=_bigger(trial, step))


def _step_by_step(flow: Flow, prices: Prices) -> Served:
    """Move the prices within a box in which only undecided claims choose anew, until they stay inside it.

    Each step is the exact minimum of the dual inside its box, so that it ends.
    """
    scale, extra, rounds, at = flow.scale, np.zeros(0, np.int64), 0, flow.chosen(prices)
    big = 1e3 * scale
    while True:
        rounds += 1
        undecided, reach = _near(flow, at.regret, scale, rounds)
        members = np.union1d(undecided, extra)
        if len(members) > len(flow.demand) / 2:
            members, reach = np.arange(len(flow.demand)), np.inf
        aside = np.ones(len(flow.demand), np.bool_)
        aside[members] = False
        on = np.flatnonzero(aside & (at.first > 0))
        best = at.best[on]
        trial = Trial(members, (on, best, flow.demand[on] / flow.units(on, best)), prices, reach, big, scale)
        step = _stepped(flow, trial)
        if step.met and rounds <= HURRIED:
            prices = _onwards(prices, step.prices, reach)
            at = flow.chosen(prices)
            continue
        prices, at = step.prices, step.chosen
        if step.met:
            continue
        if len(step.wrong):
            extra = np.union1d(extra, step.wrong)
        elif step.short <= _rounding(flow):
            return _served(flow, step, rounds)
        else:
            big = _bigger(trial, step)


def _bigger(trial: Trial, step: _Step) -> float:
    """A larger price for what floors and needs lack.

    Raises:
        Infeasible: no price brings it.

    """
    if trial.big > 1e9 * trial.scale:
        raise Infeasible(f"floors or needs ask for {step.short:,.3f} units more than the pools have")
    return 1e3 * trial.big


def _rounding(flow: Flow) -> float:
    """How many units are a matter of rounding."""
    return CLOSE * max(1.0, flow.need, float(flow.demand.sum()))


def _onwards(before: Prices, after: Prices, reach: float) -> Prices:
    """Carry prices that met their bound as far again."""
    change = after.pool - before.pool
    return replace(after, pool=np.maximum(after.pool + change * (np.abs(change) > 0.99 * reach), 0.0))


def _near(flow: Flow, regret: Floats, scale: float, rounds: int) -> tuple[Indices, float]:
    """The claims with least between their best and second-best choice, and how far prices may move without others.

    Where many claims are equal the box keeps some width, and after many rounds it grows: so it ends.
    """
    count = min(len(regret), max(CORE, A_POOL * len(flow.capacity)))
    bar = max(float(np.partition(regret, count - 1)[count - 1]), NARROW * scale)
    bar *= 2.0 ** max(rounds - HURRIED, 0)
    return np.flatnonzero(regret <= bar), bar / 2


def _stepped(flow: Flow, trial: Trial, core: Core | None = None) -> _Step:
    """Solve one programme and price all claims by its duals."""
    core, found = solved(flow, trial, core)
    members, (on, best, _) = trial.members, trial.placed
    prices = prices_of(flow, found, len(members))
    met = float(found.columns[core.box].max(initial=0.0)) > CLOSE * max(1.0, flow.capacity.max(initial=0.0))
    at, tolerance = flow.chosen(prices), CLOSE * trial.scale
    kept = np.zeros(len(flow.demand))
    kept[on] = _margin_at(flow, prices, on, best)
    loses = np.maximum(at.first, 0.0) - kept > tolerance
    loses[on] |= kept[on] < -tolerance
    loses[members] = False
    short = float(found.columns[core.artificial].sum())
    return _Step(trial, core, found, prices, at, met, np.flatnonzero(loses), short)


def _margin_at(flow: Flow, prices: Prices, claims: Indices, pools: Indices) -> Floats:
    earned = flow.value[claims, pools] - prices.pool[pools]
    if flow.group is not None and len(prices.group):
        earned += np.append(prices.group, 0.0)[flow.group[claims]]
    earned /= flow.units(claims, pools)
    if flow.counted is not None:
        earned += prices.need * flow.counted[claims]
    return earned


def _served(flow: Flow, step: _Step, rounds: int) -> Served:
    core, (on, at, placed) = step.core, step.trial.placed
    amounts = step.found.columns[core.first_arc :]
    claims, pools = (np.concatenate([np.zeros(0, np.int64), *one]) for one in (core.claims, core.pools))
    used = amounts > CLOSE
    return Served(
        np.concatenate([claims[used], on]), np.concatenate([pools[used], at]), np.concatenate([amounts[used], placed]),
        step.prices, np.maximum(step.chosen.first, 0.0), (len(flow.demand), len(flow.capacity)), rounds, step,
    )  # fmt: skip
