"""What else a tranche's capital could do, against the closed form, and what the gate says of it."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.days import window_ending
from hardgate.core.terms import EVERYTHING, Action, Ask, Mode, Outcome, Rows, Scope, Verdict
from hardgate.gates.judge import Rule, judge, periods_of
from hardgate.metrics.shift_gain import metric as shift_gain
from hardgate.metrics.shift_options import GO, Options, options
from hardgate.metrics.tranche_value import metric as tranche_value
from hardgate.outlook.shift import Limits, exhibit, gate
from hardgate.review.proposals import unfit_tranches
from tests.capacity import world
from tests.capacity.world import SCOPE, TODAY
from tests.evidence import Tables, table

WINDOW = window_ending("4w", TODAY)
ASSUMED = {**world.ASSUMPTIONS, "lease_per_gpu_month": 1500.0}


def evidence(**changed: Any) -> Tables:
    limits: dict[tuple[str, Scope], Any] = {(gate.name, EVERYTHING): Limits()}
    return replace(Tables(TODAY, dict(world.TABLES), ASSUMED, limits), **changed)


def found(**changed: Any) -> Options:
    return options(evidence(**changed), SCOPE, WINDOW)


def worth(one: Options) -> dict[str, float]:
    return {each.name: each.value for each in one.worths}


def with_fee(fee: int) -> dict[str, Any]:
    return {**world.TABLES, "cancel_fee": table(f"day tranche fee currency\n2026-01-01 hall-4 {fee} RMB")}


def test_going_now_is_what_the_tranche_is_worth_at_its_hurdle() -> None:
    reading = evidence().reading(tranche_value, SCOPE, WINDOW)
    exact = dict(reading.facts)["value_of_ordering"]
    assert worth(found())[GO] == pytest.approx(exact, rel=0.01)


def test_every_option_but_going_pays_the_fee_of_today() -> None:
    free, dear = worth(found(tables=with_fee(0))), worth(found(tables=with_fee(250_000)))
    assert set(free) == {GO, "delay a quarter", "move to north / H20 / b", "lease instead"}
    assert dear[GO] == free[GO]
    for name in set(free) - {GO}:
        assert dear[name] == pytest.approx(free[name] - 250_000)


def test_without_a_fee_in_force_nothing_is_compared() -> None:
    later = {**world.TABLES, "cancel_fee": table("day tranche fee currency\n2026-12-01 hall-4 9 RMB")}
    assert found(tables=later).missing == "no cancel fee of hall-4 in force today; bring cancel_fees"
    reading = evidence(tables=later).reading(shift_gain, SCOPE, WINDOW)
    assert (reading.value, reading.because) == (None, "no cancel fee of hall-4 in force today; bring cancel_fees")


def test_a_lease_without_a_price_and_a_pool_without_sales_are_named() -> None:
    no_lease = found(assumptions=world.ASSUMPTIONS)
    assert "lease: set lease_per_gpu_month under assumptions" in no_lease.left_out
    lines = [line for line in table_text("sales_month") if " b " not in line]
    no_sales = found(tables={**world.TABLES, "sales_month": table("\n".join(lines))})
    assert "move to north / H20 / b: contribution_margin not known" in no_sales.left_out
    assert "move to north / H20 / b" not in worth(no_sales)


def table_text(name: str) -> list[str]:
    rows = world.TABLES[name]
    cells = zip(*rows.columns.values(), strict=True)
    return [" ".join(rows.columns), *(" ".join("-" if one is None else str(one) for one in line) for line in cells)]


def test_another_pool_is_entered_behind_its_own_open_tranches() -> None:
    """Pool b asks for 30 of 20 GPUs; hall-5 adds 20. Taken away, a move to b is worth more."""
    small = table("\n".join(line.replace(" b north H20 50 ", " b north H20 20 ") for line in table_text("inventory")))
    only = table("\n".join(line for line in table_text("tranche") if "hall-5" not in line))
    behind = found(tables={**world.TABLES, "inventory": small})
    alone = found(tables={**world.TABLES, "inventory": small, "tranche": only})
    assert worth(alone)["move to north / H20 / b"] > worth(behind)["move to north / H20 / b"] + 1


def test_the_gain_is_the_best_option_less_going_over_the_amount() -> None:
    known = found(tables=with_fee(0))
    values = worth(known)
    best = max(value for name, value in values.items() if name != GO)
    reading = evidence(tables=with_fee(0)).reading(shift_gain, SCOPE, WINDOW)
    assert reading.value == pytest.approx((best - values[GO]) / (800_000 * 7.2), abs=1e-4)
    assert (reading.low or 0) <= (reading.value or 0) <= (reading.high or 0)


def verdict(limits: Limits) -> Verdict:
    seen = evidence(tables=with_fee(0))
    return judge(gate, None, SCOPE, seen.at, periods_of(seen, gate, SCOPE), Rule(), limits)


def test_capital_shifts_only_where_it_is_worth_more_and_the_one_metric_says_so() -> None:
    gain = evidence(tables=with_fee(0)).reading(shift_gain, SCOPE, WINDOW)
    asked = 0.75  # demand over position stands at 88 / 120 = 73 %
    assert gain.low is not None
    met = Limits(shift_gain=gain.low - 0.01, slowed_by="demand_over_position", demand_over_position=asked)
    assert verdict(met).outcome is Outcome.PASS
    assert verdict(replace(met, shift_gain=(gain.high or 0) + 0.01)).outcome is Outcome.FAIL
    assert verdict(replace(met, demand_over_position=0.5)).outcome is Outcome.FAIL
    other = verdict(replace(met, slowed_by="tranche_value", tranche_value=-0.9))
    assert [one.reading.metric for one in other.judged] == ["shift_gain", "tranche_value"]


def test_the_table_names_the_metric_its_day_and_what_has_fired() -> None:
    fired = Verdict("watch.growth", "", Scope.of(provider="acme"), Outcome.PASS, Mode.SHADOW, "finance", "5 quarters")
    quiet = replace(fired, gate="watch.margin", outcome=Outcome.FAIL)
    limits = {(gate.name, EVERYTHING): Limits(decided_on=date(2026, 10, 5))}
    built = exhibit.build(evidence(verdicts=(fired, quiet), set_limits=limits))
    assert "hall-4: slowed by demand_over_position at most 0.8, decided on 2026-10-05 by finance" in built.notes
    assert "fired: watch.growth, acme: 5 quarters; owner finance" in built.notes
    assert not [note for note in built.notes if "watch.margin" in note]
    assert {row[0] for row in built.rows} == {"hall-4", "hall-5"}


def test_a_tranche_that_a_gate_fails_asks_to_shift_and_one_that_is_far_off_does_not() -> None:
    from hardgate.review import areas

    limits: dict[tuple[str, Scope], Any] = {(one.name, EVERYTHING): one.limits for one in areas.gates().values()}
    plan = world.TABLES["tranche"]
    planned = Rows({**plan.columns, "requested_by": ["zhou"] * 2, "proposed_on": [None] * 2}, 2)
    known = evidence(set_limits=limits, tables={**world.TABLES, "tranche": planned})
    asked = unfit_tranches.build(known, "26w")
    assert [(one.id, one.action) for one in asked] == [("shift-hall-4", Action.SHIFT), ("shift-hall-5", Action.SHIFT)]
    first = asked[0]
    assert (first.scope, first.amount, first.terms) == (SCOPE, Decimal(800_000), ())
    assert unfit_tranches.build(known.at(date(2026, 7, 1)), "26w") == ()  # both are due after more than a quarter


def test_an_ask_to_shift_adds_no_capacity_of_its_own() -> None:
    from hardgate.metrics.planned import open_tranches

    ask = Ask("shift-hall-4", Action.SHIFT, SCOPE, "planning", Decimal(1), "RMB", date(2026, 11, 1))
    assert [one.tranche for one, _ in open_tranches(evidence(asks=(ask,)))] == ["hall-4", "hall-5"]
