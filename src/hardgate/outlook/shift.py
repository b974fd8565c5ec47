"""Capital shifts when something else is worth more on the same draws, and the one metric that policy names says so.

The options of a tranche (now, a quarter later, another pool, a lease) are valued on one set of draws, less cancel fees.
Policy names one metric that slows capital, its limit, who owns it and when it is looked at, so that a quarter has one
question and not a discussion. Signals of watch that have fired are evidence in the verdict: they stand in what is
signed, and hold nothing. Wrong when the capital has a use outside the plan: add it as a tranche.

Source: METHODS 13; Savage 1951 for comparing choices on the same states of the world.

>>> gate.question, gate.limits.slowed_by
('Is this capital worth more elsewhere or later, and does the one metric say so?', 'demand_over_position')
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import short
from hardgate.core.terms import (
    Action,
    Cell,
    Chart,
    Choice,
    Condition,
    Evidence,
    Exhibit,
    Gate,
    Heading,
    Outcome,
    Scope,
    Table,
)
from hardgate.gates.words import fired
from hardgate.metrics.backlog_coverage import metric as backlog_coverage
from hardgate.metrics.demand_growth import metric as demand_growth
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.planned import Planned, open_tranches
from hardgate.metrics.productive_utilization import metric as productive_utilization
from hardgate.metrics.shift_gain import metric as shift_gain
from hardgate.metrics.shift_options import Options, Worth, options
from hardgate.metrics.tranche_value import metric as tranche_value

WINDOW = "4w"


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under outlook.shift; the limit that slows is the one of the metric named."""

    shift_gain: float = 0.02
    slowed_by: str = "demand_over_position"
    demand_over_position: float = 0.80
    demand_growth: float = 0.10
    backlog_coverage: float = 1.00
    productive_utilization: float = 0.60
    tranche_value: float = 0.00
    decided_on: date | None = None


SLOWS = Choice(
    "slowed_by",
    tuple(
        (one.name, one)
        for one in (demand_over_position, demand_growth, backlog_coverage, productive_utilization, tranche_value)
    ),
)

gate = Gate(
    name="outlook.shift",
    question="Is this capital worth more elsewhere or later, and does the one metric say so?",
    opens=Action.SHIFT,
    per=("region", "accelerator", "pool", "tranche"),
    window=WINDOW,
    conditions=(Condition(shift_gain, at_least="shift_gain"), Condition(SLOWS, at_most="demand_over_position")),
    limits=Limits(),
    owner="finance",
    hears="watch",
)


def build(evidence: Evidence) -> Table:
    """Build the options of every open tranche."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    plan = open_tranches(evidence)
    if not plan:
        return Table("", missing="no open tranche: bring capacity_plan")
    found = [(one, scope, options(evidence, scope, window)) for one, scope in plan]
    rows = [row for planned, _, one in found for row in _rows(planned, one)]
    if not rows:
        why = "; ".join(sorted({one.missing for _, _, one in found}))
        return Table("", missing=f"no tranche can be compared: {why}; bring what is missing")
    readings = [one for _, _, each in found for one in each.inputs]
    return Table(
        sentence=_sentence(evidence, found),
        headings=(
            Heading("tranche"), Heading("option"), Heading("GPUs", "GPUs", 0), Heading("cancel fee", "currency", 0),
            Heading("worth", "currency", 0), Heading("more than now", "currency", 0),
            Heading("standard error", "currency", 0), Heading("low", "currency", 0), Heading("high", "currency", 0),
            Heading("beats now", "share"), Heading("worst 5 %", "currency", 0),
        ),
        rows=tuple(rows),
        notes=tuple(_notes(evidence, found)),
        batches=tuple(sorted({b for one in readings for b in one.batches} | set(evidence.batches("cancel_fee")))),
    )  # fmt: skip


def _rows(planned: Planned, found: Options) -> Iterator[tuple[Cell, ...]]:
    for one in found.worths:
        yield (
            planned.tranche, one.name, round(one.gpus, 1), round(one.fee), round(one.value), round(one.gain),
            round(one.gain_error), round(one.gain_low), round(one.gain_high), round(one.beats, 3), round(-one.tail),
        )  # fmt: skip


def _best(found: Options) -> Worth | None:
    return max(found.worths, key=lambda one: one.gain, default=None)


def _sentence(evidence: Evidence, found: list[tuple[Planned, Scope, Options]]) -> str:
    compared = [(planned, best) for planned, _, one in found if (best := _best(one)) is not None]
    planned, best = max(compared, key=lambda one: one[1].gain)
    if best.gain <= 0:
        return f"Of {len(compared)} tranches none is worth more later, elsewhere or leased than ordered now."
    more = short(round(best.gain), evidence.currency)
    return f"{planned.tranche}: to {best.name} is worth {more} more than ordering now, on the same draws."


def _notes(evidence: Evidence, found: list[tuple[Planned, Scope, Options]]) -> Iterator[str]:
    owner = next((one.owner for one in evidence.verdicts if one.gate == gate.name), gate.owner)
    for planned, scope, one in found:
        limits: Any = evidence.limits(gate.name, scope)
        if one.missing:
            yield f"{planned.tranche} cannot be compared: {one.missing}"
        else:
            at = getattr(limits, limits.slowed_by)
            day = limits.decided_on or "a day that policy does not name"
            yield f"{planned.tranche}: slowed by {limits.slowed_by} at most {at:g}, decided on {day} by {owner}"
    yield from sorted({text for _, _, one in found for text in one.left_out})
    yield from (fired(one) for one in evidence.verdicts if not one.ask and one.outcome is Outcome.PASS)
    yield (
        "low and high: with demand and margin at the ends of their intervals, growth and volatility held still as in "
        "tranche_value; one draw moves all pools"
    )


exhibit = Exhibit(
    name="outlook.shift",
    question="Go now, a quarter later, elsewhere, or lease: what is each worth?",
    build=build,
    chart=Chart("bars", "option", ("worth",)),
)
