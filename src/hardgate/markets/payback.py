"""A city keeps its subsidy while its next customer is likely to pay back in time; paused and resumed without flicker.

The probability of a payback beyond the threshold pauses a subsidy when it is above .8 at every one of the last looks,
and resumes it below .2; a city that goes on does so until it is above .8. In between nothing is decided, and the weeks
that would decide it are named. Cohorts that have not paid back are kept as such (Kaplan-Meier); what lies beyond the
data is the shifted beta-geometric's projection and says so. There is no mean where some never pay back. Wrong where the
cost of winning customers is booked elsewhere.

Source: METHODS 9; Kaplan & Meier 1958; Fader & Hardie 2007.

>>> gate.question, STATES[Outcome.FAIL]
('Will the next customer pay back in time?', 'pause')
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

import numpy as np

from hardgate.core.days import Window, week_of
from hardgate.core.terms import (
    EVERYTHING,
    Action,
    Cell,
    Chart,
    Condition,
    Evidence,
    Exhibit,
    Gate,
    Heading,
    Outcome,
    Scope,
    Table,
)
from hardgate.metrics.cohorts import LAPSE, Panel, panel, week_number
from hardgate.metrics.payback import HORIZON
from hardgate.metrics.payback_risk import BRING, EVERY
from hardgate.metrics.payback_risk import metric as payback_risk
from hardgate.metrics.unplaced_orders import noted

STATES: Mapping[Outcome, str] = MappingProxyType(
    {Outcome.PASS: "continue", Outcome.HOLD: "taper", Outcome.FAIL: "pause", Outcome.UNKNOWN: "unknown"}
)
"""What a verdict means for a subsidy; one that was paused and passes again resumes."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under markets.payback."""

    payback_weeks: int = 52
    pause_above: float = 0.8
    resume_below: float = 0.2
    looks: int = 3


gate = Gate(
    name="markets.payback",
    question="Will the next customer pay back in time?",
    opens=Action.SUBSIDIZE,
    per=("city",),
    window="26w",
    conditions=(Condition(payback_risk, at_most="resume_below", leaves="pause_above", looks="looks"),),
    limits=Limits(),
    owner="markets",
    cool_down=4,
)


def build(evidence: Evidence) -> Table:
    """Build one row a city, all together last."""
    window = _window(evidence)
    whole = evidence.reading(payback_risk, EVERYTHING, window)
    found = panel(evidence)
    facts = dict(whole.facts)
    cities = sorted({name.rpartition(".")[0] for name in facts} - {EVERY})
    if found is None or not cities:
        none = "no order has a city; bring orders with their city" if whole.value is not None else ""
        return Table("", missing=f"payback: {none or whole.because or BRING}")
    end = week_of(evidence.last_complete("cohort_week") + timedelta(days=1))
    unread = sorted({str(one) for one in found.city if one is not None} - set(cities))
    rows = [_row(evidence, found, facts, city, end.toordinal(), said=_state(evidence, city)) for city in cities]
    headings = _headings(evidence.currency)
    rows += [(city, *([None] * (len(headings) - 2)), _state(evidence, city)) for city in unread]
    total = _row(evidence, found, facts, EVERY, end.toordinal(), said="") if f"{EVERY}.risk" in facts else None
    closing, closes = _closing(found, facts, cities, week_number(end))
    worst = max(cities, key=lambda city: (facts[f"{city}.risk"], city))
    return Table(
        sentence=(
            f"{worst} is the least likely to pay back in time: {100 * facts[f'{worst}.risk']:.0f} % of draws take "
            f"longer than allowed, {100 * facts[f'{worst}.never']:.0f} % never pay back within {HORIZON} weeks."
        ),
        headings=headings,
        rows=(*sorted(rows, key=lambda row: str(row[0])), *((total,) if total else ())),
        closing=closing,
        closes=closes,
        notes=(
            *(f"{city}: {evidence.reading(payback_risk, Scope.of(city=city), window).because}" for city in unread),
            *noted(evidence, window),
            "seen: cohorts of one week that have paid back, with those that have not kept (Kaplan-Meier)",
            f"projected: shifted beta-geometric over cities at once, {HORIZON} weeks ahead; never has no date",
        ),
        batches=whole.batches,
    )


def _closing(found: Panel, facts: Mapping[str, float], cities: Sequence[str], end: int) -> tuple[str, bool]:
    """Return how the customers old enough add up: those of the cities that are read, and of those that are not."""
    old = found.of((found.week < end) & (found.week - found.age < end - LAPSE))
    whole = round(float(old.new.sum()))
    read = sum(int(facts[f"{city}.customers"]) for city in cities)
    others = round(float(old.new[~np.isin(old.city, list(cities))].sum()))
    return (
        f"customers of the cities {read:,} + of cities that are not read {others:,} = all {whole:,}",
        abs(read + others - whole) <= len(cities),
    )


def _headings(currency: str) -> tuple[Heading, ...]:
    return (
        Heading("city"),
        Heading("customers", "", 0),
        Heading("cost to win one", currency, 2),
        Heading("brings a week", currency, 2),
        Heading("cohorts paid back by week 26", "share"),
        Heading("interval"),
        Heading("projected median", "weeks", 0),
        Heading("never", "share"),
        Heading("slower than allowed", "share"),
        Heading("weeks that decide"),
        Heading("subsidy"),
    )


def _window(evidence: Evidence) -> Window:
    end = evidence.last_complete("cohort_week") + timedelta(days=1)
    return Window(end - timedelta(weeks=26), end)


def _state(evidence: Evidence, city: str) -> str:
    mine = [one for one in evidence.verdicts if one.gate == gate.name and one.scope == Scope.of(city=city)]
    return STATES[mine[0].outcome] if mine else "no ask"


def _row(  # noqa: PLR0913  what a row says
    evidence: Evidence, found: Panel, facts: Mapping[str, float], name: str, end: int, *, said: str
) -> tuple[Cell, ...]:
    risk = facts[f"{name}.risk"]
    more = facts[f"{name}.weeks_needed"]
    seen = observed(
        evidence, found if name == EVERY else found.of(found.city == name), facts[f"{name}.cost_per_customer"], end
    )
    sure = "if the next looks agree" if said == STATES[Outcome.HOLD] else "decided"
    decides = sure if more == 0 else "none in sight" if more < 0 else f"{more:.0f}"
    median = facts[f"{name}.median"]
    return (
        name, int(facts[f"{name}.customers"]), facts[f"{name}.cost_per_customer"],
        facts[f"{name}.contribution_per_customer_week"], *seen, "never" if median < 0 else int(median),
        facts[f"{name}.never"], risk, decides, said,
    )  # fmt: skip


def observed(evidence: Evidence, found: Panel, cost: float, end: int) -> tuple[float | None, str]:
    """Return the share of weekly cohorts that had paid back by week 26 as far as seen, and its interval in words."""
    from hardgate.models.kaplan_meier import curve
    from hardgate.models.payback import NEVER, discount, first_passage

    rate = evidence.assumption("discount_rate")
    last = (end - 719_163) // 7
    rows = found.of(found.week < last)
    born, place = np.unique(rows.week - rows.age, return_inverse=True)
    if not born.size or rate is None:
        return None, ""
    width = int(rows.age.max()) + 1
    brought, size = np.zeros((len(born), width)), np.zeros(len(born))
    np.add.at(brought, (place, rows.age), rows.contribution)
    np.add.at(size, place, rows.new)
    weeks = first_passage(brought * discount(rate.value, width), size * cost)
    ages = last - born
    reached = (weeks != NEVER) & (weeks <= ages)
    km = curve(np.where(reached, weeks, ages), reached)
    there = km.survives(26)
    if there is None:
        return None, "no cohort is that old"
    low, high = km.interval(26, evidence.confidence) or (there, there)
    return round(1 - there, 4), f"[{100 * (1 - high):.1f}, {100 * (1 - low):.1f}]"


exhibit = Exhibit(
    name="markets.payback",
    question="When does the next customer of each city pay back what it cost to win?",
    build=build,
    chart=Chart("bars", "city", ("slower than allowed",)),
)
