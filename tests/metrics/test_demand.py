from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hardgate.core.days import Window, add_months, window_ending
from hardgate.core.terms import EVERYTHING, Action, Ask, Reading, Scope
from hardgate.metrics import capacity_position, demand, demand_over_position, queued_share
from hardgate.metrics.planned import meant, open_tranches
from hardgate.metrics.volatility import metric as volatility
from tests.evidence import Tables, day_rows, pool_days, table

END = date(2026, 9, 7)
WINDOW = Window(END - timedelta(weeks=4), END)
START = date(2025, 1, 1)
DAYS = (END - START).days
INVENTORY = """
    day         pool region accelerator gpus live_date   retire_date
    2025-01-01  a    north  H20         100  2025-01-01  -
    2026-12-01  a    north  H20         40   2026-12-01  -
    2027-12-01  a    north  H20         60   2027-12-01  -
    2025-01-01  b    south  H20         500  2025-01-01  2027-01-01
"""
PLAN = """
    day         tranche pool region accelerator gpus amount    currency commit_date live_date   ramp_months
    2026-10-01  one     a    north  H20         50   1000000   RMB      2026-10-01  2027-10-01  -
    2026-11-01  two     a    north  H20         80   2000000   RMB      2026-11-01  2027-12-31  6
    2026-01-01  past    a    north  H20         30   1000000   RMB      2026-01-01  2026-12-01  -
"""


def tables(*pools: list[dict[str, Any]], **more: str) -> Tables:
    rows = {"pool_day": day_rows(*pools), "inventory": table(INVENTORY), "tranche": table(PLAN)}
    return Tables(END, {**rows, **{name: table(text) for name, text in more.items()}})


def test_demand_is_what_was_allocated_and_what_waited() -> None:
    found = tables(pool_days("a", START, DAYS, allocated=0.7, queued=0.05)).reading(demand.metric, EVERYTHING, WINDOW)
    assert (found.value, found.low, found.high) == (75.0, 75.0, 75.0)
    assert found.facts == (("allocated_gpu_hours", 47040.0), ("queued_gpu_hours", 3360.0))


def test_a_full_pool_without_a_known_queue_is_open_above() -> None:
    full = tables(pool_days("a", START, DAYS, allocated=0.9, queued=None)).reading(demand.metric, EVERYTHING, WINDOW)
    assert (full.value, full.low, full.high) == (90.0, 90.0, None)
    assert full.gaps[0].startswith("queued GPU-hours of a pool more than 85 % allocated are not known; bring")
    roomy = tables(pool_days("a", START, DAYS, allocated=0.8, queued=None)).reading(demand.metric, EVERYTHING, WINDOW)
    assert (roomy.value, roomy.high, roomy.gaps) == (80.0, 80.0, ())


def test_a_day_without_allocation_widens_demand() -> None:
    found = tables(pool_days("a", START, DAYS, allocated=lambda i: None if i == DAYS - 3 else 0.8, queued=0.0)).reading(
        demand.metric, EVERYTHING, WINDOW
    )
    assert found.bounds == (round(80 * 27 / 28, 1), round((80 * 27 + 100) / 28, 1))
    assert found.gaps == ("a: no allocation on 2026-09-04; bring workload_allocations or pool_usage",)


def test_monthly_counts_are_carried_to_the_last_month_by_their_growth() -> None:
    """Demand doubles in a year: the mean of the year lies far below what is in demand today."""
    grown = pool_days("a", START, DAYS, allocated=lambda i: 0.3 * 2 ** (i / 365), queued=0.0, monthly=1)
    found = tables(grown).reading(demand.metric, EVERYTHING, WINDOW)
    assert found.value is not None
    assert abs(found.value - 30 * 2 ** (592 / 365)) < 1.0
    assert found.because.startswith("whole months 2025-09-01 to 2026-08-31")


def test_months_of_demand_go_back_to_the_first_that_is_not_known() -> None:
    evidence = tables(
        pool_days("a", START, DAYS, allocated=lambda i: None if i in range(200, 220) else 0.5, queued=0.1)
    )
    found = demand.months(evidence, EVERYTHING, END)
    assert [month for month, _ in found][:1] == [date(2025, 9, 1)]
    assert len(found) == 12
    assert {round(gpus, 6) for _, gpus in found} == {60.0}


def test_a_month_with_one_lost_day_still_counts() -> None:
    evidence = tables(pool_days("a", START, DAYS, allocated=lambda i: None if i == 590 else 0.5, queued=0.0))
    found = demand.months(evidence, EVERYTHING, END)
    assert (len(found), round(found[-1][1], 6)) == (20, 50.0)


def test_the_position_counts_what_is_due_by_the_live_date_of_the_tranche() -> None:
    """Tranche one goes live in October 2027: 100 live and 40 ordered; the 60 of December 2027 come too late."""
    one = Scope.of(region="north", accelerator="H20", pool="a", tranche="one")
    found = tables(pool_days("a", START, DAYS)).reading(capacity_position.metric, one, WINDOW)
    assert (found.value, found.exact) == (140.0, True)
    assert found.facts == (("live_gpus", 100.0), ("ordered_gpus", 40.0), ("planned_before_gpus", 0.0))


def test_a_tranche_stands_on_the_open_tranches_before_it() -> None:
    two = Scope.of(tranche="two")
    found = tables(pool_days("a", START, DAYS)).reading(capacity_position.metric, two, WINDOW)
    assert found.facts[2] == ("planned_before_gpus", 50.0)


def test_the_position_is_less_what_retires_by_then() -> None:
    evidence = Tables(END, {"inventory": table(INVENTORY)}, assumptions={"lead_months": 12})
    assert evidence.reading(capacity_position.metric, Scope.of(pool="b"), WINDOW).known is True
    assert evidence.reading(capacity_position.metric, Scope.of(pool="b"), WINDOW).value == 0.0
    soon = Tables(END, {"inventory": table(INVENTORY)}, assumptions={"lead_months": 3})
    assert soon.reading(capacity_position.metric, Scope.of(pool="b"), WINDOW).value == 500.0


def test_without_a_tranche_or_a_lead_time_there_is_no_position() -> None:
    found = Tables(END, {"inventory": table(INVENTORY)}).reading(capacity_position.metric, Scope.of(pool="b"), WINDOW)
    assert found.because == "no tranche in b: bring capacity_plan, or set lead_months under assumptions"


def test_without_an_inventory_the_position_is_at_least_what_is_installed() -> None:
    evidence = Tables(END, {"pool_day": day_rows(pool_days("a", START, DAYS))}, assumptions={"lead_months": 12})
    found = evidence.reading(capacity_position.metric, Scope.of(pool="a"), WINDOW)
    assert (found.value, found.low, found.high) == (100.0, 100.0, None)
    ratio = evidence.reading(demand_over_position.metric, Scope.of(pool="a"), WINDOW)
    assert (ratio.value, ratio.low, ratio.high) == (0.9, None, 0.9)


def test_demand_over_position_carries_both_intervals() -> None:
    one = Scope.of(region="north", accelerator="H20", pool="a", tranche="one")
    noisy = pool_days("a", START, DAYS, allocated=lambda i: 0.7 + 0.01 * (i % 7 - 3), queued=0.0)
    found: Reading = tables(noisy).reading(demand_over_position.metric, one, WINDOW)
    asked = tables(noisy).reading(demand.metric, one, WINDOW)
    low, high = asked.low or 0.0, asked.high or 0.0
    assert asked.value == 70.0
    assert 69.0 < low < 70.0 < high < 71.0
    assert (found.low, found.value, found.high) == (round(low / 140, 4), 0.5, round(high / 140, 4))
    assert found.facts == (("demand", 70.0), ("capacity_position", 140.0))


def test_an_ask_that_says_its_size_and_date_is_a_tranche_of_its_own() -> None:
    scope = Scope.of(region="north", accelerator="H20")
    ask = Ask(
        "hall-9", Action.BUILD, scope, "li.wei", Decimal(5), "RMB", date(2026, 12, 1),
        (("gpus", 64), ("live_date", date(2027, 12, 31))),
    )  # fmt: skip
    evidence = Tables(END, {"inventory": table(INVENTORY)}, asks=(ask,))
    assert evidence.reading(capacity_position.metric, scope, WINDOW).value == 200.0


def test_an_ask_for_gpus_that_are_there_is_no_tranche() -> None:
    scope = Scope.of(region="north", accelerator="H20")
    terms = (("gpus", 64), ("live_date", date(2027, 12, 31)))
    asks = [
        Ask(name, action, scope, "li.wei", Decimal(5), "RMB", date(2026, 12, 1), terms)
        for name, action in (("grant-1", Action.GRANT), ("hall-9", Action.BUILD), ("shift-1", Action.SHIFT))
    ]
    evidence = Tables(END, {"inventory": table(INVENTORY)}, asks=tuple(asks))
    assert [one.tranche for one, _ in open_tranches(evidence)] == ["hall-9"]
    assert meant(replace(evidence, asks=(asks[0],)), scope) is None


def test_the_queued_share_is_of_what_is_in_demand() -> None:
    evidence = tables(pool_days("a", START, DAYS, allocated=0.9, queued=0.1))
    found = evidence.reading(queued_share.metric, EVERYTHING, WINDOW)
    assert (found.value, found.low, found.high) == (0.1, 0.1, 0.1)
    unknown = tables(pool_days("a", START, DAYS, queued=None)).reading(queued_share.metric, EVERYTHING, WINDOW)
    assert (unknown.value, unknown.known) == (None, False)


def test_volatility_is_widened_where_its_intervals_held_too_little() -> None:
    """Fourteen calm months, then jumps of 15 %: the trigger reads the widened figure, and the reading says so."""
    calm = [1.0, 1.004, 0.998, 1.002, 1.0, 0.997, 1.003, 1.0, 1.002, 0.999, 1.001, 1.0, 1.003, 0.998]
    jumps = [*calm, 1.15, 0.95, 1.2, 0.9, 1.25, 0.9, 1.2, 0.95]
    start = date(2024, 10, 1)
    days = (add_months(start, len(jumps)) - start).days
    months = [(day.year - 2024) * 12 + day.month - 10 for day in (start + timedelta(days=i) for i in range(days))]
    rows = day_rows(pool_days("a", start, days, allocated=lambda i: 0.6 * jumps[months[i]]))
    evidence = Tables(start + timedelta(days=days), {"pool_day": rows})
    window = window_ending("4w", evidence.as_of)
    found = evidence.reading(volatility, EVERYTHING, window)
    factor = dict(found.facts)["spread_factor"]
    assert factor > 1.2
    assert found.value is not None
    assert "widened" in found.because
