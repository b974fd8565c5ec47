"""One capacity review: the asks, the verdicts on each, what may be signed, and the exhibits that show why.

Nothing here reads a clock or prints; the same workspace and date give the same `Review`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from hardgate.core.terms import (
    Action,
    Ask,
    Assumption,
    Decision,
    Evidence,
    Exhibit,
    Gate,
    Metric,
    Mode,
    Outcome,
    Signature,
    State,
    Status,
    Table,
    Verdict,
    Waiver,
)
from hardgate.ledger.chain import fingerprint
from hardgate.review import areas
from hardgate.review.decide import decide
from hardgate.review.gate_modes import Modes
from hardgate.review.hearing import Hearing
from hardgate.review.look_back import Promise, look_back
from hardgate.review.policy import Policy
from hardgate.review.statement import statement


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
class Review:
    """Everything that a packet prints. Made by `hold`; immutable."""

    as_of: date
    currency: str
    policy: str
    version: str
    confidence: float
    decisions: tuple[Decision, ...]
    statements: Mapping[str, Mapping[str, Any]]
    """What a signature on each ask binds to, by ask id."""
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


@dataclass(frozen=True, slots=True)
class Minutes:
    """What the ledger brings to a meeting: signed modes, waivers granted, earlier packets, who signed a statement.

    Signed modes hold for reviews of every date, as policy.yaml does.
    """

    modes: Modes = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()
    waiver_debt: Decimal = Decimal(0)
    past: tuple[Mapping[str, Any], ...] = ()
    signatures: Callable[[Ask, str, Decimal | None], tuple[Signature, ...]] = lambda _ask, _digest, _value: ()


def hold(  # noqa: PLR0913  what a meeting brings together
    hearing: Hearing,
    policy: Policy,
    *,
    as_of: date,
    currency: str,
    exhibits: Mapping[str, Exhibit],
    metrics: Mapping[str, Metric],
    minutes: Minutes,
    batches: Sequence[Batch],
    findings: Sequence[str],
    version: str,
    evidence: Callable[[], Evidence] | None = None,
) -> Review:
    """Hold one capacity review on what was heard. `evidence` is asked for only where a promise has come due."""
    gates, asks, verdicts = policy.gates(), hearing.asks, hearing.verdicts
    sources = {
        (one.gate, ask.id): policy.limit_sources(one.gate, one.scope) for ask in asks for one in verdicts[ask.id]
    }
    statements: dict[str, Mapping[str, Any]] = {}

    def signed(ask: Ask, found: Sequence[Verdict], waivers: Sequence[Waiver]) -> tuple[Signature, ...]:
        statements[ask.id] = statement(
            ask, found, waivers, as_of=as_of, policy=policy.digest, gates=gates, metrics=metrics, limit_sources=sources
        )
        return minutes.signatures(ask, fingerprint(statements[ask.id]), hearing.amounts[ask.id])

    decisions = tuple(
        _decision(ask, verdicts[ask.id], policy, minutes.waivers, as_of, hearing.amounts[ask.id], signed)
        for ask in asks
    )
    return Review(
        as_of=as_of,
        currency=currency,
        policy=policy.digest,
        version=version,
        confidence=policy.confidence,
        decisions=tuple(sorted(decisions, key=lambda one: (FIRST.index(one.state), ACTIONS.index(one.ask.action)))),
        statements=statements,
        amounts=hearing.amounts,
        signals=hearing.signals,
        exhibits=tuple((exhibit, hearing.tables[name]) for name, exhibit in exhibits.items()),
        gates=gates,
        metrics=metrics,
        limit_sources=sources,
        not_available=areas.not_available(),
        not_judged=tuple(
            f"{action.value}: no installed gate guards it" for action in Action if not _guarded(action, gates)
        ),
        batches=tuple(batches),
        findings=tuple(findings),
        waivers=minutes.waivers,
        waiver_debt=minutes.waiver_debt,
        shadows=shadows(decisions, hearing.amounts, currency),
        look_back=look_back(minutes.past, verdicts, as_of, evidence),
        assumptions=hearing.assumptions,
    )


FIRST = (State.REFUSED, State.HELD, State.AWAITING, State.RELEASED)
"""In which order a packet prints its asks: what is stopped comes first, and there what takes the most capital."""


ACTIONS = tuple(Action)


def _guarded(action: Action, gates: Mapping[str, Gate]) -> bool:
    return any(gate.guards(action) for gate in gates.values())


def _decision(  # noqa: PLR0913  an ask and all that decides it
    ask: Ask,
    verdicts: Sequence[Verdict],
    policy: Policy,
    waivers: Sequence[Waiver],
    as_of: date,
    amount: Decimal | None,
    signed: Callable[[Ask, Sequence[Verdict], Sequence[Waiver]], tuple[Signature, ...]],
) -> Decision:
    """Return the decision on one ask: first what waivers cover, then who has signed exactly that."""

    def outcome(signatures: Sequence[Signature]) -> Decision:
        return decide(
            ask,
            verdicts,
            waivers=waivers,
            signatures=signatures,
            needed=policy.needed(ask.action, amount, ask.scope),
            consequences=[policy.consequence(one.gate, one.scope) for one in verdicts],
            as_of=as_of,
            policy=policy.digest,
        )

    return outcome(signed(ask, verdicts, outcome(()).waivers))


def shadows(decisions: Sequence[Decision], amounts: Mapping[str, Decimal | None], currency: str) -> tuple[Shadow, ...]:
    """Return what gates that do not block would have held, in the reporting currency, by gate."""
    held: dict[str, list[str]] = {}
    for decision in decisions:
        for verdict in decision.verdicts:
            if verdict.mode is not Mode.BLOCK and verdict.outcome is not Outcome.PASS:
                held.setdefault(verdict.gate, []).append(decision.ask.id)
    return tuple(
        Shadow(gate, tuple(asks), sum((amounts.get(ask) or Decimal(0) for ask in asks), Decimal(0)), currency)
        for gate, asks in sorted(held.items())
    )
