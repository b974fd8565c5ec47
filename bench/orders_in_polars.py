"""The rollups of orders by hand in polars, streaming, as an engineer would write them for one state of knowledge.

They give the figures of `city_day.sql`, `city_month.sql`, `zone_day.sql` and `cohort_week.sql`, and do less than they do: no
restatements, no orders that come late, nothing said of amounts that are missing.
"""

from collections.abc import Callable
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
    """Return orders, customers, leavers, contribution and subsidy by city, cohort and week, in one sort of all orders."""
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
        (~pl.col("same")).sum().cast(pl.Int64).alias("customers"), pl.col("contribution", "subsidy").sum(),
    )  # fmt: skip
    went = (
        lives.filter(~pl.col("back")).group_by("customer", *keys).agg(pl.col("day").min())
        .group_by((pl.col("day") + pl.duration(days=LAPSE)).dt.truncate("1w"), *keys)
        .agg(pl.len().cast(pl.Int64).alias("lapsed"))
    )  # fmt: skip
    zeros = pl.col("orders", "customers", "lapsed", "contribution", "subsidy").fill_null(0)
    return came.join(went, on=["day", *keys], how="full", coalesce=True).with_columns(zeros)


def _units(amount: pl.Expr) -> pl.Expr:
    return (amount.cast(pl.Float64) * 10_000 + 0.5).floor().cast(pl.Int64)


ROLLUPS: dict[str, Callable[[pl.LazyFrame], pl.LazyFrame]] = {
    "city_day": city_day,
    "city_month": city_month,
    "zone_day": zone_day,
    "cohort_week": cohort_week,
}
