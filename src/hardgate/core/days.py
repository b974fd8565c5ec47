"""Dates, windows and durations. A window ends before its `end`; weeks begin on Monday.

>>> window_ending("8w", date(2026, 9, 7))
Window(start=datetime.date(2026, 7, 13), end=datetime.date(2026, 9, 7))
>>> months_between(date(2026, 1, 31), date(2026, 4, 1))
3
"""

import re
from dataclasses import dataclass
from datetime import date, timedelta

_DURATION = re.compile(r"^\s*(\d+)\s*(d|day|days|w|week|weeks|m|month|months|y|year|years)\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Window:
    """The days from `start` up to but not including `end`."""

    start: date
    end: date

    @property
    def days(self) -> int:
        """How many days it holds."""
        return (self.end - self.start).days

    def each_day(self) -> list[date]:
        """Return every day in it."""
        return [self.start + timedelta(days=i) for i in range(self.days)]

    def __contains__(self, day: object) -> bool:
        return isinstance(day, date) and self.start <= day < self.end

    def __str__(self) -> str:
        return f"{self.start} to {self.end - timedelta(days=1)}"


def duration(text: str) -> tuple[int, str]:
    """Read a duration such as "8w", "35 days" or "12 months" as a count and a unit (d, w, m or y).

    Raises:
        ValueError: it is not a whole number and a unit.

    """
    match = _DURATION.match(text)
    if match is None:
        message = (
            f'duration {text!r} is not understood: write a whole number and d, w, m or y, such as "8w" or "35 days"'
        )
        raise ValueError(message)
    return int(match[1]), match[2][0]


def days_of(text: str) -> int:
    """Return a duration in days or weeks as days.

    Raises:
        ValueError: it is not understood, or counts months or years, which have no fixed number of days.

    """
    count, unit = duration(text)
    if unit not in "dw":
        message = f"duration {text!r} has no fixed number of days: use days or weeks"
        raise ValueError(message)
    return count * (7 if unit == "w" else 1)


def window_ending(text: str, end: date) -> Window:
    """Return the window of this duration that ends before `end`; months and years end at a month's first day."""
    count, unit = duration(text)
    if unit in "dw":
        return Window(end - timedelta(days=days_of(text)), end)
    last = month_of(end)
    return Window(add_months(last, -count * (12 if unit == "y" else 1)), last)


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def add_months(day: date, count: int) -> date:
    """Return the first day of the month `count` months after a day's month."""
    index = day.year * 12 + day.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


def months_between(first: date, second: date) -> int:
    """Return how many month starts lie between two days."""
    return (second.year - first.year) * 12 + second.month - first.month


def week_of(day: date) -> date:
    """Return the Monday of a day's week."""
    return day - timedelta(days=day.weekday())
