"""Decisions, row by row of the table in DESIGN 4."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from hardgate.core.terms import (
    Action,
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
from hardgate.review.decide import Consequence, decide, exit_code, missing

TODAY = date(2026, 9, 7)
POOL = Scope.of(region="north", accelerator="H20")
ASK = Ask("hall-4", Action.BUILD, POOL, "wang.fang", Decimal(5), "RMB", decide_by=date(2026, 12, 1))
NEEDED = (Needed("capacity"), Needed("finance"))


def verdict(outcome: Outcome, gate: str = "capacity.utilization", mode: Mode = Mode.BLOCK) -> Verdict:
    return Verdict(gate, ASK.id, POOL, outcome, mode, "capacity", "because")


def signature(by: str, role: str, verdict: str = "approve", *, valid: bool = True) -> Signature:
    return Signature(by, role, verdict, "d" * 64, "2026-09-07T00:00:00Z", valid)


def waiver(gate: str = "capacity.utilization", expires: date = date(2026, 10, 1), scope: Scope = POOL) -> Waiver:
    return Waiver(gate, scope, "Waiver", "chen.jie", "launch", "weekly look", expires)


def made(
    *verdicts: Verdict,
    waivers: tuple[Waiver, ...] = (),
    signatures: tuple[Signature, ...] = (),
    needed: tuple[Needed, ...] = NEEDED,
    consequences: tuple[Consequence, ...] = (),
    ask: Ask = ASK,
    as_of: date = TODAY,
) -> Decision:
    return decide(
        ask,
        verdicts,
        waivers=waivers,
        signatures=signatures,
        needed=needed,
        consequences=consequences,
        as_of=as_of,
        policy="p",
    )


SIGNED = (signature("li.wei", "capacity"), signature("zhao.min", "finance"))


def test_all_gates_pass_and_all_have_signed_is_released() -> None:
    assert made(verdict(Outcome.PASS), signatures=SIGNED).state is State.RELEASED


def test_passing_without_signatures_waits_for_them() -> None:
    decision = made(verdict(Outcome.PASS), signatures=SIGNED[:1])
    assert (decision.state, decision.signatures_needed) == (State.AWAITING, (Needed("finance"),))
    assert decision.because == "needs finance"


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.HOLD, Outcome.UNKNOWN])
def test_a_blocking_gate_that_does_not_pass_holds_even_a_signed_ask(outcome: Outcome) -> None:
    assert made(verdict(outcome), signatures=SIGNED).state is State.HELD


@pytest.mark.parametrize("mode", [Mode.SHADOW, Mode.ADVISE])
def test_a_gate_that_does_not_block_holds_nothing(mode: Mode) -> None:
    assert made(verdict(Outcome.FAIL, mode=mode), signatures=SIGNED).state is State.RELEASED


def test_no_signer_named_is_never_a_release() -> None:
    decision = made(verdict(Outcome.PASS), needed=())
    assert decision.state is State.AWAITING
    assert "names nobody" in decision.because


def test_a_waiver_in_force_lets_a_failed_gate_through_until_its_day() -> None:
    assert made(verdict(Outcome.FAIL), waivers=(waiver(),), signatures=SIGNED).state is State.RELEASED
    late = made(verdict(Outcome.FAIL), waivers=(waiver(),), signatures=SIGNED, as_of=date(2026, 10, 2))
    assert late.state is State.HELD


def test_a_waiver_covers_its_gate_and_scope_and_no_other() -> None:
    assert made(verdict(Outcome.FAIL), waivers=(waiver(gate="capacity.backlog"),)).state is State.HELD
    assert made(verdict(Outcome.FAIL), waivers=(waiver(scope=Scope.of(region="south")),)).state is State.HELD
    assert made(verdict(Outcome.FAIL), waivers=(waiver(scope=Scope.of(ask="hall-4")),)).state is State.AWAITING


def test_the_unknown_is_waived_only_where_policy_says_so() -> None:
    waivable = (Consequence("capacity.utilization", unknown="waivable"),)
    assert made(verdict(Outcome.UNKNOWN), waivers=(waiver(),)).state is State.HELD
    assert made(verdict(Outcome.UNKNOWN), waivers=(waiver(),), consequences=waivable).state is State.AWAITING


def test_a_waiver_that_is_not_granted_by_its_quorum_does_nothing() -> None:
    assert made(verdict(Outcome.FAIL), waivers=(replace(waiver(), granted=False),)).state is State.HELD


def test_policy_may_refuse_on_a_failure_but_not_on_a_hold() -> None:
    refuse = (Consequence("capacity.utilization", on_fail="refuse"),)
    assert made(verdict(Outcome.FAIL), consequences=refuse).state is State.REFUSED
    assert made(verdict(Outcome.HOLD), consequences=refuse).state is State.HELD


def test_an_approver_who_refuses_ends_it_and_an_asserted_refusal_does_not() -> None:
    assert made(verdict(Outcome.PASS), signatures=(signature("li.wei", "capacity", "refuse"),)).state is State.REFUSED
    asserted = signature("li.wei", "capacity", "refuse", valid=False)
    assert made(verdict(Outcome.PASS), signatures=(asserted,)).state is State.AWAITING


def test_a_date_that_passes_while_held_refuses() -> None:
    late = replace(ASK, decide_by=date(2026, 9, 6))
    assert made(verdict(Outcome.HOLD), ask=late).state is State.REFUSED
    assert made(verdict(Outcome.PASS), ask=late).state is State.AWAITING


def test_one_person_counts_for_one_role() -> None:
    both = (signature("li.wei", "capacity"), signature("li.wei", "finance"))
    assert missing(NEEDED, both) == (Needed("finance"),)
    assert missing((Needed("cfo", 2),), (signature("a", "cfo"), signature("a", "cfo"))) == (Needed("cfo", 1),)


def test_the_exit_code_puts_evidence_before_held_before_signature() -> None:
    released = made(verdict(Outcome.PASS), signatures=SIGNED)
    awaiting, held = made(verdict(Outcome.PASS)), made(verdict(Outcome.FAIL))
    unseen = made(verdict(Outcome.UNKNOWN))
    assert exit_code([]) == 0
    assert exit_code([released]) == 0
    assert exit_code([released, awaiting]) == 5
    assert exit_code([awaiting, held]) == 3
    assert exit_code([held, unseen, awaiting]) == 4


def test_an_unknown_that_is_waived_is_no_longer_an_evidence_problem() -> None:
    waivable = (Consequence("capacity.utilization", unknown="waivable"),)
    decision = made(
        verdict(Outcome.UNKNOWN), verdict(Outcome.FAIL, "capacity.backlog"), waivers=(waiver(),), consequences=waivable
    )
    assert exit_code([decision]) == 3


@pytest.mark.parametrize(
    ("ask", "state"),
    [("hall-4", State.AWAITING), ("hall-5", State.HELD)],
)
def test_a_waiver_that_names_an_ask_covers_no_other_on_the_same_scope(ask: str, state: State) -> None:
    for scope in (Scope((*POOL.parts, ("ask", ask))), Scope.of(ask=ask)):
        assert made(verdict(Outcome.FAIL), waivers=(waiver(scope=scope),)).state is state
