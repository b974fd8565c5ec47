"""Of the GPU-hours of a tranche, the share that its largest accounts must pay for whether they use it or not.

The `top_accounts` (5) accounts with most take-or-pay GPU-hours, over the tranche's GPU-hours in the same first months.
Reservations without an obligation to pay do not count. Wrong when accounts of one group have several names.

Source: METHODS 3; take-or-pay as in its glossary.

>>> metric.formula(60.0, 100.0)
0.6
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.columns import share
from hardgate.metrics.commitments import HOURS_PER_DAY, servable
from hardgate.metrics.ratio import sql

TOP = 5
BRING = "bring contracts with committed_gpu_hours"


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the committed usage of the largest accounts."""
    found = servable(evidence, scope)
    if found is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    if not evidence.rows("contract_month").count:
        return nothing(metric, scope, found.window, "no contracts", BRING)
    customers = found.by_customer(enforceable=True)
    silent = sorted(name for name, mine in customers.items() if any(one.gpu_hours is None for one in mine))
    if silent:
        return nothing(metric, scope, found.window, f"no GPU-hours in the contracts of {', '.join(silent)}", BRING)
    assumed = evidence.assumption("top_accounts", scope)
    top = int(assumed.value) if assumed else TOP
    hours = sorted((sum(one.gpu_hours or 0.0 for one in mine) for mine in customers.values()), reverse=True)
    units = found.planned.gpus * HOURS_PER_DAY * found.window.days
    value = round(share(sum(hours[:top]), units), metric.digits)
    return Reading(
        metric.name, scope, found.window, metric.unit, value, value, value,
        facts=(
            ("committed_gpu_hours", round(sum(hours[:top]), 3)),
            ("tranche_gpu_hours", round(units, 3)),
            ("accounts", float(min(top, len(hours)))),
        ),
        status=metric.status,
        sql=sql(metric, Scope(), found.window),
        batches=evidence.batches("contract_month", found.window),
        because=f"largest {min(top, len(hours))} of {len(hours)} accounts",
    )  # fmt: skip


metric = Metric(
    name="committed_usage",
    meaning="take-or-pay GPU-hours of the largest accounts, of the tranche's GPU-hours",
    unit="share",
    better=Better.HIGHER,
    denominator="GPU-hours of the tranche",
    facts=(Fact("contract_month", "committed_gpu_ms"), Fact("tranche", "gpus")),
    formula=share,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
