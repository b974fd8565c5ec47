from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hardgate.capacity import activation, backlog, committed_usage, tranche, trigger
from hardgate.core.terms import Gate, Outcome, Scope, Verdict
from hardgate.gates.judge import Rule, judge
from tests.evidence import Tables, day_rows, pool_days, table
from tests.metrics.test_triggers import CASE, Given

TODAY = date(2026, 9, 7)
SCOPE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")
PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months
    2026-12-01  hall-4   a    north  H20         100   2000000  RMB      2026-12-01  2027-12-01  -
"""
FEES = "day tranche fee currency\n2026-01-01 hall-4 0 RMB\n2027-01-01 hall-4 500000 RMB"
RULES = {"discount_rate": 0.12, "hurdle_rate": 0.15, "fixed_cost_per_gpu_month": 100.0, "lead_months": 9.0}
Triple = tuple[float | None, float | None, float | None]


def evidence(plan: str = PLAN, fees: str = FEES, rules: Mapping[str, float] = RULES, **given: Triple) -> Given:
    tables = {"tranche": table(plan), "cancel_fee": table(fees)}
    return Given(TODAY, tables, assumptions=rules, given={**CASE, **given})


def verdict(gate: Gate, found: Tables, limits: Any = None) -> Verdict:
    return judge(gate, None, SCOPE.narrowed(gate.per), found.at, [found.as_of], Rule(), limits or gate.limits)


@pytest.mark.parametrize(
    ("asked", "outcome"),
    [
        ((0.98, 0.99, 1.0), "pass"),
        ((0.80, 0.85, 0.90), "hold"),
        ((0.50, 0.51, 0.52), "fail"),
        ((None, None, None), "unknown"),
    ],
)
def test_demand_is_held_against_the_computed_trigger(asked: Triple, outcome: str) -> None:
    found = verdict(trigger.gate, evidence(demand_over_position=asked))
    assert str(found.outcome) == outcome


@pytest.mark.parametrize("limit", ["min", "economic", "service", "ceiling"])
def test_policy_chooses_the_limit_and_the_verdict_names_it(limit: str) -> None:
    found = verdict(trigger.gate, evidence(demand_over_position=(0.5, 0.5, 0.5)), trigger.Limits(limit=limit))
    names = {"min": "trigger"}
    assert found.judged[0].limit.metric == names.get(limit, f"{limit}_trigger")
    assert found.judged[0].slack == pytest.approx(0.5 - (found.judged[0].limit.high or 0))


def test_a_full_pool_passes_on_the_ceiling_though_the_margin_is_not_known() -> None:
    blind = evidence(demand_over_position=(0.98, 0.99, 1.0), contribution_margin=(None, None, None))
    assert verdict(trigger.gate, blind).outcome is Outcome.PASS
    half = evidence(demand_over_position=(0.5, 0.5, 0.5), contribution_margin=(None, None, None))
    found = verdict(trigger.gate, half)
    assert (found.outcome, "contribution_margin: given contribution_margin" in found.because) == (Outcome.UNKNOWN, True)


@pytest.mark.parametrize(("covered", "outcome"), [(1.12, "pass"), (1.10, "pass"), (0.897, "fail"), (None, "unknown")])
def test_backlog_needs_one_and_a_tenth_of_what_the_tranche_needs(covered: float | None, outcome: str) -> None:
    found = verdict(backlog.gate, evidence(backlog_coverage=(covered, covered, covered)))
    assert str(found.outcome) == outcome


@pytest.mark.parametrize(("used", "outcome"), [(0.5, "pass"), (0.49, "fail"), (None, "unknown")])
def test_half_of_a_tranche_must_be_bound_by_its_largest_accounts(used: float | None, outcome: str) -> None:
    assert str(verdict(committed_usage.gate, evidence(committed_usage=(used, used, used))).outcome) == outcome


GOOD: Triple = (0.1, 0.2, 0.3)


def test_a_tranche_in_time_buildable_with_a_known_way_out_and_worth_its_capital_passes() -> None:
    found = verdict(tranche.gate, evidence(tranche_value=GOOD))
    assert found.outcome is Outcome.PASS
    assert [one.reading.value for one in found.judged] == [85.0, 3.0, 0.25, 0.2]


@pytest.mark.parametrize(
    ("found", "metric"),
    [
        (replace(evidence(tranche_value=GOOD), as_of=date(2026, 12, 2)), "days_to_commit"),
        (evidence(rules={**RULES, "lead_months": 13.0}, tranche_value=GOOD), "lead_slack"),
        (evidence(fees=FEES.replace("500000", "2100000"), tranche_value=GOOD), "cancel_share"),
        (evidence(tranche_value=(-0.3, -0.2, -0.1)), "tranche_value"),
    ],
)
def test_each_of_its_terms_can_fail_it(found: Tables, metric: str) -> None:
    said = verdict(tranche.gate, found)
    assert said.outcome is Outcome.FAIL
    assert [one.reading.metric for one in said.judged if one.outcome is Outcome.FAIL] == [metric]


def test_a_fee_that_nobody_stated_is_unknown_and_not_nothing() -> None:
    said = verdict(tranche.gate, evidence(fees="day tranche fee currency\n2027-06-01 hall-4 5 RMB", tranche_value=GOOD))
    assert said.outcome is Outcome.UNKNOWN
    assert "no cancel fee of hall-4 by 2026-12-01" in said.because


def test_a_hall_that_nobody_took_fails_activation() -> None:
    inventory = table("day pool gpus live_date retire_date\n2026-01-01 a 80 2026-01-01 -\n2026-06-01 a 20 2026-06-01 -")
    pools = pool_days("a", date(2026, 1, 1), 249, allocated=0.8)
    found = Tables(TODAY, {"pool_day": day_rows(pools), "inventory": inventory}, set_limits={})
    said = judge(
        activation.gate,
        None,
        Scope.of(region="north", accelerator="H20"),
        found.at,
        [TODAY],
        Rule(),
        activation.gate.limits,
    )
    assert (said.outcome, said.judged[0].reading.value) == (Outcome.FAIL, 0.8)
