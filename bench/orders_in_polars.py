"""The rollups of orders by hand in polars, streaming, as an engineer would write them for one state of knowledge.

They give the figures of `city_day.sql`, `city_month.sql`, `zone_day.sql` and `cohort_week.sql`, and do less than they do: no
restatements, no orders that come late, nothing said of amounts that are missing.
"""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import polars as pl

AMOUNTS = ("value", "commission", "delivery_fee", "discount_platform", "discount_merchant", "courier_cost", "payment_cost",
           "support_cost", "refund")  # fmt: skip
COSTS = ("discount_platform", "courier_cost", "payment_cost", "support_cost", "refund")
LAPSE = 56


def rollup(name: str, files: list[Path], target: Path) -> int:
    """Write one rollup as Parquet, and return its number of rows."""
    found = ROLLUPS[name](pl.scan_parquet(files)).collect(engine="streaming")
    found.sort(found.columns).write_parquet(target / f"{name}.parquet", compression="zstd")
    return len(found)


def city_day(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Return what each city's orders of a day brought and cost."""
    overpaid = pl.col("refund") > pl.col("value") + pl.col("delivery_fee")
    return orders.group_by("day", "known", "city", "currency").agg(
        pl.len().cast(pl.Int64).alias("orders"),
        pl.col("delivered_at").count().cast(pl.Int64).alias("delivered"),
        pl.col("customer").n_unique().cast(pl.Int64).alias("customers"),
        (pl.col("discount_platform") <= 0).sum().cast(pl.Int64).alias("paid_orders"),
        overpaid.sum().cast(pl.Int64).alias("overpaid_refunds"),
        pl.col(*AMOUNTS).sum(),
    )


def city_month(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Return the customers of each city and month up to every date on which something became known."""
    month = pl.col("day").dt.truncate("1mo").alias("month")
    known = orders.select(month, "city", "customer", "known", free=pl.col("discount_platform") <= 0)
    firsts = known.group_by("month", "city", "customer").agg(
        pl.col("known").min(), pl.when("free").then("known").min().alias("paid_from")
    )
    keys = ["month", "city", "known"]
    count = pl.len().cast(pl.Int64)
    paying = firsts.group_by("month", "city", pl.col("paid_from").alias("known")).agg(count.alias("paying_customers"))
    counted = (
        known.group_by(keys).agg(count.alias("orders"))
        .join(firsts.group_by(keys).agg(count.alias("customers")), on=keys, how="full", coalesce=True)
        .join(paying.drop_nulls("known"), on=keys, how="full", coalesce=True)
    )  # fmt: skip
    versions = counted.select("month", "known").unique().join(counted.select("month", "city").unique(), on="month")
    sums = [pl.col(name).fill_null(0).cum_sum().over("month", "city", order_by="known")
            for name in ("customers", "paying_customers", "orders")]  # fmt: skip
    return (
        versions.join(counted, on=keys, how="left").with_columns(sums).filter(pl.col("orders") > 0)
        .rename({"month": "day"})
    )  # fmt: skip


def zone_day(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Return the orders of each zone and day."""
    return orders.group_by("day", "known", "city", "zone").agg(pl.len().cast(pl.Int64).alias("orders"))


def cohort_week(orders: pl.LazyFrame) -> pl.LazyFrame:
    """Return orders, paid ones, customers, leavers and money by city, cohort and week, in one sort of all orders."""
    left = pl.col("commission") + pl.col("delivery_fee") - pl.sum_horizontal(COSTS)
    again = (pl.col("customer") == pl.col("customer").shift(1)) & (pl.col("city") == pl.col("city").shift(1))
    told = ["customer", "city", "day", "segment", "product", "currency"]
    lives = (
        orders.select(*told, _units(left).alias("contribution"), _units(pl.col("discount_platform")).alias("subsidy"))
        .sort("customer", "city", "day", "segment", "product")
        .with_columns(again.fill_null(value=False).alias("again"))
        .with_columns(
            (pl.col("again") & (pl.col("day").shift(1).dt.truncate("1w") == pl.col("day").dt.truncate("1w"))).alias("same"),
            (pl.col("again").shift(-1) & ((pl.col("day").shift(-1) - pl.col("day")).dt.total_days() <= LAPSE))
            .fill_null(value=False).alias("back"),
            *(pl.when("again").then(None).otherwise(pl.col(name)).forward_fill().alias(name)
              for name in ("segment", "product")),
            pl.when("again").then(None).otherwise(pl.col("day").dt.truncate("1w")).forward_fill().alias("cohort"),
        )
    )  # fmt: skip
    keys = ["city", "cohort", "segment", "product"]
    came = lives.group_by(pl.col("day").dt.truncate("1w"), *keys).agg(
        pl.col("currency").max(), pl.len().cast(pl.Int64).alias("orders"),
        (pl.col("subsidy") <= 0).sum().cast(pl.Int64).alias("paid_orders"),
        (~pl.col("same")).sum().cast(pl.Int64).alias("customers"), pl.col("contribution", "subsidy").sum(),
    )  # fmt: skip
    went = (
        lives.filter(~pl.col("back")).group_by("customer", *keys).agg(pl.col("day").min())
        .group_by((pl.col("day") + pl.duration(days=LAPSE)).dt.truncate("1w"), *keys)
        .agg(pl.len().cast(pl.Int64).alias("lapsed"))
    )  # fmt: skip
    zeros = pl.col("orders", "paid_orders", "customers", "lapsed", "contribution", "subsidy").fill_null(0)
    return came.join(went, on=["day", *keys], how="full", coalesce=True).with_columns(zeros)


def paid_back(cohorts: Path, spent: Path, end: date) -> dict[str, float | None]:
    """Return by city the share of weekly cohorts that had paid back by week 26 as far as seen (Kaplan-Meier)."""
    age = (pl.col("day") - pl.col("cohort")).dt.total_days() // 7
    weeks = (
        pl.read_parquet(cohorts).filter(pl.col("day") < end).group_by("city", "cohort", age.alias("age"))
        .agg(pl.col("customers", "contribution").sum())
    )  # fmt: skip
    new = weeks.filter(pl.col("age") == 0).select("city", "cohort", pl.col("customers").alias("new"))
    recent = new.filter(pl.col("cohort") >= end - timedelta(weeks=26)).group_by("city").agg(pl.col("new").sum())
    cost = (
        pl.read_parquet(spent).filter(pl.col("day").is_between(end - timedelta(weeks=26), end, closed="left"))
        .group_by("city").agg(pl.col("amount").cast(pl.Float64).sum()).join(recent, on="city")
        .select("city", (pl.col("amount") / pl.col("new")).alias("cost"))
    )  # fmt: skip
    discounted = pl.col("contribution") / 10_000 * 1.12 ** (-(pl.col("age") + 1) / 52.1775)
    passed = (
        weeks.sort("age").with_columns(discounted.cum_sum().over("city", "cohort", order_by="age").alias("sum"))
        .join(new, on=["city", "cohort"]).join(cost, on="city")
        .filter(pl.col("sum") >= pl.col("new") * pl.col("cost") - 1e-9)
        .group_by("city", "cohort").agg((pl.col("age").min() + 1).alias("weeks"))
    )  # fmt: skip
    until = (pl.lit(end) - pl.col("cohort")).dt.total_days() // 7
    lives = new.join(passed, on=["city", "cohort"], how="left").with_columns(pl.coalesce("weeks", until).alias("until"))
    found: dict[str, float | None] = {}
    for (city,), mine in lives.group_by("city"):
        times, reached = mine["until"].to_numpy(), mine["weeks"].is_not_null().to_numpy()
        there = 1.0
        for week in sorted(set(times[reached & (times <= 26)].tolist())):
            there *= 1 - (reached & (times == week)).sum() / (times >= week).sum()
        found[str(city)] = round(1 - float(there), 4) if times.max() >= 26 or there == 0 else None
    return found


def _units(amount: pl.Expr) -> pl.Expr:
    return (amount.cast(pl.Float64) * 10_000 + 0.5).floor().cast(pl.Int64)


ROLLUPS: dict[str, Callable[[pl.LazyFrame], pl.LazyFrame]] = {
    "city_day": city_day,
    "city_month": city_month,
    "zone_day": zone_day,
    "cohort_week": cohort_week,
}
