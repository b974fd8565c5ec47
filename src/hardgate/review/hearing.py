"""What the evidence says of every ask and question: verdicts, signals and exhibits, before anybody signs or waives.

Nothing here reads the ledger or a clock; the same evidence, policy and modes give the same `Hearing`. Wrong where the
modes of gates are not those that were signed: what a gate says is the same, and what it holds is not.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from hardgate.core.money import rate_on
from hardgate.core.terms import (
    Ask,
    Assumption,
    Evidence,
    Exhibit,
    Gate,
    Outcome,
    Scope,
    Table,
    Verdict,
)
from hardgate.gates.judge import judge, periods_of
from hardgate.gates.words import fired
from hardgate.metrics.reporting_currency import rates_of
from hardgate.review.asks import derived, guards_of, located, merged
from hardgate.review.evidence import Archive, WorkspaceEvidence
from hardgate.review.gate_modes import Modes, mode_in_force
from hardgate.review.policy import Policy


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


def in_currency(ask: Ask, evidence: Evidence) -> Decimal | None:
    """Return an ask's amount in the reporting currency at the last known rate; None where there is no rate."""
    if ask.amount is None:
        return None
    rate = rate_on(rates_of(evidence), ask.currency or evidence.currency, evidence.currency, evidence.as_of)
    return None if rate is None else ask.amount * rate
