"""Does a gate look ahead? Each verdict of a back-test again, where nothing that became known later exists at all.

The ordinary evidence of a past date hides what became known later; a metric that reaches past it (to the archive, or to
a file of its own) still sees it, and then says something else once the archive is cut off. Wrong when a metric looks
ahead and it happens to change nothing: take more dates.

Source: DESIGN 1, law 5; METHODS 14.
"""

from dataclasses import replace
from datetime import date

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Rows
from hardgate.review.evidence import Archive
from hardgate.review.gate_modes import Modes
from hardgate.review.hearing import judged
from hardgate.review.policy import Policy
from hardgate.review.raised import asked
from hardgate.review.replay import Backtest, Look, Progress, silent

FOREVER = np.datetime64("9999-12-31")


def peeking(
    archive: Archive, policy: Policy, modes: Modes, backtest: Backtest, progress: Progress | None = None
) -> tuple[str, ...]:
    """Return the gates that say something else where nothing known later exists at all: they look ahead.

    Every verdict of a back-test is made again on an archive that was cut off on its date.
    """
    days: dict[date, list[Look]] = {}
    for past in backtest.pasts:
        for look in past.looks:
            days.setdefault(look.day, []).append(look)
    found: set[str] = set()
    for at, (day, looks) in enumerate(sorted(days.items())):
        (progress or silent)(str(day), at, len(days))
        cut = cut_off(archive, day)
        asks = asked(cut.at(day), policy.gates(), policy.horizon, backtest.raised)
        verdicts = judged(cut, day, asks, policy, modes, silent, [one.ask for one in looks])
        for look in looks:
            found |= {one.gate for one in verdicts[look.ask.id] if one != look.verdicts[one.gate]}
    return tuple(sorted(found))


def cut_off(archive: Archive, day: date) -> Archive:
    """Return an archive that holds nothing that became known after a day, not even that it would be replaced."""
    when = np.datetime64(day)

    def load(name: str, window: Window | None) -> Rows:
        rows = archive.load(name, window)
        if rows.count == 0:
            return rows
        columns = {column: np.asarray(values) for column, values in rows.columns.items()}
        known = columns["known"].astype("datetime64[D]") <= when
        kept = {column: values[known] for column, values in columns.items()}
        ends = kept["known_to"].astype("datetime64[D]")
        kept["known_to"] = np.where(ends > when, FOREVER, ends)
        return Rows(kept, int(known.sum()))

    return replace(archive, load=load, _cache={}, _assumed={}, _used={}, _views={})
