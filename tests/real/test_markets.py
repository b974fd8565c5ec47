"""Real and published orders through the column map: CDNOW, a sample of Olist, GeoLift's test, lifetimes' example."""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest

from hardgate.core.terms import Rows
from hardgate.metrics.subsidy_return import _changes
from hardgate.models.geo_test import difference
from hardgate.models.retention import fit_bgnbd
from hardgate.review.workspace import Workspace

DATA = Path(__file__).parents[2].parent / "shared" / "data" / "markets"
AS_OF = date(2026, 1, 1)


def opened(root: Path, inputs: str) -> Workspace:
    """A workspace that reads some of the files, ingested."""
    if not DATA.is_dir():
        pytest.skip("the shared real data are not beside this checkout")
    root.mkdir(exist_ok=True)
    (root / "hardgate.toml").write_text(f'currency = "USD"\nas_of = "{AS_OF}"\n{inputs}')
    (root / "policy.yaml").write_text("confidence: 90%\n")
    workspace = Workspace.open(root)
    workspace.ingest(
        (), source=None, table=None, clock=datetime(2026, 1, 2), known_at=None, dry_run=False, progress=None
    )
    return workspace


def rows(workspace: Workspace, name: str) -> Rows:
    with workspace.engine() as engine, workspace.lake() as lake:
        return workspace.archive(engine, lake, AS_OF).at(AS_OF).rows(name)


CDNOW = f"""
[[inputs]]
source = "table"
table = "orders"
files = ["{DATA}/cdnow_master.parquet"]
columns.order_id = "cast(hardgate_line as varchar)"
columns.customer = "customer_id"
columns.city = "'web'"
columns.placed_at = "date"
columns.value = "usd"
columns.currency = "'USD'"
[tables.orders]
known_after = "1 days"
"""


def test_every_order_and_dollar_of_cdnow_arrives(tmp_path: Path) -> None:
    workspace = opened(tmp_path / "cdnow", CDNOW)
    days, cohorts = rows(workspace, "city_day"), rows(workspace, "cohort_week")
    assert sum(int(one) for one in days.columns["orders"]) == 69_659
    assert sum(days.columns["value"], Decimal(0)) == Decimal("2500315.63")
    new = [
        int(one)
        for one, day, born in zip(
            cohorts.columns["customers"], days_of(cohorts, "day"), days_of(cohorts, "cohort"), strict=True
        )
        if day == born
    ]
    assert sum(new) == 23_570
    assert sum(int(one) for one in cohorts.columns["orders"]) == 69_659


def days_of(found: Rows, name: str) -> list[date]:
    return [one.astype(date) for one in np.asarray(found.columns[name], "datetime64[D]")]


def test_what_cdnow_does_not_say_is_unknown_and_not_nothing(tmp_path: Path) -> None:
    workspace = opened(tmp_path / "cdnow", CDNOW)
    assert set(rows(workspace, "city_day").columns["courier_cost"]) == {None}
    assert set(rows(workspace, "city_day").columns["paid_orders"]) == {None}


def test_cdnow_fits_as_published() -> None:
    import duckdb

    if not DATA.is_dir():
        pytest.skip("the shared real data are not beside this checkout")
    sql = f"select frequency, recency, \"T\" as age from '{DATA}/cdnow_rfm_summary.parquet'"
    found = duckdb.connect().execute(sql).fetchnumpy()
    fitted = fit_bgnbd(found["frequency"], found["recency"], found["age"])
    assert (fitted.r, fitted.alpha, fitted.a, fitted.b) == pytest.approx((0.2426, 4.4135, 0.7929, 2.4258), abs=1e-4)
    assert fitted.log_likelihood == pytest.approx(-9582.43, abs=0.01)


OLIST = f"""
[[inputs]]
source = "table"
table = "orders"
select = \"\"\"
    select o.order_id, c.customer_unique_id as customer, c.customer_city as city, o.order_purchase_timestamp as placed_at,
        o.order_delivered_customer_date as delivered_at, sum(cast(p.payment_value as decimal(18,2))) as value
    from '{DATA}/olist_sample_orders.parquet' o
    join '{DATA}/olist_sample_customers.parquet' c using (customer_id)
    left join '{DATA}/olist_sample_order_payments.parquet' p using (order_id)
    group by all
\"\"\"
columns.currency = "'BRL'"
[tables.orders]
known_after = "1 days"
"""


def test_the_sample_of_olist_weighs_as_the_whole(tmp_path: Path) -> None:
    """5,172 delivered orders stand for 96,478, so that the delivered share is that of all 99,441 orders."""
    found = rows(opened(tmp_path / "olist", OLIST), "city_day")
    orders = sum(int(one) for one in found.columns["orders"])
    assert orders == 8_135
    assert None not in set(found.columns["city"])
    delivered = 5_172 * 18.65
    assert delivered / (delivered + 2_963) == pytest.approx(96_478 / 99_441, abs=1e-3)
    assert 5_150 <= sum(int(one) for one in found.columns["delivered"]) <= 5_185


GEOLIFT = f"""
[[inputs]]
source = "table"
table = "geo_tests"
files = ["{DATA}/geolift_test.parquet"]
columns.test = "'geolift'"
columns.cluster = "location"
columns.day = "date"
columns.treated = "location in ('chicago', 'portland')"
columns.running = "date >= '2021-04-01'"
columns.outcome = "Y"
columns.currency = "'USD'"
[tables.geo_tests]
known_after = "1 days"
"""


def test_two_treated_cities_say_little_and_what_they_say_holds_the_published_effect(tmp_path: Path) -> None:
    """GeoLift's authors report 155.6 a day and city, by augmented synthetic control; 38 controls alone do not tell."""
    found = rows(opened(tmp_path / "geo", GEOLIFT), "geo_test_day")
    records = [
        (str(test), str(cluster), bool(treated), bool(running), float(outcome), 0.0)
        for test, cluster, treated, running, outcome in zip(
            *(found.columns[name] for name in ("test", "cluster", "treated", "running", "outcome")), strict=True
        )
    ]
    changes = _changes(records)
    seen = difference(np.array([one[1] for one in changes]), np.array([one[0] for one in changes]))
    assert seen is not None
    assert seen.clusters == 40
    assert seen.value == pytest.approx(255.08, abs=0.01)
    assert seen.low < 0.0
    assert seen.low < 155.556 < seen.high
    assert seen.p > 0.1


LIFETIMES = f"""
[[inputs]]
source = "table"
table = "orders"
files = ["{DATA}/lifetimes_example_transactions.parquet"]
columns.order_id = "cast(hardgate_line as varchar)"
columns.customer = "id"
columns.city = "'one'"
columns.placed_at = "date"
columns.value = "1"
columns.currency = "'USD'"
[tables.orders]
known_after = "1 days"
"""


def test_transactions_become_cohorts_that_lose_nobody(tmp_path: Path) -> None:
    import duckdb

    workspace = opened(tmp_path / "life", LIFETIMES)
    cohorts = rows(workspace, "cohort_week")
    count, customers = (
        duckdb.connect()
        .execute(f"select count(*), count(distinct id) from '{DATA}/lifetimes_example_transactions.parquet'")
        .fetchall()[0]
    )
    assert sum(int(one) for one in cohorts.columns["orders"]) == count
    gone = sum(int(one) for one in cohorts.columns["lapsed"])
    new = sum(
        int(one)
        for one, day, born in zip(
            cohorts.columns["customers"], days_of(cohorts, "day"), days_of(cohorts, "cohort"), strict=True
        )
        if day == born
    )
    assert new == customers
    assert 0 < gone <= customers
