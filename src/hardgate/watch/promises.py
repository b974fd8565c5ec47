"""Stated targets against what came: who promised what, by when, and whether it was kept.

The signal fires when a promise that is due was missed. Wrong when a target was taken back in words that no table holds.

Source: METHODS 15.

>>> gate.opens is None, exhibit.question
(True, 'Which stated targets were kept, which were missed, and which are still open?')
"""

from dataclasses import dataclass

from hardgate.core.terms import Cell, Condition, Evidence, Exhibit, Gate, Heading, Table
from hardgate.metrics.promised import MISSED, Promise, misread, promises
from hardgate.metrics.promises_missed import metric as promises_missed
from hardgate.metrics.stated import WHOLE


@dataclass(frozen=True, slots=True)
class Limits:
    """What policy.yaml may set under watch.promises."""

    promises_missed: float = 1


gate = Gate(
    name="watch.promises",
    question="Was a stated target missed?",
    opens=None,
    per=("company",),
    window="13w",
    conditions=(Condition(promises_missed, at_least="promises_missed"),),
    limits=Limits(),
    owner="strategy",
)


def build(evidence: Evidence) -> Table:
    """Build one row a promise, by the day it is due."""
    found, wrong = promises(evidence), misread(evidence)
    if not found and not wrong:
        return Table("", missing="no stated target: bring promises (who, what, by when, said on which day)")
    missed = [one for one in found if one.state == MISSED]
    said = f"{len(missed)} of {len(found)} stated targets were missed"
    first = f": {missed[0].company}, {missed[0].name}, due {missed[0].due}." if missed else "."
    return Table(
        sentence=said + first,
        headings=(
            Heading("company"), Heading("promise"), Heading("about"), Heading("promised"), Heading("due"),
            Heading("said on"), Heading("came"), Heading("state"), Heading("where the outcome stands"),
        ),
        rows=tuple(_row(one) for one in found),
        notes=tuple(wrong),
        batches=tuple(sorted({*evidence.batches("promise"), *evidence.batches("published")})),
    )  # fmt: skip


def _row(one: Promise) -> tuple[Cell, ...]:
    about = one.measure if one.segment == WHOLE else f"{one.measure} of {one.segment}"
    ratio = f" over {one.denominator}" if one.denominator else ""
    came = None if one.outcome is None else _written(one.outcome, one)
    return (
        one.company, one.name, about + ratio, f"{one.sense} {_written(one.target, one)}", str(one.due),
        str(one.said_on), came, one.state, one.cited or one.said,
    )  # fmt: skip


def _written(value: float, one: Promise) -> str:
    share = one.denominator or one.unit.lower() in {"ratio", "share", "%", "percent"}
    return f"{100 * value:.1f} %" if share else f"{value:,.0f}"


exhibit = Exhibit(
    name="watch.promises",
    question="Which stated targets were kept, which were missed, and which are still open?",
    build=build,
)
