"""What to measure before signing: the money that knowing a driver is worth, beside what waiting costs.

For each vintage that is asked for the choice is to buy it or not. Knowing everything, one would buy it on just those
courses on which it pays; knowing one driver, where it pays on average. Nothing is worth measuring that costs more than
this, or that takes longer than waiting may cost. Wrong when a measurement is inexact: then it is worth less.

Source: METHODS 13; Strong, Oakley & Brennan 2014. The cost of waiting is that of the economic trigger, METHODS 3.

>>> exhibit.question
'What should we measure before we sign?'
"""

from collections.abc import Iterator, Mapping
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import window_ending
from hardgate.core.money import CENT, short
from hardgate.core.terms import Cell, Evidence, Exhibit, Heading, Table
from hardgate.metrics.economic_trigger import metric as economic_trigger
from hardgate.metrics.planned import open_tranches
from hardgate.metrics.programme_flips import worth
from hardgate.metrics.programme_model import LEVELS, Assembled, names
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
    waits = _waiting(evidence)
    rows = [row for one, known in able for row in _rows(one, known, waits)]
    return Table(
        sentence=_sentence(able, evidence.currency),
        headings=(
            Heading("decision"), Heading("to know"), Heading("expected gain of buying", "currency", 0),
            Heading("worth knowing", "currency", 0), Heading("of knowing everything", "share", 0),
            Heading("waiting costs", "currency", 0),
        ),
        rows=tuple(rows),
        notes=("a negative cost of waiting is what waiting is worth; unknown where the trigger is",),
        batches=tuple(sorted({batch for one, _ in able for batch in one.batches})),
    )  # fmt: skip


def _waiting(evidence: Evidence) -> dict[str, float]:
    """Return what waiting costs each open tranche, where the trigger is known."""
    window = window_ending(WINDOW, evidence.last_complete("pool_day") + timedelta(days=1))
    found = {}
    for one, scope in open_tranches(evidence):
        facts = dict(evidence.reading(economic_trigger, scope, window).facts)
        if "value_of_waiting" in facts:
            found[one.tranche] = -facts["value_of_waiting"]
    return found


def _rows(one: Assembled, known: Mapping[str, Any], waits: Mapping[str, float]) -> Iterator[tuple[Cell, ...]]:
    for name, found in known.items():
        decision, everything = name or one.name, found["evpi"]
        wait = _cents(waits[name]) if name in waits else None
        yield (decision, "everything", _cents(found["gain"]), _cents(everything), 1.0 if everything else None, wait)
        for driver, value in sorted(found["evppi"].items(), key=lambda item: (-item[1], item[0])):
            if everything and value >= SMALL * everything:
                yield (decision, LEVELS.get(driver, driver), _cents(found["gain"]), _cents(value),
                       round(value / everything, 4), wait)  # fmt: skip


def _cents(amount: float) -> Decimal:
    return Decimal(str(amount)).quantize(CENT)


def _sentence(able: list[tuple[Assembled, Mapping[str, Any]]], currency: str) -> str:
    one, known = able[0]
    best = max(
        (
            (value, driver, name or one.name)
            for name, found in known.items()
            for driver, value in found["evppi"].items()
        ),
        default=None,
    )
    if best is None or best[0] <= 0:
        return f"No single driver of {one.name} is worth measuring: knowing it would not change what is bought."
    value, driver, decision = best
    return (
        f"Knowing {LEVELS.get(driver, driver)} is worth {short(_cents(value), currency)} to the decision on {decision}."
    )


exhibit = Exhibit(
    name="outlook.measure_next",
    question="What should we measure before we sign?",
    build=build,
)
