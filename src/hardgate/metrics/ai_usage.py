"""What AI features used, by account, feature, product, model and pool and month, as arrays in a fixed order.

A number that is missing is NaN and stays so through every sum. Wrong when one account stands under two names.

>>> from hardgate.core.days import Window
>>> rows = Rows({"day": [date(2026, 8, 1)], "account": ["a"], "calls": [3], "input_tokens": [2_000_000]}, 1)
>>> of_rows(rows).tokens[0].tolist()
[2000000.0, nan, nan, nan, nan]
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import Evidence, Rows, Scope
from hardgate.metrics.columns import amounts, cells, dates

Floats: TypeAlias = NDArray[np.float64]
Mask: TypeAlias = NDArray[np.bool_]

KINDS = ("input", "output", "cache_read", "cache_write", "reasoning")
"""The disjoint kinds of tokens."""
BESIDE = {
    "steps": ("step", 1.0, "agent steps"),
    "tool_calls": ("tool_call", 1.0, "tools"),
    "vector_queries": ("vector_query", 1.0, "vector store"),
    "guard_tokens": ("guard_token", 1.0, "guard models"),
    "egress_bytes": ("egress_gb", 1e9, "egress"),
    "cpu_ms": ("cpu_hour", 3.6e6, "CPU"),
    "storage_byte_hours": ("storage_gb_month", 730e9, "storage"),
}
"""What a call needs beside its model: the kind that prices it, how many of ours make one of its units, and its name."""
TEXTS = ("account", "feature", "product", "provider", "model", "pool", "region", "accelerator")
MONTHS = 3
"""Months that a price or a cost of serving is read over."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Rows of usage in order of month and names; arrays have one entry a row."""

    months: tuple[date, ...]
    texts: dict[str, tuple[str | None, ...]]
    price_from: tuple[date | None, ...]
    tokens: Floats
    calls: Floats
    retries: Floats
    tasks: Floats
    without_outcome: Floats
    beside: Floats
    paid: tuple[Decimal | None, ...]
    currency: tuple[str | None, ...]
    not_adding_up: int

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.months)

    def of(self, name: str, value: str | None) -> Mask:
        """Tell which rows have this value in a column of text."""
        return np.fromiter((one == value for one in self.texts[name]), np.bool_, self.count)

    def within(self, window: Window) -> Mask:
        """Tell which rows are of a month in a window."""
        return np.fromiter((one in window for one in self.months), np.bool_, self.count)

    def names(self, column: str) -> tuple[str, ...]:
        """Return the different values of a column of text, sorted."""
        return tuple(sorted({one for one in self.texts[column] if one is not None}))


def used(evidence: Evidence, scope: Scope, window: Window) -> Usage:
    """Return what was used in a scope in the months of a window."""
    return of_rows(evidence.rows("ai_usage_month", scope, window))


def of_rows(rows: Rows) -> Usage:
    """Return rows of the rollup in a fixed order."""
    months = [month_of(day) for day in dates(rows, "day") if day is not None]
    texts = {name: [None if one is None else str(one) for one in cells(rows, name)] for name in TEXTS}
    since = dates(rows, "price_from")
    keys = [(months[i], since[i] or date.min, *(texts[name][i] or "" for name in TEXTS)) for i in range(len(months))]
    order = sorted(range(len(keys)), key=keys.__getitem__)
    paid, currency = amounts(rows, "paid"), cells(rows, "currency")
    return Usage(
        tuple(months[i] for i in order),
        {name: tuple(values[i] for i in order) for name, values in texts.items()},
        tuple(since[i] for i in order),
        np.stack([_numbers(rows, f"{kind}_tokens", order) for kind in KINDS], axis=1),
        _numbers(rows, "calls", order),
        _numbers(rows, "retries", order),
        _numbers(rows, "successful_tasks", order),
        _numbers(rows, "calls_without_outcome", order),
        np.stack([_numbers(rows, name, order) for name in BESIDE], axis=1),
        tuple(paid[i] for i in order),
        tuple(None if currency[i] is None else str(currency[i]) for i in order),
        int(np.nansum(_numbers(rows, "events_not_adding_up", order))),
    )


def _numbers(rows: Rows, name: str, order: Sequence[int]) -> Floats:
    found = [np.nan if one is None else float(one) for one in cells(rows, name)]
    return np.array([found[i] for i in order], dtype=np.float64)


def months_used(evidence: Evidence, end: date, most: int = MONTHS, scope: Scope | None = None) -> Window | None:
    """Return the last complete months before a day that have usage, `most` at the most; None where there are none."""
    rows = evidence.rows("ai_usage_month") if scope is None else evidence.rows("ai_usage_month", scope)
    last = month_of(min(end, evidence.last_complete("ai_usage_month") + timedelta(days=1)))
    have = {month_of(day) for day in dates(rows, "day") if day is not None and day < last}
    if not have:
        return None
    newest = oldest = max(have)
    while add_months(oldest, -1) in have and _apart(oldest, newest) < most - 1:
        oldest = add_months(oldest, -1)
    return Window(oldest, add_months(newest, 1))


def _apart(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month
