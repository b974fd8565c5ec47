"""What would turn the verdicts on one ask: each reading by itself, and the smallest move of all together.

A verdict turns when the whole interval of a reading clears its limit, or no longer does: so a reading has to move by
the distance from the end of its interval to the end of the limit's. Where several conditions fall short none of them
alone turns the ask, and the shortest joint move says how far all must go, in standard deviations. Such a deviation is
what an interval of the policy's confidence has behind it, were it a normal one: that of the reading, and of a computed
limit with it. It is the doubt that the interval is of. Where that is the error of a simulation alone (`p_hurdle`), it
shrinks with the number of courses: then it counts how far more courses might move the figure, not how far the world
might. Wrong when readings move together: they are taken as independent.

Source: METHODS 13; Hasofer & Lind 1974.

>>> turns_at(0.68, 0.72, 0.75, 0.75, "at least")
0.07
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, isfinite, sqrt
from statistics import NormalDist
from typing import TYPE_CHECKING

from hardgate.core.terms import Ask, Judged, Mode, Outcome, Verdict
from hardgate.gates.intervals import AT_LEAST, DIGITS

if TYPE_CHECKING:
    from hardgate.models.flip import Reliability


@dataclass(frozen=True, slots=True)
class Turn:
    """One condition: where its reading stands, by how much it must move to turn, and how likely that is.

    `change` None: no value in range turns it, and `why` says so. `deviations` None: the reading is exact, or nothing is
    known of its doubt. `probability` is of a reading drawn anew from that doubt: the chance that it turns.
    """

    gate: str
    judged: Judged
    passes: bool
    change: float | None
    deviations: float | None
    probability: float | None
    why: str

    @property
    def at(self) -> float | None:
        """The value of the reading at which it turns."""
        value = self.judged.reading.value
        return None if value is None or self.change is None else round(value + self.change, DIGITS)


@dataclass(frozen=True, slots=True)
class Card:
    """What turns one ask. `one` is the condition that turns it alone, where there is one; `joint` the move of all.

    `cleared` tells whether every blocking gate passes; `why` why there is no joint move. `counted` are the conditions
    of the gates that block, or of all where none does.
    """

    ask: Ask
    cleared: bool
    turns: tuple[Turn, ...]
    counted: tuple[Turn, ...]
    one: Turn | None
    joint: "Reliability | None"
    moved: tuple[Turn, ...]
    why: str


def turns_at(
    low: float | None, high: float | None, bottom: float | None, top: float | None, sense: str
) -> float | None:
    """Return by how much a reading's interval must move so that it just clears a limit's, or just no longer does.

    None where the end that decides is open: the lower one of at least, the upper one of at most.
    """
    end, edge = (low, top) if sense == AT_LEAST else (high, bottom)
    return None if end is None or edge is None or not isfinite(end - edge) else round(edge - end, DIGITS)


def turn(verdict: Verdict, judged: Judged, confidence: float) -> Turn:
    """Return what turns one condition of a verdict."""
    reading, limit = judged.reading, judged.limit
    passes = judged.outcome is Outcome.PASS

    def none(why: str) -> Turn:
        return Turn(verdict.gate, judged, passes, None, None, None, why)

    change = turns_at(reading.low, reading.high, limit.low, limit.high, judged.sense)
    if reading.value is None or (reading.low is None and reading.high is None):
        return none(f"no value in range: {reading.because or 'evidence is missing'}")
    if change is None:
        return none(f"no value in range: {limit.because or 'the limit is never reached'}")
    clears = change <= 0 if judged.sense == AT_LEAST else change >= 0
    if judged.outcome is Outcome.UNKNOWN:
        return none(f"no value in range: {judged.because}")
    if clears and not passes:
        return none(f"no value in range: it needs time, not another value ({judged.because})")
    deviation = sqrt(sum(_deviation(one.low, one.high, confidence) ** 2 for one in (reading, limit)))
    away = abs(change) / deviation if deviation > 0 else None
    chance = None if away is None else round(NormalDist().cdf(-away), DIGITS)
    return Turn(verdict.gate, judged, passes, change, None if away is None else round(away, 4), chance, "")


def _deviation(low: float | None, high: float | None, confidence: float) -> float:
    """Return the standard deviation behind an interval, as of a normal one; nothing is told by one that is open."""
    if low is None or high is None:
        return 0.0
    return (high - low) / (2 * NormalDist().inv_cdf((1 + confidence) / 2))


def card(ask: Ask, verdicts: Sequence[Verdict], confidence: float) -> Card:
    """Return what turns an ask, of the verdicts on it; only gates that block hold an ask."""
    mine = [one for one in verdicts if one.ask == ask.id]
    turns = tuple(turn(one, judged, confidence) for one in mine for judged in one.judged)
    blocking = {one.gate for one in mine if one.mode is Mode.BLOCK} or {one.gate for one in mine}
    counted = [one for one in turns if one.gate in blocking]
    short = [one for one in counted if not one.passes]
    near = sorted(
        (one for one in counted if one.change is not None),
        key=lambda one: (inf if one.deviations is None else one.deviations, one.gate, one.judged.reading.metric),
    )
    alone = short or near[:1]
    one = alone[0] if len(alone) == 1 and alone[0].change is not None else None
    joint, moved, why = _joint(counted, short)
    return Card(ask, not short, turns, tuple(counted), one, joint, moved, why)


def _joint(counted: Sequence[Turn], short: Sequence[Turn]) -> tuple["Reliability | None", tuple[Turn, ...], str]:
    from hardgate.models.flip import readings

    stuck = [one for one in short if one.change is None]
    if stuck:
        return None, (), "; ".join(dict.fromkeys(f"{one.judged.reading.metric}: {one.why}" for one in stuck))
    exact = [one for one in short if one.deviations is None]
    if exact:
        names = ", ".join(one.judged.reading.metric for one in exact)
        return None, (), f"{names}: without an interval, so that no move of it counts in standard deviations"
    moved = tuple(one for one in counted if one.deviations is not None)
    if not moved:
        return None, (), "no figure has an interval, so that no move counts in standard deviations"
    slacks = [(one.deviations or 0.0) * (1 if one.passes else -1) for one in moved]
    return readings(slacks, [1.0] * len(moved)), moved, ""
