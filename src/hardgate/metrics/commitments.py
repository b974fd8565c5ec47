"""Which customer commitments may fill a tranche, and how much of each, before and after haircuts.

Only months in which the tranche serves count, `coverage_months` (24) from its first whole month; only what is pledged
to it, or to nothing while it may be served from its pool. What is not pledged is given to the open tranches day by
day, the earliest to commit first, none of it twice, and no tranche more than its GPU-hours. A haircut is the share
that counts by credit grade, times that by termination right. Wrong when commitments without a pledge are already
served by live GPUs: pledge them.

Source: METHODS 3, backlog coverage; take-or-pay as in its glossary.

>>> first_whole_month(date(2026, 12, 1)), first_whole_month(date(2026, 12, 2))
(datetime.date(2026, 12, 1), datetime.date(2027, 1, 1))
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import numpy as np

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import Evidence, Rows, Scope
from hardgate.metrics.columns import HOUR_MS, Mask, cells, taken
from hardgate.metrics.planned import Planned, meant, tranches
from hardgate.metrics.reporting_currency import converted

MONTHS = 24
HOURS_PER_DAY = 24.0
ROLLUP = "contract_month"


@dataclass(frozen=True, slots=True)
class Commitment:
    """One month of one contract, as far as it may be served from a tranche; money in the reporting currency."""

    contract: str
    customer: str
    month: date
    amount: float
    gpu_hours: float | None
    take_or_pay: bool
    grade: str | None
    termination: str | None
    pledged: bool


@dataclass(frozen=True, slots=True)
class Servable:
    """The commitments of a tranche in its first months, and what keeps them from being counted."""

    planned: Planned
    window: Window
    commitments: tuple[Commitment, ...]
    gaps: tuple[str, ...]

    def by_customer(self, *, enforceable: bool) -> dict[str, list[Commitment]]:
        """Return commitments by customer; only those that must be paid whether used or not where `enforceable`."""
        found: dict[str, list[Commitment]] = {}
        for one in self.commitments:
            if one.take_or_pay or not enforceable:
                found.setdefault(one.customer, []).append(one)
        return dict(sorted(found.items()))


def first_whole_month(day: date) -> date:
    """Return the first month of which a tranche that goes live on a day serves all."""
    return day if day.day == 1 else add_months(day, 1)


def coverage_window(evidence: Evidence, scope: Scope, planned: Planned) -> Window:
    """Return the months that a tranche's backlog is held against."""
    assumed = evidence.assumption("coverage_months", scope)
    start = first_whole_month(planned.live_date)
    return Window(start, add_months(start, int(assumed.value) if assumed else MONTHS))


def servable(evidence: Evidence, scope: Scope, window: Window | None = None) -> Servable | None:
    """Return what may fill the tranche that a scope means; None where it means none."""
    planned = meant(evidence, scope)
    if planned is None:
        return None
    window = window or coverage_window(evidence, scope, planned)
    rows = evidence.rows(ROLLUP, window=window)
    rows = taken(rows, _may_serve(rows, planned, scope))
    money = converted(evidence, rows, "committed_amount")
    found = [
        _commitment(row, float(amount or Decimal(0)), planned)
        for row, amount in zip(_plain(rows), money.amounts, strict=True)
    ]
    free = [one for one in found if not one.pledged]
    shared = _given(evidence, planned, window, free) if free else []
    pledged = [one for one in found if one.pledged]
    return Servable(planned, window, tuple(_within(planned, [*pledged, *shared])), money.gaps)


def _plain(rows: Rows) -> list[dict[str, Any]]:
    columns = {name: cells(rows, name) for name in rows.columns}
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _may_serve(rows: Rows, planned: Planned, scope: Scope) -> Mask:
    """Tell which commitments may be served from the tranche: pledged to it, or to none and not bound elsewhere."""
    columns = [cells(rows, name) for name in ("tranche", "portable", "pool", "region", "accelerator")]
    where = scope.as_mapping()

    def serves(values: tuple[Any, ...]) -> bool:
        tranche, portable, pool, region, accelerator = values
        if tranche is not None:
            return bool(tranche == planned.tranche)
        if portable or pool is None:
            return True
        if planned.pool is not None:
            return bool(pool == planned.pool)
        return bool(where.get("region", region) == region and where.get("accelerator", accelerator) == accelerator)

    return np.fromiter(map(serves, zip(*columns, strict=True)), np.bool_, rows.count)


def _commitment(row: dict[str, Any], amount: float, planned: Planned) -> Commitment:
    hours = row.get("committed_gpu_ms")
    return Commitment(
        str(row["contract"]),
        str(row["customer"]),
        month_of(_day(row["day"])),
        amount,
        None if hours is None else float(hours) / HOUR_MS,
        bool(row.get("take_or_pay")),
        row.get("credit_grade"),
        row.get("termination"),
        row.get("tranche") == planned.tranche,
    )


def _day(value: Any) -> date:  # noqa: ANN401  engines return dates or numpy's days
    return (
        value.astype("datetime64[D]").item() if hasattr(value, "astype") else date(value.year, value.month, value.day)
    )


def _given(evidence: Evidence, planned: Planned, window: Window, free: Sequence[Commitment]) -> list[Commitment]:
    """Share commitments that are pledged to nothing out over the open tranches of the pool, none of it twice."""
    from hardgate.models import backlog

    rivals = [
        one
        for one in tranches(evidence, _where(planned))
        if one.commit_date >= evidence.as_of and one.live_date < window.end
    ]
    if all(one.tranche != planned.tranche for one in rivals):
        rivals.append(planned)
    price = _price(free)
    spaces = [
        backlog.PlannedTranche(
            one.tranche, one.commit_date, Window(first_whole_month(one.live_date), window.end),
            _room(one, window, price),
        )
        for one in rivals if first_whole_month(one.live_date) < window.end
    ]  # fmt: skip
    pieces = [backlog.Commitment(one.customer, Window(one.month, add_months(one.month, 1)), one.amount) for one in free]
    taken = backlog.allocate_commitments(pieces, spaces)
    mine = next(i for i, space in enumerate(spaces) if space.name == planned.tranche)
    return [_cut(one, float(amount)) for one, amount in zip(free, taken[mine], strict=True) if amount > 0]


def _within(planned: Planned, commitments: Sequence[Commitment]) -> list[Commitment]:
    """Cut every month to the GPU-hours that the tranche has, all customers in proportion."""
    hours: dict[date, float] = {}
    for one in commitments:
        hours[one.month] = hours.get(one.month, 0.0) + (one.gpu_hours or 0.0)
    found = []
    for one in commitments:
        room = planned.gpus * HOURS_PER_DAY * (add_months(one.month, 1) - one.month).days
        over = hours[one.month] > room and one.gpu_hours is not None
        found.append(_cut(one, one.amount * room / hours[one.month]) if over else one)
    return found


def _where(planned: Planned) -> Scope:
    return Scope() if planned.pool is None else Scope.of(pool=planned.pool)


def _price(free: Sequence[Commitment]) -> float | None:
    """Return what a committed GPU-hour pays; None where no contract says how many there are."""
    told = [one for one in free if one.gpu_hours]
    hours = sum(one.gpu_hours or 0.0 for one in told)
    return sum(one.amount for one in told) / hours if hours else None


def _room(one: Planned, window: Window, price: float | None) -> float:
    """Return what a tranche can serve, in money; without a price everything, so that the first to commit takes all."""
    days = (window.end - first_whole_month(one.live_date)).days
    return one.gpus * HOURS_PER_DAY * days * price if price else 1e18


def _cut(one: Commitment, amount: float) -> Commitment:
    share = amount / one.amount if one.amount else 0.0
    hours = None if one.gpu_hours is None else one.gpu_hours * share
    return Commitment(
        one.contract, one.customer, one.month, amount, hours, one.take_or_pay, one.grade, one.termination, one.pledged
    )


def haircut(evidence: Evidence, scope: Scope, one: Commitment) -> float | None:
    """Return the share of a commitment that counts; None where policy says nothing of its grade or termination."""
    share = 1.0
    for key in (one.grade, one.termination):
        assumed = None if key is None else evidence.assumption(f"haircut.{key}", scope)
        if assumed is None:
            return None
        share *= assumed.value
    return share


def unpriced(evidence: Evidence, scope: Scope, commitments: Sequence[Commitment]) -> tuple[str, ...]:
    """Name the grades and termination rights that policy has no haircut for."""
    keys = {("credit grade", one.grade) for one in commitments} | {
        ("termination", one.termination) for one in commitments
    }
    lacking = sorted(
        f"{kind} {key or 'that is not known'}"
        for kind, key in keys
        if key is None or evidence.assumption(f"haircut.{key}", scope) is None
    )
    return tuple(f"no haircut for {one}; set haircut under assumptions" for one in lacking)
