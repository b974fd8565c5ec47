"""Growth of a published figure over a year: recomputed from both figures, and held against what the issuer prints.

A printed percentage and the one that recomputes must agree to the digits printed; where they do not, neither is used,
unless one of the figures was derived: then the printed one stands. Where the figure of a year before is not known the
printed one stands alone, as reported. Wrong when an issuer prints growth at constant exchange rates under that name.

Source: METHODS 15, year-on-year recomputes to the printed percent after rounding.

>>> half = Decimal("0.005")
>>> agrees(Decimal("0.34"), half, 39.82, 29.61, 0.005), agrees(Decimal("0.40"), half, 39.82, 29.61, 0)
(True, False)
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.percent import percent
from hardgate.core.terms import Evidence, Status
from hardgate.metrics.published import QUARTER, YEAR, Point, Series, months_of, series
from hardgate.metrics.stated import WHOLE

PRINTED = "_yoy"
"""What the name of a printed percentage ends with."""
_PLACE = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Growth:
    """Growth of one period over the same of a year before; `value` None says in `why` what is missing or wrong."""

    end: date
    value: float | None
    now: Point | None
    before: Point | None
    printed: Point | None
    why: str = ""

    @property
    def months(self) -> int:
        """Return how many months the period has: 12 for a year, else 3."""
        point = self.now or self.printed
        return YEAR if point is not None and months_of(point.start, point.end) == YEAR else QUARTER

    @property
    def status(self) -> Status:
        """As good as its weakest part; recomputed is derived."""
        if self.now is not None and self.before is not None:
            return Status.DERIVED
        return Status.REPORTED

    @property
    def cited(self) -> str:
        """Where its figures stand."""
        parts = (self.printed,) if self.now is None or self.before is None else (self.now, self.before, self.printed)
        return "; ".join(dict.fromkeys(one.cited for one in parts if one is not None))

    @property
    def restated(self) -> bool:
        """Tell whether any of its figures was restated."""
        return any(one.restated for one in (self.now, self.before, self.printed) if one is not None)


def agrees(printed: Decimal, place: Decimal, now: float, before: float, slack: float) -> bool:
    """Tell whether printed growth recomputes; `place` is half its last digit, `slack` what rounding allows."""
    exact = now / before - 1
    return abs(exact - float(printed)) <= float(place) + slack + 1e-9


def growths(
    evidence: Evidence, company: str, measure: str, segment: str = WHOLE, months: int = QUARTER
) -> list[Growth]:
    """Return the growth of every period of which a figure or a printed percentage is known, oldest first."""
    levels = series(evidence, company, measure, segment, months)
    printed = series(evidence, company, measure + PRINTED, segment, months)
    ends = sorted({one.end for one in (*levels.good, *printed.good)})
    return [growth(levels, printed, end) for end in ends]


def growth(levels: Series, printed: Series, end: date) -> Growth:  # noqa: PLR0911  one case a line
    """Return the growth of the period that ends on a day."""
    now, told = levels.at(end, 0), printed.at(end)
    before = levels.before(now, YEAR) if now is not None else None
    if now is None or before is None:
        if told is None:
            return Growth(
                end, None, now, before, None, "the figure of a year before is not known, and no growth is printed"
            )
        return Growth(end, round(float(told.value), 6), now, before, told)
    if before.value <= 0:
        return Growth(end, None, now, before, told, "the figure of a year before is not above nothing")
    crossed = [day for day in levels.steps if before.end < day <= now.end]
    if crossed and not side_by_side(levels, now, before):
        if told is not None:
            return Growth(end, round(float(told.value), 6), None, None, told)
        why = f"the level breaks at {crossed[-1]}: bring the figure of a year before as restated"
        return Growth(end, None, now, before, None, why)
    exact = float(now.value) / float(before.value) - 1
    if told is not None and not _holds(told, now, before):
        if now.derived or before.derived:
            # What the issuer prints is better evidence than a figure that was got by subtraction.
            return Growth(end, round(float(told.value), 6), None, None, told)
        why = f"printed {percent(float(told.value))} and recomputed {percent(exact)} do not agree ({told.cited})"
        return Growth(end, None, now, before, told, why)
    return Growth(end, round(exact, 6), now, before, told)


def side_by_side(levels: Series, now: Point, before: Point) -> bool:
    """Tell whether one document states both figures."""
    mine = {one.document for one in levels.histories.get((now.start, now.end), ())}
    ours = {one.document for one in levels.histories.get((before.start, before.end), ())}
    return bool((mine & ours) - {""})


def _holds(told: Point, now: Point, before: Point) -> bool:
    place = (told.rounding or _PLACE) / 2
    slack = float((now.rounding + before.rounding) / 2 / before.value) * (1 + float(told.value))
    return agrees(told.value, place, float(now.value), float(before.value), slack)
