"""Which accounts paid for AI features on which days, and on which days nobody knows.

What is within a trial or free does not count. A day on which no account has a row is a missing export; a row whose
paid events are null may be paid or not, so that its account stands in doubt. Wrong when nobody at all used a feature
on a day: bring a row with no events.

>>> from hardgate.core.terms import Rows
>>> Use(("k1", "k1"), (date(2026, 8, 3), date(2026, 8, 5)), frozenset(), ()).first_days()
{'k1': datetime.date(2026, 8, 3)}
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Rows, Scope
from hardgate.metrics.account_base import BRING_USAGE
from hardgate.metrics.columns import as_dates, day_number, days, ranges, whole

ROLLUP = "feature_usage_day"
RUNGS = ("inference", "dataset", "customization")
"""The ladder, lowest first."""


@dataclass(frozen=True, slots=True)
class Use:
    """Paid use as pairs of account and day; `doubtful` accounts may have paid, `missing` days nobody knows of."""

    accounts: tuple[str, ...]
    when: tuple[date, ...]
    doubtful: frozenset[str]
    missing: tuple[date, ...]

    @property
    def gaps(self) -> tuple[str, ...]:
        """What is missing, in words."""
        found = [f"no use of any feature on {ranges(self.missing)}; {BRING_USAGE}"] if self.missing else []
        if self.doubtful:
            found.append(f"events without a count for {len(self.doubtful)} accounts; {BRING_USAGE}")
        return tuple(found)

    def who(self) -> frozenset[str]:
        """Return the accounts that paid."""
        return frozenset(self.accounts)

    def first_days(self) -> dict[str, date]:
        """Return the first day on which each account paid."""
        found: dict[str, date] = {}
        for account, day in zip(self.accounts, self.when, strict=True):
            if account not in found or day < found[account]:
                found[account] = day
        return found

    def last_days(self) -> dict[str, date]:
        """Return the last day on which each account paid."""
        found: dict[str, date] = {}
        for account, day in zip(self.accounts, self.when, strict=True):
            if account not in found or day > found[account]:
                found[account] = day
        return found

    def within(self, window: Window) -> "Use":
        """Return the part of it in a window."""
        kept = [(one, day) for one, day in zip(self.accounts, self.when, strict=True) if day in window]
        gone = tuple(day for day in self.missing if day in window)
        return Use(tuple(one for one, _ in kept), tuple(day for _, day in kept), self.doubtful, gone)


def paid_use(evidence: Evidence, scope: Scope, window: Window, rung: str | None = None, fewest: int = 1) -> Use | None:
    """Return paid use of the scope's feature, or of any, in a window; None where nothing is known of the window.

    A day counts where an account paid for at least `fewest` events of one feature and rung.
    """
    rows = evidence.rows(ROLLUP, scope.narrowed(("feature",)), window)
    spoken = np.unique(days(evidence.rows(ROLLUP, EVERYTHING, window)))
    if not spoken.size:
        return None
    expected = np.arange(max(day_number(window.start), spoken.min()), day_number(window.end))
    paid = whole(rows, "paid_events")
    names, when = _column(rows, "account"), days(rows)
    keep = np.array([one is not None for one in names], dtype=np.bool_)
    if rung is not None:
        keep &= _column(rows, "rung") == rung
    seen = keep & paid.known & (paid.values >= max(fewest, 1))
    doubt = frozenset(str(one) for one in names[keep & ~paid.known])
    missing = as_dates(np.setdiff1d(expected, spoken))
    return Use(tuple(map(str, names[seen])), tuple(when[seen].tolist()), doubt, missing)


def _column(rows: Rows, name: str) -> NDArray[Any]:
    """Return a column of texts as it stands; one that is not there is all None."""
    return np.asarray(rows.columns.get(name, [None] * rows.count), dtype=object)


def ladder(evidence: Evidence, scope: Scope, window: Window) -> dict[str, Use] | None:
    """Return paid use by rung in a window; None where nothing is known of it."""
    found = {rung: paid_use(evidence, scope, window, rung) for rung in RUNGS}
    known = {rung: use for rung, use in found.items() if use is not None}
    return known if len(known) == len(RUNGS) else None


def within_base(found: Iterable[str], base: Iterable[str]) -> list[str]:
    """Return the accounts that are in the base, sorted: a numerator is a subset of its base.

    >>> within_base(["k2", "k9", "k1"], ["k1", "k2", "k3"])
    ['k1', 'k2']
    """
    return sorted(set(found) & set(base))
