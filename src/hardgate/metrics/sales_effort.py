"""What an hour of sales brings: contribution of what was won, less spend, over the hours of all that was closed.

Opportunities closed within the window, won or lost, are the units: an hour on a lost one is an hour. A won one brings
its first twelve months' revenue at the contribution share of recurring revenue there. Wrong when hours are booked on
what is won alone, and when new logos stay shorter than customers: then their first year flatters them.

>>> Deal("o1", True, Decimal(1000), Decimal(100), 20.0).contribution(0.6)
500.0
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from hardgate.core.days import Window, add_months, month_of
from hardgate.core.terms import Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import accounts
from hardgate.metrics.account_revenue import ROLLUP as REVENUE
from hardgate.metrics.columns import amounts, cells, dates
from hardgate.metrics.reporting_currency import convert, converted

ROLLUP = "opportunity"
EXPANSION, NEW = "expansion", "new"
WON, LOST = "won", "lost"
MONTHS = 12
BRING = "bring opportunities with kind, stage, closed_on, amount and hours"


@dataclass(frozen=True, slots=True)
class Deal:
    """One closed opportunity, money in the reporting currency."""

    name: str
    won: bool
    amount: Decimal
    cost: Decimal
    hours: float

    def contribution(self, share: float) -> float:
        """Return what it brought at a contribution share, less what was spent on it."""
        return (float(self.amount) * share if self.won else 0.0) - float(self.cost)


@dataclass(frozen=True, slots=True)
class Closed:
    """What was closed in a window, and what is missing of it."""

    deals: tuple[Deal, ...]
    gaps: tuple[str, ...]


def closed(evidence: Evidence, scope: Scope, window: Window, kind: str) -> Closed:
    """Return the opportunities of a kind that were closed in a window, by name."""
    rows = evidence.rows(ROLLUP, scope)
    names, kinds, stages = (cells(rows, name) for name in ("opportunity", "kind", "stage"))
    ended, hours, currency = dates(rows, "closed_on"), cells(rows, "hours"), cells(rows, "currency")
    sums, costs = amounts(rows, "amount"), amounts(rows, "cost")
    found, gaps = [], set()
    for i in range(rows.count):
        day = ended[i]
        if kinds[i] is None or stages[i] is None:
            gaps.add(f"{names[i]} has no kind or no stage")
        if kinds[i] != kind or stages[i] not in {WON, LOST} or day is None or day not in window:
            continue
        won = stages[i] == WON
        paid = (sums[i], currency[i], day) if won else (Decimal(0), evidence.currency, day)
        spent = (costs[i], currency[i], day) if costs[i] else (Decimal(0), evidence.currency, day)
        money = convert(evidence, [paid, spent], "amount")
        if money.gaps or hours[i] is None:
            gaps |= set(money.gaps) or {f"{names[i]} has no hours"}
            continue
        found.append(
            Deal(str(names[i]), won, money.amounts[0] or Decimal(0), money.amounts[1] or Decimal(0), float(hours[i]))
        )
    return Closed(tuple(sorted(found, key=lambda one: one.name)), tuple(sorted(gaps)))


def contribution_share(evidence: Evidence, scope: Scope, window: Window) -> tuple[float, Status] | str:
    """Return the contribution of a unit of recurring revenue in a scope over a year, or why it is not known."""
    last = month_of(window.end)
    rows = evidence.rows(REVENUE, scope, Window(add_months(last, -MONTHS), last))
    inside = None if not scope.parts else accounts(evidence, scope)
    money, cost = (converted(evidence, rows, name) for name in ("amount", "variable_cost"))
    who = cells(rows, "account")
    mine = [i for i in range(rows.count) if inside is None or str(who[i]) in inside]
    pairs = [(money.amounts[i], cost.amounts[i]) for i in mine]
    known = [(one, spent) for one, spent in pairs if one is not None and spent is not None]
    total = sum((one for one, _ in known), Decimal(0))
    if known and len(known) == len(pairs) and total > 0:
        return float(1 - sum((spent for _, spent in known), Decimal(0)) / total), Status.REPORTED
    assumed = evidence.assumption("contribution_share", scope)
    if assumed is not None:
        return assumed.value, Status.ASSUMED
    return f"no variable cost of the recurring revenue in {scope}: bring it, or set contribution_share"


def per_hour(metric: Metric, evidence: Evidence, scope: Scope, window: Window, kind: str) -> Reading:
    """Read contribution over hours of what was closed."""
    from hardgate.models.unit_ratio import FEWEST, ratio

    found = closed(evidence, scope, window, kind)
    share = contribution_share(evidence, scope, window)
    if found.gaps or isinstance(share, str):
        why = "; ".join(found.gaps[:3]) if found.gaps else str(share)
        return nothing(metric, scope, window, why, BRING)
    brought, hours = _columns(found.deals, share[0])
    interval = ratio(brought, hours, evidence.confidence)
    if interval is None:
        few = f"{len(found.deals)} closed opportunities of kind {kind!r} in {scope}, at least {FEWEST} are needed"
        return nothing(metric, scope, window, few, BRING)
    return Reading(
        metric.name, scope, window, metric.unit,
        round(interval.value, metric.digits), round(interval.low, metric.digits), round(interval.high, metric.digits),
        facts=(
            ("contribution", round(float(brought.sum()), 2)), ("hours", round(float(hours.sum()), 2)),
            ("closed", float(len(found.deals))), ("won", float(sum(one.won for one in found.deals))),
            ("contribution_share", round(share[0], 4)),
        ),
        status=Status.weakest([Status.REPORTED, share[1]]),
        sql=f"select * from opportunity where kind = '{kind}' and stage in ('won', 'lost') "
        f"and closed_on >= date '{window.start}' and closed_on < date '{window.end}' order by opportunity",
        batches=tuple(sorted({*evidence.batches(ROLLUP), *evidence.batches(REVENUE)})),
    )  # fmt: skip


def _columns(deals: Sequence[Deal], share: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.contribution(share) for one in deals]), np.array([one.hours for one in deals])
