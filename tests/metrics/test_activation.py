from datetime import date, timedelta
from typing import Any

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Reading, Scope
from hardgate.metrics import activation, ramp
from tests.evidence import Tables, day_rows, pool_days, table

START, END = date(2026, 1, 5), date(2026, 9, 7)
WINDOW = Window(END - timedelta(weeks=8), END)
DAYS = (END - START).days
TWO_HALLS = """
    day         pool  gpus  live_date   retire_date
    2026-01-05  a     60    2026-01-05  -
    2026-06-01  a     40    2026-06-01  -
"""


def read(inventory: str, *pools: list[dict[str, Any]], scope: Scope = EVERYTHING, **assumptions: float) -> Reading:
    tables = {"pool_day": day_rows(*pools), "inventory": table(inventory)}
    return Tables(END, tables, assumptions=assumptions).reading(activation.metric, scope, WINDOW)


def test_load_fills_the_halls_of_a_pool_in_the_order_of_their_live_dates() -> None:
    """70 of 100 GPUs loaded: 60 of the first hall, 10 of the 40 of the second, which is not more than half."""
    found = read(TWO_HALLS, pool_days("a", START, DAYS, allocated=0.70))
    assert (found.value, found.low, found.high) == (0.6, 0.6, 0.6)
    assert found.facts == (("activated_gpus", 60.0), ("live_gpus", 100.0))
    fuller = read(TWO_HALLS, pool_days("a", START, DAYS, allocated=0.81))
    assert fuller.value == 1.0


def test_a_hall_is_activated_by_days_running_and_stays_so() -> None:
    early = pool_days("a", START, DAYS, allocated=lambda i: 0.9 if 150 <= i < 164 else 0.1)
    assert read(TWO_HALLS, early).value == 1.0
    short = pool_days("a", START, DAYS, allocated=lambda i: 0.9 if 150 <= i < 163 else 0.1)
    assert read(TWO_HALLS, short).value == 0.0
    assert read(TWO_HALLS, short, activation_days=13).value == 1.0
    assert read(TWO_HALLS, pool_days("a", START, DAYS, allocated=0.70), activation_load=0.2).value == 1.0


def test_load_before_a_hall_was_live_does_not_count_for_it() -> None:
    before = pool_days("a", START, DAYS, allocated=lambda i: 0.9 if i < 140 else 0.1)
    assert read(TWO_HALLS, before).value == 0.6


def test_a_day_without_allocation_neither_proves_nor_disproves() -> None:
    found = read(TWO_HALLS, pool_days("a", START, DAYS, allocated=lambda i: None if i > 200 else 0.7))
    assert (found.value, found.low, found.high, found.missing) == (1.0, 0.6, 1.0, 0.4)
    assert found.gaps == ("a: no allocation to judge the hall of 2026-06-01 by",)


def test_a_pool_that_no_inventory_lists_is_one_hall() -> None:
    found = read("day pool gpus live_date retire_date", pool_days("b", START, DAYS, allocated=0.6, gpus=50))
    assert (found.value, found.facts) == (1.0, (("activated_gpus", 50.0), ("live_gpus", 50.0)))


def test_retired_and_future_halls_are_not_live() -> None:
    inventory = TWO_HALLS + "    2026-02-01 a 30 2026-02-01 2026-08-01\n    2027-01-01 a 500 2027-01-01 -\n"
    assert read(inventory, pool_days("a", START, DAYS)).facts[1] == ("live_gpus", 100.0)


def test_nothing_live_is_no_reading() -> None:
    found = read("day pool gpus live_date retire_date")
    assert (found.value, found.known) == (None, False)
    assert found.because.startswith("no live hall in everything on 2026-09-07: bring capacity")


def test_the_ramp_is_measured_on_past_halls_after_those_before_them() -> None:
    """Six months after 5 January the first hall holds min(70, 60) of 60; the second is too young to be read."""
    tables = {"pool_day": day_rows(pool_days("a", START, DAYS, allocated=0.7)), "inventory": table(TWO_HALLS)}
    found = Tables(END, tables).reading(ramp.metric, EVERYTHING, WINDOW)
    assert (found.value, found.facts) == (1.0, (("loaded_gpus", 60.0), ("nameplate_gpus", 60.0)))
    second = Tables(END, tables, assumptions={"ramp_months": 2}).reading(ramp.metric, EVERYTHING, WINDOW)
    assert (second.value, second.facts) == (0.7, (("loaded_gpus", 70.0), ("nameplate_gpus", 100.0)))


def test_no_hall_old_enough_is_no_ramp() -> None:
    tables = {"pool_day": day_rows(pool_days("a", date(2026, 8, 1), 37))}
    found = Tables(END, tables).reading(ramp.metric, EVERYTHING, WINDOW)
    assert found.because.startswith("no hall in everything with 6 months of allocation: bring")
