"""What each rule loses on a fleet: every pool has a plan that would double it, in equal tranches, one upon the other.

At each review a rule may order the next tranche, and the one after it, until it holds. What an order in each period is
worth comes from `hardgate.models.regret`, as in `hardgate backtest`: margin on what demand used of it, less its
ownership. It is counted in two ways: `whole lives`, every tranche to the end of its life, and `to one date`, nothing
after it. The best of all dates, and of never, for each tranche, is the bound that regret is measured from.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from math import fsum

import numpy as np
from numpy.typing import NDArray

from bench.regret.fleets import Fleet
from bench.regret.rules import KNOWN, OWN, RULES, TELLING, Estimate, Rule, Seen, Terms
from hardgate.models.regret import Loss, Order, by_month, lost

Floats = NDArray[np.float64]
Choices = NDArray[np.int64]
"""Which review each tranche of each pool goes at, -1 where it never does; shape (pools, tranches)."""

DISCOUNT = 0.12
HELD = -1
TUNED, HINDSIGHT = "fixed, tuned on the past", "fixed, tuned in hindsight"
SHARES = tuple(round(0.30 + 0.05 * at, 2) for at in range(45))
"""Thresholds that are tried; beyond the last, it is never gone."""
LIVES, ONE_DATE = "whole lives", "to one date"


@dataclass(frozen=True, slots=True)
class Cell:
    """One case of the grid: margin over cost of owning, periods of lead and life, the tranche over the position."""

    margin: float
    lead: int
    tranche: float
    life: int = 48
    count: int | None = None

    @property
    def tranches(self) -> int:
        """How many make the plan: as many as double the position, where nothing else is said."""
        return self.count or round(1 / self.tranche)

    def terms(self, fleet: Fleet) -> Terms:
        """What a rule is told of it."""
        return Terms(self.margin, self.lead, self.life, discount(fleet))

    def order(self, fleet: Fleet, pool: int) -> Order:
        """One tranche, as it is valued."""
        size = self.tranche * float(fleet.position[pool])
        return Order(size, self.lead, self.life, discount(fleet), OWN)


Chooser = Callable[[Fleet, Cell], Choices]


def discount(fleet: Fleet) -> float:
    """12 % a year, as the rate of twelve periods."""
    return DISCOUNT * 12 / fleet.periods_a_year


def by_rule(rule: Rule) -> Chooser:
    """Return what a rule chooses that sees one pool at one review at a time."""

    def choose(fleet: Fleet, cell: Cell) -> Choices:
        found = np.full((len(fleet.demand), cell.tranches), HELD)
        terms = cell.terms(fleet)
        for pool, path in enumerate(fleet.demand):
            size, there = cell.tranche * float(fleet.position[pool]), float(fleet.position[pool])
            truth = Estimate(*fleet.truth[pool], *fleet.truth[pool]) if fleet.truth else None
            gone = 0
            for at, period in enumerate(fleet.reviews):
                seen = Seen(path[:period], there + gone * size, size, terms, truth)
                while gone < cell.tranches and rule(seen):
                    found[pool, gone] = at
                    gone += 1
                    seen = replace(seen, position=there + gone * size)
        return found

    return choose


def fixed(fleet: Fleet, cell: Cell, share: float) -> Choices:
    """Return what a fixed share chooses: `by_rule(at_least(share))`, for all pools at once."""
    last = fleet.demand[:, np.array(fleet.reviews) - 1]
    below = fleet.position[:, np.newaxis] * (1 + cell.tranche * np.arange(cell.tranches))
    reached = last[:, np.newaxis, :] / below[:, :, np.newaxis] >= share
    return np.where(reached.any(axis=2), reached.argmax(axis=2), HELD)


def worth(fleet: Fleet, cell: Cell, counted: str) -> Floats:
    """Return what each tranche is worth if it goes at each review, shape (pools, tranches, reviews)."""
    end = None if counted == LIVES else fleet.start + fleet.counted
    paths = fleet.demand[:, fleet.start : end]
    at = np.array(fleet.reviews) - fleet.start
    gain = np.full(paths.shape[1], cell.margin * OWN)
    found = np.empty((len(paths), cell.tranches, at.size))
    for pool, path in enumerate(paths):
        order = cell.order(fleet, pool)
        for layer in range(cell.tranches):
            there = np.full(path.size, float(fleet.position[pool]) + layer * order.size)
            found[pool, layer] = by_month(path, there, gain, order)[at]
    return found


def losses(values: Floats, choices: Choices) -> list[Loss]:
    """Return what was lost in each pool, tranches added up."""
    found = []
    for pool in range(len(values)):
        each = [
            lost(values[pool, layer], None if at == HELD else int(at))
            for layer, at in enumerate(choices[pool].tolist())
        ]
        found.append(
            Loss(*(fsum(getattr(one, name) for one in each) for name in ("best", "value", "wrong_go", "wrong_hold")))
        )
    return found


def tuned(fleet: Fleet, cell: Cell, values: Floats) -> float:
    """Return the share that earns most on values: of equals the strictest; infinite where never going is best."""
    earned = {share: _earned(values, fixed(fleet, cell, share)) for share in SHARES}
    return max({**earned, np.inf: 0.0}.items(), key=lambda one: (round(one[1], 2), one[0]))[0]


def _earned(values: Floats, choices: Choices) -> float:
    there = np.take_along_axis(values, np.maximum(choices, 0)[:, :, np.newaxis], axis=2)[:, :, 0]
    return float(np.where(choices == HELD, 0.0, there).sum())


def past_of(fleet: Fleet, cell: Cell) -> Fleet:
    """Return the past of a fleet as one that could be tuned on then: it ends at the first review.

    Demand stands at its first review to the position as it does at the first review that is judged.
    """
    scale = fleet.demand[:, 0] / np.maximum(fleet.demand[:, fleet.start - 1], 1e-9)
    every = fleet.reviews[1] - fleet.reviews[0]
    reviews = tuple(range(1, max(fleet.start - cell.lead, 2), every))
    position = np.maximum(fleet.position * scale, 1e-6)
    return replace(
        fleet, demand=fleet.demand[:, : fleet.start], position=position, reviews=reviews, counted=fleet.start
    )


def tuned_on_the_past(fleet: Fleet, cell: Cell) -> float:
    """Return the share that would have cost least in the past of all pools together."""
    past = past_of(fleet, cell)
    return tuned(past, cell, worth(past, cell, ONE_DATE))


def choosers(*, told: bool = False) -> dict[str, Chooser]:
    """Return every rule of the study, by name; those that are told the truth where there is one."""
    found = {name: by_rule(rule) for name, rule in (RULES | (TELLING if told else {})).items()}
    found[TUNED] = lambda fleet, cell: fixed(fleet, cell, tuned_on_the_past(fleet, cell))
    return found


def in_hindsight(counted: str) -> Chooser:
    """Return the best fixed share on just this demand: no rule, but a bound on what any fixed share can do."""
    return lambda fleet, cell: fixed(fleet, cell, tuned(fleet, cell, worth(fleet, cell, counted)))


def peeking(rules: Mapping[str, Chooser], fleet: Fleet, cell: Cell) -> tuple[str, ...]:
    """Return the rules that chose otherwise by some review once all that came after it was replaced: they look ahead."""
    found = set()
    as_it_came = {name: choose(fleet, cell) for name, choose in rules.items()}
    for at, period in enumerate(fleet.reviews):
        for other in (0.1, 10.0):
            demand = fleet.demand.copy()
            demand[:, period:] = other * demand[:, period - 1 : period]
            changed = replace(fleet, demand=demand)
            for name, choose in rules.items():
                was, now = as_it_came[name], choose(changed, cell)
                if not np.array_equal(np.where(was > at, HELD, was), np.where(now > at, HELD, now)):
                    found.add(name)
    return tuple(sorted(found))


@dataclass(frozen=True, slots=True)
class Outcome:
    """What every rule lost in one cell, pool by pool, counted in one way; what was tuned; how often each rule went."""

    cell: Cell
    counted: str
    shares: Mapping[str, float]
    went: Mapping[str, int]
    lost: Mapping[str, Sequence[Loss]]


def study(fleet: Fleet, cells: Sequence[Cell], counting: Sequence[str] = (LIVES, ONE_DATE)) -> list[Outcome]:
    """Return what each rule lost in each cell, counted in each way."""
    found = []
    for cell in cells:
        chosen = {name: choose(fleet, cell) for name, choose in choosers(told=bool(fleet.truth)).items()}
        share = tuned_on_the_past(fleet, cell)
        found += [_outcome(fleet, cell, counted, chosen, {TUNED: share}) for counted in counting]
    return found


def study_of_known(fleet: Fleet, cell: Cell) -> list[Outcome]:
    """Return the same for a fleet whose process every rule is told, over the two horizons."""
    chosen = {name: by_rule(rule)(fleet, cell) for name, rule in KNOWN.items()}
    return [_outcome(fleet, cell, counted, chosen, {}) for counted in (LIVES, ONE_DATE)]


def _outcome(
    fleet: Fleet, cell: Cell, counted: str, chosen: Mapping[str, Choices], shares: Mapping[str, float]
) -> Outcome:
    values = worth(fleet, cell, counted)
    best = tuned(fleet, cell, values)
    every = {**chosen, HINDSIGHT: fixed(fleet, cell, best)}
    went = {name: int((choices != HELD).sum()) for name, choices in every.items()}
    lost_by = {name: losses(values, choices) for name, choices in every.items()}
    return Outcome(cell, counted, {**shares, HINDSIGHT: best}, went, lost_by)
