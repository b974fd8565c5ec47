"""What one used GPU-month contributes before the cost of owning it: revenue less the cost that goes away with it.

Read from sales of the last twelve complete months, a month a block; where there are no sales, `margin_per_gpu_month`
of the assumptions, and the reading is assumed. Where the variable cost is not known, the margin is at most the revenue.
Wrong when prices have just changed: the mean of a year lags behind.

Source: METHODS 3 (margin) and 12.

>>> metric.formula(1_500.0, 2.0)
750.0
"""

from dataclasses import replace

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import share
from hardgate.metrics.ratio import FEWEST_BLOCKS, sql
from hardgate.metrics.sold import Sold, sold

BRING = "bring sales with revenue and variable cost, or set margin_per_gpu_month under assumptions"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the contribution margin per used GPU-month, in the reporting currency."""
    found = sold(evidence, scope, window.end)
    complete = bool(found.months) and sum(one.used_gpu_hours for one in found.months) > 0
    if complete and not found.gaps:
        return _of_sales(evidence, scope, found)
    assumed = evidence.assumption("margin_per_gpu_month", scope)
    why = "; ".join(found.gaps) or f"no sales of {scope} from {found.window}"
    if assumed is not None:
        value = round(assumed.value, metric.digits)
        return Reading(
            metric.name, scope, found.window, metric.unit, value, value, value,
            gaps=(why,),
            status=Status.ASSUMED,
            because=f"{why}; assumed in {assumed.source}",
        )  # fmt: skip
    if complete and not found.cost_known:
        return replace(
            _of_sales(evidence, scope, found), value=None, low=None, missing=1.0, gaps=found.gaps, because=why
        )
    return nothing(metric, scope, found.window, why, BRING)


def _of_sales(evidence: Evidence, scope: Scope, found: Sold) -> Reading:
    from hardgate.models import intervals

    money = np.array([float(one.contribution) for one in found.months])
    used = np.array([one.used_gpu_months for one in found.months])
    interval = intervals.ratio(money, used, evidence.confidence)
    few = f"{len(money)} months of sales, at least {FEWEST_BLOCKS} are needed"
    return Reading(
        metric.name, scope, found.window, metric.unit,
        round(float(money.sum() / used.sum()), metric.digits),
        None if interval is None else round(interval.low, metric.digits),
        None if interval is None else round(interval.high, metric.digits),
        facts=(("contribution", round(float(money.sum()), 2)), ("used_gpu_months", round(float(used.sum()), 3))),
        status=found.status,
        sql=sql(metric, scope, found.window),
        batches=evidence.batches("sales_month", found.window),
        because=few if interval is None else "",
    )  # fmt: skip


metric = Metric(
    name="contribution_margin",
    meaning="contribution of a used GPU-month before the cost of owning it",
    unit="currency per used GPU-month",
    better=Better.HIGHER,
    denominator="used GPU-months",
    digits=2,
    facts=(Fact("sales_month", "net_revenue"), Fact("sales_month", "variable_cost"), Fact("sales_month", "gpu_ms")),
    formula=share,
    compute=compute,
    status=Status.REPORTED,
)
