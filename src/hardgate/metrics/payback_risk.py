"""How likely it is that a city's next customer takes longer to pay back than policy allows.

The value is the probability as of the last whole week; its interval is what the number of draws leaves open, and no
more: what is not known of the city is in the probability itself. How many looks, a week apart, must agree is the gate's
matter. Wrong beyond the ages that were watched: the projection is the shifted beta-geometric's, and is labelled as one.

Source: METHODS 9, "Beyond the data" and "Subsidy"; Fader & Hardie 2007.

>>> metric.formula(1_640.0, 2_000.0)
0.82
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta

import numpy as np

from hardgate.core.days import Window, week_of
from hardgate.core.terms import EVERYTHING, Better, Evidence, Fact, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing
from hardgate.metrics.city_days import ORDERS, asked
from hardgate.metrics.cohorts import COMPLETE, LAPSE, RECENT, Panel, panel, spend, week_number
from hardgate.metrics.columns import share
from hardgate.metrics.payback import DRAWS, Market, markets, needed
from hardgate.metrics.unplaced_orders import unplaced

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
    unknown = found.gaps(evidence)
    now, gaps = _look(evidence, found, unknown, Window(end - timedelta(weeks=RECENT), end), rate.value)
    if not now:
        why = "; ".join(gaps) or "no market has customers of more than ten weeks"
        return nothing(metric, scope, window, why, BRING)
    facts = tuple((f"{name}.{what}", value) for name, one in now.items() for what, value in _facts(one, found))
    if EVERY not in now:
        told = tuple(one for mine in unknown.values() for one in mine)
        return replace(nothing(metric, scope, window, "; ".join(told), COMPLETE), facts=facts, gaps=told)
    return _reading(evidence, scope, window, now[EVERY].risk, facts, f"a shifted beta-geometric, {DRAWS:,} draws")


def _reading(  # noqa: PLR0913  a reading has this many parts
    evidence: Evidence, scope: Scope, window: Window, risk: float, facts: tuple[tuple[str, float], ...], why: str
) -> Reading:
    """Return a share of draws with the interval of having drawn so many and no more, and what no city has."""
    from hardgate.models import intervals

    loose = unplaced(evidence, scope, window)
    drawn = intervals.wilson(risk * DRAWS, DRAWS, evidence.confidence)
    low, high = (risk, risk) if drawn is None else (round(drawn.low, metric.digits), round(drawn.high, metric.digits))
    return Reading(
        metric.name, scope, window, metric.unit, risk, low, high,
        facts=facts,
        missing=loose.share,
        gaps=loose.gaps,
        status=metric.status,
        sql=asked(metric, scope, window),
        batches=tuple(sorted({*evidence.batches("cohort_week"), *evidence.batches("acquisition_day")})),
        because="; ".join((why, *loose.gaps)),
    )  # fmt: skip


EVERY = "all cities"
"""Under which name all orders together stand among the facts."""


def _look(
    evidence: Evidence, found: Panel, unknown: Mapping[str, tuple[str, ...]], window: Window, rate: float
) -> tuple[dict[str, Market], tuple[str, ...]]:
    """Return every market as of one week's end, and all of them together where nothing is unknown of any."""
    spent, gaps = spend(evidence, window)
    if gaps:
        return {}, gaps
    cities = sorted({str(one) for one in found.city if one is not None} - set(unknown))
    groups = {city: found.city == city for city in cities}
    allowed = {city: int(evidence.limits(GATE, Scope.of(city=city)).payback_weeks) for city in cities}
    everyone = {EVERY: int(evidence.limits(GATE, EVERYTHING).payback_weeks)}
    end = week_number(window.end)
    found_cities = markets(evidence, found, groups, spent, end, allowed, rate)
    if unknown:
        return found_cities, ()
    whole = markets(
        evidence, found, {EVERY: np.ones(len(found.week), bool)}, {EVERY: sum(spent.values())}, end, everyone, rate
    )
    return {**found_cities, **whole}, ()


def _facts(one: Market, found: Panel) -> list[tuple[str, float]]:
    watched = int(found.week.max() - (found.week - found.age).min()) + 1
    more = needed(one.risk, watched)
    weeks = (one.median, one.low, one.high)
    return [
        ("risk", one.risk), ("never", one.never),
        *((name, float(-1 if at is None else at)) for name, at in zip(QUANTILES, weeks, strict=True)),
        ("cost_per_customer", one.cost), ("contribution_per_customer_week", one.each_week),
        ("customers", float(one.customers)), ("weeks_needed", -1.0 if more is None else float(more)),
    ]  # fmt: skip


def _of_city(evidence: Evidence, scope: Scope, window: Window, city: str) -> Reading:
    whole = evidence.reading(metric, EVERYTHING, window)
    facts = {name.removeprefix(f"{city}."): value for name, value in whole.facts if name.startswith(f"{city}.")}
    if "risk" not in facts:
        why, bring = _unread(evidence, window, city, whole)
        return nothing(metric, scope, window, why, bring)
    more = facts["weeks_needed"]
    undecided = "no number of weeks in sight decides it" if more < 0 else f"about {more:.0f} more weeks decide it"
    said = "" if more == 0 else f"; {undecided}"
    why = f"{100 * facts['never']:.0f} % of draws never pay back{said}"
    return _reading(evidence, scope, window, facts["risk"], tuple((name, facts[name]) for name in PARTS), why)


def _unread(evidence: Evidence, window: Window, city: str, whole: Reading) -> tuple[str, str]:
    """Return why a city is not read, and what to bring: its own gap, its age, or its spend."""
    found, end = panel(evidence), week_of(window.end)
    mine = None if found is None else found.of((found.city == city) & (found.week < week_number(end)))
    if found is None or mine is None or not whole.facts:
        return (whole.because.removesuffix(f": {BRING}") or f"no customers of {city}"), BRING
    if gaps := found.gaps(evidence).get(city):
        return "; ".join(gaps), COMPLETE
    if not mine.week.size:
        return f"no customers of {city} up to {end}", ORDERS
    spent, _ = spend(evidence, Window(end - timedelta(weeks=RECENT), end))
    if city not in spent:
        return f"no acquisition spend of {city} in the half year to {end}", "bring acquisition_spend of that city"
    born = int(week_number(end) - (mine.week - mine.age).min())
    young = f"no customers of more than {LAPSE + 2} weeks in {city}, where the first came {born} weeks ago"
    return f"{young}; nobody is seen to leave before {LAPSE} weeks are over", "wait, or bring the orders before those"


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
