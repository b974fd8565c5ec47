"""What each account pays a month in the reporting currency: its base workloads, its AI features, and what they leave.

An account without a row in a month that others have rows of pays nothing in it; one whose amount is null, or has no
rate, is not known in that month. Wrong when an account is billed every quarter in one sum.

>>> Revenue((date(2026, 7, 1),), ("k1",), np.array([[10.0]]), np.array([[2.0]])).total.tolist()
[[12.0]]
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import EVERYTHING, Evidence, Scope
from hardgate.metrics.columns import HOUR_MS, cells, dates, whole
from hardgate.metrics.reporting_currency import converted

Floats = NDArray[np.float64]
ROLLUP = "revenue_month"


@dataclass(frozen=True, slots=True)
class Revenue:
    """Revenue by account and month, shape (accounts, months) each; nan is not known."""

    months: tuple[date, ...]
    accounts: tuple[str, ...]
    base: Floats
    ai: Floats
    contribution: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """Of the AI features; nan where the variable cost is not known."""
    gpu_hours: Floats = field(default_factory=lambda: np.empty((0, 0)))
    """That served the AI features; nan where not known."""
    gaps: tuple[str, ...] = ()

    @property
    def total(self) -> Floats:
        """Base and AI together."""
        return self.base + self.ai

    def row(self, account: str) -> int | None:
        """Return the row of an account, or None where it never paid."""
        return self.accounts.index(account) if account in self.accounts else None


def months_before(end: date, count: int) -> Window:
    """Return so many complete months before a day."""
    last = month_of(end)
    return Window(add_months(last, -count), last)


def revenue(evidence: Evidence, scope: Scope, window: Window, names: Iterable[str] | None = None) -> Revenue:
    """Return the revenue of accounts in a window of months; of all accounts that pay where no names are given.

    A feature in the scope narrows the AI part alone. Months without any row at all are left out and named.
    """
    rows = evidence.rows(ROLLUP, EVERYTHING, window)
    money, cost = (converted(evidence, rows, name) for name in ("amount", "variable_cost"))
    hours = whole(rows, "gpu_ms")
    who, features, when = cells(rows, "account"), cells(rows, "feature"), dates(rows, "day")
    wanted = sorted({str(one) for one in who if one is not None} if names is None else set(names))
    at = {name: i for i, name in enumerate(wanted)}
    have = sorted({month_of(day) for day in when if day is not None})
    column = {month: i for i, month in enumerate(have)}
    shape = (len(wanted), len(have))
    base, ai, costs, served = (np.zeros(shape) for _ in range(4))
    only = scope.as_mapping().get("feature")
    told = list(zip(who, when, features, money.amounts, cost.amounts, strict=True))
    order = sorted(range(rows.count), key=lambda i: str(told[i]))  # sums of floats in one order
    for i in order:
        day, name, amount = when[i], str(who[i]), money.amounts[i]
        if day is None or name not in at:
            continue
        cell = (at[name], column[month_of(day)])
        value = float("nan") if amount is None else float(amount)
        if features[i] is None:
            base[cell] += value
        elif only is None or features[i] == only:
            spent = cost.amounts[i]
            ai[cell] += value
            costs[cell] += float("nan") if spent is None else float(spent)
            served[cell] += int(hours.values[i]) / HOUR_MS if hours.known[i] else float("nan")
    gaps = (*money.gaps, *_absent(have, window))
    return Revenue(tuple(have), tuple(wanted), base, ai, ai - costs, served, gaps)


def _absent(have: list[date], window: Window) -> tuple[str, ...]:
    """Name the months of a window without a row, from the first that has some."""
    if not have:
        return ()
    month, lacking = have[0], []
    while month < window.end:
        if month not in have:
            lacking.append(f"{month:%Y-%m}")
        month = add_months(month, 1)
    return (f"no recurring revenue in {', '.join(lacking)}; bring every month",) if lacking else ()
