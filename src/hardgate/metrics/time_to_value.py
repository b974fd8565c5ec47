"""Days from access until half of the accounts have their first production event, with those still waiting kept.

The median of the Kaplan-Meier curve; its interval is where the curve's band crosses a half, and is open above where
the band does not get there. Wrong as a mean: the last ones take much longer.

Source: METHODS 8, time to value; Brookmeyer & Crowley 1982.

>>> metric.better
<Better.LOWER: 'lower'>
"""

from datetime import date

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope
from hardgate.metrics.absence import nothing
from hardgate.metrics.value_times import SMALL, waits


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read the median days to value of a scope's accounts as of the end of a window."""
    from hardgate.models.kaplan_meier import curve

    found = waits(evidence, scope, window.end)
    if isinstance(found, str) or not found.accounts:
        why = found if isinstance(found, str) else f"no account of {scope} had access since use is known"
        return nothing(metric, scope, window, why, "see its own evidence")
    drawn = curve(found.days, found.got_there)
    median, (low, high) = drawn.quantile(), drawn.quantile_interval(confidence=evidence.confidence)
    if median is None or low is None:
        why = f"{found.reached} of {len(found.accounts)} accounts of {scope} got there, fewer than half"
        return nothing(metric, scope, window, why, "wait, or find out what holds them up")
    small = f"only {found.reached} got there" if found.reached < SMALL else ""
    return Reading(
        metric.name, scope, Window(date.fromordinal(window.end.toordinal() - round(drawn.last) - 1), window.end),
        metric.unit, median, low, high,
        facts=(("accounts", float(len(found.accounts))), ("reached", float(found.reached))),
        missing=found.missing,
        gaps=found.gaps,
        sql="select account, min(day) as day from feature_usage_day where paid_events > 0 group by account order by 1",
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches("feature_usage_day")})),
        because="; ".join(one for one in (small, *found.gaps) if one),
    )  # fmt: skip


metric = Metric(
    name="time_to_value",
    meaning="days from access until half of the accounts paid for a first production event",
    unit="days",
    better=Better.LOWER,
    digits=0,
    facts=(Fact("account", "access_granted"), Fact("feature_usage_day", "paid_events")),
    compute=compute,
    interval="model",
)
