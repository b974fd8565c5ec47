"""By how much adopting an AI feature raised the base revenue of accounts, where a design with sound checks says so.

The randomised offer where there is one, else the detrended difference-in-differences. Where a check fails the number
is an association: adoption.expansion prints it with that label, and this metric has no value, so that no gate can use
it. Wrong as a forecast for accounts unlike those that adopted.

Source: METHODS 8.

>>> metric.interval
'model'
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_REVENUE
from hardgate.metrics.account_revenue import months_before
from hardgate.metrics.expansion import MONTHS, effects, panel


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the effect of adopting up to the last complete month before a window's end."""
    span = months_before(window.end, MONTHS)
    whole = panel(evidence, scope, window.end)
    found = whole if isinstance(whole, str) else effects(evidence, whole)
    if isinstance(found, str):
        return nothing(metric, scope, span, found, f"{BRING_REVENUE} of two years and feature_usage")
    first = found[0]
    failed = "; ".join(said for said, held in first.checks if not held)
    if failed:
        return nothing(metric, scope, span, f"associational ({first.method}): {failed}", "bring a randomised holdout")
    return Reading(
        metric.name, scope, span, metric.unit,
        round(first.value, metric.digits), round(first.low, metric.digits), round(first.high, metric.digits),
        facts=(("adopters", float(first.treated)), ("controls", float(first.controls))),
        status=Status.DERIVED,
        sql=f"select account, day, sum(amount) as amount from revenue_month where feature is null "
        f"and day >= date '{span.start}' and day < date '{span.end}' group by 1, 2 order by 1, 2",
        batches=tuple(sorted({batch for fact in metric.facts for batch in evidence.batches(fact.table)})),
        because=f"{first.method}: {'; '.join(said for said, _ in first.checks)}",
    )  # fmt: skip


metric = Metric(
    name="expansion_effect",
    meaning="growth of base revenue that adopting an AI feature brought",
    unit="share",
    better=Better.HIGHER,
    denominator="base revenue of adopters without it",
    facts=(Fact("account", "account"), Fact("feature_usage_day", "paid_events"), Fact("revenue_month", "amount")),
    compute=compute,
    interval="model",
    status=Status.DERIVED,
)
