"""Of the accounts that an AI feature could attach to, the share that paid for one in the window.

Both are taken at the same date, the last of the window; trial and free use do not count. Wrong when the base holds
accounts that nobody could ever sell to: declare when they are eligible.

Source: METHODS 8, attach rate, the unit variant.

>>> metric.formula(45.0, 150.0)
0.3
"""

from datetime import timedelta

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_USAGE, accounts, base_on
from hardgate.metrics.attach_counts import Counted, share_of
from hardgate.metrics.columns import share
from hardgate.metrics.feature_use import paid_use, within_base


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the share of the base that paid in a window."""
    return in_window(metric, evidence, scope, window, window)


def in_window(metric: Metric, evidence: Evidence, scope: Scope, window: Window, active: Window) -> Reading:
    """Read the share of the base at the end of a window that paid in a part of it."""
    base = [one.name for one in base_on(accounts(evidence, scope).values(), window.end - timedelta(days=1))]
    if not base:
        return nothing(metric, scope, active, f"no eligible account in {scope} on {window.end}", BRING_ACCOUNTS)
    use = paid_use(evidence, scope, active)
    if use is None:
        return nothing(metric, scope, active, f"no use of any feature from {active}", BRING_USAGE)
    counted = Counted(within_base(use.who(), base), base, use.doubtful, bool(use.missing))
    return share_of(metric, evidence, scope, active, counted, use)


metric = Metric(
    name="attach_unit",
    meaning="eligible accounts that paid for an AI feature in the window",
    unit="share",
    better=Better.HIGHER,
    denominator="eligible accounts",
    facts=(Fact("account", "account"), Fact("feature_day", "paid_events")),
    formula=share,
    compute=compute,
    interval="model",
    at_most_one=True,
)
