"""One capacity review: the asks, the verdicts on each, what may be signed, and the exhibits that show why.

Nothing here reads a clock or prints; the same workspace and date give the same `Review`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from typing import Any

from hardgate.core.money import rate_on
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
    Scope,
    Signature,
    State,
    Status,
    Table,
    Verdict,
    Waiver,
)
from hardgate.gates.judge import judge, periods_of
from hardgate.gates.words import fired
from hardgate.ledger.chain import fingerprint
from hardgate.metrics.reporting_currency import rates_of
from hardgate.review import areas
from hardgate.review.asks import derived, guards_of, located, merged
from hardgate.review.decide import decide
from hardgate.review.evidence import Archive, WorkspaceEvidence
from hardgate.review.gate_modes import Modes, mode_in_force
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


@dataclass(frozen=True, slots=True)
class Hearing:
    """What the evidence says of every ask and question, before anybody's waiver or signature: plain values alone."""

    asks: tuple[Ask, ...]
    amounts: Mapping[str, Decimal | None]
    """Each ask's amount in the reporting currency; None where no rate is known."""
    verdicts: Mapping[str, tuple[Verdict, ...]]
    signals: tuple[Verdict, ...]
    tables: Mapping[str, Table]
    """What each exhibit built, by its name."""
    assumptions: tuple[Assumption, ...]


def hear(  # noqa: PLR0913  what there is to hear
    archive: Archive,
    policy: Policy,
    explicit: Sequence[Ask],
    *,
    as_of: date,
    exhibits: Mapping[str, Exhibit],
    modes: Modes,
    progress: Callable[[str, int, int], None] | None = None,
) -> Hearing:
    """Hear what the evidence says. `progress` is told which ask is judged, how many are, and how many there are."""
    evidence = archive.at(as_of)
    gates = policy.gates()
    proposed = derived(evidence, gates, policy.horizon)
    asks = merged(proposed, located(explicit, evidence.rows("inventory"), evidence.rows("pool_day")))
    signals = tuple(
        one for gate in gates.values() if gate.opens is None for one in _everywhere(gate, archive, as_of, policy, modes)
    )
    judgements = judged(archive, as_of, asks, policy, modes, progress or _silent)
    verdicts = {ask: tuple(hearing(one, gates, signals) for one in mine) for ask, mine in judgements.items()}
    seen = evidence.of(asks, (*(one for ask in asks for one in verdicts[ask.id]), *signals))
    return Hearing(
        asks=asks,
        amounts={ask.id: in_currency(ask, evidence) for ask in asks},
        verdicts=verdicts,
        signals=signals,
        tables={name: exhibit.build(seen) for name, exhibit in exhibits.items()},
        assumptions=tuple(archive.used()),
    )


def hearing(verdict: Verdict, gates: Mapping[str, Gate], signals: Sequence[Verdict]) -> Verdict:
    """Return a verdict with the fired signals that its gate hears, named in its reasons; the outcome stays."""
    area = gates[verdict.gate].hears
    heard = tuple(one for one in signals if one.outcome is Outcome.PASS and area and one.gate.startswith(f"{area}."))
    return replace(verdict, heard=heard, because="; ".join([verdict.because, *map(fired, heard)])) if heard else verdict


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


def judged(  # noqa: PLR0913  asks, evidence and rules
    archive: Archive,
    as_of: date,
    asks: Sequence[Ask],
    policy: Policy,
    modes: Modes,
    progress: Callable[[str, int, int], None],
    those: Sequence[Ask] | None = None,
) -> dict[str, tuple[Verdict, ...]]:
    """Return the verdicts of every guarding gate on every ask, or on those; the same gate and scope is judged once."""
    gates, found = policy.gates(), dict[tuple[str, Scope], Verdict]()

    def evidence_at(day: date) -> WorkspaceEvidence:
        return archive.at(day).of(asks)

    verdicts: dict[str, tuple[Verdict, ...]] = {}
    wanted = asks if those is None else those
    for at, ask in enumerate(wanted):
        progress(ask.id, at, len(wanted))
        mine = []
        for gate in guards_of(ask, gates):
            scope = ask.scope.narrowed(gate.per)
            if (gate.name, scope) not in found:
                found[gate.name, scope] = _judge(gate, ask, scope, evidence_at, as_of, policy, modes)
            mine.append(replace(found[gate.name, scope], ask=ask.id))
        verdicts[ask.id] = tuple(mine)
    return verdicts


def _silent(ask: str, done: int, total: int) -> None:
    """Tell nobody."""


def _judge(  # noqa: PLR0913  a question, its evidence and its rules
    gate: Gate,
    ask: Ask | None,
    scope: Scope,
    evidence_at: Callable[[date], WorkspaceEvidence],
    as_of: date,
    policy: Policy,
    modes: Modes,
) -> Verdict:
    when = periods_of(evidence_at(as_of), gate, scope)
    rule = replace(policy.rule(gate.name, scope), mode=mode_in_force(modes, policy, gate.name, scope))
    return judge(gate, ask, scope, evidence_at, when, rule, policy.limits(gate.name, scope))


def _everywhere(gate: Gate, archive: Archive, as_of: date, policy: Policy, modes: Modes) -> tuple[Verdict, ...]:
    """Return a signal's verdict on every scope that exists."""
    scopes = archive.at(as_of).scopes(gate.per)
    return tuple(_judge(gate, None, scope, archive.at, as_of, policy, modes) for scope in scopes)


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


def in_currency(ask: Ask, evidence: Evidence) -> Decimal | None:
    """Return an ask's amount in the reporting currency at the last known rate; None where there is no rate."""
    if ask.amount is None:
        return None
    rate = rate_on(rates_of(evidence), ask.currency or evidence.currency, evidence.currency, evidence.as_of)
    return None if rate is None else ask.amount * rate
