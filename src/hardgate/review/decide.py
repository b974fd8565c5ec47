"""From verdicts, waivers and signatures to one decision for each ask, and to one exit code for all.

A blocking gate that fails, holds or is unknown holds the ask unless a waiver in force covers it. A gate in shadow or
advise mode is recorded and holds nothing. Nothing is released by default: where policy names nobody who may sign, the
ask waits for a signer to be named. Wrong when the order of the rules below is changed: the tests pin it.

Source: Azure Policy's exemption categories for the waivers; the order of the exit codes is DESIGN 4.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from hardgate.core.terms import (
    Ask,
    Decision,
    Mode,
    Needed,
    Outcome,
    Scope,
    Signature,
    State,
    Verdict,
    Waiver,
)

EXIT_RELEASED, EXIT_HELD, EXIT_EVIDENCE, EXIT_SIGNATURE = 0, 3, 4, 5


@dataclass(frozen=True, slots=True)
class Consequence:
    """What policy says of one gate's outcome: `on_fail` is "hold" or "refuse", `unknown` "never" or "waivable"."""

    gate: str
    on_fail: str = "hold"
    unknown: str = "never"


def covering(waivers: Iterable[Waiver], verdict: Verdict, as_of: date, consequence: Consequence) -> Waiver | None:
    """Return the waiver in force that covers a verdict, the one that lasts longest; none covers a pass."""
    if verdict.outcome is Outcome.PASS:
        return None
    if verdict.outcome is Outcome.UNKNOWN and consequence.unknown != "waivable":
        return None
    fitting = [
        waiver
        for waiver in waivers
        if waiver.granted and waiver.gate == verdict.gate and waiver.expires >= as_of and _fits(waiver.scope, verdict)
    ]
    return max(fitting, key=lambda waiver: (waiver.expires, waiver.by), default=None)


def _fits(scope: Scope, verdict: Verdict) -> bool:
    """Tell whether a waiver's scope holds the verdict's; a waiver may also name the one ask that it is for."""
    return scope.covers(Scope((*verdict.scope.parts, ("ask", verdict.ask))))


def decide(  # noqa: PLR0913  each argument is one column of the packet's sign-off table
    ask: Ask,
    verdicts: Sequence[Verdict],
    *,
    waivers: Sequence[Waiver],
    signatures: Sequence[Signature],
    needed: Sequence[Needed],
    consequences: Sequence[Consequence],
    as_of: date,
    policy: str,
) -> Decision:
    """Return what becomes of one ask. Pure: the same arguments give the same decision."""
    rules = {rule.gate: rule for rule in consequences}
    used: list[Waiver] = []
    stopping: list[Verdict] = []
    for verdict in verdicts:
        if verdict.mode is not Mode.BLOCK:
            continue
        waiver = covering(waivers, verdict, as_of, rules.get(verdict.gate, Consequence(verdict.gate)))
        if waiver is not None:
            used.append(waiver)
        elif verdict.outcome is not Outcome.PASS:
            stopping.append(verdict)
    state, because = _refused(ask, stopping, rules, signatures, as_of) or _held(stopping) or _signed(needed, signatures)
    return Decision(
        ask=ask,
        state=state,
        because=because,
        verdicts=tuple(verdicts),
        waivers=tuple(used),
        signatures_needed=missing(needed, signatures),
        as_of=as_of,
        policy=policy,
        signatures=tuple(signatures),
    )


def _refused(
    ask: Ask,
    stopping: Sequence[Verdict],
    rules: dict[str, Consequence],
    signatures: Sequence[Signature],
    as_of: date,
) -> tuple[State, str] | None:
    for verdict in stopping:
        if verdict.outcome is Outcome.FAIL and _refuses(rules, verdict.gate):
            return State.REFUSED, f"{verdict.gate} fails and policy refuses on a failure"
    for one in signatures:
        if one.valid and one.verdict == "refuse":
            return State.REFUSED, f"{one.by} ({one.role}) refused it"
    if stopping and ask.decide_by is not None and ask.decide_by < as_of:
        return State.REFUSED, f"its decision date {ask.decide_by} passed while it was held"
    return None


def _held(stopping: Sequence[Verdict]) -> tuple[State, str] | None:
    if not stopping:
        return None
    return State.HELD, "; ".join(f"{one.gate} {_WORDS[one.outcome]}" for one in stopping)


def _signed(needed: Sequence[Needed], signatures: Sequence[Signature]) -> tuple[State, str]:
    if not needed:
        return State.AWAITING, "policy names nobody who may sign this: add a row to sign_off"
    lacking = missing(needed, signatures)
    if lacking:
        return State.AWAITING, "needs " + ", ".join(_signers(one) for one in lacking)
    return State.RELEASED, "every gate passes or is waived, and every signature is there"


_WORDS = {Outcome.FAIL: "fails", Outcome.HOLD: "holds", Outcome.UNKNOWN: "is unknown", Outcome.PASS: "passes"}


def _refuses(rules: dict[str, Consequence], gate: str) -> bool:
    return gate in rules and rules[gate].on_fail == "refuse"


def _signers(needed: Needed) -> str:
    return needed.role if needed.count == 1 else f"{needed.count} of {needed.role}"


def missing(needed: Sequence[Needed], signatures: Sequence[Signature]) -> tuple[Needed, ...]:
    """Return the signatures still to come: one person counts once, for one role only."""
    given: set[str] = set()
    lacking: list[Needed] = []
    for want in needed:
        people = [
            one.by
            for one in signatures
            if one.valid and one.verdict == "approve" and one.role == want.role and one.by not in given
        ]
        taken = list(dict.fromkeys(people))[: want.count]
        given.update(taken)
        if len(taken) < want.count:
            lacking.append(replace(want, count=want.count - len(taken)))
    return tuple(lacking)


def exit_code(decisions: Iterable[Decision]) -> int:
    """Return the exit code of a review: evidence before held, held before signature (DESIGN 4).

    An ask that is held by an unknown gate is an evidence problem first: what was not seen cannot be decided.
    """
    code = EXIT_RELEASED
    for decision in decisions:
        waived = {one.gate for one in decision.waivers}
        unseen = any(
            one.outcome is Outcome.UNKNOWN and one.mode is Mode.BLOCK and one.gate not in waived
            for one in decision.verdicts
        )
        if decision.state is State.HELD and unseen:
            return EXIT_EVIDENCE
        if decision.state in {State.HELD, State.REFUSED}:
            code = EXIT_HELD
        elif decision.state is State.AWAITING and code == EXIT_RELEASED:
            code = EXIT_SIGNATURE
    return code
