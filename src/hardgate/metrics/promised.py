"""Stated targets against what came: each promise is kept, missed, still open, or its outcome is not known.

The outcome is the figure of the quarter or year that ends on the day it was due, a ratio over its own denominator. It
is compared as printed: a margin of -0.2 % misses a promise of profit. Wrong when a promise was taken back in words.

>>> state(-0.002, "at least", 0.0), state(0.001, "at least", 0.0), state(5.0, "at most", 4.0)
('missed', 'kept', 'missed')
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from hardgate.core.terms import Evidence, Scope
from hardgate.metrics.margins import margins
from hardgate.metrics.published import QUARTER, YEAR, series
from hardgate.metrics.stated import WHOLE, unit_of

KEPT, MISSED, OPEN, UNKNOWN = "kept", "missed", "open", "not known"
SENSES = ("at least", "at most")


@dataclass(frozen=True, slots=True)
class Promise:
    """One stated target, and what came of it by the evidence's date."""

    company: str
    name: str
    measure: str
    segment: str
    sense: str
    target: float
    unit: str
    denominator: str
    due: date
    said_on: date
    state: str
    outcome: float | None
    cited: str
    said: str


def state(outcome: float, sense: str, target: float) -> str:
    """Return what came of a promise."""
    return KEPT if (outcome >= target if sense == "at least" else outcome <= target) else MISSED


def promises(evidence: Evidence, company: str | None = None) -> list[Promise]:
    """Return the promises of a company, or of all, by day due; one that cannot be read is left to `misread`."""
    scope = Scope.of(company=company) if company else Scope()
    rows = [row for row in evidence.rows("promise", scope).records() if not _lacking(row)]
    found = [_promise(evidence, row) for row in rows]
    return sorted(found, key=lambda one: (one.due, one.company, one.name))


def misread(evidence: Evidence, company: str | None = None) -> list[str]:
    """Return the promises that cannot be read, and why."""
    scope = Scope.of(company=company) if company else Scope()
    rows = evidence.rows("promise", scope).records()
    return sorted(f"{row.get('company')} {row.get('promise')}: {why}" for row in rows if (why := _lacking(row)))


def _lacking(row: dict[str, Any]) -> str:
    gone = [name for name in ("company", "promise", "measure", "target", "unit", "day") if row.get(name) is None]
    if gone:
        return f"no {', '.join(gone)}"
    if row.get("sense") not in SENSES:
        return f"sense {row.get('sense')!r}: write at least or at most"
    return "" if unit_of(str(row["unit"]), None) is not None else f"unit {row['unit']!r} is not understood"


def _promise(evidence: Evidence, row: dict[str, Any]) -> Promise:
    unit = unit_of(str(row["unit"]), None)
    factor = unit.factor if unit is not None else Decimal(1)
    target = float(Decimal(str(row["target"])) * factor)
    due, company, segment = row["day"], str(row["company"]), str(row.get("segment") or WHOLE)
    outcome, cited = _outcome(evidence, company, str(row["measure"]), segment, row.get("denominator"), due)
    if outcome is not None:
        came = state(outcome, row["sense"], target)
    else:
        came = OPEN if due >= evidence.as_of else UNKNOWN
        cited = "" if came is OPEN else f"no {row['measure']} of a period that ends {due}: bring it as a fact"
    return Promise(
        company, str(row["promise"]), str(row["measure"]), segment, row["sense"], target, str(row["unit"]),
        str(row.get("denominator") or ""), due, row.get("said_on") or due, came, outcome, cited,
        str(row.get("sentence") or row.get("document") or ""),
    )  # fmt: skip


def _outcome(  # noqa: PLR0913  a promise's terms
    evidence: Evidence, company: str, measure: str, segment: str, denominator: str | None, due: date
) -> tuple[float | None, str]:
    for months in (QUARTER, YEAR, 0):
        if denominator:
            of_segment = margins(evidence, company, (measure, segment), (denominator, segment), months)
            whole = margins(evidence, company, (measure, segment), (denominator, WHOLE), months)
            ratio = next((one for one in (*of_segment, *whole) if abs((one.end - due).days) <= 10), None)  # noqa: PLR2004
            if ratio is not None:
                return ratio.value, ratio.cited
        point = None if denominator else series(evidence, company, measure, segment, months).at(due)
        if point is not None:
            return float(point.value), point.cited
    return None, ""
