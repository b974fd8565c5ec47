"""How many accelerators are live or firmly ordered by the day a tranche ordered now would go live, less retirements.

That day is the tranche's live date; without a tranche, `lead_months` of the assumptions from today. Open tranches of
the same pool that come before are taken as built, so that two asks are not both judged as the next one. Wrong when an
order can be cancelled at no cost: then it is a plan.

Source: METHODS 1 and 3, glossary "Capacity position"; Ryan 2004.

>>> metric.formula(900, 100)
1000
"""

from datetime import date, timedelta

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import DAY_MS, cells, dates, days, whole
from hardgate.metrics.planned import DAYS_PER_MONTH, before, meant
from hardgate.metrics.ratio import sql
from hardgate.metrics.rungs import INSTALLED

BRING = "bring capacity with live dates, orders included"


def due(evidence: Evidence, scope: Scope) -> date | None:
    """Return the day by which capacity counts: a tranche's live date, else the assumed lead time from today."""
    planned = meant(evidence, scope)
    if planned is not None:
        return planned.live_date
    lead = evidence.assumption("lead_months", scope)
    return evidence.as_of + timedelta(days=round(lead.value * DAYS_PER_MONTH)) if lead else None


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the capacity position, exact by the inventory."""
    day = due(evidence, scope)
    if day is None:
        found, bring = f"no tranche in {scope}", "bring capacity_plan, or set lead_months under assumptions"
        return nothing(metric, scope, window, found, bring)
    return position_on(evidence, scope, window, day)


def position_on(evidence: Evidence, scope: Scope, window: Window, day: date) -> Reading:
    """Read the position of a scope due by a day."""
    inventory = evidence.rows("inventory", scope)
    if inventory.count == 0:
        return _installed(evidence, scope, window)
    live, ordered, unknown = 0.0, 0.0, 0
    columns = (dates(inventory, "live_date"), dates(inventory, "retire_date"), cells(inventory, "gpus"))
    for start, retired, gpus in zip(*columns, strict=True):
        if start is not None and (start > day or (retired is not None and retired <= day)):
            continue
        if gpus is None or start is None:
            unknown += 1
        elif start <= evidence.as_of:
            live += float(gpus)
        else:
            ordered += float(gpus)
    planned = meant(evidence, scope)
    ahead = sum(one.gpus for one in before(evidence, planned)) if planned else 0.0
    if unknown:
        return nothing(metric, scope, window, f"{unknown} rows of the inventory without GPUs or live date", BRING)
    value = round(metric.formula(live + ordered, ahead), metric.digits) if metric.formula else 0.0
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("live_gpus", live), ("ordered_gpus", ordered), ("planned_before_gpus", ahead)),
        status=metric.status,
        sql=_sql(scope, day),
        batches=evidence.batches("inventory"),
        because=f"due by {day}",
    )  # fmt: skip


def _installed(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Without an inventory what is installed is known and what is ordered is not: at least this many."""
    rows = evidence.rows("pool_day", scope, window)
    if rows.count == 0:
        return nothing(metric, scope, window, f"no inventory of {scope}", BRING)
    when, installed = days(rows), whole(rows, INSTALLED)
    last = (when == when.max()) & installed.known
    value = round(float(installed.values[np.flatnonzero(last)].sum()) / DAY_MS, metric.digits)
    gap = f"no inventory of {scope}: what is ordered is not known; {BRING}"
    return Reading(
        metric.name, scope, window, metric.unit, value, value, None,
        facts=(("installed_gpus", value),),
        gaps=(gap,),
        status=Status.DERIVED,
        sql=sql(metric, scope, window),
        batches=evidence.batches("pool_day", window),
        because=gap,
    )  # fmt: skip


def _sql(scope: Scope, day: date) -> str:
    where = [f"{name} = '{value}'" for name, value in scope.parts if name in {"region", "accelerator", "pool"}]
    where += [f"live_date <= date '{day}'", f"(retire_date is null or retire_date > date '{day}')"]
    return f"select sum(gpus) as gpus from inventory where {' and '.join(where)}"


def _sum(held: float, ahead: float) -> float:
    return held + ahead


metric = Metric(
    name="capacity_position",
    meaning="GPUs live, being built or firmly ordered",
    unit="GPUs",
    better=Better.NEITHER,
    digits=1,
    facts=(Fact("inventory", "gpus"),),
    formula=_sum,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
