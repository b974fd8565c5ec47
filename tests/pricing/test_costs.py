"""Costs, floors and what is missing for them, on the world of pricing; every figure is worked out by hand here."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.days import window_ending
from hardgate.core.terms import Better, Evidence, Metric, Outcome, Reading, Rows, Scope
from hardgate.metrics.cost_cover import metric as cost_cover
from hardgate.metrics.price_floor import metric as price_floor
from hardgate.metrics.selling_price import metric as selling_price
from hardgate.metrics.subsidised_usage import metric as subsidised_usage
from hardgate.metrics.unit_cost import metric as unit_cost
from tests.capacity.world import TODAY
from tests.evidence import Tables, table
from tests.worlds import WORLDS

WORLD = next(world for world in WORLDS if world.name == "pricing")
WINDOW = window_ending("13w", TODAY)
ASSISTANT, CHAT = Scope.of(product="assistant"), Scope.of(product="chat")

# June to August: 70 million tokens a seat grow by 16, 17 and 18 eighteenths, ten parts of the features write and search.
READ = 70e6 * 10 * (16 + 17 + 18) / 18
WRITTEN = READ / 5
GPU_HOURS = READ / 4000 / 3600 * 2 + WRITTEN * 1.25 / 500 / 3600
"""What is read, the same again from the cache at the speed of input, and what is written with a quarter reasoned."""
BESIDE = 18 * (800 * 0.001 + 200 * 0.002)
RECOVERY = 0.12 * 1.12**4 / (1.12**4 - 1)
GPU_HOUR = 100_000 * (RECOVERY + 0.06) / (8760 * 0.75) + 0.9 * 1.25 * 0.6


def read(metric: Metric, scope: Scope, evidence: Tables = WORLD.full) -> Reading:
    return evidence.reading(metric, scope, WINDOW)


def changed(rollup: str, **columns: Any) -> Tables:
    """The world with some columns of one rollup set throughout."""
    rows = WORLD.full.tables[rollup]
    new = {name: value if isinstance(value, list) else [value] * rows.count for name, value in columns.items()}
    return replace(WORLD.full, tables={**WORLD.full.tables, rollup: Rows({**rows.columns, **new}, rows.count)})


def test_cost_by_the_bill_is_gpu_hours_at_the_pools_cost_of_a_productive_hour() -> None:
    found = read(cost_cover, ASSISTANT)
    cost = GPU_HOURS * 1000.10 / 2400 / 0.75 + BESIDE
    assert dict(found.facts)["gpu_hours"] == pytest.approx(GPU_HOURS, abs=0.001)
    assert dict(found.facts)["cost"] == pytest.approx(cost, rel=1e-3)
    assert found.value == pytest.approx(5400 / cost, rel=1e-3)
    assert found.low is not None and found.high is not None and found.low < 5400 / cost < found.high  # noqa: PT018
    assert read(unit_cost, ASSISTANT).value == pytest.approx(cost / 90, rel=1e-3)


def test_the_floor_recovers_capital_at_the_productive_share() -> None:
    found = read(price_floor, ASSISTANT)
    assert found.value == pytest.approx((GPU_HOURS * GPU_HOUR + BESIDE) / 90, rel=1e-3)
    assert read(price_floor, Scope.of(product="gpu-hours")).value == pytest.approx(GPU_HOUR, rel=1e-3)


def test_a_margin_of_policy_raises_the_floor() -> None:
    dearer = replace(WORLD.full, assumptions={**WORLD.full.assumptions, "floor_margin": 0.2})
    floor = (GPU_HOURS * GPU_HOUR + BESIDE) / 90
    assert read(price_floor, ASSISTANT, dearer).value == pytest.approx(floor / 0.8, rel=1e-3)


def test_hosted_tokens_cost_their_dated_price_and_are_exact() -> None:
    read_, written = READ / 10, READ / 50
    cost = 7.2 * (read_ * 2 * 0.5 + written * 1.25 * 2.0) / 1e6 + BESIDE / 2
    found = read(price_floor, CHAT)
    tokens = (read_ * 2 + written * 1.25) / 1e6
    assert found.exact
    assert found.value == pytest.approx(cost / tokens, rel=1e-3)
    listed = (read_ * 2 * 4 + written * 1.25 * 30) / 1e6 / tokens
    assert read(selling_price, CHAT).value == pytest.approx(listed, rel=1e-4)


def test_a_full_pool_sets_the_floor_by_what_its_hours_would_earn(monkeypatch: pytest.MonkeyPatch) -> None:
    def earn(evidence: Evidence, scope: Scope, window: Any) -> Reading:
        return Reading("shadow_price", scope, window, "currency per GPU-hour", 20.0, 18.0, 22.0)

    full = Metric("shadow_price", "", "", Better.NEITHER, compute=earn)
    monkeypatch.setattr("hardgate.metrics.gpu_hour.earned", full)
    found = read(price_floor, ASSISTANT, replace(WORLD.full))
    assert found.value == pytest.approx((GPU_HOURS * 20 + BESIDE) / 90, rel=1e-3)
    assert found.low == pytest.approx((GPU_HOURS * 18 + BESIDE) / 90, rel=1e-3)


def test_a_deal_has_the_floor_of_the_accounts_own_usage_and_its_own_price() -> None:
    mine = read(price_floor, WORLD.scope)
    assert mine.value == pytest.approx((GPU_HOURS * 60 / 70 * GPU_HOUR + BESIDE / 3) / 30, rel=1e-3)
    assert "own usage" in mine.because
    assert read(selling_price, WORLD.scope).value == 54
    new = Scope.of(account="k9", product="chat", deal="d2")
    assert read(price_floor, new).value == read(price_floor, CHAT).value
    listed = read(selling_price, CHAT).value or 0.0
    assert read(selling_price, new).value == pytest.approx(0.4 * listed, abs=1e-4)


def test_the_gates_say_so() -> None:
    floor, cover = WORLD.gates["pricing.floor"], WORLD.gates["pricing.cost_cover"]
    assert WORLD.verdict(floor, WORLD.full).outcome is Outcome.FAIL  # 54 against 104
    assert WORLD.verdict(cover, WORLD.full).outcome is Outcome.PASS
    listed = replace(WORLD, scope=ASSISTANT)
    assert listed.verdict(floor, WORLD.full).outcome is Outcome.PASS  # 60 against 41


UNKNOWN = {
    "an unknown model": (changed("throughput", model="eagle"), "no throughput of model 'heron' on H20"),
    "no unit price of what is counted": (changed("hosted_price", kind="input"), "no price of step is known"),
    "tokens that do not add up": (changed("ai_usage_month", input_tokens=None), "do not add up"),
    "a count without its price": (changed("ai_usage_month", vector_queries=3), "no price of vector_query is known"),
    "a price without a count": (changed("ai_usage_month", steps=None), "step has a price and steps are not counted"),
    "a fee without currency": (changed("seat_month", currency=None), "fee of seats has no currency"),
    "no bill": (replace(WORLD.full, tables={k: v for k, v in WORLD.full.tables.items() if k != "cost_day"}), "bring cost_and_usage"),
}  # fmt: skip


@pytest.mark.parametrize("what", UNKNOWN)
def test_what_is_missing_is_unknown_by_name_and_never_zero(what: str) -> None:
    evidence, named = UNKNOWN[what]
    found = read(cost_cover, ASSISTANT, evidence)
    assert (found.value, found.low, found.high) == (None, None, None)
    assert named in found.because


def test_a_price_without_a_currency_is_no_price() -> None:
    found = read(selling_price, ASSISTANT, changed("list_price", currency=None))
    assert (found.value, found.low) == (None, None)
    assert "price has no currency" in found.because
    offered = changed("deal", price=Decimal(50), currency=None)
    assert "no currency for the price of d1" in read(selling_price, WORLD.scope, offered).because


def test_a_deal_with_a_price_of_its_own_is_judged_at_it() -> None:
    assert read(selling_price, WORLD.scope, changed("deal", price=Decimal(50))).value == 50
    neither = read(selling_price, WORLD.scope, changed("deal", discount=None))
    assert neither.because.startswith("d1 has neither a price nor a discount")


def test_a_product_sold_by_two_units_at_once_is_refused_by_name() -> None:
    found = read(
        selling_price, CHAT, changed("list_price", unit=["seat_month", "seat_month", "call", "gpu_hour", "call"])
    )
    assert "chat: sold by call, seat_month" in found.because


def test_a_hosted_model_without_a_price_is_unknown_by_its_name() -> None:
    found = read(price_floor, CHAT, changed("hosted_price", model=["x", "x", "orchestration", "orchestration"]))
    assert found.value is None
    assert "model 'falcon' is unknown" in found.because


@pytest.mark.parametrize("name", ["hurdle_rate", "opex_share", "power_price", "pue"])
def test_a_floor_names_the_assumption_that_it_lacks(name: str) -> None:
    less = {key: value for key, value in WORLD.full.assumptions.items() if key != name}
    assert name in read(price_floor, ASSISTANT, replace(WORLD.full, assumptions=less)).because


def test_usage_under_cost_is_that_of_accounts_that_bring_less_than_they_cost() -> None:
    """At a fee of 60 a month k1 pays 180 for a cost of 270, k2 and k3 more than theirs."""
    found = read(subsidised_usage, ASSISTANT, changed("seat_month", fee=table("x\n60").columns["x"][0]))
    cost = [GPU_HOURS * part / 70 * 1000.10 / 2400 / 0.75 + BESIDE / 3 for part in (60, 8, 2)]
    assert found.value == pytest.approx(cost[0] / sum(cost), abs=1e-3)


TWO = """
    day         provider model  kind   price per     currency valid_to
    2026-01-01  nimbus   falcon input  0.5   1000000 USD      -
    2026-01-01  nimbus   falcon output 2.0   1000000 USD      -
    2026-01-01  Cirrus   falcon input  5.0   1000000 USD      -
    2026-01-01  Cirrus   falcon output 20    1000000 USD      -
    2026-01-01  -        orchestration step      0.001 1      RMB  -
    2026-01-01  -        orchestration tool_call 0.002 1      RMB  -
"""
TOKENS = 7.2 * (READ / 10 * 2 * 0.5 + READ / 50 * 1.25 * 2.0) / 1e6
CALLS = 9 * 400


def hosted(prices: str, **usage: Any) -> Tables:
    """The world with other prices of hosted models, and some columns of usage set throughout."""
    return replace(
        changed("ai_usage_month", **usage),
        tables={**changed("ai_usage_month", **usage).tables, "hosted_price": table(prices)},
    )


def test_a_model_that_two_providers_sell_costs_what_its_own_provider_asks() -> None:
    listed = read(price_floor, CHAT).value or 0.0
    assert read(price_floor, CHAT, hosted(TWO)).value == pytest.approx(listed, rel=1e-9)
    dear = read(cost_cover, CHAT, hosted(TWO, provider="cirrus"))
    assert dict(dear.facts)["cost"] == pytest.approx(10 * TOKENS + BESIDE / 2, rel=1e-3)


def test_a_model_is_not_priced_by_whoever_else_sells_it() -> None:
    found = read(price_floor, CHAT, hosted(TWO, provider="stratus"))
    assert found.value is None
    assert "model 'falcon' of stratus then (prices are of cirrus, nimbus)" in found.because
    unnamed = read(price_floor, CHAT, hosted(TWO, provider=None))
    assert "model 'falcon' has prices of cirrus, nimbus; bring provider in usage_events" in unnamed.because


def test_a_price_of_any_provider_and_the_only_price_of_a_model_are_taken() -> None:
    listed = read(price_floor, CHAT).value
    alone = "\n".join(line for line in TWO.splitlines() if "Cirrus" not in line)
    assert read(price_floor, CHAT, hosted(alone, provider=None)).value == listed
    assert read(price_floor, CHAT, hosted(alone.replace("nimbus", "-"), provider="stratus")).value == listed


def test_a_price_by_the_call_comes_on_top_of_tokens_and_stands_alone() -> None:
    call = "    2026-01-01  nimbus falcon call 0.01 1 USD -\n"
    cost = {name: dict(read(cost_cover, CHAT, hosted(text)).facts)["cost"] for name, text in {
        "none": TWO, "both": TWO + call,
        "alone": "\n".join(line for line in TWO.splitlines() if "falcon" not in line) + "\n" + call,
    }.items()}  # fmt: skip
    assert cost["both"] - cost["none"] == pytest.approx(7.2 * 0.01 * CALLS, abs=0.02)
    assert cost["alone"] == pytest.approx(7.2 * 0.01 * CALLS + BESIDE / 2, abs=0.02)


def test_a_price_that_has_ended_is_no_price() -> None:
    ended = TWO.replace("USD      -", "USD 2026-06-20")
    assert read(price_floor, CHAT, hosted(ended)).value is not None
    assert "bring hosted_prices" in read(price_floor, CHAT, hosted(ended, price_from=date(2026, 6, 20))).because
