"""What each account pays a month in the reporting currency: its base workloads, its AI features, and what they leave.

An account without a row in a month that others have rows of pays nothing in it; one whose amount is null, or has no
rate, is not known in that month. Wrong when an account is billed every quarter in one sum.

>>> Revenue((date(2026, 7, 1),), ("k1",), np.array([[10.0]]), np.array([[2.0]])).total.tolist()
[[12.0]]
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import EVERYTHING, Evidence, Rows, Scope
from hardgate.metrics.columns import HOUR_MS, as_dates, cells, days, taken, whole
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
    every = evidence.rows(ROLLUP, EVERYTHING, window)
    rows = every if names is None else of_accounts(every, set(names))
    money, cost = (converted(evidence, rows, name) for name in ("amount", "variable_cost"))
    hours = whole(rows, "gpu_ms")
    who, features, when = cells(rows, "account"), cells(rows, "feature"), days(rows).astype("datetime64[M]")
    wanted = sorted({str(one) for one in who if one is not None} if names is None else set(names))
    have = np.unique(days(every).astype("datetime64[M]"))
    row = {name: at for at, name in enumerate(wanted)}
    column = np.searchsorted(have, when).tolist()
    only = scope.as_mapping().get("feature")
    base, ai, costs, served = (_Sums((len(wanted), len(have))) for _ in range(4))
    parts = zip(who, features, column, money.amounts, cost.amounts, hours.values.tolist(), hours.known, strict=True)
    for name, feature, month, amount, spent, used, known in parts:
        at = row.get(str(name))
        if at is None:
            continue
        if feature is None:
            base.add(at, month, amount)
        elif only is None or feature == only:
            ai.add(at, month, amount)
            costs.add(at, month, spent)
            served.add(at, month, Decimal(used) if known else None)
    months = tuple(as_dates(have))
    gaps = (*money.gaps, *_absent(list(months), window))
    paid = ai.table()
    return Revenue(months, tuple(wanted), base.table(), paid, paid - costs.table(), served.table() / HOUR_MS, gaps)


def of_accounts(rows: Rows, names: Collection[str]) -> Rows:
    """Return the rows of some accounts."""
    return taken(rows, np.fromiter((str(one) in names for one in cells(rows, "account")), np.bool_, rows.count))


class _Sums:
    """Sums of decimals by row and column: exact, so that their order changes nothing; a missing one makes nan."""

    def __init__(self, shape: tuple[int, int]) -> None:
        self.shape = shape
        self.found: dict[tuple[int, int], Decimal | None] = {}

    def add(self, row: int, column: int, amount: Decimal | None) -> None:
        """Add an amount; None makes the cell missing."""
        before = self.found.get((row, column), _NOTHING)
        self.found[row, column] = None if amount is None or before is None else before + amount

    def table(self) -> Floats:
        """Return the sums, nan where one is missing."""
        found = np.zeros(self.shape)
        for cell, amount in self.found.items():
            found[cell] = np.nan if amount is None else float(amount)
        return found


_NOTHING = Decimal(0)


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
