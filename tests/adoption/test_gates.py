"""capacity.attach and adoption.upsell_first: each outcome from evidence that calls for it."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hardgate.adoption.upsell_first import gate as upsell_first
from hardgate.capacity.attach import Limits
from hardgate.capacity.attach import gate as attach
from hardgate.core.terms import Action, Gate, Outcome, Rows, Scope, Verdict
from hardgate.gates.judge import Rule, judge
from hardgate.review.proposals.campaigns import build
from tests.adoption.world import TABLES
from tests.capacity.world import TABLES as CAPACITY
from tests.capacity.world import TODAY
from tests.evidence import Tables, table

ALL: Mapping[str, Rows] = {**CAPACITY, **TABLES}
HALL = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")


def verdict(gate: Gate, scope: Scope, tables: Mapping[str, Rows], limits: Any = None) -> Verdict:
    limits = limits or gate.limits
    return judge(gate, None, scope, Tables(TODAY, tables).at, (TODAY,), Rule(), limits)


def case(rate: float | None) -> dict[str, Rows]:
    plan = CAPACITY["tranche"]
    return {**ALL, "tranche": Rows({**plan.columns, "attach_rate": [rate, None]}, plan.count)}


@pytest.mark.parametrize(
    ("rate", "outcome"),
    [(0.25, Outcome.PASS), (0.62, Outcome.HOLD), (0.95, Outcome.FAIL), (None, Outcome.UNKNOWN)],
)
def test_the_lower_bound_is_held_against_the_case(rate: float | None, outcome: Outcome) -> None:
    found = verdict(attach, HALL, case(rate))
    assert found.outcome is outcome, found.because
    if rate is None:
        assert "names no attach rate" in found.because


def test_a_rate_that_falls_below_its_case_before_the_hall_is_live_does_not_pass() -> None:
    """The rate holds today, and its line does not when the tranche goes live."""
    from tests.metrics.test_attach import climbing

    falling = climbing(up=-2).tables
    plan = falling["tranche"]
    stated = {**falling, "tranche": Rows({**plan.columns, "attach_rate": [0.15]}, plan.count)}
    found = verdict(attach, Scope.of(region="north", tranche="hall-4"), stated)
    now, then = found.judged
    assert (now.outcome, then.outcome) == (Outcome.PASS, Outcome.HOLD)
    assert found.outcome is Outcome.HOLD


@pytest.mark.parametrize("variant", ["unit", "revenue", "cohort_90d", "weekly_active"])
def test_policy_chooses_which_rate_counts(variant: str) -> None:
    found = verdict(attach, HALL, case(0.25), Limits(variant))
    assert found.judged[0].reading.metric == f"attach_{variant}"


def test_it_guards_release_alone() -> None:
    assert [action for action in Action if attach.guards(action)] == [Action.RELEASE]
    assert [action for action in Action if upsell_first.guards(action)] == [Action.CHASE]


def swapped() -> dict[str, Rows]:
    """The same pipeline with the two kinds of deal the other way round."""
    rows = TABLES["opportunity"]
    other = {"new": "expansion", "expansion": "new"}
    kinds = [other[kind] for kind in rows.columns["kind"]]
    return {**ALL, "opportunity": Rows({**rows.columns, "kind": kinds}, rows.count)}


def test_new_logos_may_be_chased_where_an_hour_brings_more_with_them() -> None:
    where = Scope.of(region="north", segment="growth")
    assert verdict(upsell_first, where, ALL).outcome is Outcome.PASS
    upsell = verdict(upsell_first, where, swapped())
    assert upsell.outcome is Outcome.FAIL
    [judged] = upsell.judged
    assert judged.limit.metric == "expansion_contribution_per_hour"


def test_without_hours_nobody_can_say_where_they_should_go() -> None:
    rows = TABLES["opportunity"]
    silent = {**ALL, "opportunity": Rows({**rows.columns, "hours": [None] * rows.count}, rows.count)}
    found = verdict(upsell_first, Scope.of(region="north", segment="growth"), silent)
    assert found.outcome is Outcome.UNKNOWN
    assert "has no hours" in found.because


def test_campaigns_of_the_sales_plan_ask_to_chase() -> None:
    plan = table("""
        day         campaign region segment logos hours budget currency requested_by
        2026-10-01  logos    north  growth  5     300   40000  RMB      ada
        2026-08-20  late     -      startup -     -     -      RMB      -
        2026-08-01  over     north  growth  5     300   40000  RMB      ada
        2027-09-01  far      north  growth  5     300   40000  RMB      ada
    """)
    late, logos = build(Tables(TODAY, {"sales_target": plan}), "26w")
    assert (late.id, str(late.scope), late.amount, late.by) == ("late", "startup", None, "sales plan")
    assert (logos.id, logos.action, str(logos.scope), logos.by) == ("logos", Action.CHASE, "north / growth", "ada")
    assert (logos.amount, logos.decide_by) == (Decimal(40000), date(2026, 10, 1))
    assert logos.terms == (("logos", 5), ("hours", 300))


def test_a_hole_in_the_pipeline_is_no_pass() -> None:
    gone = {name: rows for name, rows in ALL.items() if name != "opportunity"}
    assert verdict(upsell_first, Scope.of(segment="growth"), gone).outcome is Outcome.UNKNOWN
