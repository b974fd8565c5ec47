from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hardgate.capacity.utilization import Limits, gate
from hardgate.core.terms import EVERYTHING, Mode, Outcome, Scope, Verdict
from hardgate.gates.fold import Terms, fold
from hardgate.gates.judge import Rule, judge, look, periods, periods_of, terms_of
from hardgate.gates.judge import _evaluation as evaluation
from hardgate.gates.judge import _judged as judged
from tests.evidence import Tables, day_rows, pool_days

START, DAYS, TODAY = date(2026, 3, 2), 189, date(2026, 9, 7)
NORTH = Scope.of(region="north", accelerator="H20")


def tables(*pools: list[dict[str, Any]], **limits: Any) -> Tables:
    set_limits = {(gate.name, EVERYTHING): Limits(**limits)}
    return Tables(TODAY, {"pool_day": day_rows(*pools)}, set_limits=set_limits)


def verdict(evidence: Tables, rule: Rule | None = None, scope: Scope = NORTH) -> Verdict:
    limits = evidence.limits(gate.name, scope)
    days = periods_of(evidence, gate, scope)
    return judge(gate, None, scope, evidence.at, days, rule or Rule(), limits)


def noisy(mean: float, by: float = 0.01) -> Any:
    return lambda i: mean + by * ((i * 7) % 5 - 2)


def waves(by: float) -> Callable[[int], float]:
    return lambda i: 0.76 + by * ((i // 28) % 3 - 1)


def test_a_full_pool_passes_and_says_by_how_much() -> None:
    found = verdict(tables(pool_days("a", START, DAYS, productive=noisy(0.8))))
    assert (found.outcome, found.mode, found.owner) == (Outcome.PASS, Mode.SHADOW, "capacity")
    assert (found.slack, found.judged[0].noise) == (0.0498, 31.125)
    assert [one.run for one in found.judged] == [4, 1]
    assert found.because == (
        "productive_utilization 80.0 % [79.8, 80.1], at least 75.0 %; activation 100.0 %, at least 90.0 %"
    )


def test_a_pool_below_fails() -> None:
    found = verdict(tables(pool_days("a", START, DAYS, productive=noisy(0.6))))
    assert (found.outcome, found.slack) == (Outcome.FAIL, -0.1502)
    assert found.because == "productive_utilization 60.0 % [59.8, 60.1], at least 75.0 %"


def test_what_a_reading_says_stands_beside_it_whatever_the_verdict() -> None:
    said = "pool full; one GPU more is worth RMB 90.00 per GPU-month"
    for mean, outcome, why in (
        (0.8, "pass", said),
        (0.6, "fail", said),
        (0.75, "hold", f"the interval straddles the limit; {said}"),
    ):
        by = 0.05 if outcome == "hold" else 0.01
        evidence = tables(pool_days("a", START, DAYS, productive=noisy(mean, by)))
        seen = look(gate, NORTH, evidence, Rule(), Limits())[0]
        found = judged(replace(seen, reading=replace(seen.reading, says=said)), seen.entering, 1, 1, 0.0)
        assert (found.outcome.value, found.because) == (outcome, why)


def test_a_pool_that_recovered_lately_has_not_held_long_enough() -> None:
    found = verdict(tables(pool_days("a", START, DAYS, productive=lambda i: 0.4 if i < 126 else 0.95)))
    assert found.outcome is Outcome.HOLD
    assert found.judged[0].because in {f"held {run} of 4 evaluations" for run in (1, 2, 3)}


def test_an_interval_round_the_limit_holds() -> None:
    found = verdict(tables(pool_days("a", START, DAYS, productive=noisy(0.75, 0.05))))
    assert (found.outcome, found.judged[0].because) == (Outcome.HOLD, "the interval straddles the limit")


def test_a_comfortable_average_does_not_hide_a_failing_pool() -> None:
    full = pool_days("a", START, DAYS, productive=noisy(0.85, 0.002), gpus=900)
    idle = pool_days("b", START, DAYS, productive=noisy(0.2, 0.002), gpus=100)
    found = verdict(tables(full, idle))
    assert found.judged[0].outcome is Outcome.PASS
    assert found.outcome is Outcome.HOLD
    assert found.because == "b fails: productive_utilization 20.0 % [20.0, 20.0], at least 75.0 %"
    assert [(part.scope["pool"], str(part.outcome)) for part in found.parts] == [("b", "fail")]


def test_a_pool_that_nobody_measured_makes_the_whole_unknown() -> None:
    full = pool_days("a", START, DAYS, productive=0.85, gpus=9900)
    blind = pool_days("b", START, DAYS, active=None, productive=None, unlabelled=None, gpus=100)
    found = verdict(tables(full, blind))
    assert found.outcome is Outcome.UNKNOWN
    assert "56 of 56 days are missing: b: no telemetry on any day" in found.because
    assert [(part.scope["pool"], str(part.outcome)) for part in found.parts] == [("a", "pass")]


def test_a_failing_whole_fails_whatever_its_pools_say() -> None:
    found = verdict(
        tables(pool_days("a", START, DAYS, productive=0.9, gpus=10), pool_days("b", START, DAYS, productive=0.3))
    )
    assert found.outcome is Outcome.FAIL
    assert [(part.scope["pool"], str(part.outcome)) for part in found.parts] == [("a", "pass")]


def test_a_lost_week_is_unknown_and_a_lost_day_is_not() -> None:
    def lost(first: int, last: int) -> list[dict[str, Any]]:
        def gone(i: int) -> bool:
            return first <= i < last

        return pool_days(
            "a", START, DAYS, productive=lambda i: 0.0 if gone(i) else 0.9, unlabelled=lambda i: 1.0 if gone(i) else 0.0
        )

    week, day = verdict(tables(lost(160, 167))), verdict(tables(lost(160, 161)))
    assert (week.outcome, day.outcome) == (Outcome.UNKNOWN, Outcome.PASS)
    assert "12.5 % is missing, more than 5.0 %: a: no telemetry on 2026-08-09 to 2026-08-15" in week.because
    assert verdict(tables(lost(160, 161)), Rule(max_missing=0.0)).outcome is Outcome.UNKNOWN


def test_the_rung_is_chosen_by_policy_with_its_own_limit_and_never_falls_back() -> None:
    pools = pool_days("a", START, DAYS, allocated=0.9, active=None, productive=None, unlabelled=None)
    assert verdict(tables(pools)).outcome is Outcome.UNKNOWN
    found = verdict(tables(pools, rung="allocated"))
    assert (found.outcome, found.judged[0].limit.metric) == (Outcome.PASS, "capacity.utilization.allocated_utilization")
    assert found.judged[0].limit.value == 0.85


def test_limits_of_a_pool_are_read_at_the_pool() -> None:
    full = pool_days("a", START, DAYS, productive=0.85, gpus=900)
    reserve = pool_days("b", START, DAYS, productive=0.2, gpus=100)
    evidence = tables(full, reserve)
    pool = Scope.of(region="north", accelerator="H20", pool="b")
    own = {**evidence.set_limits, (gate.name, pool): Limits(productive_utilization=0.1)}
    assert verdict(replace(evidence, set_limits=own)).outcome is Outcome.PASS


def test_only_the_past_that_can_matter_is_read() -> None:
    evidence = tables(pool_days("a", START, DAYS, productive=0.9))
    verdict(evidence)
    weeks = {window.end for name, _, window in evidence.looked if name == "productive_utilization"}
    assert sorted(weeks) == [TODAY - timedelta(weeks=i) for i in (3, 2, 1, 0)]


def test_the_short_walk_ends_where_the_whole_history_ends() -> None:
    for by in (0.0, 0.03, 0.06):
        evidence = tables(pool_days("a", START, DAYS, productive=waves(by)))
        for rule in (Rule(), Rule(held_for=2, band=0.05), Rule(cool_down=3), Rule(held_for=1, band=0.03, cool_down=2)):
            limits, days = evidence.limits(gate.name, NORTH), periods_of(evidence, gate, NORTH)
            history = [evaluation(look(gate, NORTH, evidence.at(day), rule, limits)) for day in days]
            assert fold(history, terms_of(gate, rule)).outcome is verdict(evidence, rule).outcome


def test_evaluations_are_made_on_mondays_and_today() -> None:
    assert periods(date(2026, 8, 3), date(2026, 8, 20), "1w") == (
        date(2026, 8, 10),
        date(2026, 8, 17),
        date(2026, 8, 20),
    )
    assert periods(date(2026, 8, 4), date(2026, 8, 17), "1w") == (date(2026, 8, 17),)
    assert periods(date(2026, 8, 3), date(2026, 8, 5), "8w") == (date(2026, 8, 5),)


def test_policy_sets_the_conditions_that_declare_a_run() -> None:
    assert terms_of(gate, Rule()) == Terms((4, 1), 0)
    assert terms_of(gate, Rule(held_for=6, cool_down=2)) == Terms((6, 1), 2)


def test_no_evidence_at_all_is_unknown() -> None:
    found = verdict(tables())
    assert (found.outcome, found.slack, found.parts) == (Outcome.UNKNOWN, None, ())
    assert found.because.startswith("productive_utilization is not known, at least 75.0 % (no live pool in north / H20")


def test_since_when_is_told_where_the_evaluations_show_it() -> None:
    short = verdict(tables(pool_days("a", TODAY - timedelta(weeks=12), 84, productive=0.9)))
    assert (short.outcome, short.since) == (Outcome.PASS, None)
    young = verdict(tables(pool_days("a", TODAY - timedelta(weeks=9), 63, productive=0.3)))
    assert (young.outcome, young.since) == (Outcome.FAIL, None)
