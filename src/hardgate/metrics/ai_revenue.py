"""What usage brought: charged as recorded, else by the list price of its month; and the fees of seats beside it.

A product sold by the seat brings nothing by use. Wrong when discounts on usage are given at the end of a year: state
what was charged.

>>> Revenue(np.array([1.0, np.nan]), {("a", "p"): Fee(2.0, 60.0, None)}, (), Status.REPORTED).fees
60.0
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Scope, Status
from hardgate.metrics.ai_usage import Floats, Usage
from hardgate.metrics.columns import absent, amounts, cells, dates
from hardgate.metrics.offers import MILLION, Offer, offers
from hardgate.metrics.reporting_currency import convert
from hardgate.metrics.serving_cost import ORCHESTRATION


@dataclass(frozen=True, slots=True)
class Fee:
    """Seat-months of one account and product, what was charged for them, and the tokens that they include."""

    seat_months: float
    fee: float
    included: float | None


@dataclass(frozen=True, slots=True)
class Revenue:
    """Charges by row of usage (NaN where unknown), fees by account and product; reporting currency."""

    by_row: Floats
    seats: Mapping[tuple[str, str], Fee]
    gaps: tuple[str, ...]
    status: Status

    @property
    def fees(self) -> float:
        """All fees of seats."""
        return sum(one.fee for _, one in sorted(self.seats.items()))

    @property
    def total(self) -> float | None:
        """All that was brought, or None where a part is not known."""
        return None if self.gaps or np.isnan(self.by_row).any() else float(self.by_row.sum()) + self.fees


def revenue(evidence: Evidence, usage: Usage, scope: Scope, window: Window) -> Revenue:
    """Return what usage and seats of a scope brought in the months of a window."""
    seats, gaps = fees(evidence, scope, window)
    by_row, more, derived = _charges(evidence, usage)
    status = Status.DERIVED if derived else Status.REPORTED
    return Revenue(by_row, seats, (*gaps, *more), status)


def fees(evidence: Evidence, scope: Scope, window: Window) -> tuple[dict[tuple[str, str], Fee], tuple[str, ...]]:
    """Return the seats of a scope by account and product."""
    rows = evidence.rows("seat_month", scope, window)
    money = convert(
        evidence, zip(amounts(rows, "fee"), cells(rows, "currency"), dates(rows, "day"), strict=True), "fee of seats"
    )
    found: dict[tuple[str, str], list[tuple[float, float, float | None]]] = {}
    gaps = list(money.gaps)
    names = zip(cells(rows, "account"), cells(rows, "product"), strict=True)
    counts = zip(cells(rows, "seats"), cells(rows, "included_tokens"), strict=True)
    for (account, product), (seats, included), fee in zip(names, counts, money.amounts, strict=True):
        if absent(seats):
            gaps.append(f"{account} has seats of {product} without their number; bring seats")
        elif fee is not None:
            quota = None if absent(included) else float(included)
            found.setdefault((str(account), str(product)), []).append((float(seats), float(fee), quota))
    return {key: _fee(sorted(rows, key=lambda one: one[:2])) for key, rows in sorted(found.items())}, tuple(
        dict.fromkeys(gaps)
    )


def _fee(rows: list[tuple[float, float, float | None]]) -> Fee:
    quotas = [one for _, _, one in rows if one is not None]
    return Fee(
        sum(one for one, _, _ in rows),
        sum(one for _, one, _ in rows),
        sum(quotas) if len(quotas) == len(rows) else None,
    )


def _charges(evidence: Evidence, usage: Usage) -> tuple[Floats, tuple[str, ...], bool]:
    found, derived = np.full(usage.count, np.nan), False
    listed = {month: offers(evidence, month) for month in sorted(set(usage.months))}
    gaps: list[str] = []
    items = zip(usage.paid, usage.currency, usage.months, strict=True)
    money = [None if paid is None else convert(evidence, [(paid, one, day)], "paid") for paid, one, day in items]
    for i, paid in enumerate(money):
        product = usage.texts["product"][i]
        if paid is not None:
            if paid.total is None:
                gaps += paid.gaps
            else:
                found[i] = float(paid.total)
            continue
        if usage.texts["model"][i] == ORCHESTRATION:
            found[i] = 0.0  # what was done beside a call is charged with the call
            continue
        one = listed[usage.months[i]].get(product or "")
        if not isinstance(one, Offer):
            gaps.append(one or f"usage of {product or 'no product'} has no charge and no list price; bring price_list")
            continue
        found[i], derived = _by_list(one, usage, i), True
    return found, tuple(dict.fromkeys(gaps)), derived


def _by_list(one: Offer, usage: Usage, row: int) -> float:
    if one.unit == "tokens":
        tokens = usage.tokens[row]
        price = one.price(tokens)
        return np.nan if price is None else price * float(tokens.sum()) / MILLION
    return float(usage.calls[row]) * one.prices["call"] if one.unit == "call" else 0.0


def sold_units(usage: Usage, seats: Mapping[tuple[str, str], Fee], unit: str, gpu_hours: float) -> float:
    """Return how many units were sold: seat-months, calls, GPU-hours, or millions of tokens."""
    return units_of(usage.calls, usage.tokens, seats, unit, gpu_hours)


def units_of(calls: Floats, tokens: Floats, seats: Mapping[tuple[str, str], Fee], unit: str, gpu_hours: float) -> float:
    """Return how many units some rows are: seat-months, calls, GPU-hours, or millions of tokens."""
    if unit == "seat_month":
        return sum(one.seat_months for _, one in sorted(seats.items()))
    if unit == "call":
        return float(calls.sum())
    return gpu_hours if unit == "gpu_hour" else float(tokens.sum()) / MILLION
