"""A signal's reading of published figures: exact, with the quarter it speaks of, where it stands, and what is restated.

A figure is stale from `STALE_DAYS` after its period's end: then the reading has no value, and says which is the last.
Wrong for an issuer that reports once a year and is read by the quarter.

>>> nothing_of("Acme", ["revenue", "capex"]).found
'Acme: no revenue or capex is known'

Source: the filings themselves.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from hardgate.core.days import Window
from hardgate.core.terms import Evidence, Metric, Reading, Scope, Status
from hardgate.metrics.absence import nothing

STALE_DAYS = 200
STALE_DAYS_YEAR = 480
BRING = "bring facts: companyfacts, filings as HTML, or a table of your own"


@dataclass(frozen=True, slots=True)
class Found:
    """What a signal found: its value, the numbers behind it, the last day of its period, and where it stands."""

    value: float
    facts: tuple[tuple[str, float], ...]
    end: date
    cited: str = ""
    status: Status = Status.REPORTED
    restated: bool = False
    rollup: str = "published"
    months: int = 3


@dataclass(frozen=True, slots=True)
class Lacking:
    """What a signal lacks, and what to bring."""

    found: str
    bring: str = BRING


def company_of(scope: Scope) -> str | None:
    """Return the company that a scope names."""
    return scope.as_mapping().get("company")


def answer(metric: Metric, evidence: Evidence, scope: Scope, window: Window, found: Found | Lacking) -> Reading:
    """Return what was found as a reading; what is stale or lacking has no value."""
    if isinstance(found, Lacking):
        return nothing(metric, scope, window, found.found, found.bring)
    allowed = STALE_DAYS if found.months <= 3 else STALE_DAYS_YEAR  # noqa: PLR2004  a quarter
    if (evidence.as_of - found.end).days > allowed:
        return nothing(metric, scope, window, f"the last figure is of {found.end}, which is stale", BRING)
    value = round(found.value, metric.digits)
    said = (f"to {found.end}", "restated" if found.restated else "", found.cited)
    return Reading(
        metric.name, scope, window, metric.unit, value, value, value,
        facts=tuple((name, round(float(one), 6)) for name, one in found.facts),
        status=found.status,
        batches=evidence.batches(found.rollup),
        because="; ".join(part for part in said if part),
    )  # fmt: skip


def nothing_of(company: str | None, what: Sequence[str]) -> Lacking:
    """Return that a company's figures are missing, or that no company is named."""
    if company is None:
        return Lacking("no company is named", "ask at a company of the table facts")
    return Lacking(f"{company}: no {' or '.join(what)} is known")
