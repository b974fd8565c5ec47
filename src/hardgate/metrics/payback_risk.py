"""How likely it is that a city's next customer takes longer to pay back than policy allows, over the last looks.

The value is the probability as of the last whole week; the interval runs from the lowest to the highest of the last
looks (three by default, a week apart), so that a limit is only cleared or missed when every look says so. Wrong beyond
the ages that were watched: the projection is the shifted beta-geometric's, and is labelled as one.

Source: METHODS 9, "Beyond the data" and "Subsidy"; Fader & Hardie 2007.

>>> metric.formula(1_640.0, 2_000.0)
0.82
"""

from datetime import timedelta

import numpy as np

from hardgate.core.days import Window, week_of
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked
from hardgate.metrics.cohorts import RECENT, Panel, panel, spend, week_number
from hardgate.metrics.columns import share
from hardgate.metrics.payback import Market, markets, needed

GATE = "markets.payback"
BRING = "bring orders of more than ten weeks, acquisition_spend, and set discount_rate"
QUANTILES = ("median", "q05", "q95")
PARTS = ("never", "median", "cost_per_customer", "contribution_per_customer_week", "customers", "weeks_needed")


def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    """Read a city's risk; without a city, that of all orders together, with every city's among its facts."""
    city = scope.as_mapping().get("city")
    if city is not None:
        return _of_city(evidence, scope, window, city)
    end = week_of(window.end)
    found, rate = panel(evidence), evidence.assumption("discount_rate")
    if found is None or rate is None:
        why = f"no whole week of orders up to {end}" if found is None else "no discount_rate"
        return nothing(metric, scope, window, why, BRING)
    if found.gaps:
        return nothing(metric, scope, window, "; ".join(found.gaps), ORDERS)
    looks = int(evidence.limits(GATE, EVERYTHING).looks)
    seen = [_look(evidence, found, Window(end - timedelta(weeks=RECENT + at), end - timedelta(weeks=at)), rate.value)
            for at in range(looks)]  # fmt: skip
    (now, gaps), last = seen[0], {name: [one[0][name].risk for one in seen if name in one[0]] for name in seen[0][0]}
    if gaps or EVERY not in now:
        why = "; ".join(gaps) or "no market has customers of more than ten weeks"
        return nothing(metric, scope, window, why, BRING)
    facts = [(f"{name}.{what}", value) for name, one in now.items() for what, value in _facts(one, last[name], found)]
    whole = now[EVERY]
    return Reading(
        metric.name, scope, window, metric.unit, whole.risk, min(last[EVERY]), max(last[EVERY]),
        facts=tuple(facts),
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=tuple(sorted({*evidence.batches("cohort_week"), *evidence.batches("acquisition_day")})),
        because=f"projected with a shifted beta-geometric, {looks} looks",
    )  # fmt: skip


EVERY = "all cities"
"""Under which name all orders together stand among the facts."""


def _look(evidence: Evidence, found: Panel, window: Window, rate: float) -> tuple[dict[str, Market], tuple[str, ...]]:
    """Return every market as of one week's end, and all of them together."""
    spent, gaps = spend(evidence, window)
    if gaps:
        return {}, gaps
    cities = sorted({str(one) for one in found.city if one is not None})
    groups = {city: found.city == city for city in cities}
    allowed = {city: int(evidence.limits(GATE, Scope.of(city=city)).payback_weeks) for city in cities}
    everyone = {EVERY: int(evidence.limits(GATE, EVERYTHING).payback_weeks)}
    end = week_number(window.end)
    found_cities = markets(evidence, found, groups, spent, end, allowed, rate)
    whole = markets(
        evidence, found, {EVERY: np.ones(len(found.week), bool)}, {EVERY: sum(spent.values())}, end, everyone, rate
    )
    return {**found_cities, **whole}, ()


def _facts(one: Market, looks: list[float], found: Panel) -> list[tuple[str, float]]:
    watched = int(found.week.max() - (found.week - found.age).min()) + 1
    more = needed(one.risk, watched)
    weeks = (one.median, one.low, one.high)
    return [
        ("risk", one.risk), ("risk_low", min(looks)), ("risk_high", max(looks)), ("never", one.never),
        *((name, float(-1 if at is None else at)) for name, at in zip(QUANTILES, weeks, strict=True)),
        ("cost_per_customer", one.cost), ("contribution_per_customer_week", one.each_week),
        ("customers", float(one.customers)), ("weeks_needed", -1.0 if more is None else float(more)),
    ]  # fmt: skip


def _of_city(evidence: Evidence, scope: Scope, window: Window, city: str) -> Reading:
    whole = evidence.reading(metric, EVERYTHING, window)
    facts = {name.removeprefix(f"{city}."): value for name, value in whole.facts if name.startswith(f"{city}.")}
    if "risk" not in facts:
        why = whole.because if whole.value is None else f"no customers of more than ten weeks in {city}, or no spend"
        return nothing(metric, scope, window, why, BRING)
    more = facts["weeks_needed"]
    undecided = "no number of weeks in sight decides it" if more < 0 else f"about {more:.0f} more weeks decide it"
    said = "" if more == 0 else f"; {undecided}"
    return Reading(
        metric.name, scope, window, metric.unit, facts["risk"], facts["risk_low"], facts["risk_high"],
        facts=tuple((name, facts[name]) for name in PARTS),
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=whole.batches,
        because=f"{100 * facts['never']:.0f} % of draws never pay back{said}",
    )  # fmt: skip


metric = Metric(
    name="payback_risk",
    meaning="draws in which the next customer takes longer to pay back than allowed",
    unit="share",
    better=Better.LOWER,
    denominator="draws of how customers leave",
    facts=(Fact("cohort_week", "contribution"), Fact("cohort_week", "lapsed"), Fact("acquisition_day", "amount")),
    formula=share,
    compute=compute,
    interval="model",
    at_most_one=True,
    status=Status.DERIVED,
)
