"""What AI features earn over what the base workloads of the same accounts earn, in the last three complete months.

Accounts are the units of the interval. Wrong when a bundle has one price: then what is booked to the feature is a
choice of the books.

Source: METHODS 8, attach rate, the revenue variant.

>>> metric.formula(12.0, 100.0)
0.12
"""

from datetime import timedelta

import numpy as np

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_REVENUE, accounts, base_on
from hardgate.metrics.account_revenue import months_before, revenue
from hardgate.metrics.columns import share

MONTHS = 3


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read AI revenue over base revenue of the accounts that are eligible at the end of a window."""
    from hardgate.models.unit_ratio import FEWEST, ratio

    months = months_before(window.end, MONTHS)
    base = [one.name for one in base_on(accounts(evidence, scope).values(), window.end - timedelta(days=1))]
    if not base:
        return nothing(metric, scope, months, f"no eligible account in {scope}", BRING_ACCOUNTS)
    found = revenue(evidence, scope, months, base)
    if found.gaps or len(found.months) < MONTHS:
        why = "; ".join(found.gaps) or f"{len(found.months)} of {MONTHS} months of recurring revenue in {scope}"
        return nothing(metric, scope, months, why, BRING_REVENUE)
    ai, below = found.ai.sum(axis=1), found.base.sum(axis=1)
    interval = ratio(ai, below, evidence.confidence)
    if interval is None:
        few = f"{len(base)} accounts with {below.sum():,.0f} of base revenue, at least {FEWEST} are needed"
        return nothing(metric, scope, months, few, BRING_REVENUE)
    return Reading(
        metric.name, scope, months, metric.unit,
        round(interval.value, metric.digits),
        round(max(interval.low, 0.0), metric.digits),
        round(interval.high, metric.digits),
        facts=(
            ("ai_revenue", round(float(np.sum(ai)), 2)), ("base_revenue", round(float(np.sum(below)), 2)),
            ("base_accounts", float(len(base))),
        ),
        status=Status.REPORTED,
        sql=_sql(months),
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches("revenue_month", months)})),
    )  # fmt: skip


def _sql(months: Window) -> str:
    where = f"day >= date '{months.start}' and day < date '{months.end}'"
    return f"select account, feature, currency, sum(amount) as amount from revenue_month where {where} group by 1, 2, 3"


metric = Metric(
    name="attach_revenue",
    meaning="revenue of AI features beside that of the base workloads",
    unit="share",
    better=Better.HIGHER,
    denominator="base revenue of eligible accounts",
    facts=(Fact("account", "account"), Fact("revenue_month", "amount")),
    formula=share,
    compute=compute,
    interval="model",
    status=Status.REPORTED,
)
