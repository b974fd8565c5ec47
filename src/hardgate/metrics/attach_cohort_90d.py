"""Of the accounts that were given access within a year, the share that paid within 90 days of it.

Only accounts whose 90 days are over count, whether they paid or not; younger ones are named and left out, since they
would make every rate look low. Wrong when access was given to those who had asked for it, and later to all.

Source: METHODS 8, attach rate, the cohort variant.

>>> metric.formula(30.0, 100.0)
0.3
"""

from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_USAGE, accounts
from hardgate.metrics.attach_counts import Counted, share_of
from hardgate.metrics.columns import share
from hardgate.metrics.feature_use import paid_use

DAYS = timedelta(days=90)
YEAR = timedelta(days=364)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of a year's cohorts that paid within 90 days of their access."""
    last = window.end - DAYS
    cohort = Window(last - YEAR, last)
    granted = [(one.name, one.access_granted) for one in accounts(evidence, scope).values() if one.access_granted]
    access = {name: day for name, day in granted if day in cohort}
    young = sum(1 for _, day in granted if last <= day < window.end)
    reach = Window(cohort.start, window.end)
    if not access:
        why = f"no account of {scope} was given access 90 days ago or earlier within a year"
        why += f", {young} are younger than that" if young else ""
        return nothing(metric, scope, reach, why, "bring accounts with access_granted, or wait")
    use = paid_use(evidence, scope, reach)
    if use is None:
        return nothing(metric, scope, reach, f"no use of any feature from {reach}", BRING_USAGE)
    pairs = zip(use.accounts, use.when, strict=True)
    paid = sorted({name for name, day in pairs if name in access and access[name] <= day < access[name] + DAYS})
    counted = Counted(paid, sorted(access), use.doubtful, bool(use.missing))
    because = f"access from {cohort}" + (f"; {young} accounts are younger than 90 days" if young else "")
    return share_of(metric, evidence, scope, reach, counted, use, because=because)


metric = Metric(
    name="attach_cohort_90d",
    meaning="accounts with access that paid for an AI feature within 90 days",
    unit="share",
    better=Better.HIGHER,
    denominator="accounts given access within a year, whose 90 days are over",
    facts=(Fact("account", "access_granted"), Fact("feature_day", "paid_events")),
    formula=share,
    compute=compute,
    interval="model",
    at_most_one=True,
)
