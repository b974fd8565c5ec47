"""Orders to city P&L and cohorts: the rollups beside the floor, and beside the same by hand in polars.

The floor reads and hashes the columns that the two rollups read. Polars adds up the same city days and cohort weeks for
one state of knowledge: no restatements, no weeks written apart.
"""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

MEMORY = "4GB"
CITIES, DAYS, A_CUSTOMER = 50, 182, 8
FIRST = date(2026, 1, 5)
LAKE, ROLLUPS = ".hardgate/lake/orders", ".hardgate/rollups"
MONEY = ("commission", "delivery_fee", "discount_platform", "courier_cost", "payment_cost", "support_cost", "refund")
READ = ", ".join(("customer", "city", "placed_at", "value", *MONEY, "currency", "known"))
Work = Callable[[], dict[str, Any]]

_CHANCE = "(hash(i * 8 + {}) % 4294967296) / 4294967296.0"
_PERSON = "(hash(customer * 8 + {}) % 4294967296) / 4294967296.0"
_SELECT = f"""
with timed as (
    select i, cast(i as double) / {{rows}} as t, {_CHANCE.format(0)} as who, {_CHANCE.format(1)} as one, {_CHANCE.format(2)} as two
    from range({{first}}, {{last}}) as made(i)
),
bought as (
    select *, cast(floor({{customers}} * (0.3 + 0.7 * t) * (1 - power(who, 3))) as bigint) as customer from timed
),
lives as (
    select
        *, cast(floor({CITIES} * power({_PERSON.format(1)}, 2)) as bigint) as city,
        cast(floor(8 * {_PERSON.format(2)}) as bigint) as zone, cast(floor(3 * {_PERSON.format(3)}) as bigint) as segment
    from bought
)
select
    cast(i as varchar) as order_id,
    concat('u', lpad(cast(customer as varchar), 9, '0')) as customer,
    concat('city-', lpad(cast(city as varchar), 2, '0')) as city,
    concat('zone-', cast(city as varchar), '-', cast(zone as varchar)) as zone,
    concat('segment-', cast(segment as varchar)) as segment,
    case when one < 0.8 then 'meals' else 'groceries' end as product,
    timestamp '{FIRST}' + to_seconds(floor(t * {DAYS * 86400})) as placed_at,
    case when two > 0.01
        then timestamp '{FIRST}' + to_seconds(floor(t * {DAYS * 86400}) + 1200 + floor(2400 * one)) end as delivered_at,
    cast(20 + 80 * two as decimal(18,2)) as value,
    cast(3 + 16 * two as decimal(18,2)) as commission, cast(2 + 4 * one as decimal(18,2)) as delivery_fee,
    cast(floor(greatest(3 * one - 2, 0) * 10) as decimal(18,2)) as discount_platform,
    cast(floor(greatest(3 * two - 2, 0) * 5) as decimal(18,2)) as discount_merchant,
    cast(5 + 3 * who as decimal(18,2)) as courier_cost, cast(0.2 + 0.006 * 80 * two as decimal(18,2)) as payment_cost,
    cast(0.5 as decimal(18,2)) as support_cost,
    cast(case when two < 0.02 then 20 else 0 end as decimal(18,2)) as refund, 'RMB' as currency
from lives
"""
_PER_FILE = 10_000_000


def order_files(folder: str, rows: int) -> Work:
    """Make files of orders in order of time, and a workspace that reads them."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        root = Path(folder)
        (root / "data").mkdir(parents=True)
        with connect(memory=MEMORY, temp=root) as engine:
            for first in range(0, rows, _PER_FILE):
                sql = _SELECT.format(
                    customers=max(CITIES, rows // A_CUSTOMER), rows=rows, first=first, last=min(rows, first + _PER_FILE)
                )
                engine.save(sql, root / "data" / f"orders-{first:010d}.parquet")
        text = f'currency = "RMB"\n[engine]\nmemory = "{MEMORY}"\n[tables.orders]\nknown_after = "1 days"\n'
        text += '[[inputs]]\nsource = "table"\ntable = "orders"\nfiles = ["data/*.parquet"]\n'
        (root / "hardgate.toml").write_text(text, encoding="utf-8")
        return {"rows": rows}

    return work


def orders_hashed(folder: str) -> Work:
    """Read and hash the columns that the rollups read: the floor."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})

    def work() -> dict[str, Any]:
        sql = f"select count(*), bit_xor(hash({READ})) from read_parquet('{folder}/{LAKE}/*.parquet')"
        return {"rows": connection.execute(sql).fetchall()[0][0]}

    return work


def orders_polars(folder: str, target: str) -> Work:
    """Make city days and cohort weeks by hand in polars, streaming."""
    import polars as pl

    files = sorted(Path(folder, LAKE).glob("*.parquet"))

    def work() -> dict[str, Any]:
        Path(target).mkdir()
        orders = pl.scan_parquet(files).with_columns(pl.col("placed_at").dt.date().alias("on"))
        days = orders.group_by("on", "city", "currency").agg(
            pl.len().alias("orders"),
            pl.col("customer").n_unique().alias("customers"),
            pl.col("value", "discount_merchant", *MONEY).sum(),
        )
        days.collect(engine="streaming").write_parquet(Path(target) / "city_day.parquet")
        cohorts = _cohorts(orders).collect(engine="streaming")
        cohorts.write_parquet(Path(target) / "cohort_week.parquet")
        return {"rows": len(cohorts)}

    return work


def _cohorts(orders: Any) -> Any:
    """Return orders, customers, contribution, subsidy and leavers by city, cohort and week."""
    import polars as pl

    left = pl.col("commission") + pl.col("delivery_fee")
    for name in MONEY[2:]:
        left = left - pl.col(name)
    who = ("customer", "city")
    kept = orders.select(*who, "on", left.alias("contribution"), pl.col("discount_platform").alias("subsidy"))
    firsts = kept.group_by(who).agg(pl.col("on").min().dt.truncate("1w").alias("cohort"))
    weekly = (
        kept.join(firsts, on=who)
        .group_by("city", "cohort", pl.col("on").dt.truncate("1w").alias("week"))
        .agg(
            pl.len().alias("orders"), pl.col("customer").n_unique().alias("customers"),
            pl.col("contribution").sum(), pl.col("subsidy").sum(),
        )
    )  # fmt: skip
    gaps = kept.sort(*who, "on").with_columns(pl.col("on").shift(-1).over(who).alias("next"))
    gone = gaps.filter(pl.col("next").is_null() | ((pl.col("next") - pl.col("on")).dt.total_days() > 56))
    lapsed = (
        gone.group_by(who).agg(pl.col("on").min())
        .join(firsts, on=who)
        .group_by("city", "cohort", (pl.col("on") + pl.duration(days=56)).dt.truncate("1w").alias("week"))
        .agg(pl.len().alias("lapsed"))
    )  # fmt: skip
    return weekly.join(lapsed, on=("city", "cohort", "week"), how="full", coalesce=True)


def orders_equal(folder: str, target: str) -> Work:
    """Compare the sums of both: orders, customers by week, contribution, and leavers in the weeks that are over."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        with connect(memory=MEMORY) as engine:
            ours = engine.rows(
                "select sum(orders), sum(customers), cast(sum(contribution) as bigint), coalesce(sum(lapsed), 0), max(day) "
                f"from '{folder}/{ROLLUPS}/cohort_week/*.parquet'"
            )[0]
            theirs = engine.rows(
                "select sum(orders), sum(customers), cast(sum(contribution) * 10000 as bigint), "
                f"coalesce(sum(lapsed) filter (where week <= date '{ours[4]}'), 0) from '{target}/cohort_week.parquet'"
            )[0]
            money = [
                engine.rows(f"select sum(value), sum(courier_cost), sum(customers) from '{path}'")[0]
                for path in (f"{folder}/{ROLLUPS}/city_day/*.parquet", f"{target}/city_day.parquet")
            ]
        same = tuple(map(int, ours[:4])) == tuple(map(int, theirs)) and [float(x) for x in money[0]] == [
            float(x) for x in money[1]
        ]
        return {"equal": same, "ours": str(ours), "theirs": str(theirs), "orders": int(ours[0])}

    return work


def retention(customers: int, cities: int) -> Work:
    """Fit BG/NBD to many cities at once; the customers are drawn from the model with CDNOW's parameters."""
    import numpy as np

    from hardgate.models.retention import fit_bgnbd_many

    random = np.random.default_rng(1)
    count = customers * cities
    rate, leave = random.gamma(0.243, 1 / 4.414, count), random.beta(0.793, 2.426, count)
    alive = random.geometric(np.clip(leave, 1e-9, 1))
    age = random.uniform(27, 39, count)
    bought = np.minimum(random.poisson(rate * age), alive)
    last = np.where(bought > 0, age * random.beta(np.maximum(bought, 1), 1), 0.0)
    group = np.repeat(np.arange(cities), customers)
    fit_bgnbd_many(bought[:100], last[:100], age[:100], np.zeros(100, np.int64))  # what it imports is not the work

    def work() -> dict[str, Any]:
        return {"rows": count, "cities": len(fit_bgnbd_many(bought, last, age, group))}

    return work
