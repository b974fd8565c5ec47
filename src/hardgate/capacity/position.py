"""Demand over the capacity position against the computed trigger: today's lead time, and the table by lead time.

The first row of each tranche is its own lead time; the rows below are what the position and the three limits would be
at other lead times, with the same demand, growth, volatility, margin and cost. Longer lead times order earlier. Wrong
when the growth of the past is not that of the next years: a note holds the demand that each case has when it goes live
against the checked forecast of outlook.forecast, and the sentence names those that lie outside.

Source: METHODS 3; Ryan 2004 for the service level.

>>> exhibit.question
'How far is demand from the point at which the next tranche goes?'
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from math import isfinite

from hardgate.core.days import Window, window_ending
from hardgate.core.terms import Cell, Chart, Evidence, Exhibit, Heading, Reading, Scope, Table
from hardgate.metrics import economic_trigger, service_trigger
from hardgate.metrics.capacity_position import position_on
from hardgate.metrics.ceiling_trigger import metric as ceiling_trigger
from hardgate.metrics.demand_fan import Lies, cases_in_fans
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.demand_over_position import over
from hardgate.metrics.planned import DAYS_PER_MONTH, Planned, meant, open_tranches
from hardgate.metrics.tranche_margin import margin as tranche_margin
from hardgate.metrics.trigger import lower

WINDOW = "4w"
LEADS = (3, 6, 12, 18, 24, 36)
Row = tuple[Cell, ...]


def build(evidence: Evidence) -> Table:
    """Build the table for every open tranche."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    found = open_tranches(evidence)
    if not found:
        return Table("", missing="no open tranche: bring capacity_plan")
    scopes, cases = [scope for _, scope in found], cases_in_fans(evidence)
    rows = [row for one, scope in found for row in _rows(evidence, scope, window, one)]
    readings = [evidence.reading(demand_over_position, scope, window) for scope in scopes]
    return Table(
        sentence=_sentence(found[0][0], rows[0], cases),
        headings=_headings(),
        rows=tuple(rows),
        notes=(*_notes(evidence, scopes, window), *(one.words for one in cases)),
        batches=tuple(sorted({batch for one in readings for batch in one.batches})),
    )


def _rows(evidence: Evidence, scope: Scope, window: Window, planned: Planned) -> Iterator[Row]:
    yield _row(evidence, scope, window, planned, planned.lead_months, own=True)
    for months in LEADS:
        yield _row(evidence, scope, window, planned, months, own=False)


def _row(evidence: Evidence, scope: Scope, window: Window, planned: Planned, months: float, *, own: bool) -> Row:  # noqa: PLR0913  a row of the table
    inputs = {one.name: evidence.reading(one, scope, window) for one in economic_trigger.INPUTS}
    inputs["contribution_margin"] = tranche_margin(evidence, scope, window)
    if own:
        asked = evidence.reading(demand_over_position, scope, window)
    else:
        due = evidence.as_of + timedelta(days=round(months * DAYS_PER_MONTH))
        inputs["capacity_position"] = position_on(evidence, scope, window, due)
        asked = over(evidence, scope, window, inputs["capacity_position"])
    service = service_trigger.at(evidence, scope, window, months)
    ceiling = evidence.reading(ceiling_trigger, scope, window)
    economic = _economic(evidence, scope, window, inputs, planned.gpus, months, interval=own)
    least = lower(ceiling, economic)
    return (
        planned.tranche if own else "", round(months, 1),
        inputs["demand"].value, inputs["capacity_position"].value, asked.value,
        least.value if least.value is not None else _at_most(least), _range(least) if own else "",
        _shown(economic.value), ceiling.value, service.value,
    )  # fmt: skip


def _economic(  # noqa: PLR0913  the question at another lead time
    evidence: Evidence,
    scope: Scope,
    window: Window,
    inputs: dict[str, Reading],
    gpus: float,
    months: float,
    *,
    interval: bool,
) -> Reading:
    rate = evidence.assumption("discount_rate", scope)
    known = all(one.high is not None for one in inputs.values()) and inputs["capacity_position"].value
    if rate is None or not known:
        return replace(evidence.reading(economic_trigger.metric, scope, window), value=None, low=None, high=None)
    return economic_trigger.at(evidence, scope, window, inputs, gpus, months, rate.value, interval=interval)


def _shown(value: float | None) -> Cell:
    return "never" if value is not None and not isfinite(value) else value


def _at_most(reading: Reading) -> Cell:
    return None if reading.high is None else f"at most {100 * reading.high:.1f} %"


def _range(reading: Reading) -> Cell:
    ends = ["..." if one is None else f"{100 * one:.1f}" for one in (reading.low, reading.high)]
    return f"[{ends[0]}, {ends[1]}]"


def _headings() -> tuple[Heading, ...]:
    shares = ("demand of position", "trigger", "trigger's interval", "economic", "ceiling", "service level")
    return (
        Heading("tranche"),
        Heading("lead", "months"),
        Heading("demand", "GPUs", 0),
        Heading("position", "GPUs", 0),
        *(Heading(name, "" if "interval" in name else "share") for name in shares),
    )


def _sentence(planned: Planned, row: Row, cases: Sequence[Lies]) -> str:
    asked, trigger = row[4], row[5]
    if not isinstance(asked, float):
        return f"Demand over the position of {planned.tranche} is not known."
    limit = f"{100 * trigger:.1f} %" if isinstance(trigger, float) else str(trigger or "not known")
    said = f"{planned.tranche}: demand is {100 * asked:.1f} % of the capacity position; the trigger is {limit} of it"
    outside = ", ".join(one.tranche for one in cases if not one.inside)
    return f"{said}; the checked forecast does not bear the growth of {outside}." if outside else f"{said}."


def _notes(evidence: Evidence, scopes: Iterable[Scope], window: Window) -> Iterator[str]:
    yield "all limits are shares of the capacity position; the trigger is the lower of economic and ceiling"
    for scope in scopes:
        growth = evidence.reading(demand_growth, scope, window)
        if growth.value is not None and growth.low is not None and growth.high is not None:
            interval = f"[{100 * growth.low:.0f}, {100 * growth.high:.0f}]"
            yield f"{scope}: growth {100 * growth.value:.0f} % a year {interval}, from {growth.because}"
        asked = meant(evidence, scope)
        reading = evidence.reading(economic_trigger.metric, scope, window)
        facts = dict(reading.facts)
        if asked is not None and "indifferent_from" in facts and "indifferent_to" in facts:
            ends = f"{100 * facts['indifferent_from']:.0f} to {100 * facts['indifferent_to']:.0f} %"
            yield f"{asked.tranche}: ordering anywhere from {ends} of the position keeps nine tenths of the best value"
        if asked is not None and reading.says:
            yield f"{asked.tranche}: {reading.says}"
        if reading.value is None:
            yield f"{scope}: economic trigger not known: {reading.because}"


exhibit = Exhibit(
    name="capacity.position",
    question="How far is demand from the point at which the next tranche goes?",
    build=build,
    chart=Chart("bars", "tranche", ("demand of position",), "trigger"),
)
