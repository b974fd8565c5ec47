"""Two limits, one to enter at and one to leave at, and several looks that must say the same."""

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from hardgate.core.days import Window
from hardgate.core.terms import (
    EVERYTHING,
    Action,
    Better,
    Condition,
    Evidence,
    Fact,
    Gate,
    Metric,
    Outcome,
    Reading,
    Scope,
    Verdict,
)
from hardgate.gates.judge import Rule, judge
from tests.evidence import Tables, table

FIRST = date(2026, 3, 2)


@dataclass(frozen=True, slots=True)
class Limits:
    """Goes on up to .2, until it is above .8, at two looks."""

    enters: float = 0.2
    leaves: float = 0.8
    looks: int = 2


def verdict(*course: float) -> Verdict:
    """The verdict at the end of a course of exact readings, a week each."""

    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        del evidence
        at = (window.end - FIRST).days // 7
        value = course[at] if 0 <= at < len(course) else None
        return Reading("risk", scope, window, "share", value, value, value)

    risk = Metric("risk", "risk", "share", Better.LOWER, facts=(Fact("sales", "revenue"),), compute=compute)
    condition = Condition(risk, at_most="enters", leaves="leaves", looks="looks")
    gate = Gate("example.risk", "?", Action.BUILD, (), "4w", (condition,), Limits(), "somebody")
    weeks = [FIRST + timedelta(weeks=at) for at in range(len(course))]
    rows = table(
        "\n".join(["day revenue", *(f"{FIRST - timedelta(weeks=5) + timedelta(days=i)} 1" for i in range(200))])
    )
    evidence = Tables(weeks[-1], {"sales": rows}, {}, {(gate.name, EVERYTHING): gate.limits})
    dated = {day: replace(evidence.at(day)) for day in weeks}
    return judge(gate, None, EVERYTHING, dated.__getitem__, weeks, Rule(), gate.limits)


@pytest.mark.parametrize(
    ("course", "outcome", "limit"),
    [
        ((0.1, 0.1), Outcome.PASS, 0.8),
        ((0.1, 0.1, 0.7), Outcome.PASS, 0.8),
        ((0.1, 0.1, 0.9), Outcome.HOLD, 0.2),
        ((0.1, 0.1, 0.9, 0.9), Outcome.FAIL, 0.2),
        ((0.5, 0.5, 0.5), Outcome.HOLD, 0.2),
        ((0.9, 0.9, 0.1), Outcome.HOLD, 0.2),
    ],
)
def test_the_state_says_which_of_the_two_limits_is_in_force(
    course: tuple[float, ...], outcome: Outcome, limit: float
) -> None:
    found = verdict(*course)
    judged = found.judged[0]
    assert (found.outcome, judged.limit.value) == (outcome, limit)
    assert judged.band == pytest.approx(0.6)
    assert judged.limit.low == judged.limit.high, "a band is no interval of the limit"


def test_the_reason_names_both_limits_and_every_look() -> None:
    assert verdict(0.1, 0.5, 0.6).because == (
        "risk 60.0 %, at most 80.0 % (goes on up to 20.0 %, fails above 80.0 %; looks: 60.0 %, 50.0 %)"
    )
