"""One file about pools fills five tables."""

from datetime import date, datetime
from decimal import Decimal

from tests.sources.conftest import Read

HEAD = "pool,gpus,live_date,month,allocated_gpu_hours,cost,revenue,region,accelerator,currency"


def test_a_pool_that_grows_has_an_asset_for_what_it_grew_by(read: Read) -> None:
    text = f"""
    {HEAD}
    a,100,2025-11-15,2026-01,60000,1000.5,2000,north,H20,RMB
    a,100,2025-11-15,2026-02,61000,1000.5,,north,H20,RMB
    a,120,2025-11-15,2026-03,61000,1000.5,2000,north,H20,RMB
    b,50,2025-12-01,2026-01,1,2,3,south,H100,RMB
    b,40,2025-12-01,2026-02,1,2,3,south,H100,RMB
    """
    tables = {
        "capacity": "asset, gpus, live_date, retire_date",
        "pools": "pool, region, accelerator, valid_from",
        "pool_usage": "pool, start_at, end_at, gpus, allocated_gpu_hours",
        "general_ledger": "account, sum(amount)",
        "sales": "account, product, pool, month, quantity, net_revenue",
    }
    tables["general_ledger"] = "account, cost_centre, amount, currency"
    found, report = read("pools_file", text, tables)
    assert report.rejected == 0
    assert found["capacity"] == [
        ("a", 100, date(2025, 11, 15), None),
        ("a 2026-03", 20, date(2026, 3, 1), None),
        ("b", 50, date(2025, 12, 1), date(2026, 2, 1)),
        ("b 2026-02", 40, date(2026, 2, 1), None),
    ]
    assert found["pools"] == [("a", "north", "H20", date(2025, 11, 15)), ("b", "south", "H100", date(2025, 12, 1))]
    assert found["pool_usage"][0] == ("a", datetime(2026, 1, 1), datetime(2026, 2, 1), 100, 60000)
    assert found["general_ledger"].count(("pool cost", "a", Decimal("1000.5"), "RMB")) == 3
    assert ("all customers", "gpu-hours", "a", date(2026, 2, 1), 61000, None) in found["sales"]


def test_the_least_columns_are_enough(read: Read) -> None:
    _, report = read("pools_file", "pool,gpus,month,allocated_gpu_hours\na,8,2026-08-01,100", {})
    assert [batch.table for batch in report.added] == ["pool_usage"]


def test_a_month_that_is_none_is_told_as_it_is_written(read: Read) -> None:
    _, report = read("pools_file", f"{HEAD}\na,8,2026-01-01,Q3,1,1,1,n,H,RMB\na,x,2026-01-01,2026-08,1,1,1,n,H,RMB", {})
    assert {(batch.table, batch.rows, batch.rejected) for batch in report.added} == {
        ("pool_usage", 0, 2), ("capacity", 0, 0), ("pools", 1, 0), ("general_ledger", 1, 1), ("sales", 1, 1),
    }  # fmt: skip


def test_money_without_a_currency_is_refused(read: Read) -> None:
    _, report = read("pools_file", "pool,gpus,month,allocated_gpu_hours,cost\na,8,2026-08-01,100,5", {})
    assert "cost or revenue without a currency" in report.problems[0].message
