"""What turns an ask: from slack and interval of each condition, and jointly."""

from dataclasses import replace
from datetime import date
from math import inf

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Action, Ask, Judged, Mode, Outcome, Reading, Verdict
from hardgate.gates.flip import Card, card, turn

WINDOW = Window(date(2026, 7, 13), date(2026, 9, 7))
ASK = Ask("hall-4", Action.BUILD, EVERYTHING, "zhou")
Z = 1.6448536  # half of an interval of 90 % in standard deviations


def reading(name: str, value: float | None, half: float = 0.0) -> Reading:
    low, high = (None, None) if value is None else (value - half, value + half)
    return Reading(name, EVERYTHING, WINDOW, "share", value, low, high, because="no telemetry" if value is None else "")


def judged(
    name: str, value: float | None, half: float, limit: Reading, outcome: Outcome, sense: str = "at least"
) -> Judged:
    return Judged(reading(name, value, half), sense, limit, outcome, None, None, 1, 1, 0.0, "")


def verdict(*conditions: Judged, gate: str = "capacity.x", mode: Mode = Mode.BLOCK) -> Verdict:
    return Verdict(gate, ASK.id, EVERYTHING, Outcome.HOLD, mode, "capacity", "", conditions)


LIMIT = reading("limit", 0.75)
SHORT = judged("productive", 0.70, 0.02, LIMIT, Outcome.FAIL)
CLEAR = judged("activation", 0.95, 0.03, reading("limit", 0.90), Outcome.PASS)


def found(*verdicts: Verdict) -> Card:
    return card(ASK, verdicts, 0.9)


def test_a_reading_must_move_until_its_whole_interval_clears() -> None:
    """From .68 to .75: .07, in deviations of .02/1.645 = .01216 that is 5.757."""
    one = turn(verdict(SHORT), SHORT, 0.9)
    assert one.change == pytest.approx(0.07)
    assert one.at == pytest.approx(0.77)
    assert one.deviations == pytest.approx(0.07 / (0.02 / Z), abs=1e-3)


def test_a_reading_that_clears_turns_when_its_interval_no_longer_does() -> None:
    """From .92 down to .90."""
    one = turn(verdict(CLEAR), CLEAR, 0.9)
    assert one.change == pytest.approx(-0.02)
    assert one.probability == pytest.approx(0.1364, abs=1e-3)


def test_a_simulated_share_is_as_far_away_as_its_courses_say() -> None:
    """The same share of 1,024 and of 4,096 courses, errors .015 and .0075: twice as far, and nobody knows more."""
    away = []
    for error in (0.015, 0.0075):
        one = judged("p_hurdle", 0.60, Z * error, LIMIT, Outcome.FAIL)
        away.append(turn(verdict(one), one, 0.9).deviations)
    assert away == [pytest.approx(0.15 / 0.015 + Z, abs=1e-3), pytest.approx(0.15 / 0.0075 + Z, abs=1e-3)]


def test_the_doubt_of_a_computed_limit_counts_with_that_of_the_reading() -> None:
    """From .68 to .79, of .02 and .04 together: .11 / (.04472 / 1.645)."""
    one = judged("demand", 0.70, 0.02, reading("trigger", 0.75, 0.04), Outcome.FAIL)
    assert turn(verdict(one), one, 0.9).deviations == pytest.approx(0.11 / (0.0447214 / Z), abs=1e-3)


def test_at_most_is_the_mirror() -> None:
    above = judged("cancel", 0.80, 0.05, reading("limit", 0.70), Outcome.FAIL, "at most")
    below = judged("cancel", 0.50, 0.05, reading("limit", 0.70), Outcome.PASS, "at most")
    assert turn(verdict(above), above, 0.9).change == pytest.approx(-0.15)
    assert turn(verdict(below), below, 0.9).change == pytest.approx(0.15)


def test_the_doubt_of_a_computed_limit_counts_too() -> None:
    """Distance .98 - .70 + .02; deviations .02 and .04 over 1.645 together."""
    limit = reading("trigger", 0.94, 0.04)
    one = judged("demand", 0.70, 0.02, limit, Outcome.FAIL)
    assert turn(verdict(one), one, 0.9).change == pytest.approx(0.30)
    assert turn(verdict(one), one, 0.9).deviations == pytest.approx(0.30 / (0.0447214 / Z), abs=1e-3)


def test_what_is_not_known_has_no_value_in_range() -> None:
    missing = judged("productive", None, 0, LIMIT, Outcome.UNKNOWN)
    one = turn(verdict(missing), missing, 0.9)
    assert (one.change, one.at, one.why) == (None, None, "no value in range: no telemetry")


def test_a_limit_that_is_never_reached_has_no_value_in_range() -> None:
    never = judged("demand", 0.7, 0.02, replace(LIMIT, value=inf, low=inf, high=inf), Outcome.FAIL)
    assert turn(verdict(never), never, 0.9).why == "no value in range: the limit is never reached"


def test_a_condition_that_waits_needs_time_and_no_other_value() -> None:
    waits = replace(judged("productive", 0.80, 0.01, LIMIT, Outcome.HOLD), because="held 2 of 4 evaluations")
    one = turn(verdict(waits), waits, 0.9)
    assert one.change is None
    assert one.why == "no value in range: it needs time, not another value (held 2 of 4 evaluations)"


def test_one_condition_that_falls_short_is_the_one_metric() -> None:
    seen = found(verdict(SHORT, CLEAR))
    assert (seen.cleared, seen.one and seen.one.judged.reading.metric) == (False, "productive")
    assert seen.joint is not None
    assert seen.joint.beta == pytest.approx(5.757, abs=1e-3)


def test_several_that_fall_short_must_move_together() -> None:
    other = judged("backlog", 1.00, 0.05, reading("limit", 1.10), Outcome.FAIL)
    seen = found(verdict(SHORT), verdict(other, gate="capacity.y"))
    assert seen.one is None
    assert seen.joint is not None
    first, second = 0.07 / (0.02 / Z), 0.15 / (0.05 / Z)
    assert seen.joint.beta == pytest.approx((first**2 + second**2) ** 0.5, abs=1e-3)
    assert sum(seen.joint.importance) == pytest.approx(1)


def test_a_cleared_ask_turns_with_its_nearest_condition() -> None:
    far = judged("productive", 0.95, 0.01, LIMIT, Outcome.PASS)
    seen = found(verdict(far, CLEAR))
    assert (seen.cleared, seen.one and seen.one.judged.reading.metric) == (True, "activation")


def test_gates_that_do_not_block_turn_nothing() -> None:
    seen = found(verdict(CLEAR), verdict(SHORT, gate="own.watch", mode=Mode.SHADOW))
    assert seen.cleared
    assert len(seen.turns) == 2


def test_exact_figures_and_missing_ones_have_no_joint_move() -> None:
    exact = judged("days", 0.5, 0.0, LIMIT, Outcome.FAIL)
    missing = judged("productive", None, 0, LIMIT, Outcome.UNKNOWN)
    assert (found(verdict(exact)).joint, found(verdict(exact)).why) == (
        None, "days: without an interval, so that no move of it counts in standard deviations",
    )  # fmt: skip
    assert found(verdict(missing)).why == "productive: no value in range: no telemetry"
