"""When things happen in the sample: every date is counted back from the day it is seen from.

>>> span = Span(date(2026, 9, 7))
>>> span.start, span.days, span.telemetry_start
(datetime.date(2024, 10, 1), 706, datetime.date(2026, 3, 9))
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import add_months, month_of

STEP = 1800
"""Seconds between two samples, and the grain of everything that moves."""

STEPS_A_DAY = 86_400 // STEP


@dataclass(frozen=True, slots=True)
class Span:
    """Eight quarters that end before `as_of`; telemetry is kept for the last 26 weeks of them."""

    as_of: date

    @property
    def start(self) -> date:
        """The first day."""
        return add_months(month_of(self.as_of), -23)

    @property
    def days(self) -> int:
        """How many days there are."""
        return (self.as_of - self.start).days

    @property
    def steps(self) -> int:
        """How many half-hours there are."""
        return self.days * STEPS_A_DAY

    @property
    def telemetry_start(self) -> date:
        """The first day of telemetry."""
        return max(self.start, self.as_of - timedelta(weeks=26))

    @property
    def lost_from(self) -> date:
        """The first day of the week that one region loses."""
        return self.as_of - timedelta(weeks=5)

    def step_of(self, day: date) -> int:
        """Return the first half-hour of a day; before the start, 0."""
        return max(0, (day - self.start).days) * STEPS_A_DAY

    def days_of(self, month: date) -> NDArray[np.int64]:
        """Return the days of a month, counted from the start."""
        first, last = (min(self.days, max(0, (day - self.start).days)) for day in (month, add_months(month, 1)))
        return np.arange(first, last)

    def at(self, seconds: float) -> datetime:
        """Return the time this many seconds after the start."""
        return datetime(self.start.year, self.start.month, self.start.day) + timedelta(seconds=int(seconds))

    def months(self) -> list[date]:
        """Return the first day of every month, the last of them unfinished."""
        return [add_months(self.start, at) for at in range(24) if add_months(self.start, at) < self.as_of]

    def live_from(self, months: int) -> date:
        """Return the first day of the month this many months before the last one."""
        return add_months(month_of(self.as_of), -months)
