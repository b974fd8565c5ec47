"""What a gate says of an ask: of each condition, of the whole, and of the pools inside.

>>> [str(one) for one in Outcome]
['pass', 'hold', 'fail', 'unknown']
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from hardgate.core.reading import Reading
from hardgate.core.scope import Scope


class Outcome(StrEnum):
    """What a gate says. HOLD: the interval straddles the limit, or the condition has not held long enough."""

    PASS = "pass"  # noqa: S105  a verdict, no password
    HOLD = "hold"
    FAIL = "fail"
    UNKNOWN = "unknown"


class Mode(StrEnum):
    """What a gate does: computed and recorded only, shown as advice, or holding."""

    SHADOW = "shadow"
    ADVISE = "advise"
    BLOCK = "block"


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition of a verdict: the reading, its limit (low and high where computed), and what came of it.

    `slack` is the signed distance to the limit in the metric's unit, positive when clear; `noise` is that distance in
    units of half the interval. `run` is how many evaluations in a row it has held.
    """

    reading: Reading
    sense: str
    limit: Reading
    outcome: Outcome
    slack: float | None
    noise: float | None
    run: int
    held_for: int
    band: float
    because: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate says of one ask. `parts` are the pools inside the scope that say something else.

    `heard` are the signals that had fired: evidence that a signer should see, and that never changes the outcome.
    """

    gate: str
    ask: str
    scope: Scope
    outcome: Outcome
    mode: Mode
    owner: str
    because: str
    judged: tuple[Judged, ...] = ()
    parts: tuple["Verdict", ...] = ()
    since: date | None = None
    heard: tuple["Verdict", ...] = ()

    @property
    def slack(self) -> float | None:
        """The distance to flipping: the smallest slack of the conditions that decide."""
        slacks = [one.slack for one in self.judged if one.slack is not None]
        return min(slacks, default=None)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings it was judged on."""
        return tuple(one.reading for one in self.judged)
