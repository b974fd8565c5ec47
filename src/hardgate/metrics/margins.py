"""Margins of published figures: a profit over a revenue of the same period, both named.

>>> margin_of(Decimal(-15091), Decimal(31174))
-0.484089
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.terms import Evidence, Status
from hardgate.metrics.published import QUARTER, YEAR, Point, series
from hardgate.metrics.stated import WHOLE


@dataclass(frozen=True, slots=True)
class Margin:
    """A profit over a revenue, with both."""

    end: date
    profit: Point
    revenue: Point
    months: int

    @property
    def value(self) -> float:
        """The share."""
        return margin_of(self.profit.value, self.revenue.value)

    @property
    def cited(self) -> str:
        """Where both stand."""
        return "; ".join(dict.fromkeys((self.profit.cited, self.revenue.cited)))

    @property
    def restated(self) -> bool:
        """Tell whether either was restated."""
        return self.profit.restated or self.revenue.restated

    @property
    def status(self) -> Status:
        """A ratio of two figures is derived."""
        return Status.DERIVED


def margin_of(profit: Decimal, revenue: Decimal) -> float:
    """Return a profit as a share of a revenue."""
    return round(float(profit) / float(revenue), 6)


def margins(
    evidence: Evidence, company: str, profit: tuple[str, str], revenue: tuple[str, str], months: int = QUARTER
) -> list[Margin]:
    """Return the margin of every period of which both are known in one currency, oldest first."""
    tops = series(evidence, company, *profit, months)
    bottoms = series(evidence, company, *revenue, months)
    if tops.currency != bottoms.currency:
        return []
    found = []
    for one in tops.good:
        other = bottoms.at(one.end)
        if other is not None and other.value > 0:
            found.append(Margin(one.end, one, other, months))
    return found


def by_quarter_or_year(
    evidence: Evidence, company: str, profit: tuple[str, str], revenue: tuple[str, str]
) -> list[Margin]:
    """Return margins by quarter where there are any with one of a year before, else by year."""
    quarters = margins(evidence, company, profit, revenue)
    if quarters and year_before(quarters, quarters[-1]) is not None:
        return quarters
    return margins(evidence, company, profit, revenue, YEAR) or quarters


def year_before(found: list[Margin], one: Margin) -> Margin | None:
    """Return the margin of the same period a year before."""
    near = [other for other in found if 350 <= (one.end - other.end).days <= 380]  # noqa: PLR2004  a year
    return near[-1] if near else None


WHOLE_REVENUE = ("revenue", WHOLE)
