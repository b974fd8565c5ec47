"""Where a series of levels breaks: one value that its neighbours contradict, or a step to a level that stays.

Changes of the logarithm from one period to the next are held against the series' own changes: their median, and the
median distance from it (scaled to a standard deviation, and at least `FLOOR`). A change of more than four of those is
a break; where the next one takes it back, the value between is doubtful by itself. A value that was derived by
subtraction is doubtful from two and a half on, since an error of either part is all its own. Wrong for a series that
truly jumps: figures that one document states side by side are compared all the same.

Source: median absolute deviation, Hampel 1974.

>>> steady = [100, 104, 108, 113, 117, 122]
>>> find([*steady, 60, 131, 137]).lone, find([*steady, 80, 83, 87]).steps
((6,), (6,))
>>> find(steady)
Breaks(lone=(), steps=())
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import log
from statistics import median

FEWEST = 5
FLOOR = 0.03
FAR, FAR_DERIVED = 4.0, 2.5
_SCALE = 1.4826


@dataclass(frozen=True, slots=True)
class Breaks:
    """Positions of doubtful single values, and of the first values of a new level."""

    lone: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()


def find(values: Sequence[float], derived: Sequence[bool] = ()) -> Breaks:
    """Return the breaks of a series of positive levels, oldest first; none where there are too few to tell.

    `derived` says of each value whether it was got by subtraction.
    """
    if len(values) < FEWEST + 1 or min(values) <= 0:
        return Breaks()
    moves = [log(now / before) for before, now in pairwise(values)]
    middle = median(moves)
    spread = max(_SCALE * median([abs(one - middle) for one in moves]), FLOOR)
    far = [(one - middle) / spread for one in moves]
    by_subtraction = derived or [False] * len(values)
    lone: list[int] = []
    steps: list[int] = []
    for at in range(1, len(values)):
        move = far[at - 1]
        if at - 1 in lone or abs(move) <= (FAR_DERIVED if by_subtraction[at] else FAR):
            continue
        after = far[at] if at < len(far) else None
        taken_back = after is not None and after * move < 0 and abs(move + after) < abs(move) / 2
        if taken_back or (after is None and by_subtraction[at]):
            lone.append(at)
        elif abs(move) > FAR:
            steps.append(at)
    return Breaks(tuple(lone), tuple(steps))
