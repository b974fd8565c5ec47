"""A programme with every vintage going beside the trigger deciding: what is taken over from the gate, and by hand."""

from dataclasses import replace

import pytest

from hardgate.core.days import window_ending
from hardgate.metrics.availability import metric as availability
from hardgate.metrics.demand import metric as demand
from hardgate.metrics.demand_over_position import metric as demand_over_position
from hardgate.metrics.programme_decided import Decided, Way, decided, triggers, ways
from hardgate.metrics.programme_model import assemble
from hardgate.metrics.programme_outcome import Figure, outcome
from hardgate.metrics.trigger import metric as trigger
from hardgate.models.programme import HOURS_PER_QUARTER, Programme, Vintage
from hardgate.outlook import simulate
from tests.worlds import WORLDS

WORLD = next(world for world in WORLDS if world.name == "outlook")
FULL, WINDOW = WORLD.full, window_ending("4w", WORLD.full.as_of)


def test_with_every_vintage_ordered_it_is_the_outcome_that_is_simulated() -> None:
    found, came = outcome(FULL, "ai")
    made = decided(FULL, found)
    assert came is not None
    assert made is not None
    assert (made.every.npv, made.every.p_hurdle) == (came.npv, came.p_hurdle)
    assert made.every.p_loss.value == pytest.approx(1 - came.p_hurdle.value, abs=1e-6)
    assert {name: one.value for name, one in made.every.ordered.items()} == {"hall-4": 1, "hall-5": 1}


def test_a_trigger_is_reached_in_the_model_where_it_is_reached_at_the_gate() -> None:
    """Demand over position of pool a to its trigger is, today, whole demand over what the pool can sell to its own."""
    found, made = assemble(FULL, "ai"), triggers(FULL, assemble(FULL, "ai"))
    assert found.programme is not None
    assert set(made) == {"hall-4", "hall-5"}
    gate, model = made["hall-4"]
    assert gate == FULL.reading(trigger, WORLD.scope, WINDOW).value
    there = FULL.reading(availability, found.scope, found.window).value
    mine, whole = (FULL.reading(demand, scope, WINDOW).value for scope in (WORLD.scope, found.scope))
    ratio = FULL.reading(demand_over_position, WORLD.scope, WINDOW).value
    assert None not in (there, mine, whole, ratio)
    position = (mine or 0) / (ratio or 1)
    share = found.programme.demand / (whole or 1)  # productive of what is held
    sells = position * (there or 0) * share
    assert found.programme.demand / (model * sells) == pytest.approx((ratio or 0) / gate, rel=1e-3)


def test_two_ways_by_hand_where_the_second_vintage_pays_on_half_of_the_courses() -> None:
    """Demand moves once, evenly up and down: what is ordered is what is above the median, and a loss is never bought."""
    price = 10 / HOURS_PER_QUARTER
    live = Vintage("live", spend=-1, amount=0, lead=1, life=9, gpus=100, price=price, committed=True)
    more = Vintage("more", spend=1, amount=300, lead=1, life=4, gpus=50, price=price)
    plain = Programme((live, more), quarters=6, demand=100, growth=0.02, volatility=0.2)
    every = ways(plain, 0.0)
    some = ways(replace(plain, vintages=(live, replace(more, trigger=1.0))), 0.0)
    assert every["ordered"] == {"more": (1.0, 0.0)}
    assert some["ordered"]["more"][0] == pytest.approx(0.5, abs=0.002)  # drift .02 less half of .04: none
    assert some["p_loss"][0] < every["p_loss"][0]
    assert some["npv"][0] > every["npv"][0]


def test_the_notes_print_both_ways_and_what_goes_how_often() -> None:
    way = Way(Figure(8e6, 1e3), Figure(0.784, 0.001), Figure(0.216, 0.001), {"hall-4": Figure(1.0, 0.0)})
    some = replace(way, p_loss=Figure(0.087, 0.001), ordered={"hall-4": Figure(0.6, 0.002)})
    found = assemble(FULL, "ai")
    said = list(simulate.both_ways(found, Decided(way, some, {"hall-4": 0.878}, ("hall-5",)), "RMB"))
    assert said[0].startswith("ai: with every vintage ordered whatever comes P(hurdle) 78.4 %")
    assert said[0].endswith("P(NPV < 0) 21.6 % of the courses (standard error 0.10 points)")
    assert said[1].startswith("ai: with the trigger deciding on each course P(hurdle) 78.4 %")
    assert "P(NPV < 0) 8.7 % of the courses" in said[1]
    assert said[2].startswith("ai: hall-4 is ordered from 87.8 % of its pool's position on: in 60.0 % of the courses")
    assert said[3] == "ai: hall-5: no trigger is known, ordered whatever comes"
    assert any("the trigger deciding on each course" in note for note in simulate.build(FULL).notes)


def test_a_pool_is_judged_by_its_own_position() -> None:
    """Of two pools one has room: only the vintage of the other is ordered."""
    from hardgate.models.programme_run import run

    price = 10 / HOURS_PER_QUARTER
    full = Vintage("full", spend=-1, amount=0, lead=1, life=9, gpus=50, price=price, committed=True, pool="a")
    wide = replace(full, name="wide", gpus=150, pool="b")
    asked = (replace(full, name="next-a", spend=1, amount=300, committed=False, trigger=0.9 / 0.5),
             replace(full, name="next-b", spend=1, amount=700, committed=False, trigger=0.9 / 0.5, pool="b"))  # fmt: skip
    found = run(Programme((full, wide, *asked), quarters=4, demand=100))
    assert found.capex.tolist() == [0, 300, 0, 0]
