"""Of the accounts that an AI feature could attach to, the share that paid for one in the last seven days.

Wrong as a measure of revenue: an account that pays little every week counts like one that pays much.

Source: METHODS 8, attach rate, the weekly-active variant.

>>> metric.formula(30.0, 150.0)
0.2
"""

from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.attach_unit import in_window
from hardgate.metrics.columns import share

WEEK = timedelta(weeks=1)


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of the base that paid in the last week of a window."""
    return in_window(metric, evidence, scope, window, Window(window.end - WEEK, window.end))


metric = Metric(
    name="attach_weekly_active",
    meaning="eligible accounts that paid for an AI feature in the last week",
    unit="share",
    better=Better.HIGHER,
    denominator="eligible accounts",
    facts=(Fact("account", "account"), Fact("feature_day", "paid_events")),
    formula=share,
    compute=compute,
    interval="model",
    at_most_one=True,
)
