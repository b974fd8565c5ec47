"""The right to a tranche: against the trigger's own dynamic programme, the draws of outlook.shift, and by hand."""

from dataclasses import replace
from math import log

import pytest

from hardgate.capacity import block_size, waiting
from hardgate.core.days import window_ending
from hardgate.core.terms import Table
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.next_block import Case, cases
from hardgate.metrics.shift_options import options
from hardgate.metrics.tranche_right import waited
from hardgate.metrics.tranche_value import metric as tranche_value
from hardgate.metrics.trigger import metric as trigger
from hardgate.models.trigger import economic
from hardgate.outlook import measure_next, portfolio
from tests.capacity.world import INVENTORY
from tests.evidence import table
from tests.worlds import WORLDS

WORLD = next(world for world in WORLDS if world.name == "outlook")
FULL, WINDOW = WORLD.full, window_ending("4w", WORLD.full.as_of)
SMALL = "\n".join(line for line in INVENTORY.replace(" 100  2025", " 90   2025").splitlines() if "2027" not in line)
CROWDED = replace(FULL, tables={**FULL.tables, "inventory": table(SMALL)})
"""Pool a has 90 GPUs for a demand of 88, and the margin does not cover the cost of owning."""
CASE = Case("one", 168.0, 160.0, 96.0, 7.0, 0.32, 0.08, log(1.12), 6200.0, 3800.0, 48, None, 0.0)


def by_name(built: Table, head: str) -> dict[object, object]:
    names = [heading.name for heading in built.headings]
    return {row[0]: row[names.index(head)] for row in built.rows}


def by_the_trigger(one: Case) -> tuple[float, float]:
    """What waiting and ordering now are worth to the dynamic programme, which knows nothing of lattices."""
    found = economic(
        one.demand, one.position, one.gpus, one.lead_months, one.growth, one.volatility, one.discount, one.margin,
        one.own, horizon_months=round(one.lead_months) + one.life_months, life_months=one.life_months,
    )  # fmt: skip
    now = found.value - max(found.value_of_waiting, 0)
    return now + found.value_of_waiting, now


@pytest.mark.parametrize("volatility", [0.08, 0.25])
def test_the_right_is_that_of_the_dynamic_programme_less_the_fee(volatility: float) -> None:
    one = replace(CASE, volatility=volatility, fee=50_000.0)
    found, (kept, now) = waited(one), by_the_trigger(one)
    assert found["now"] == pytest.approx(now, rel=1e-9)
    best = max(kept, now)  # its right never lapses before the end, this one after two years
    assert 0.99 * best < found["right"] + 50_000 < 1.001 * best
    assert found["simulated"] == pytest.approx(found["right"], abs=4 * found["error"] + 0.01 * found["right"])


def test_it_says_build_now_where_the_trigger_is_reached_and_not_below_it() -> None:
    """With the least volatility and demand far above the position every month of waiting loses a month's earning."""
    there = replace(CASE, demand=260.0, position=160.0)
    assert waited(there)["build_now"]
    assert by_the_trigger(there)[0] < by_the_trigger(there)[1]
    early = replace(CASE, demand=120.0)
    assert not waited(early)["build_now"]
    assert by_the_trigger(early)[0] > by_the_trigger(early)[1]


def test_a_fee_that_is_larger_than_what_waiting_gains_says_build_now() -> None:
    gain = waited(CASE)["waiting"]
    assert gain > 0
    assert not waited(replace(CASE, fee=0.9 * gain))["build_now"]
    assert waited(replace(CASE, fee=1.1 * gain))["build_now"]


def test_an_order_that_lives_its_whole_life_loses_less_by_waiting() -> None:
    found = waited(CASE)
    assert found["renewed"] > found["right"]


def test_a_quarter_later_is_what_the_draws_of_shift_say() -> None:
    """Both less the fee of today; the draws within three standard errors."""
    found = {one.tranche: waited(one) for one, _ in cases(FULL).known}
    for one, scope in cases(FULL).known:
        drawn = {each.name: each for each in options(FULL, scope, WINDOW).worths}
        mine, delay = found[one.tranche], drawn["delay a quarter"]
        assert mine["later"] - mine["now"] == pytest.approx(delay.gain, abs=3 * delay.gain_error + 1)
        assert (mine["later"] > mine["now"]) is (delay.gain > 0)


def test_all_exhibits_of_a_tranche_value_ordering_it_alike() -> None:
    """The gate's own value; the portfolio is its mean over 2,048 draws."""
    gate = {
        one.tranche: dict(FULL.reading(tranche_value, scope, WINDOW).facts)["value_of_ordering"]
        for one, scope in cases(FULL).known
    }
    assert set(gate) == {"hall-4", "hall-5"}
    now, sized, known, drawn = (
        by_name(waiting.build(FULL), "ordering now"), by_name(block_size.build(FULL), "planned, over its life"),
        by_name(measure_next.build(FULL), "worth to its gate"), by_name(portfolio.build(FULL), "worth"),
    )  # fmt: skip
    for name, value in gate.items():
        assert float(str(now[name])) == pytest.approx(value)
        assert float(str(known[name])) == pytest.approx(value)
        assert sized[name] == round(value)
        assert float(str(drawn[name])) == pytest.approx(value, rel=0.01)
    waits, costs = by_name(waiting.build(FULL), "waiting"), by_name(measure_next.build(FULL), "waiting costs")
    assert {name: -float(str(one)) for name, one in waits.items()} == {name: float(str(costs[name])) for name in waits}


def test_where_the_trigger_lets_go_and_value_would_wait_the_reason_is_named() -> None:
    built = waiting.build(CROWDED)
    says = by_name(built, "says")
    passed = {
        one.tranche
        for one, scope in cases(CROWDED).known
        if (CROWDED.reading(demand_over_position, scope, WINDOW).value or 0)
        >= (CROWDED.reading(trigger, scope, WINDOW).value or 9)
    }
    assert "hall-4" in passed
    assert says["hall-4"] == "never"
    named = {note.split(":")[0] for note in built.notes if "capacity.trigger lets it go" in note}
    assert named == {name for name in passed if says[name] != "build now"}
    assert built.sentence.endswith("since work waits from 83.0 % on; by value alone it never goes.")


def test_what_no_demand_makes_pay_is_never() -> None:
    assert waiting.verdict({"build_now": False, "first_now": False, "right": -5.0, "fee": 5.0}) == "never"
    assert waiting.verdict({"build_now": False, "first_now": False, "right": -4.0, "fee": 5.0}) == "wait"


def test_where_gate_and_programme_differ_in_sign_both_figures_are_named() -> None:
    built, drawn = measure_next.build(FULL), portfolio.build(FULL)
    gate, within = by_name(built, "worth to its gate"), by_name(built, "within its programme")
    differ = {
        name for name in ("hall-4", "hall-5") if (float(str(gate[name])) > 0) is not (float(str(within[name])) > 0)
    }
    assert {note.split(":")[0] for note in built.notes if note.endswith("they differ in sign")} == differ
    assert {note.split(":")[0] for note in drawn.notes if "to its gate, on the demand" in note} == differ
