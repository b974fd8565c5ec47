from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from math import hypot, inf, log

import numpy as np
import pytest

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Metric, Reading, Scope
from hardgate.metrics import (
    ceiling_trigger,
    demand_growth,
    economic_trigger,
    ownership_cost,
    service_trigger,
    tranche_value,
    trigger,
    volatility,
)
from hardgate.models import trigger as model
from hardgate.models.optimal_stop import Motion
from hardgate.models.tranche import Tranche as Order
from tests.evidence import Tables, day_rows, pool_days, table

TODAY = date(2026, 9, 7)
WINDOW = Window(date(2026, 8, 10), TODAY)
TRANCHE = Scope.of(region="north", accelerator="H20", pool="a", tranche="hall-4")
PLAN = """
    day         tranche  pool region accelerator gpus  amount   currency commit_date live_date   ramp_months
    2026-12-01  hall-4   a    north  H20         100   2000000  RMB      2026-12-01  2027-12-01  -
"""
RULES = {"discount_rate": 0.12, "hurdle_rate": 0.15, "fixed_cost_per_gpu_month": 100.0, "shortage": 0.01}


@dataclass(frozen=True)
class Given(Tables):
    """Tables beside readings that are given: the figures of a golden case."""

    given: Mapping[str, tuple[float | None, float | None, float | None]] = field(default_factory=dict)

    def reading(self, metric: Metric, scope: Scope, window: Window) -> Reading:
        if metric.name in self.given:
            low, value, high = self.given[metric.name]
            return Reading(metric.name, scope, window, metric.unit, value, low, high, because=f"given {metric.name}")
        return super().reading(metric, scope, window)


def exactly(**values: float) -> dict[str, tuple[float, float, float]]:
    return {name: (value, value, value) for name, value in values.items()}


CASE = exactly(
    demand=900,
    capacity_position=1000,
    demand_growth=log(1.34),
    volatility=0.25,
    contribution_margin=1300,
    ownership_cost=600,
)


def given(rules: Mapping[str, float] = RULES, **values: tuple[float | None, float | None, float | None]) -> Given:
    return Given(TODAY, {"tranche": table(PLAN)}, assumptions=rules, given={**CASE, **values})


def read(metric: Metric, evidence: Tables, scope: Scope = TRANCHE) -> Reading:
    return evidence.reading(metric, scope, WINDOW)


@pytest.mark.parametrize(("busy", "gang", "expected"), [(64, 1, 0.8101), (1024, 1, 0.9473), (2048, 64, 0.7442)])
def test_the_ceiling_is_that_of_the_pools_own_size(busy: float, gang: float, expected: float) -> None:
    found = read(ceiling_trigger.metric, given({"gang": gang}, demand=(busy, busy, busy)))
    assert (found.low, found.value, found.high) == (expected, expected, expected)


def test_the_ceiling_carries_the_interval_of_demand() -> None:
    found = read(ceiling_trigger.metric, given({}, demand=(64, 256, 1024)))
    assert (found.low, found.value, found.high) == (0.8101, round(model.ceiling(256), 4), 0.9473)


@pytest.mark.parametrize(("months", "expected"), [(3, 0.82), (6, 0.71), (12, 0.54), (18, 0.43), (24, 0.34), (36, 0.22)])
def test_the_service_level_by_lead_time(months: float, expected: float) -> None:
    """METHODS 3: shortage 1 %, growth 34 %, volatility 25 %."""
    found = service_trigger.at(given(), TRANCHE, WINDOW, months)
    assert round(found.value or 0, 2) == expected


def test_the_service_level_falls_with_volatility() -> None:
    found = read(service_trigger.metric, given(volatility=(0.2, 0.25, 0.3)))
    ends = [round(model.service_level(0.01, log(1.34), sigma, 1.0), 4) for sigma in (0.3, 0.25, 0.2)]
    assert [found.low, found.value, found.high] == ends


def test_the_economic_trigger_is_the_models_at_the_tranches_size_and_lead_time() -> None:
    found = read(economic_trigger.metric, given())
    expected = model.economic(900, 1000, 100, 12, log(1.34), 0.25, 0.12, 1300, 600, horizon_months=60, life_months=48)
    assert (found.low, found.value, found.high) == (round(expected.ratio, 4),) * 3
    facts = dict(found.facts)
    assert facts["indifferent_from"] == round(expected.low, 4)
    assert (facts["tranche_gpus"], facts["lead_months"], facts["contribution_margin"]) == (100.0, 12.0, 1300.0)


def test_its_interval_is_drawn_through_the_corners_of_margin_and_volatility() -> None:
    found = read(economic_trigger.metric, given(volatility=(0.2, 0.25, 0.3), contribution_margin=(1200, 1300, 1400)))
    corners = [
        model.economic(900, 1000, 100, 12, log(1.34), sigma, 0.12, margin, 600, horizon_months=60).ratio
        for sigma in (0.2, 0.3)
        for margin in (1200, 1400)
    ]
    assert (found.low, found.high) == (round(min(corners), 4), round(max(corners), 4))


def test_a_margin_below_the_cost_of_owning_never_triggers() -> None:
    found = read(economic_trigger.metric, given(contribution_margin=(500, 500, 500)))
    assert (found.low, found.value, found.high) == (inf, inf, inf)
    assert found.because == "the margin does not cover the cost of owning at any demand"


def test_a_margin_known_only_from_above_leaves_the_trigger_open_above() -> None:
    found = read(economic_trigger.metric, given(contribution_margin=(None, None, 1300)))
    assert (found.value, found.low, found.high) == (None, read(economic_trigger.metric, given()).low, None)
    both = read(trigger.metric, given(contribution_margin=(None, None, 1300)))
    ceiling = round(model.ceiling(900), 4)
    assert (both.value, both.low, both.high) == (None, min(found.low or 0, ceiling), ceiling)


def test_the_trigger_is_the_lower_of_the_ceiling_and_what_pays() -> None:
    found = read(trigger.metric, given())
    facts = dict(found.facts)
    assert found.value == min(facts["ceiling_trigger"], facts["economic_trigger"])


def test_where_only_the_ceiling_is_known_the_trigger_is_at_most_that() -> None:
    found = read(trigger.metric, given({}))
    assert (found.value, found.low, found.high) == (None, None, round(model.ceiling(900), 4))
    assert found.because == "economic_trigger: no discount_rate: set it under assumptions"


@pytest.mark.parametrize(
    "lacking", ["demand", "capacity_position", "demand_growth", "contribution_margin", "ownership_cost"]
)
def test_a_missing_input_is_named(lacking: str) -> None:
    found = read(economic_trigger.metric, replace(given(), given={**CASE, lacking: (None, None, None)}))
    assert (found.value, found.known) == (None, False)
    assert found.because == f"{lacking}: given {lacking}"


def test_eleven_months_of_demand_are_too_few() -> None:
    pools = pool_days("a", date(2025, 10, 1), 341)
    found = read(volatility.metric, Tables(TODAY, {"pool_day": day_rows(pools)}), EVERYTHING)
    assert found.because.startswith("11 complete months of demand in everything, at least 12 are needed: bring")
    grown = read(
        economic_trigger.metric, Tables(TODAY, {"pool_day": day_rows(pools), "tranche": table(PLAN)}, assumptions=RULES)
    )
    assert "volatility: 11 complete months of demand" in grown.because


def test_growth_and_volatility_are_those_of_the_months() -> None:
    days = (TODAY - date(2024, 1, 1)).days
    pools = pool_days("a", date(2024, 1, 1), days, allocated=lambda i: 0.3 * 1.2 ** (i / 365.25), queued=0.0)
    found = read(demand_growth.metric, Tables(TODAY, {"pool_day": day_rows(pools)}), EVERYTHING)
    assert found.value == pytest.approx(log(1.2), abs=0.003)
    assert dict(found.facts)["months"] == 32.0
    moves = read(volatility.metric, Tables(TODAY, {"pool_day": day_rows(pools)}), EVERYTHING)
    assert moves.value is not None
    assert moves.value < 0.02


def test_owning_costs_the_recovery_of_the_price_and_what_is_fixed() -> None:
    """20,000 a GPU over 48 months at exp(.12) - 1 a year: .3275/12 a month, and 100 fixed."""
    found = read(ownership_cost.metric, Tables(TODAY, {"tranche": table(PLAN)}, assumptions=RULES))
    rate = 2.718281828459045**0.12 - 1
    expected = 20_000 * rate / (1 - (1 + rate) ** -4) / 12 + 100
    assert found.value == round(expected, 2)


def test_fixed_cost_may_come_from_power() -> None:
    inventory = table(
        "day pool region accelerator gpus live_date retire_date kilowatts\n2025-01-01 a north H20 100 2025-01-01 - 90"
    )
    rules = {"discount_rate": 0.12, "power_price": 0.5, "pue": 1.2}
    found = read(
        ownership_cost.metric, Tables(TODAY, {"tranche": table(PLAN), "inventory": inventory}, assumptions=rules)
    )
    assert dict(found.facts)["fixed"] == round(0.9 * 1.2 * 0.5 * 730, 2)


def test_without_a_price_owning_costs_what_an_installed_gpu_month_has_cost() -> None:
    """1,000 a day over 100 GPUs: 24,000 GPU-hours or 32.9 GPU-months a day, 30.42 each."""
    bill = "day pool region accelerator currency effective_cost\n" + "\n".join(
        f"{date(2025, 9, 1) + timedelta(days=i)} a north H20 RMB 1000" for i in range(370)
    )
    tables = {"cost_day": table(bill), "pool_day": day_rows(pool_days("a", date(2025, 9, 1), 371))}
    found = read(ownership_cost.metric, Tables(TODAY, tables), Scope.of(pool="a"))
    assert found.value == round(1000 / (100 * 24 / 730), 2)


def test_a_tranche_is_worth_what_ordering_it_now_is_worth_at_the_hurdle_rate() -> None:
    found = read(tranche_value.metric, given())
    own = dict(read(ownership_cost.metric, Tables(TODAY, {"tranche": table(PLAN)}, assumptions=RULES)).facts)
    cost = own["price_per_gpu"] * (0.15 / (1 - 1.15**-4)) / 12 + 100
    expected = model.economic(
        900, 1000, 100, 12, log(1.34), 0.25, log(1.15), 1300, round(cost, 2), horizon_months=60, life_months=48
    )
    ordering = expected.value - max(expected.value_of_waiting, 0)
    assert found.value == round(ordering / 2_000_000, 4)


def test_more_demand_and_more_margin_make_a_tranche_worth_more() -> None:
    base = read(tranche_value.metric, given()).value or 0.0
    assert (read(tranche_value.metric, given(demand=(1100, 1100, 1100))).value or 0.0) > base
    assert (read(tranche_value.metric, given(contribution_margin=(1500, 1500, 1500))).value or 0.0) > base
    wide = read(tranche_value.metric, given(contribution_margin=(1200, 1300, 1400), demand=(850, 900, 950)))
    assert wide.low is not None
    assert wide.high is not None
    assert wide.low < base < wide.high


def test_its_interval_adds_up_what_demand_and_margin_move_as_squares_and_tells_the_others_beside_it() -> None:
    """Demand, growth, volatility and margin each at the ends of its own interval, by the model; 2 m the amount."""
    ends = {
        "demand": (850, 900, 950), "demand_growth": (0.15, log(1.34), 0.45), "volatility": (0.2, 0.25, 0.4),
        "contribution_margin": (1200, 1300, 1400),
    }  # fmt: skip
    own = dict(read(ownership_cost.metric, Tables(TODAY, {"tranche": table(PLAN)}, assumptions=RULES)).facts)
    cost = round(own["price_per_gpu"] * (0.15 / (1 - 1.15**-4)) / 12 + 100, 2)

    def worth(name: str, value: float) -> float:
        at = {key: middle for key, (_, middle, _) in ends.items()} | ({name: value} if name else {})
        order = Order(1000, 100, 12, 48, log(1.15), at["contribution_margin"], cost)
        motion = Motion(at["demand_growth"], at["volatility"])
        return float(order.value_if_ordered(np.array([at["demand"]]), motion)[-1, 0])

    base = worth("", 0)
    moves = {name: [worth(name, end) - base for end in (low, high)] for name, (low, _, high) in ends.items()}
    counted = [moves["demand"], moves["contribution_margin"]]
    down, up = (hypot(*(max(0, *(sign * one for one in pair)) for pair in counted)) for sign in (-1, 1))
    found = read(tranche_value.metric, replace(given(), given={**CASE, **ends}))
    assert found.value == round(base / 2_000_000, 4)
    assert (found.low, found.high) == (round((base - down) / 2_000_000, 4), round((base + up) / 2_000_000, 4))
    facts = dict(found.facts)
    for name, metric in (("growth", "demand_growth"), ("volatility", "volatility")):
        away = max(0, *(-one for one in moves[metric]))
        assert facts[f"{name}_moves_down"] == pytest.approx(away, abs=0.01)
    lost = 100 * facts["growth_moves_down"] / 2_000_000
    assert f"growth is held still: its lower end takes {lost:.1f} % of the amount away" in found.because


def test_a_margin_known_only_from_above_leaves_a_value_open_below() -> None:
    found = read(tranche_value.metric, given(contribution_margin=(None, 1300, 1400)))
    assert (found.value, found.low) == (None, None)


def test_without_a_hurdle_rate_a_tranche_has_no_value() -> None:
    found = read(tranche_value.metric, replace(given(), assumptions={"discount_rate": 0.12}))
    assert found.because == "no hurdle_rate: bring capacity_plan with amounts, and set hurdle_rate"
