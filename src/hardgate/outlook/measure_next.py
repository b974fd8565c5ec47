"""What to measure before signing: the money that knowing a driver is worth, beside what waiting costs.

Knowing everything, one would buy on just those courses on which it pays; knowing one driver, where it pays on average.
Nothing is worth measuring that costs more than this, or that takes longer than waiting may cost. A tranche is valued as
its gate values it, and as outlook.portfolio, outlook.shift and capacity.waiting do; beside stands what it adds within
its programme, where all vintages serve one demand at eroding prices, after tax. Wrong when a measurement is inexact:
then it is worth less.

Source: METHODS 13; Strong, Oakley & Brennan 2014. The cost of waiting is that of capacity.waiting.

>>> exhibit.question
'What should we measure before we sign?'
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import cents, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.next_block import cases
from hardgate.metrics.planned import open_tranches
from hardgate.metrics.programme_flips import worth
from hardgate.metrics.programme_model import LEVELS, Assembled, names
from hardgate.metrics.tranche_doubts import doubts
from hardgate.metrics.tranche_right import waiting
from hardgate.metrics.tranche_value import metric as tranche_value
from hardgate.outlook.programme import BRING

WINDOW = "4w"
SMALL = 0.01
"""Drivers that are worth less than this of knowing everything are not listed."""


def build(evidence: Evidence) -> Table:
    """Build the worth of knowing, decision by decision."""
    found = [worth(evidence, name) for name in names(evidence)]
    able = [(one, known) for one, known in found if known]
    if not able:
        why = "; ".join(f"{one.name}: {one.because or 'no hurdle_rate'}" for one, _ in found)
        return Table("", missing=f"{why or 'no programme'}: {BRING}")
    decisions = [*_of_programmes(able), *_of_tranches(evidence, able)]
    behind = [*(one.batches for one, _ in able), *(one.batches for one in decisions)]
    return Table(
        sentence=_sentence(decisions[0], evidence.currency),
        headings=(
            Heading("decision"), Heading("to know"), Heading("expected gain of buying", "currency", 0),
            Heading("worth knowing", "currency", 0), Heading("of knowing everything", "share", 0),
            Heading("waiting costs", "currency", 0), Heading("worth to its gate", "currency", 0),
            Heading("within its programme", "currency", 0),
        ),
        rows=tuple(row for one in decisions for row in _rows(one)),
        notes=tuple(_notes(decisions, evidence.currency)),
        batches=tuple(sorted({batch for batches in behind for batch in batches})),
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """Something to buy or not: what knowing is worth to it, and how else it is valued; None where not known."""

    name: str
    known: Mapping[str, Any]
    programme: str = ""
    waits: float | None = None
    gate: float | None = None
    within: float | None = None
    batches: tuple[str, ...] = ()


def _of_programmes(able: Sequence[tuple[Assembled, Mapping[str, Any]]]) -> Iterator[Decision]:
    for one, known in able:
        yield Decision(one.name, known[""])


def _of_tranches(evidence: Evidence, able: Sequence[tuple[Assembled, Mapping[str, Any]]]) -> Iterator[Decision]:
    """Yield each open tranche as its gate values it, then vintages of programmes that are no open tranche."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    waits = {one.tranche: -waiting(evidence, one)["waiting"] for one, _ in cases(evidence).known}
    inside = {name: (one.name, found) for one, known in able for name, found in known.items() if name}
    done = set()
    for planned, scope in open_tranches(evidence):
        now, known = doubts(evidence, scope, window)
        if known is None:
            continue
        name, reading = planned.tranche, evidence.reading(tranche_value, scope, window)
        programme, within = inside.get(name, ("", None))
        done.add(name)
        yield Decision(
            name, known, programme, waits.get(name), dict(reading.facts).get("value_of_ordering"),
            within["gain"] if within else None, tuple(batch for one in now.inputs for batch in one.batches),
        )  # fmt: skip
    for name, (programme, found) in inside.items():
        if name not in done:
            yield Decision(name, found, programme, waits.get(name), None, found["gain"])


def _rows(one: Decision) -> Iterator[tuple[Cell, ...]]:
    found, everything = one.known, one.known["evpi"]
    gain = cents(found["gain"])
    beside = tuple(None if amount is None else cents(amount) for amount in (one.waits, one.gate, one.within))
    yield (one.name, "everything", gain, cents(everything), 1.0 if everything else None, *beside)
    for driver, value in sorted(found["evppi"].items(), key=lambda item: (-item[1], item[0])):
        if everything and value >= SMALL * everything:
            yield (one.name, LEVELS.get(driver, driver), gain, cents(value), round(value / everything, 4), *beside)


def _notes(decisions: Sequence[Decision], currency: str) -> Iterator[str]:
    """Say what each column counts, and where two values of a tranche differ in sign."""
    yield "a negative cost of waiting is what waiting is worth; it is that of capacity.waiting, cancel fee paid"
    yield (
        "worth to its gate: the margin of today on the demand of its own pool, before tax, all figures where they "
        "stand; expected gain of buying: the same over all doubts of demand, growth, volatility and margin"
    )
    yield (
        "within its programme: one demand for all vintages, prices that erode, tax, ramp and delay; "
        "the two answer different questions, and the gate judges by the first"
    )
    for one in decisions:
        if one.gate is not None and one.within is not None and (one.gate >= 0) is not (one.within >= 0):
            gate, within = (short(cents(amount), currency) for amount in (one.gate, one.within))
            yield f"{one.name}: {gate} to its gate and {within} within {one.programme}: they differ in sign"


def _sentence(first: Decision, currency: str) -> str:
    value, driver = max(((value, driver) for driver, value in first.known["evppi"].items()), default=(0.0, ""))
    if value <= 0:
        return f"No single driver of {first.name} is worth measuring: knowing it would not change what is bought."
    worth = short(cents(value), currency)
    return f"Knowing {LEVELS.get(driver, driver)} is worth {worth} to the decision on {first.name}."


exhibit = Exhibit(
    name="outlook.measure_next",
    question="What should we measure before we sign?",
    build=build,
)
