"""Every total closes, and what an exhibit prints is what its parts say."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from hardgate.core.terms import Rows, Scope, Table
from hardgate.pricing import bundle, margin_bridge, price_change, subsidised_accounts, unit_cost
from hardgate.review.proposals.prices import proposal
from tests.pricing.test_costs import BESIDE, GPU_HOURS, READ, WORLD, changed

FULL = WORLD.full


def column(built: Table, name: str) -> dict[str, Any]:
    at = [heading.name for heading in built.headings].index(name)
    return {str(row[0]): row[at] for row in built.rows}


def test_unit_cost_closes_to_the_bill_and_shows_both_bases() -> None:
    built = unit_cost.exhibit.build(FULL)
    allocation, usage = column(built, "allocation"), column(built, "usage")
    assert built.closes is True
    assert float(usage["search"] + usage["write"]) == pytest.approx(GPU_HOURS * 0.675 + BESIDE, abs=0.02)
    rest = ("other work of these pools", "pools without AI usage", "unallocated", "priced beside the bill")
    assert sum(allocation[one] for one in ("chat", "search", "write", *rest)) == pytest.approx(
        allocation["total of the effective cost of the invoices"], abs=Decimal("0.05")
    )
    each = 1e6 / 4000 / 3600
    assert allocation["heron on a: million input tokens"] == pytest.approx(each * 1000.10 / 2400 / 0.75, rel=1e-3)


def test_a_million_tokens_is_told_to_the_last_digit_that_counts_and_orchestration_by_its_parts() -> None:
    """Two million features add up; 1/3.6 GPU-hours of input at 1000.10/2400/.75 and .9 x 1.25 x .6 of power each."""
    built = unit_cost.exhibit.build(FULL)
    whole, spared = column(built, "per million tokens"), column(built, "usage, per million tokens")
    hours = 1e6 / 4000 / 3600
    assert whole["heron on a: million input tokens"] == pytest.approx(hours * 1000.10 / 2400 / 0.75, rel=1e-3)
    assert spared["heron on a: million input tokens"] == pytest.approx(hours * 0.9 * 1.25 * 0.6, abs=1e-6)
    tokens = READ * (2 + 0.25) / 1e6
    assert float(
        column(built, "allocation")["search"] + column(built, "allocation")["write"]
    ) / tokens == pytest.approx((whole["write"] * 8 + whole["search"] * 2) / 10, rel=1e-4)
    features = ("chat", "search", "write")
    assert column(built, "usage")["all features"] == pytest.approx(
        sum(column(built, "usage")[one] for one in features), abs=Decimal("0.02")
    )
    retried = column(built, "orchestration")["all features"] - Decimal(str(round(BESIDE * 1.5, 2)))
    steps, tools = (27 * 800 * 0.001, 27 * 200 * 0.002)
    assert f"orchestration: retries {retried:,.2f} + agent steps {steps:,.2f} + tools {tools:,.2f} = " in built.notes[0]


def test_retries_are_orchestration_and_take_nothing_from_the_whole() -> None:
    calm, busy = (unit_cost.exhibit.build(changed("ai_usage_month", retries=many)) for many in (0, 100))
    assert column(busy, "allocation")["write"] == column(calm, "allocation")["write"]
    moved = column(busy, "orchestration")["write"] - column(calm, "orchestration")["write"]
    assert float(moved) == pytest.approx(float(column(calm, "inference")["write"]) / 4, abs=0.02)  # 100 of 400 calls


def test_what_tools_did_beside_the_calls_is_orchestration_and_brings_nothing() -> None:
    """100 calls of tools at .002 in three months of account k1's chat, whose own calls count none."""
    used = FULL.tables["ai_usage_month"]
    tools = [
        at for at in range(used.count) if (used.columns["account"][at], used.columns["feature"][at]) == ("k1", "chat")
    ]
    own = {
        "model": "orchestration", "provider": None, "price_from": None, "calls": 0, "calls_without_outcome": 0,
        "successful_tasks": 0, "steps": 0, "retries": 0, "tool_calls": 100,
        **{name: 0 for name in used.columns if name.endswith("_tokens") and name != "guard_tokens"},
    }  # fmt: skip
    columns = {name: [*values, *(own.get(name, values[at]) for at in tools)] for name, values in used.columns.items()}
    tables = {**FULL.tables, "ai_usage_month": Rows(columns, used.count + len(tools))}
    bare, more = (unit_cost.exhibit.build(one) for one in (FULL, replace(FULL, tables=tables)))
    assert more.closes is True
    assert len(more.rows) == len(bare.rows)  # no model of its own
    for name in ("orchestration", "allocation", "usage"):
        assert column(more, name)["chat"] - column(bare, name)["chat"] == Decimal("0.60")
    assert column(more, "per call")["chat"] > column(bare, "per call")["chat"]
    before, after = (subsidised_accounts.exhibit.build(one) for one in (FULL, replace(FULL, tables=tables)))
    assert column(before, "revenue")["chat"] == column(after, "revenue")["chat"]


def test_a_feature_of_an_unknown_model_is_unknown_and_the_others_are_not() -> None:
    built = unit_cost.exhibit.build(changed("throughput", model="eagle"))
    assert column(built, "allocation")["write"] is None
    assert column(built, "allocation")["chat"] is not None
    assert any("'heron'" in note for note in built.notes)
    assert built.closes is False


def test_more_gpu_hours_than_were_productive_do_not_close() -> None:
    built = unit_cost.exhibit.build(changed("throughput", tokens_per_second=4))
    assert built.closes is False
    assert "measure throughputs again" in built.closing


def test_who_is_subsidised_adds_up_and_says_what_would_cover_it() -> None:
    built = subsidised_accounts.exhibit.build(changed("seat_month", fee=Decimal(60)))
    assert built.closes is True
    assert column(built, "accounts under cost")["assistant"] == pytest.approx(1 / 3, abs=1e-4)
    assert column(built, "margin")["account k1, assistant"] == Decimal("-89.54")
    covers, quota = (column(built, name)["assistant"] for name in ("price that covers it", "quota that covers it"))
    mean = float(column(built, "cost")["assistant"]) / 90
    assert mean < covers <= 3 * mean
    assert quota == "no limit needed"  # the list price of 60 covers a cost of 9 at the most


def test_the_bridge_adds_up_exactly_and_moves_with_what_moved() -> None:
    built = margin_bridge.exhibit.build(FULL)
    assert built.closes is True
    steps = column(built, "change")
    assert (steps["price"], steps["subsidy"]) == (0.0, 0.0)
    fees = [
        Decimal(600) if str(day) < "2026-06-01" else Decimal(540) for day in FULL.tables["seat_month"].columns["day"]
    ]
    cheaper = column(margin_bridge.exhibit.build(changed("seat_month", fee=fees)), "change")
    assert cheaper["price"] == 0.0
    assert cheaper["subsidy"] < steps["subsidy"]  # 10 % of the fees were given away


def test_the_bridge_is_of_all_revenue_and_its_cost_is_the_bill() -> None:
    """Sales of a quarter: 3 x (180,000 + USD 12,600 at 7.2) = 812,160, beside AI; pools a and b are billed."""
    built = margin_bridge.exhibit.build(FULL)
    share, margin = column(built, "AI of revenue"), column(built, "margin")
    last = "margin, 2026-06-01 to 2026-08-31"
    said = next(note for note in built.notes if note.startswith("2026-06-01"))
    ai = float(said.split("revenue of AI ")[1].split(" ")[0].replace(",", ""))
    assert "of the rest 812,160.00" in said
    assert share[last] == pytest.approx(ai / (ai + 812_160), abs=1e-6)
    assert "3,066.36 is of no product" in said  # 92 days of 33.33 that no rule gives to a pool
    bill = 92 * (1000.10 + 70.05 * 7.2)
    beside = 1 - float(margin[last]) - bill / (ai + 812_160)
    # Chat is hosted: 70 million a seat, (16 + 17 + 18)/18 grown, read twice at USD .5 and written at 2 on a quarter.
    hosted = 70 * 51 / 18 * (2 * 0.5 + 0.25 * 2) * 7.2
    assert beside * (ai + 812_160) == pytest.approx(hosted + 1.5 * BESIDE, abs=1.0)  # three features, two in BESIDE


def test_without_other_sales_the_bridge_is_of_ai_alone_and_says_so() -> None:
    tables = {**FULL.tables, "sales_month": Rows()}
    built = margin_bridge.exhibit.build(replace(FULL, tables=tables))
    assert built.sentence.startswith("The margin of AI alone went from ")
    assert built.closes is True
    assert any("nothing is known of other products: bring sales and what serving costs" in one for one in built.notes)


def test_sales_of_one_quarter_alone_leave_the_bridge_unknown() -> None:
    sold = FULL.tables["sales_month"]
    keep = [at for at, day in enumerate(sold.columns["day"]) if str(day) >= "2026-06-01"]
    late = Rows({name: [values[at] for at in keep] for name, values in sold.columns.items()}, len(keep))
    built = margin_bridge.exhibit.build(replace(FULL, tables={**FULL.tables, "sales_month": late}))
    assert built.missing == (
        "no sales beside AI from 2026-03-01 to 2026-05-31: bring sales and what serving costs of six months"
    )


def test_a_sale_without_its_hours_or_its_rate_leaves_the_bridge_unknown() -> None:
    built = margin_bridge.exhibit.build(changed("sales_month", gpu_ms=None))
    assert built.missing == (
        "gpu in a: no GPU-hours sold from 2026-03-01 to 2026-05-31; bring quantity in sales: bring what is named"
    )
    built = margin_bridge.exhibit.build(changed("sales_month", currency="EUR"))
    assert "no rate from EUR to RMB" in built.missing


def test_a_price_change_is_replayed_account_by_account() -> None:
    built = price_change.exhibit.build(FULL)
    assert column(built, "revenue after")["assistant"] == Decimal("8100.00")  # 60 becomes 90
    assert column(built, "accounts that pay more")["assistant"] == 3
    assert column(built, "margin after")["assistant"] - column(built, "margin before")["assistant"] == Decimal(
        "2700.00"
    )


def test_accounts_that_are_not_shown_stand_in_one_row_and_a_lower_price_brings_less(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A seat falls from 60 to 45: three accounts of 90, 30 and 60 seat-months pay a quarter less."""
    monkeypatch.setattr(price_change, "SHOWN", 1)
    built = price_change.exhibit.build(changed("list_price", price=[Decimal(one) for one in (60, 4, 30, 12, 45)]))
    change = column(built, "change")
    assert change["assistant"] == change[str(built.rows[1][0])] + change["2 more accounts"] == Decimal("-1350.00")
    assert column(built, "accounts that pay less")["2 more accounts"] == 2
    assert "would have brought RMB 1,350.00 less and left" in built.sentence
    assert "0 of 3 accounts would have paid more, 3 less." in built.sentence
    assert built.closes is True


def test_a_product_whose_cost_is_not_known_is_named_and_never_said_to_cover_it() -> None:
    built = price_change.exhibit.build(changed("throughput", model="eagle"))
    assert built.rows == ()
    assert built.sentence == "What another price of assistant would have brought is not known."
    assert built.notes[0].startswith("assistant: no throughput of model 'heron' on H20")
    without = replace(FULL, tables={**FULL.tables, "ai_usage_month": Rows()})
    assert (
        price_change.exhibit.build(without).sentence
        == "What another price of assistant, chat would have brought is not known."
    )


def test_a_product_under_its_cost_is_replayed_at_the_price_that_covers_it() -> None:
    listed = FULL.tables["list_price"]
    days = ["2026-01-01"] * listed.count
    evidence = changed("seat_month", fee=Decimal(20))
    tables = {
        **evidence.tables,
        "list_price": replace(listed, columns={**listed.columns, "day": [*days[:4], "2026-01-01"]}),
    }
    built = price_change.exhibit.build(replace(evidence, tables=tables))
    assert abs(column(built, "margin after")["assistant"]) <= Decimal("0.01")


def test_the_bundle_is_never_worse_than_its_rivals_and_its_revenue_adds_up() -> None:
    built = bundle.exhibit.build(FULL)
    profit = column(built, "profit")
    assert built.closes is True
    assert profit["plan: mixed"] >= max(profit["plan: components"], profit["plan: one bundle"], profit["plan: today"])
    # Both segments are worth 110 and 170 together: 50 customers at 110 beat 10 at 170.
    assert column(built, "best price")["assistant + chat"] == 110
    capped = replace(FULL, assumptions={**FULL.assumptions, "bundle_gpu_hours": 100.0})
    assert column(bundle.exhibit.build(capped), "customers")["assistant + chat"] <= 100 / 6.12


def test_a_margin_of_policy_binds_the_bundles_prices_and_is_no_cost_of_theirs() -> None:
    """At a margin of a fifth the floors rise by a quarter; 50 customers at 110 still leave what they left."""
    raised = replace(FULL, assumptions={**FULL.assumptions, "floor_margin": 0.2})
    plain, dearer = (bundle.exhibit.build(one) for one in (FULL, raised))
    floor = column(plain, "floor")["assistant + chat"]
    assert column(dearer, "floor")["assistant + chat"] == pytest.approx(floor / 0.8, abs=1e-3)
    assert column(dearer, "best price")["assistant + chat"] == column(plain, "best price")["assistant + chat"] == 110
    profit = [column(one, "profit")["plan: mixed"] for one in (plain, dearer)]
    assert float(profit[1]) == pytest.approx(float(profit[0]), abs=0.02)
    assert float(profit[0]) == pytest.approx(50 * (110 - floor), abs=0.02)


@pytest.mark.parametrize(
    ("told", "missing"),
    [
        ({"quantity": [1, 1, 5, 1]}, "assistant was offered by 1 to small and 5 to large: bring reservation_prices"),
        ({"customers": [40, 40, 10, 12]}, "large has 10 and 12 customers: bring reservation_prices"),
    ],
)
def test_segments_that_were_asked_about_different_things_are_named(told: dict[str, Any], missing: str) -> None:
    assert bundle.exhibit.build(changed("reservation_price", **told)).missing.startswith(missing)


def test_prices_and_open_deals_ask_to_sell() -> None:
    asks = {ask.id: ask for ask in proposal.build(FULL, "26w")}
    assert list(asks) == ["price-assistant", "price-chat", "price-gpu-hours", "d1", "d2"]
    assert asks["price-assistant"].amount == Decimal("21600.0")  # three accounts, 600 a month
    assert asks["d1"].scope == Scope.of(account="k1", product="assistant", deal="d1")
    assert (asks["d2"].amount, str(asks["d2"].decide_by)) == (Decimal(9000), "2026-11-01")
    assert [ask.id for ask in proposal.build(FULL, "4w")][3:] == ["d1"]
    assert [ask.id for ask in proposal.build(changed("deal", stage="won"), "26w")][3:] == []
