"""One capacity review: the asks, the verdicts on each, what may be signed, and the exhibits that show why.

Nothing here reads a clock or prints; the same workspace and date give the same `Review`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.terms import Assumption, Decision, Exhibit, Gate, Metric, Status, Table, Verdict, Waiver


@dataclass(frozen=True, slots=True)
class Batch:
    """One batch of evidence: what an auditor compares with `sha256sum` of the file."""

    digest: str
    table: str
    file: str
    rows: int
    rejected: int
    first_day: date | None
    last_day: date | None
    known: Status


@dataclass(frozen=True, slots=True)
class Shadow:
    """What a gate in shadow or advise mode would have held, in money."""

    gate: str
    asks: tuple[str, ...]
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Promise:
    """One line of the look-back: what a past packet forecast or released, and what came."""

    ask: str
    as_of: date
    said: str
    came: str


@dataclass(frozen=True, slots=True)
class Review:
    """Everything that a packet prints. Made by `hold`; immutable."""

    as_of: date
    currency: str
    policy: str
    version: str
    confidence: float
    decisions: tuple[Decision, ...]
    amounts: Mapping[str, Decimal | None]
    """Each ask's amount in the reporting currency; None where no rate is known."""
    signals: tuple[Verdict, ...]
    exhibits: tuple[tuple[Exhibit, Table], ...]
    gates: Mapping[str, Gate]
    metrics: Mapping[str, Metric]
    limit_sources: Mapping[tuple[str, str], str]
    """(gate, ask id) -> where its limits come from, such as "policy.yaml line 12"."""
    not_available: tuple[tuple[str, str], ...]
    """Parts of the packet whose area is not installed: the part, and what it needs."""
    not_judged: tuple[str, ...]
    batches: tuple[Batch, ...]
    findings: tuple[str, ...]
    """Rejected rows, unmatched keys, assumed known times: what the reader should know of the evidence."""
    waivers: tuple[Waiver, ...]
    waiver_debt: Decimal
    shadows: tuple[Shadow, ...]
    look_back: tuple[Promise, ...]
    assumptions: tuple[Assumption, ...]
