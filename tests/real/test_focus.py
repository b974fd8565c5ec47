"""The anonymised real FOCUS 1.0 sample and the worked examples of FOCUS 1.2, read as they lie."""

import shutil
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from hardgate.engine import Engine, connect
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.ingest import Report, ingest
from hardgate.lake.rejects import rejects
from hardgate.sources.source import Input

BILLING = Path(__file__).parents[2].parent / "shared" / "data" / "billing"
EXAMPLES = BILLING / "focus_spec_examples"
CUR = BILLING / "aws_cur_sample_finopsfoundation.csv"

pytestmark = pytest.mark.skipif(not BILLING.is_dir(), reason="the shared real data are not beside this checkout")


@pytest.fixture(scope="module")
def engine() -> Iterator[Engine]:
    """One engine for all."""
    with connect(threads=2) as opened:
        yield opened


@pytest.fixture
def lake(tmp_path: Path) -> Iterator[Lake]:
    """Give an empty lake."""
    with Lake(tmp_path / "lake") as opened:
        yield opened


def bring(lake: Lake, engine: Engine, path: Path, given: Input) -> Report:
    """Ingest a copy of one file and offer its table."""
    shutil.copy(path, lake.root.parent / path.name)
    report = ingest(lake, engine, [given], root=lake.root.parent, clock=datetime(2026, 9, 7))
    relation(lake, engine, "cost_and_usage")
    return report


def one(engine: Engine, select: str, where: str = "true") -> Any:
    """Return one cell of the bill."""
    return engine.rows(f"select {select} from cost_and_usage where {where}")[0][0]


def test_the_real_bill_gives_the_sums_that_it_is_known_to_have(lake: Lake, engine: Engine) -> None:
    path = BILLING / "focus_1_0_sample_1000.parquet"
    report = bring(lake, engine, path, Input("auto", files=(path.name,)))
    assert [(batch.source, batch.note, batch.rows, batch.rejected) for batch in report.added] == [
        ("focus", "FOCUS 1.0", 1000, 0)
    ]
    sums = engine.rows(
        "select round(sum(billed_cost), 3), round(sum(effective_cost), 3), round(sum(list_cost), 3),"
        " round(sum(contracted_cost), 3) from cost_and_usage"
    )
    assert sums == [(Decimal("20.520"), Decimal("14.977"), Decimal("20.391"), Decimal("14.976"))]
    assert one(engine, "count(*)", "tags is null") == 289
    assert one(engine, "min(billed_cost)") == Decimal("-2.6137")
    assert engine.rows("select provider, count(*) from cost_and_usage group by 1 order by 2 desc") == [
        ("AWS", 942), ("Microsoft", 51), ("Oracle", 7),
    ]  # fmt: skip
    assert engine.rows("select charge_category, count(*) from cost_and_usage group by 1 order by 2 desc") == [
        ("Usage", 997), ("Adjustment", 2), ("Credit", 1),
    ]  # fmt: skip
    frequencies = engine.rows("select distinct charge_frequency from cost_and_usage where charge_frequency is not null")
    assert {frequency for (frequency,) in frequencies} <= {"One-Time", "Recurring", "Usage-Based"}
    assert (one(engine, "min(day)"), one(engine, "max(day)")) == (date(2024, 9, 1), date(2024, 9, 30))


@pytest.mark.parametrize("path", sorted(EXAMPLES.glob("*.csv")), ids=lambda path: path.stem)
def test_a_worked_example_holds_the_identities_of_commitments(lake: Lake, engine: Engine, path: Path) -> None:
    report = bring(lake, engine, path, Input("focus", files=(path.name,)))
    assert report.problems == ()
    # Two examples say thirty o'clock, which is no time: those rows are told, the others stand.
    wrong = [(bad.column, bad.value) for bad in rejects(lake, engine)]
    assert wrong in ([], [("charge_period_end", "2023-02-01T30:00:00Z")])
    assert one(engine, "count(*)", "charge_category not in ('Usage', 'Purchase')") == 0
    # A purchase that is drawn down by its usage costs nothing itself; usage that draws on it is paid already.
    assert one(engine, "count(*)", "commitment_discount_status is not null and billed_cost <> 0") == 0
    drawn = "pricing_category = 'Committed' and commitment_discount_status is not null"
    assert one(engine, "count(*)", f"{drawn} and effective_cost <= 0") == 0
    bought = "charge_category = 'Purchase' and commitment_discount_id is not null"
    assert one(engine, "count(*)", f"{bought} and (effective_cost <> 0 or billed_cost <= 0)") == 0
    # Where a purchase stands beside all that draws on it, what is invoiced is what the usage costs.
    if one(engine, "count(distinct charge_category)") == 2:
        assert one(engine, "sum(billed_cost)") == one(engine, "sum(effective_cost)")


def test_a_commitment_used_in_part_is_used_by_that_part(lake: Lake, engine: Engine) -> None:
    name = "commitment_discount_usage_scenario_3.csv"
    bring(lake, engine, EXAMPLES / name, Input("focus", files=(name,)))
    quantities = engine.rows(
        "select commitment_discount_status, commitment_discount_quantity, effective_cost from cost_and_usage order by 1"
    )
    assert quantities == [("Unused", 0.25, Decimal("0.25")), ("Used", 0.75, Decimal("0.75"))]


@pytest.mark.parametrize(
    ("name", "purchased", "used", "unused"),
    [
        ("one_hundred_percent_utilization_with_commitment_discount_flexibility_with_1_resource", "0.5", "0.5", "0"),
        ("one_hundred_percent_utilization_with_commitment_discount_flexibility_with_2_resources", "2", "2", "0"),
        ("one_hundred_percent_utilization_without_commitment_discount_flexibility", "1.5", "1.5", "0"),
        ("zero_percent_utilization_without_commitment_discount_flexibility", "1.5", "0", "1.5"),
    ],
)
def test_what_is_paid_for_a_commitment_is_what_its_usage_costs(
    lake: Lake, engine: Engine, name: str, purchased: str, used: str, unused: str
) -> None:
    bring(lake, engine, EXAMPLES / f"{name}.csv", Input("focus", files=(f"{name}.csv",)))
    billed = one(engine, "sum(billed_cost)", "charge_category = 'Purchase'")
    spread = {
        status: one(engine, "coalesce(sum(effective_cost), 0)", f"commitment_discount_status = '{status}'")
        for status in ("Used", "Unused")
    }
    assert (billed, spread) == (Decimal(purchased), {"Used": Decimal(used), "Unused": Decimal(unused)})
    assert one(engine, "sum(effective_cost)", "charge_category = 'Purchase'") == 0


def test_a_cost_and_usage_report_of_aws_comes_in_by_a_column_map(lake: Lake, engine: Engine) -> None:
    columns = {
        "charge_day": "lineItem/UsageStartDate",
        "charge_period_start": "lineItem/UsageStartDate",
        "charge_period_end": "lineItem/UsageEndDate",
        "billing_period_start": "bill/BillingPeriodStartDate",
        "billing_period_end": "bill/BillingPeriodEndDate",
        "provider": "'AWS'",
        "billing_account": "bill/PayerAccountId",
        "sub_account": "lineItem/UsageAccountId",
        "currency": "lineItem/CurrencyCode",
        "charge_category": "case \"lineItem/LineItemType\" when 'Tax' then 'Tax' when 'Fee' then 'Purchase' else 'Usage' end",
        "billed_cost": "lineItem/UnblendedCost",
        "effective_cost": 'coalesce("reservation/EffectiveCost", "lineItem/UnblendedCost")',
        "list_cost": "pricing/publicOnDemandCost",
        "service_name": "product/ProductName",
        "region": "product/region",
        "resource_type": "lineItem/UsageType",
    }
    report = bring(lake, engine, CUR, Input("table", "cost_and_usage", (CUR.name,), None, columns))
    assert (report.rows, report.rejected, report.problems) == (1281, 0, ())
    asked = f"read_csv('{CUR}', all_varchar = true)"
    total = engine.rows(f'select sum(cast("lineItem/UnblendedCost" as decimal(38, 10))) from {asked}')[0][0]
    assert one(engine, "sum(billed_cost)") == total
    assert engine.rows("select distinct currency, provider, billing_account from cost_and_usage") == [
        ("USD", "AWS", "123412340534")
    ]
    lines = engine.rows(f"select count(*) from {asked} where \"lineItem/LineItemType\" = 'Tax'")[0][0]
    assert one(engine, "count(*)", "charge_category = 'Tax'") == lines
