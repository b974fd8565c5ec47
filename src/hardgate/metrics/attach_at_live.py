"""The attach rate that the trend of the last year leads to, on the day on which the tranche goes live.

The share of the base that paid is read in thirteen periods of four weeks, a straight line is drawn through them and
on to the live date, at most a year ahead. Accounts are the units of the interval, so that months of the same accounts
are not taken for independent. Wrong when the rate nears its ceiling: a line does not bend.

Source: METHODS 8, the trend of the attach rate against the tranche's business case.

>>> weights(3, 4.0).round(3).tolist()
[-1.167, 0.333, 1.833]
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.account_base import BRING_ACCOUNTS, BRING_USAGE, Account, accounts
from hardgate.metrics.attach_counts import query
from hardgate.metrics.feature_use import Use, paid_use
from hardgate.metrics.planned import meant

PERIOD = timedelta(weeks=4)
PERIODS, FEWEST = 13, 6
FARTHEST = 13.0
"""Periods ahead that a line is drawn at most."""
FEWEST_ACCOUNTS = 20


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read where the attach rate leads to by the live date of the tranche that a scope means."""
    planned = meant(evidence, scope)
    if planned is None:
        return nothing(metric, scope, window, f"no tranche in {scope}", "bring capacity_plan, or an ask with live_date")
    span = Window(window.end - PERIODS * PERIOD, window.end)
    found = list(accounts(evidence, scope).values())
    if not found:
        return nothing(metric, scope, span, f"no eligible account in {scope}", BRING_ACCOUNTS)
    use = paid_use(evidence, scope, span)
    periods = [] if use is None else _periods(use, span)
    if use is None or use.doubtful or len(periods) < FEWEST:
        why = "; ".join(use.gaps) if use is not None and use.doubtful else f"{len(periods)} whole periods of four weeks"
        return nothing(metric, scope, span, f"{why}, at least {FEWEST} are needed", BRING_USAGE)
    return _read(evidence, scope, span, found, use, periods, planned.live_date)


def _periods(use: Use, span: Window) -> list[Window]:
    """Return the last periods in a row on which every day is known."""
    kept: list[Window] = []
    for at in range(PERIODS):
        end = span.end - at * PERIOD
        one = Window(end - PERIOD, end)
        if any(day in one for day in use.missing) or not any(day in one for day in use.when):
            break
        kept.insert(0, one)
    return kept


def _read(  # noqa: PLR0913  a line, its points and where it leads
    evidence: Evidence,
    scope: Scope,
    span: Window,
    found: list[Account],
    use: Use,
    periods: list[Window],
    live: date,
) -> Reading:
    from scipy.special import stdtrit

    eligible = np.array([[one.eligible(p.end - timedelta(days=1)) for p in periods] for one in found], dtype=np.float64)
    paid = [use.within(period).who() for period in periods]
    attached = np.array([[one.name in who for who in paid] for one in found], dtype=np.float64) * eligible
    sizes = eligible.sum(axis=0)
    if sizes.min() < FEWEST_ACCOUNTS:
        few = f"{sizes.min():.0f} eligible accounts in a period, at least {FEWEST_ACCOUNTS} are needed"
        return nothing(metric, scope, span, few, BRING_ACCOUNTS)
    ahead = min(max((live - span.end) / PERIOD, 0.0), FARTHEST)
    drawn = weights(len(periods), len(periods) - 1 + ahead)
    shares = attached.sum(axis=0) / sizes
    each = ((attached - shares * eligible) / sizes) @ drawn
    value = float(shares @ drawn)
    spread = float(stdtrit(len(found) - 1, (1 + evidence.confidence) / 2) * np.sqrt(each @ each))
    low, value, high = (
        round(min(max(one, 0.0), 1.0), metric.digits) for one in (value - spread, value, value + spread)
    )
    slope = float(shares @ (weights(len(periods), 1.0) - weights(len(periods), 0.0)))
    return Reading(
        metric.name, scope, span, metric.unit, value, low, high,
        facts=(
            ("attach_now", round(float(shares[-1]), 6)), ("change_in_four_weeks", round(slope, 6)),
            ("four_weeks_ahead", round(ahead, 2)), ("base_accounts", float(sizes[-1])),
        ),
        gaps=use.gaps,
        status=Status.DERIVED,
        sql=query(metric, scope, span),
        batches=tuple(sorted({*evidence.batches("account"), *evidence.batches("feature_day", span)})),
        because=f"{len(periods)} periods of four weeks, drawn on to {live}",
    )  # fmt: skip


def weights(count: int, at: float) -> NDArray[np.float64]:
    """Return the weights of points 0, 1, ... that give the value of their straight line at a place."""
    x = np.arange(count, dtype=np.float64) - (count - 1) / 2
    return 1 / count + x * (at - (count - 1) / 2) / (x @ x)


metric = Metric(
    name="attach_at_live",
    meaning="attach rate that its trend leads to when the tranche goes live",
    unit="share",
    better=Better.HIGHER,
    denominator="eligible accounts",
    facts=(Fact("account", "account"), Fact("tranche", "live_date"), Fact("feature_day", "paid_events")),
    compute=compute,
    interval="model",
    at_most_one=True,
    status=Status.DERIVED,
)
