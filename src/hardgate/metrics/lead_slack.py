"""Months between committing to a tranche and its live date, less the lead time that building takes.

Below nothing the plan promises load sooner than `lead_months` of the assumptions allows. Wrong when the lead time is
that of another kind of hall.

Source: METHODS 3, lead time.

>>> metric.formula(15.0, 12.0)
3.0
"""

from operator import sub

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.planned import meant


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the slack of a tranche's plan against the lead time; without a lead time, against the commit date alone."""
    planned = meant(evidence, scope)
    if planned is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    assumed = evidence.assumption("lead_months", scope)
    months = (planned.live_date - planned.commit_date).days / 30.4375
    value = round(sub(months, assumed.value if assumed else 0.0), metric.digits)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("planned_months", round(months, 2)), ("lead_months", assumed.value if assumed else 0.0)),
        status=Status.ASSUMED if assumed else Status.REPORTED,
        batches=evidence.batches("tranche"),
        because=f"commit by {planned.commit_date}, live on {planned.live_date}",
    )  # fmt: skip


metric = Metric(
    name="lead_slack",
    meaning="months that the plan leaves beyond the lead time",
    unit="months",
    better=Better.HIGHER,
    digits=1,
    facts=(Fact("tranche", "live_date"), Fact("tranche", "commit_date")),
    formula=sub,
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
