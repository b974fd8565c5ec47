"""FOCUS files of several versions and spellings."""

import pytest

from hardgate.engine import Engine
from hardgate.sources import focus
from hardgate.sources.source import Input, RawColumns
from tests.sources.conftest import Read

HEAD = "BillingPeriodStart,ChargePeriodStart,ChargePeriodEnd,BilledCost,EffectiveCost"
ROW = "2026-08-01,2026-08-05T22:00:00-04:00,2026-08-05T23:00:00-04:00,1.50,1.25"


@pytest.mark.parametrize(
    ("columns", "version"),
    [
        ("ProviderName", "1.0"), ("ServiceSubcategory", "1.1"), ("CapacityReservationId", "1.1"), ("InvoiceId", "1.2"),
        ("ServiceProviderName,InvoiceId", "1.3"),
    ],
)  # fmt: skip
def test_the_version_is_that_of_the_newest_column(read: Read, columns: str, version: str) -> None:
    _, report = read("focus", f"{HEAD},{columns}\n{ROW}{',' * (columns.count(',') + 1)}", {})
    assert [batch.note for batch in report.added] == [f"FOCUS {version}"]


def test_a_charge_is_of_the_day_on_which_it_starts_in_utc(read: Read) -> None:
    found, _ = read(
        "focus", f"{HEAD}\n{ROW}", {"cost_and_usage": "cast(day as varchar), billed_cost, provider, list_cost"}
    )
    assert found["cost_and_usage"] == [("2026-08-06", 1.5, "", None)]


def test_values_that_focus_enumerates_get_its_spelling(read: Read) -> None:
    text = f"""
    {HEAD},ChargeCategory,ChargeFrequency,PricingCategory,CommitmentDiscountStatus,ChargeClass
    {ROW},usage,Usage-based,STANDARD,unUsed,NULL
    {ROW},Purchase,one time,Spot,,correction
    """
    columns = "charge_category, charge_frequency, pricing_category, commitment_discount_status, charge_class"
    found, _ = read("focus", text, {"cost_and_usage": columns})
    assert found["cost_and_usage"] == [
        ("Purchase", "One-Time", "Spot", None, "Correction"),
        ("Usage", "Usage-Based", "Standard", "Unused", None),
    ]


def test_tags_become_sorted_lines(read: Read) -> None:
    text = f"""
    {HEAD},Tags
    {ROW},"{{""team"": ""infra"", ""app"": ""x=y"", ""n"": 3, ""none"": null}}"
    {ROW},{{}}
    {ROW},null
    {ROW},team:infra
    """
    found, _ = read("focus", text, {"cost_and_usage": "tags"})
    assert found["cost_and_usage"] == [("app=x=y\nn=3\nnone=\nteam=infra",), ("team:infra",), (None,), (None,)]


@pytest.mark.parametrize("sql", ["map {'b': 'x', 'a': 'y'}", "{'b': 'x', 'a': 'y'}", '\'{"b": "x", "a": "y"}\''])
def test_tags_of_parquet_may_be_a_map_a_struct_or_text(engine: Engine, sql: str) -> None:
    columns = ["BilledCost", "EffectiveCost", "ChargePeriodStart", "BillingPeriodStart"]
    kind = engine.columns(f"select {sql} as t")[0][1]
    raw = RawColumns((*((name, "varchar") for name in columns), ("Tags", kind)))
    tags = focus.source.extract(raw, Input("focus"))["cost_and_usage"].columns["tags"]
    assert engine.rows(f'select {tags} from (select {sql} as "Tags")') == [("a=y\nb=x",)]


def test_a_bill_without_its_costs_is_no_bill(read: Read) -> None:
    _, report = read("focus", "BillingPeriodStart,ChargePeriodStart,BilledCost\n2026-08-01,2026-08-01,1", {})
    assert "no column for the effective cost: expected one of EffectiveCost" in report.problems[0].message


def test_the_currency_of_a_bill_without_one_is_told(read: Read) -> None:
    found, _ = read("focus", f"{HEAD}\n{ROW}", {"cost_and_usage": "currency"}, currency="USD")
    assert found["cost_and_usage"] == [("USD",)]
