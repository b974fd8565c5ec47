"""A subsidy that is paused and resumed: the gate's band and cool-down on a course of probabilities, week by week."""

from dataclasses import replace
from datetime import date, timedelta

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Evidence, Fact, Metric, Outcome, Reading, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.markets.payback import STATES, gate
from hardgate.metrics.payback_risk import metric as payback_risk
from tests.evidence import Tables
from tests.markets.world import TABLES

FIRST = date(2026, 3, 2)


def states(*course: float) -> list[str]:
    """What the gate says at the end of each week of a course of probabilities, with three looks of a week each."""

    def compute(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        del evidence
        at = (window.end - FIRST).days // 7
        value = course[at] if at >= 0 else None
        return Reading("payback_risk", scope, window, "share", value, value, value)

    stub: Metric = replace(payback_risk, compute=compute, facts=(Fact("cohort_week", "contribution"),))
    stubbed = replace(gate, conditions=(replace(gate.conditions[0], metric=stub),))
    weeks = [FIRST + timedelta(weeks=at) for at in range(len(course))]
    # The window ends with the orders that there are; the course of probabilities stands in for what they say.
    evidence = Tables(weeks[-1], {"cohort_week": TABLES["cohort_week"]}, {}, {(gate.name, EVERYTHING): gate.limits})
    found: list[Outcome] = []
    for at in range(len(course)):
        verdict = judge(
            stubbed, None, Scope.of(city="a"), evidence.at, weeks[: at + 1], Rule(max_missing_money=1.0), gate.limits
        )
        found.append(verdict.outcome)
    return [STATES[one] for one in found]


def test_a_city_goes_on_until_it_is_above_the_upper_limit_and_pauses_when_every_look_says_so() -> None:
    assert states(0.1, 0.1, 0.1, 0.5, 0.7, 0.85, 0.9, 0.95) == [
        "continue", "continue", "continue", "continue", "continue", "taper", "taper", "pause",
    ]  # fmt: skip


def test_one_high_look_does_not_pause() -> None:
    assert states(0.1, 0.9, 0.1)[1:] == ["taper", "taper"]


def test_it_resumes_below_the_lower_limit_and_after_the_cool_down() -> None:
    course = (0.1, 0.9, 0.9, 0.9, 0.5, 0.15, 0.1, 0.1, 0.1)
    assert states(*course) == [
        "continue", "taper", "taper", "pause", "taper", "taper", "taper", "continue", "continue",
    ]  # fmt: skip


def test_in_between_nothing_is_decided_from_the_start() -> None:
    assert states(0.5, 0.6, 0.4) == ["taper", "taper", "taper"]
