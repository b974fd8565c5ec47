"""Signals of watch that have fired are evidence in a verdict: named, owned, dated, under the digest, and holding nothing."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import Action, Ask, Gate, Judged, Mode, Outcome, Reading, Scope, Verdict
from hardgate.gates.words import fired
from hardgate.ledger.chain import fingerprint
from hardgate.outlook.shift import gate as shift
from hardgate.report import words
from hardgate.review import areas
from hardgate.review.decide import decide
from hardgate.review.hearing import hearing
from hardgate.review.statement import of_verdict, statement

HERE, ACME = Scope.of(region="north"), Scope.of(company="Acme")
ASK = Ask("shift-hall-4", Action.SHIFT, HERE, "planning")
SAYS = Verdict(shift.name, ASK.id, HERE, Outcome.PASS, Mode.BLOCK, "finance", "2.7 % is more")
WINDOW = Window(date(2026, 6, 1), date(2026, 9, 1))
CUT = Reading(
    "capex_growth", ACME, WINDOW, "share", -0.24, -0.24, -0.24, batches=("b" * 64,), because="known 2026-08-11"
)
LIMIT = replace(CUT, metric="limit", value=-0.1, low=-0.1, high=-0.1, batches=())
JUDGED = Judged(CUT, "at most", LIMIT, Outcome.PASS, None, None, 1, 1, 0.0, "")
SIGNAL = Verdict(
    "watch.capex_cut", "", ACME, Outcome.PASS, Mode.SHADOW, "strategy", "-24.0 %", (JUDGED,), since=date(2026, 8, 17)
)
LINE = "fired: watch.capex_cut, Acme: -24.0 % (known 2026-08-11); owner strategy, since 2026-08-17"
GATES: Mapping[str, Gate] = areas.gates()


def signed(verdict: Verdict) -> dict[str, Any]:
    return statement(
        ASK, [verdict], [], as_of=date(2026, 9, 7), policy="p", gates=GATES, metrics={}, limit_sources={}
    )  # fmt: skip


def test_a_fired_signal_stands_in_the_reasons_with_its_owner_and_its_days() -> None:
    heard = hearing(SAYS, GATES, [SIGNAL])
    assert heard.because == f"2.7 % is more; {LINE}"
    assert words.fired(of_verdict(SIGNAL, GATES, {}, {})) == fired(SIGNAL) == LINE


def test_what_has_not_fired_and_what_is_not_of_watch_is_not_heard() -> None:
    quiet = [replace(SIGNAL, outcome=one) for one in (Outcome.HOLD, Outcome.FAIL, Outcome.UNKNOWN)]
    assert hearing(SAYS, GATES, [*quiet, replace(SIGNAL, gate="own.watched")]) is SAYS


def test_only_the_gate_that_hears_signals_hears_them() -> None:
    other = replace(SAYS, gate="capacity.utilization")
    assert hearing(other, GATES, [SIGNAL]) is other
    assert [name for name, one in GATES.items() if one.hears] == ["outlook.shift"]


def test_the_digest_that_is_signed_covers_the_signal_and_its_batches() -> None:
    alone, heard = signed(SAYS), signed(hearing(SAYS, GATES, [SIGNAL]))
    assert heard["verdicts"][0]["heard"][0]["conditions"][0]["reading"]["batches"] == ["b" * 64]
    other = replace(SIGNAL, judged=(replace(JUDGED, reading=replace(CUT, batches=("c" * 64,))),))
    digests = {fingerprint(one) for one in (alone, heard, signed(hearing(SAYS, GATES, [other])))}
    assert len(digests) == 3
    assert "heard" not in alone["verdicts"][0]


def test_a_signal_holds_nothing_and_releases_nothing() -> None:
    for outcome in Outcome:
        before = replace(SAYS, outcome=outcome)
        after = hearing(before, GATES, [SIGNAL])
        assert after.outcome is outcome
        states = [
            decide(
                ASK, [one], waivers=[], signatures=[], needed=[], consequences=[], as_of=date(2026, 9, 7), policy="p"
            )
            for one in (before, after)
        ]
        assert (states[0].state, states[0].because) == (states[1].state, states[1].because)
