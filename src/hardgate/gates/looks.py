"""Several looks at one reading, and two limits: one that is entered at and one that is left at.

A pass begins where every look clears the first limit and ends where one no longer clears the second; it is a failure
where every look is beyond the second. In between nothing is decided, so that what it guards does not go on and off.
Wrong when the looks share most of their evidence: then they agree by themselves.

Source: Schmitt trigger; Dixit 1989.

>>> clears, misses = Outcome.PASS, Outcome.FAIL
>>> [[str(one) for one in between(looks)] for looks in ([(misses, clears)], [(misses, misses), (clears, clears)])]
[['hold', 'pass'], ['hold', 'hold']]
"""

from collections.abc import Sequence
from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Outcome, Reading
from hardgate.gates.intervals import AT_LEAST
from hardgate.gates.words import number


def earlier(evidence: Evidence, metric: Metric, reading: Reading, looks: int) -> list[Reading]:
    """Return the readings of the looks before one, a week apart, as far as there was anything to look at."""
    back = [timedelta(weeks=at) for at in range(1, looks)]
    windows = [Window(reading.window.start - one, reading.window.end - one) for one in back]
    found = [evidence.reading(metric, reading.scope, one) for one in windows]
    return [one for one in found if one.value is not None]


def between(looks: Sequence[Sequence[Outcome]]) -> tuple[Outcome, Outcome]:
    """Return what looks come to for entering and for staying; each look is held against both limits."""
    entered, left = ({one[at] for one in looks} for at in (0, 1))
    failed = Outcome.FAIL if left == {Outcome.FAIL} else Outcome.HOLD
    return (
        Outcome.PASS if entered == {Outcome.PASS} else failed,
        Outcome.PASS if left == {Outcome.PASS} else failed,
    )


def steps(looks: Sequence[Reading], enters: Reading, leaves: Reading, sense: str) -> str:
    """Write the two limits, and what each look read, the last one first."""
    begins, ends = ("from", "below") if sense == AT_LEAST else ("up to", "above")
    edges = [number(one.value, one.unit) for one in (enters, leaves) if one.value is not None]
    read = ", ".join(number(one.value, one.unit) for one in looks if one.value is not None)
    return f"goes on {begins} {edges[0]}, fails {ends} {edges[1]}; looks: {read}"
