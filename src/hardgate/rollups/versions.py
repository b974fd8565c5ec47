"""Which versions of which days a rollup needs, and when a day has to be made again.

A day has one version for every date on which something that counts on it became known or ceased to hold. A rollup that
does not speak of the future has no version known before the day itself. A day's fingerprint covers the batches that
touch it and its versions: where it has not changed, the day is not made again.

Wrong in one harmless way: a day may get two versions that are equal.

>>> found = Versions()
>>> found.add(date(2026, 9, 1), date(2026, 8, 1), "batch")
>>> found.known[date(2026, 9, 1)]
{datetime.date(2026, 9, 1)}
"""

import hashlib
import json
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from hardgate.core.days import add_months, month_of, week_of
from hardgate.rollups.settings import NEVER

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@dataclass(slots=True)
class Versions:
    """The versions of each day, and what each day depends on, filled in by what a rollup reads."""

    grain: str = "day"
    forward: bool = False
    known: dict[date, set[date]] = field(default_factory=lambda: defaultdict(set))
    parts: dict[date, set[str]] = field(default_factory=lambda: defaultdict(set))

    def period(self, day: date) -> date:
        """Return the period a day lies in: itself, its week's Monday, or its month's first day."""
        return month_of(day) if self.grain == "month" else week_of(day) if self.grain == "week" else day

    def after(self, period: date) -> date:
        """Return the period that follows one."""
        return add_months(period, 1) if self.grain == "month" else period + (WEEK if self.grain == "week" else DAY)

    def add(self, day: date, known: date, part: str) -> None:
        """Note that something known on a date counts on one day."""
        period = self.period(day)
        # A week is told once it has ended: its days come one by one, and none of its sums before them.
        first = self.after(period) if self.grain == "week" else period
        self.known[period].add(known if self.forward else max(known, first))
        self.parts[period].add(part)

    def span(self, first: date, last: date, known: date) -> None:
        """Note that something known, or no longer held, from a date on counts on the days from first to last."""
        day = self.period(first)
        while day <= last:
            if self.forward or day < known:
                self.known[day].add(known)
            else:
                self.known[day].add(day)
            day = self.after(day)

    def boundaries(self, found: Iterable[tuple[date, date, date]]) -> None:
        """Note that days that are there anyhow, from a first to a last one, look different from a date on.

        A day of which nothing was known by that date was not there then.
        """
        days = sorted(self.known)
        there = {day: min(self.known[day]) for day in days}
        for first, last, known in found:
            end = len(days) if self.forward else bisect_left(days, self._told_by(known))
            for day in days[bisect_left(days, first) : min(end, bisect_right(days, last))]:
                if known >= there[day]:
                    self.known[day].add(known)

    def _told_by(self, known: date) -> date:
        """Return the first day that is not told yet on a date: a week is told once it has ended."""
        return known - WEEK + DAY if self.grain == "week" else known

    def reach(self, first: date, last: date, known: Iterable[date]) -> None:
        """Note that a table speaks of a day from the first date after it on which any of its rows became known."""
        dates = sorted(set(known))
        day = first
        while day <= last:
            after = bisect_right(dates, day)
            if after < len(dates):
                self.known[day].add(dates[after])
            day += DAY

    def depend(self, day_of_part: Iterable[tuple[date, str]]) -> None:
        """Note what counts on every day from a first day on."""
        starts = sorted(day_of_part)
        running, at = hashlib.sha256(), 0
        for day in sorted(self.known):
            while at < len(starts) and self.period(starts[at][0]) <= day:
                running.update(starts[at][1].encode() + b"\n")
                at += 1
            self.parts[day].add(running.hexdigest())

    def fingerprints(self, static: str) -> dict[date, str]:
        """Return the fingerprint of each day."""
        return {
            day: hashlib.sha256(
                json.dumps([static, sorted(self.parts[day]), sorted(str(one) for one in known)]).encode()
            ).hexdigest()[:32]
            for day, known in sorted(self.known.items())
        }

    def periods(self, days: Iterable[date]) -> list[tuple[date, date, date]]:
        """Return day, known and the next version's known of every version of some days."""
        rows = []
        for day in days:
            known = sorted(self.known[day])
            rows += [(day, one, following) for one, following in zip(known, [*known[1:], NEVER], strict=True)]
        return rows
