"""How large should the next block be when it needs several things, and some of them are short?

A two-stage stochastic programme: first GPUs of each kind are bought, with the power, racks and ports that they need;
then demand of each kind is seen and served from what is there. The mean over sampled demands stands for the future
(sample average approximation); fresh samples say how far the answer may be from the best one. Wrong when demand of one
kind can be served by another: kinds are served by themselves here.

Two kinds share 100 kW. The first earns more on each kW, and gets them all:

>>> kinds = (Kind("a", margin=10, cost=4, needs={"kW": 1}), Kind("b", margin=16, cost=9, needs={"kW": 2}))
>>> found = best(kinds, {"kW": 100.0}, np.array([[150.0, 80.0], [130.0, 90.0]]))
>>> found.sizes, found.profit, found.prices
((100.0, 0.0), 600.0, {'kW': 6.0})

Sources: Birge & Louveaux (2011), Introduction to Stochastic Programming; Kleywegt, Shapiro & Homem-de-Mello (2002),
SIAM Journal on Optimization 12, for the gap; Mak, Morton & Wood (1999). Weights and exponent of regret as in Netflix's
service capacity modelling (1 over, 1.25 under, 1.2).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.errors import Fault

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of GPU: what a used one earns, what each costs to own, over the same time, and what each needs.

    `most` bounds how many may be bought. What does not come whole is rounded by the caller.
    """

    name: str
    margin: float
    cost: float
    needs: Mapping[str, float] = field(default_factory=dict)
    most: float = np.inf
    shortage_penalty: float = 0.0


@dataclass(frozen=True, slots=True)
class Block:
    """What to buy of each kind, its mean profit on the sample, and what one more of each short resource is worth."""

    sizes: tuple[float, ...]
    profit: float
    prices: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Gap:
    """How far a choice may be from the best one: its profit on fresh samples, a bound on the best, and the difference.

    `high` is the upper end of a one-sided interval of 95 % for the difference.
    """

    profit: float
    bound: float
    gap: float
    high: float


@dataclass(frozen=True, slots=True)
class Regret:
    """How too much and too little weigh: (over x too much) or (under x too little), to the power."""

    over: float = 1.0
    under: float = 1.25
    power: float = 1.2

    def of(self, demand: Floats, size: Floats) -> Floats:
        """The regret of sizes at demands, broadcast together."""
        return np.where(size > demand, self.over * (size - demand), self.under * (demand - size)) ** self.power


def best(kinds: Sequence[Kind], limits: Mapping[str, float], demand: Floats) -> Block:
    """The block with the highest mean profit over sampled demands.

    Args:
        kinds: in the order of the columns of `demand`.
        limits: how much there is of each resource that kinds need; what is not named is not short.
        demand: shape (samples, kinds), not negative.

    Raises:
        ValueError: shapes differ, or a demand is negative.
        Fault: the solver found no best block.

    """
    samples, count = demand.shape
    if count != len(kinds) or (demand < 0).any():
        raise ValueError(f"{count} columns of demand for {len(kinds)} kinds: expected one each, none negative")
    import highspy

    model = highspy.Highs()
    model.silent()
    _columns(model, kinds, demand)
    _rows(model, kinds, limits, samples)
    model.changeObjectiveSense(highspy.ObjSense.kMaximize)
    model.run()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        raise Fault(f"no best block: {model.modelStatusToString(model.getModelStatus())}")
    solution = model.getSolution()
    sizes = tuple(round(one, 6) + 0.0 for one in solution.col_value[:count])
    penalty = sum(float(demand[:, i].mean()) * one.shortage_penalty for i, one in enumerate(kinds))
    duals = solution.row_dual[samples * count :]
    prices = {name: round(abs(dual), 6) + 0.0 for name, dual in zip(sorted(limits), duals, strict=True)}
    return Block(sizes, round(model.getObjectiveValue() - penalty, 6), prices)


def _columns(model: Any, kinds: Sequence[Kind], demand: Floats) -> None:  # noqa: ANN401  the solver's own
    """Add what is bought of each kind, then what is served of each kind in each sample."""
    samples, count = demand.shape
    costs = [-one.cost for one in kinds] + [
        (one.margin + one.shortage_penalty) / samples for _ in range(samples) for one in kinds
    ]
    uppers = np.concatenate([[one.most for one in kinds], demand.ravel()])
    none, nothing = np.zeros(0, dtype=np.int32), np.zeros(0)
    total = count * (samples + 1)
    model.addCols(total, np.array(costs), np.zeros(total), uppers, 0, none, none, nothing)


def _rows(model: Any, kinds: Sequence[Kind], limits: Mapping[str, float], samples: int) -> None:  # noqa: ANN401
    """Add that no more is served than was bought, and that no resource is overdrawn."""
    count = len(kinds)
    served = samples * count
    starts = [2 * at for at in range(served)]
    columns = [one for at in range(served) for one in (count + at, at % count)]
    values = [1.0, -1.0] * served
    uppers = [0.0] * served
    for name in sorted(limits):
        starts.append(len(columns))
        mine = [(i, one.needs[name]) for i, one in enumerate(kinds) if one.needs.get(name)]
        columns += [i for i, _ in mine]
        values += [need for _, need in mine]
        uppers.append(limits[name])
    rows = len(uppers)
    model.addRows(
        rows, np.full(rows, -np.inf), np.array(uppers), len(values),
        np.array(starts, dtype=np.int32), np.array(columns, dtype=np.int32), np.array(values),
    )  # fmt: skip


def profit(kinds: Sequence[Kind], sizes: Sequence[float], demand: Floats) -> Floats:
    """The profit of a block at each sampled demand, shape (samples,)."""
    margin, cost, penalty = (
        np.array([getattr(one, name) for one in kinds]) for name in ("margin", "cost", "shortage_penalty")
    )
    size = np.asarray(sizes, dtype=np.float64)
    used = np.minimum(demand, size)
    found: Floats = used @ margin - (demand - used) @ penalty - size @ cost
    return found


def gap(
    kinds: Sequence[Kind], limits: Mapping[str, float], sizes: Sequence[float], replicates: Sequence[Floats]
) -> Gap:
    """How far a block may be from the best one, from independent samples that it was not chosen on.

    On each sample the best block for just that sample is at least as good: the mean difference bounds the gap from
    above in expectation, and Student's t over the samples gives its interval (Mak, Morton & Wood).
    """
    from scipy.special import stdtrit

    mine = np.array([profit(kinds, sizes, one).mean() for one in replicates])
    bests = np.array([best(kinds, limits, one).profit for one in replicates])
    apart = np.maximum(bests - mine, 0.0)
    n = len(replicates)
    error = float(apart.std(ddof=1)) / np.sqrt(n) if n > 1 else np.inf
    high = float(apart.mean()) + float(stdtrit(n - 1, 0.95)) * error if n > 1 else np.inf
    return Gap(float(mine.mean()), float(bests.mean()), float(apart.mean()), high)


def least_regret(choices: Sequence[Sequence[float]], demand: Floats, regret: Regret | None = None) -> int:
    """Which of some blocks has the least mean regret over sampled demands, kinds added up."""
    weighs = regret or Regret()
    means = [weighs.of(demand, np.asarray(one, dtype=np.float64)).sum(axis=1).mean() for one in choices]
    return int(np.argmin(means))
