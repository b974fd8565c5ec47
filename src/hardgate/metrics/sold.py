"""What was sold by month: GPU-months used, revenue and variable cost in the reporting currency.

Twelve complete months, or as many as there are. Where sales do not say how many GPU-hours, those that the pool had
allocated in the month are the quantity; where they do not say the variable cost, the assumption
`variable_cost_per_gpu_hour` stands in, and the reading is assumed. Wrong when several products share one GPU-hour.

>>> month = Month(date(2026, 8, 1), 730.0, Decimal(2000), Decimal(500))
>>> month.used_gpu_months, month.contribution
(1.0, Decimal('1500'))
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import Evidence, Rows, Scope, Status
from hardgate.metrics.columns import HOUR_MS, HOURS_PER_MONTH, dates, whole
from hardgate.metrics.reporting_currency import converted
from hardgate.metrics.rungs import ALLOCATED

MONTHS = 12


@dataclass(frozen=True, slots=True)
class Month:
    """One month of sales in a scope; money in the reporting currency."""

    month: date
    used_gpu_hours: float
    revenue: Decimal
    variable_cost: Decimal

    @property
    def used_gpu_months(self) -> float:
        """GPU-hours as months of 730 hours."""
        return self.used_gpu_hours / HOURS_PER_MONTH

    @property
    def contribution(self) -> Decimal:
        """Revenue less variable cost."""
        return self.revenue - self.variable_cost


@dataclass(frozen=True, slots=True)
class Sold:
    """Months of sales, oldest first, with what is missing of them."""

    months: tuple[Month, ...]
    gaps: tuple[str, ...]
    status: Status
    window: Window
    cost_known: bool = True
    """False where the variable cost of some month is not known: it is 0 in `months`, and the contribution too high."""


def sold(evidence: Evidence, scope: Scope, end: date, months: int = MONTHS) -> Sold:
    """Return the complete months of sales before a day, at most so many."""
    return evidence.once(("sold", scope, end, months), lambda: _sold(evidence, scope, end, months))


def _sold(evidence: Evidence, scope: Scope, end: date, months: int) -> Sold:
    last = month_of(end)
    window = Window(add_months(last, -months), last)
    rows = evidence.rows("sales_month", scope, window)
    revenue = converted(evidence, rows, "net_revenue")
    hours, status, gaps = _hours(evidence, scope, window, rows)
    cost, assumed, more = _variable(evidence, scope, rows, hours)
    gaps = (*revenue.gaps, *gaps)
    by_month: dict[date, list[int]] = {}
    for i, day in enumerate(dates(rows, "day")):
        if day is not None:
            by_month.setdefault(month_of(day), []).append(i)
    found = []
    for month, mine in sorted(by_month.items()):
        if month in hours and not revenue.gaps:
            income = sum((revenue.amounts[i] or Decimal(0) for i in mine), Decimal(0))
            found.append(Month(month, hours[month], income, cost.get(month, Decimal(0))))
    gaps = (*gaps, *_absent(by_month))
    return Sold(tuple(found), (*gaps, *more), Status.weakest((status, assumed)), window, cost_known=not more)


def _absent(months: Iterable[date]) -> tuple[str, ...]:
    """Name the months without sales between the first and the last that have some."""
    have = sorted(months)
    lacking = []
    month = have[0] if have else None
    while month is not None and month < have[-1]:
        month = add_months(month, 1)
        if month not in have:
            lacking.append(f"{month:%Y-%m}")
    return (f"no sales in {', '.join(lacking)}; bring sales of every month",) if lacking else ()


def _hours(
    evidence: Evidence, scope: Scope, window: Window, rows: Rows
) -> tuple[dict[date, float], Status, tuple[str, ...]]:
    """Return the GPU-hours used by month: sold, else allocated where sales do not say."""
    quantity, when = whole(rows, "gpu_ms"), dates(rows, "day")
    found: dict[date, float] = {}
    silent: set[date] = set()
    for day, value, known in zip(when, quantity.values.tolist(), quantity.known.tolist(), strict=True):
        if day is not None:
            month = month_of(day)
            found[month] = found.get(month, 0.0) + value / HOUR_MS
            if not known:
                silent.add(month)
    if not silent:
        return found, Status.REPORTED, ()
    allocated = _allocated(evidence, scope, window)
    gaps = tuple(
        f"{month:%Y-%m}: sales without GPU-hours, and allocation is not known either"
        for month in sorted(silent - set(allocated))
    )
    kept = {month: hours for month, hours in found.items() if month not in silent}
    kept |= {month: allocated[month] for month in silent if month in allocated}
    return kept, Status.DERIVED, gaps


def _allocated(evidence: Evidence, scope: Scope, window: Window) -> dict[date, float]:
    rows = evidence.rows("pool_day", scope, window)
    allocated = whole(rows, ALLOCATED)
    when = np.asarray(dates(rows, "day"), dtype="datetime64[M]")
    found: dict[date, float] = {}
    for month in np.unique(when):
        mine = when == month
        if allocated.known[mine].all():
            found[month.astype("datetime64[D]").item()] = int(allocated.values[mine].sum()) / HOUR_MS
    return found


def _variable(
    evidence: Evidence, scope: Scope, rows: Rows, hours: dict[date, float]
) -> tuple[dict[date, Decimal], Status, tuple[str, ...]]:
    """Return the variable cost by month: of sales, else assumed per GPU-hour."""
    cost = converted(evidence, rows, "variable_cost")
    found: dict[date, Decimal] = {}
    silent: set[date] = set()
    for day, amount in zip(dates(rows, "day"), cost.amounts, strict=True):
        if day is not None:
            month = month_of(day)
            found[month] = found.get(month, Decimal(0)) + (amount or Decimal(0))
            if amount is None:
                silent.add(month)
    if not silent:
        return found, Status.REPORTED, ()
    assumed = evidence.assumption("variable_cost_per_gpu_hour", scope)
    if assumed is None:
        wish = "; bring variable_cost in sales, or set variable_cost_per_gpu_hour under assumptions"
        return (
            {m: c for m, c in found.items() if m not in silent},
            Status.REPORTED,
            tuple(f"{gap}{wish}" for gap in cost.gaps),
        )
    rate = Decimal(str(assumed.value))
    for month in silent & set(hours):
        found[month] = rate * Decimal(str(hours[month]))
    return found, Status.ASSUMED, ()
