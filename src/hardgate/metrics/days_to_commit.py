"""Days left to commit to a tranche; below nothing its last day has passed.

Wrong when a supplier has moved the date and the plan still says the old one.

Source: the capacity plan.

>>> metric.unit
'days'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.planned import meant


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the days left to commit, as of the evidence's date."""
    planned = meant(evidence, scope)
    if planned is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with gpus")
    value = float((planned.commit_date - evidence.as_of).days)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=(("days", value),),
        status=metric.status,
        batches=evidence.batches("tranche"),
        because=f"commit by {planned.commit_date}",
    )  # fmt: skip


metric = Metric(
    name="days_to_commit",
    meaning="days left to commit",
    unit="days",
    better=Better.HIGHER,
    digits=0,
    facts=(Fact("tranche", "commit_date"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
