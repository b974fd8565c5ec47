"""The state of a gate is a fold over its evaluations, one at each period end, starting as HOLD.

A condition passes when it has cleared its limit `held_for` evaluations in a row, and keeps passing while it clears the
limit less the band. It leaves PASS at once. Having left, the gate may pass again only `cool_down` evaluations later: a
cool-down delays a release and never hides a failure or a missing input.

The worst condition decides: FAIL, then UNKNOWN, then HOLD, then PASS. A known miss needs no further evidence, so it
comes before UNKNOWN; what is not known comes before HOLD, so that nobody takes a gap for a matter of patience.

Source: DESIGN 4; Schmitt trigger and Dixit 1989 for the band.

>>> P, F, H, U = Outcome.PASS, Outcome.FAIL, Outcome.HOLD, Outcome.UNKNOWN
>>> steady = Terms(held_for=(3,))
>>> [str(fold([Evaluation.of(P)] * n, steady).outcome) for n in (1, 2, 3)]
['hold', 'hold', 'pass']
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

from hardgate.core.terms import Outcome

ORDER = (Outcome.PASS, Outcome.HOLD, Outcome.UNKNOWN, Outcome.FAIL)
"""From the best to the worst."""


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of some outcomes; of none, UNKNOWN: nothing was looked at."""
    return max(outcomes, key=ORDER.index, default=Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What each condition said at one period end: against its limit, and against its limit less the band."""

    entering: tuple[Outcome, ...]
    staying: tuple[Outcome, ...]

    @classmethod
    def of(cls, *outcomes: Outcome) -> "Evaluation":
        """Build an evaluation without bands."""
        return cls(outcomes, outcomes)


@dataclass(frozen=True, slots=True)
class Terms:
    """How long each condition must hold, and how many evaluations must lie between leaving PASS and passing again."""

    held_for: tuple[int, ...]
    cool_down: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """Where the fold stands. `runs` counts evaluations held in a row, up to held_for; `rest` those still to wait."""

    outcome: Outcome
    conditions: tuple[Outcome, ...]
    runs: tuple[int, ...]
    rest: int = 0


def start(terms: Terms) -> Standing:
    """Return the standing before the first evaluation."""
    count = len(terms.held_for)
    return Standing(Outcome.HOLD, (Outcome.HOLD,) * count, (0,) * count)


def step(before: Standing, seen: Evaluation, terms: Terms) -> Standing:
    """Return the standing after one more evaluation."""
    pairs = zip(before.conditions, before.runs, seen.entering, seen.staying, terms.held_for, strict=True)
    after = [_condition(*pair) for pair in pairs]
    conditions, runs = tuple(one for one, _ in after), tuple(run for _, run in after)
    outcome, rest = worst(conditions), max(before.rest - 1, 0)
    if before.outcome is Outcome.PASS and outcome is not Outcome.PASS:
        rest = terms.cool_down
    elif rest > 0 and outcome is Outcome.PASS:
        outcome = Outcome.HOLD
    return Standing(outcome, conditions, runs, rest)


def _condition(before: Outcome, run: int, entering: Outcome, staying: Outcome, held_for: int) -> tuple[Outcome, int]:
    holds = entering is Outcome.PASS or (before is Outcome.PASS and staying is Outcome.PASS)
    if not holds:
        return entering, 0
    run = min(run + 1, held_for)
    return (Outcome.PASS if run >= held_for else Outcome.HOLD), run


def fold(evaluations: Iterable[Evaluation], terms: Terms) -> Standing:
    """Return the standing after all evaluations, oldest first."""
    return reduce(lambda standing, seen: step(standing, seen, terms), evaluations, start(terms))


def settled(evaluations: Sequence[Evaluation], terms: Terms) -> Standing | None:
    """Return the standing after these last evaluations when it is the same whatever came before them, else None.

    So that a review evaluates only as much of the past as can still matter.
    """
    ends = {reduce(lambda standing, seen: step(standing, seen, terms), evaluations, one) for one in _possible(terms)}
    return ends.pop() if len(ends) == 1 else None


def _possible(terms: Terms) -> Iterator[Standing]:
    """Yield every standing that may lie behind some evaluations, as far as it can matter to what follows."""
    for runs in product(*(range(held + 1) for held in terms.held_for)):
        conditions = tuple(
            Outcome.PASS if run == held else Outcome.HOLD for run, held in zip(runs, terms.held_for, strict=True)
        )
        for rest in range(terms.cool_down + 1):
            passing = worst(conditions) is Outcome.PASS and rest == 0
            yield Standing(Outcome.PASS if passing else Outcome.HOLD, conditions, runs, rest)
