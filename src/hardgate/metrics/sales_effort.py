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

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import amounts, cells, dates
from hardgate.metrics.columns import share as quotient
from hardgate.metrics.contribution_share import metric as contribution_share
from hardgate.metrics.reporting_currency import convert

ROLLUP = "opportunity"
EXPANSION, NEW = "expansion", "new"
WON, LOST = "won", "lost"
_NOTHING = Decimal(0)
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
    gaps = {
        f"{name} has no kind or no stage"
        for name, one, stage in zip(names, kinds, stages, strict=True)
        if not one or not stage
    }
    mine = [
        i for i in range(rows.count)
        if kinds[i] == kind and stages[i] in {WON, LOST} and (day := ended[i]) is not None and day in window
    ]  # fmt: skip
    gaps |= {f"{names[i]} has no hours" for i in mine if hours[i] is None}
    brought = convert(
        evidence, [(sums[i] if stages[i] == WON else _NOTHING, currency[i], ended[i]) for i in mine], "amount"
    )
    spent = convert(evidence, [(costs[i] or _NOTHING, currency[i], ended[i]) for i in mine], "cost")
    gaps |= {*brought.gaps, *spent.gaps}
    pairs = zip(mine, brought.amounts, spent.amounts, strict=True)
    found = [
        Deal(str(names[i]), stages[i] == WON, paid or _NOTHING, gone or _NOTHING, float(hours[i] or 0))
        for i, paid, gone in pairs
    ]
    return Closed(tuple(sorted(found, key=lambda one: one.name)), tuple(sorted(gaps)))


def hour_metric(name: str, kind: str, called: str) -> Metric:
    """Return the metric of what an hour of sales brought with the opportunities of a kind that were closed."""

    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        return per_hour(metric, evidence, scope, window, kind)

    metric = Metric(
        name=name,
        meaning=f"contribution of the first year of {called} won, for an hour of sales",
        unit="currency per hour",
        better=Better.HIGHER,
        denominator=f"sales hours of {called} closed",
        digits=2,
        facts=(Fact(ROLLUP, "amount"), Fact(ROLLUP, "hours"), Fact("revenue_month", "variable_cost")),
        formula=quotient,
        compute=compute,
        interval="model",
        status=Status.REPORTED,
    )
    return metric


def per_hour(metric: Metric, evidence: Evidence, scope: Scope, window: Window, kind: str) -> Reading:
    """Read contribution over hours of what was closed."""
    from hardgate.models.unit_ratio import FEWEST, ratio

    found = closed(evidence, scope, window, kind)
    share = evidence.reading(contribution_share, scope.narrowed(("region", "segment")), window)
    if found.gaps or share.value is None:
        why = "; ".join(found.gaps[:3]) if found.gaps else share.because
        return nothing(metric, scope, window, why, BRING)
    brought, hours = _columns(found.deals, share.value)
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
            ("contribution_share", share.value),
        ),
        status=Status.weakest([Status.REPORTED, share.status]),
        sql=f"select * from opportunity where kind = '{kind}' and stage in ('won', 'lost') "
        f"and closed_on >= date '{window.start}' and closed_on < date '{window.end}' order by opportunity",
        batches=tuple(sorted({*evidence.batches(ROLLUP), *share.batches})),
    )  # fmt: skip


def _columns(deals: Sequence[Deal], share: float) -> tuple[np.ndarray, np.ndarray]:
    return np.array([one.contribution(share) for one in deals]), np.array([one.hours for one in deals])
