"""Series of published figures: what holds now of each period, quarters, growth, and what is doubtful and not used.

Of several statements of one period the one filed last holds, and the first is kept beside it: a figure that changed is
restated. A quarter that nobody states is derived from the figures of the year to date, and is not used where one of the
two was restated and the other was not, or where its neighbours contradict it. Growth across a break of level is not
taken, unless one document states both figures side by side.

Wrong when an issuer changes what a line means and keeps its name, level and definition.

>>> from hardgate.models.level_breaks import find
>>> find([2.49, 3.10, 2.75, 2.95, 3.57, 3.76, 1.2, 3.85, 3.9]).lone
(6,)
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from hardgate.core.terms import Evidence, Status
from hardgate.metrics.stated import METHODS, WHOLE, Stated, read
from hardgate.models.level_breaks import find
from hardgate.sources.measures import rank

QUARTER, YEAR = 3, 12
_MONTH_DAYS = 30.4375
_SLACK_DAYS = 10


@dataclass(frozen=True, slots=True)
class Figure:
    """What holds of one period, and what was first said of it."""

    now: Stated
    first: Stated

    @property
    def restated(self) -> bool:
        """Tell whether it changed by more than rounding."""
        return abs(self.now.value - self.first.value) > max(self.now.rounding, self.first.rounding)


@dataclass(frozen=True, slots=True)
class Point:
    """One value of a series with the figures that it came from; `doubt` says why it is not used."""

    start: date | None
    end: date
    value: Decimal
    parts: tuple[Figure, ...]
    derived: bool = False
    doubt: str = ""

    @property
    def status(self) -> Status:
        """As good as its weakest figure; derived where it was got by subtraction."""
        return Status.DERIVED if self.derived else Status.weakest(one.now.status for one in self.parts)

    @property
    def rounding(self) -> Decimal:
        """The rounding of all its parts together."""
        return sum((one.now.rounding for one in self.parts), Decimal(0))

    @property
    def restated(self) -> bool:
        """Tell whether any of its figures was restated."""
        return any(one.restated for one in self.parts)

    @property
    def cited(self) -> str:
        """Where its figures stand."""
        return "; ".join(dict.fromkeys(one.now.cited for one in self.parts))


@dataclass(frozen=True, slots=True)
class Series:
    """The values of one measure over time, oldest first; `steps` are the days on which a new level begins."""

    company: str
    measure: str
    segment: str
    currency: str | None
    points: tuple[Point, ...] = ()
    steps: tuple[date, ...] = ()
    flags: tuple[str, ...] = ()
    histories: Mapping[tuple[date | None, date], tuple[Stated, ...]] = field(default_factory=dict)

    @property
    def good(self) -> tuple[Point, ...]:
        """The values that are used."""
        return tuple(one for one in self.points if not one.doubt)

    def at(self, end: date, slack: int = _SLACK_DAYS) -> Point | None:
        """Return the used value whose period ends on a day, or within some days of it."""
        near = [one for one in self.good if abs((one.end - end).days) <= slack]
        return min(near, key=lambda one: abs((one.end - end).days), default=None)

    def before(self, point: Point, months: int = YEAR) -> Point | None:
        """Return the used value of so many months before."""
        return self.at(point.end - timedelta(days=round(months * _MONTH_DAYS)))


def months_of(start: date | None, end: date) -> int:
    """Return how many months a period has; 0 is a single day, -1 no whole number of months."""
    if start is None:
        return 0
    days = (end - start).days + 1
    months = round(days / _MONTH_DAYS)
    return months if months > 0 and abs(days - months * _MONTH_DAYS) <= _SLACK_DAYS else -1


def series(evidence: Evidence, company: str, measure: str, segment: str = WHOLE, months: int = QUARTER) -> Series:
    """Return the series of a measure by quarter (`months` 3), year (12) or day (0), as known on the evidence's date."""
    stated, left_out = read(evidence, company, (measure,))
    mine = [one for one in stated if one.segment == segment]
    currency = _currency(mine)
    mine = [one for one in mine if one.currency == currency]
    groups: dict[tuple[date | None, date], list[Stated]] = {}
    for one in mine:
        groups.setdefault((one.start, one.end), []).append(one)
    flags = list(left_out)
    held: dict[tuple[date | None, date], Figure] = {}
    for period, told in groups.items():
        found = figure(told)
        if isinstance(found, Figure):
            held[period] = found
        else:
            flags.append(found)
    points = _stated_points(held, months)
    if months == QUARTER:
        points += _derived_points(held, points)
    points.sort(key=lambda one: one.end)
    return _judged(Series(company, measure, segment, currency, tuple(points), (), tuple(flags),
                          {key: tuple(value) for key, value in groups.items()}))  # fmt: skip


def _currency(stated: Iterable[Stated]) -> str | None:
    """Return the currency that most figures are stated in: an issuer's own, and not that of a translation."""
    told = list(stated)
    counted = Counter(one.currency for one in told)
    first_hand = Counter(one.currency for one in told if one.method != "derived")
    return max(counted, key=lambda one: (first_hand[one], counted[one], one or ""), default=None)


def figure(told: Sequence[Stated]) -> Figure | str:
    """Return what holds of one period's statements; where the last ones contradict each other, what they say."""
    best = min(METHODS.index(one.method) for one in told)
    mine = [one for one in told if METHODS.index(one.method) == best]
    first_choice = min(rank(one.concept) for one in mine)
    mine = [one for one in mine if rank(one.concept) == first_choice]
    last = max(one.filed for one in mine)
    newest = sorted((one for one in mine if one.filed == last), key=lambda one: (one.rounding, one.document, one.value))
    for one in newest[1:]:
        if abs(one.value - newest[0].value) > max(one.rounding, newest[0].rounding):
            return (
                f"{one.company} {one.measure} to {one.end}: {newest[0].value:f} and {one.value:f} are both stated on "
                f"{last}; neither is used"
            )
    first = min(mine, key=lambda one: (one.filed, one.document, one.value))
    return Figure(newest[0], first)


def _stated_points(held: Mapping[tuple[date | None, date], Figure], months: int) -> list[Point]:
    found: dict[date, Point] = {}
    for (start, end), one in held.items():
        if months_of(start, end) == months:
            point = Point(start, end, one.now.value, (one,), derived=one.now.method == "derived")
            # Two periods of one length that end together: the one stated later holds.
            if end not in found or found[end].parts[0].now.filed < one.now.filed:
                found[end] = point
    return list(found.values())


def _derived_points(held: Mapping[tuple[date | None, date], Figure], points: Sequence[Point]) -> list[Point]:
    """Return the quarters that are the difference of two figures of the year to date."""
    there = {one.end for one in points}
    found: dict[date, Point] = {}
    for (start, end), whole in held.items():
        length = months_of(start, end)
        if length not in {6, 9, 12} or end in there or whole.now.kind != "money":
            continue
        for (other_start, other_end), part in held.items():
            if other_start == start and months_of(start, other_end) == length - QUARTER:
                doubt = ""
                if whole.restated != part.restated or whole.now.concept != part.now.concept:
                    both = f"{whole.now.document or end} less {part.now.document or other_end}"
                    doubt = f"derived from {both}: one was restated or renamed, the other was not"
                value = whole.now.value - part.now.value
                found[end] = Point(other_end + timedelta(days=1), end, value, (whole, part), derived=True, doubt=doubt)
    return list(found.values())


def _judged(one: Series) -> Series:
    """Mark the values of a level that its neighbours contradict, and the days of a new level."""
    if not one.measure.endswith("revenue"):
        return replace(one, flags=(*one.flags, *(f"{_name(one)} to {p.end}: {p.doubt}" for p in one.points if p.doubt)))
    sound = [at for at, point in enumerate(one.points) if not point.doubt]
    breaks = find([float(one.points[at].value) for at in sound], [one.points[at].derived for at in sound])
    points = list(one.points)
    for at in (sound[place] for place in breaks.lone):
        kind = "derived and " if points[at].derived else ""
        points[at] = replace(points[at], doubt=f"{kind}contradicted by the quarters beside it")
    steps = tuple(points[sound[place]].end for place in breaks.steps)
    flags = [f"{_name(one)} to {p.end}: {p.doubt}; not used" for p in points if p.doubt]
    flags += [f"{_name(one)}: the level breaks at {day}; growth across it is not taken" for day in steps]
    return replace(one, points=tuple(points), steps=steps, flags=(*one.flags, *flags))


def _name(one: Series) -> str:
    return f"{one.company} {one.measure}" + ("" if one.segment == WHOLE else f" of {one.segment}")


def total(one: Series, last: Point, count: int = 4) -> tuple[Point, ...] | None:
    """Return the last quarters up to one of them, oldest first; None where one is missing."""
    found = [last]
    while len(found) < count:
        earlier = one.before(found[0], QUARTER)
        if earlier is None or earlier.end >= found[0].end:
            return None
        found.insert(0, earlier)
    return tuple(found)
