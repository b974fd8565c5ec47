"""Whether cloud growth itself grows: growth of the last quarter less that of the quarter before.

Wrong when the quarter a year ago was the odd one: growth then moves because of its base.

Source: METHODS 15.

>>> round(0.34 - 0.26, 2)
0.08
"""

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.cloud_growth import latest
from hardgate.metrics.growth import Growth
from hardgate.metrics.signal import Found, Lacking, answer, nothing_of

_MONTH_DAYS, _SLACK_DAYS = 30.4375, 15


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the change of growth from one quarter to the next."""
    now, before = latest(evidence, scope), latest(evidence, scope, 1)
    found: Found | Lacking = nothing_of(None, ())
    if isinstance(now, Lacking) or isinstance(before, Lacking):
        found = now if isinstance(now, Lacking) else before  # type: ignore[assignment]
    elif abs((now.end - before.end).days - now.months * _MONTH_DAYS) > _SLACK_DAYS:
        found = Lacking(f"no growth of the period before {now.end}: the last before is of {before.end}")
    elif now.value is not None and before.value is not None:
        facts = (("growth", now.value), ("growth_quarter_before", before.value))
        restated = now.restated or before.restated
        found = Found(now.value - before.value, facts, now.end, _cited(now, before), now.status, restated,
                      months=now.months)  # fmt: skip
    return answer(metric, evidence, scope, window, found)


def _cited(*both: Growth) -> str:
    return "; ".join(dict.fromkeys(one.cited for one in both))


metric = Metric(
    name="cloud_acceleration",
    meaning="change of cloud growth from one quarter to the next",
    unit="share",
    better=Better.HIGHER,
    denominator="cloud revenue of the same quarter a year before",
    facts=(Fact("published", "value"),),
    compute=compute,
    interval="exact",
    status=Status.REPORTED,
)
