"""The telemetry rollups by hand in polars, as an engineer would write them for one table in one state of knowledge.

It gives the figures of `pool_hour.sql` and `telemetry_day.sql`, and does less than they do: no restatements, no owners
that change with time, no months written apart.
"""

from pathlib import Path

import polars as pl

HOUR_MS = 3_600_000
ENOUGH = ACTIVE_AT_LEAST = 0.5


def telemetry_rollups(samples: list[Path], owners: pl.DataFrame, per_hour: int, target: Path) -> int:
    """Write pool_hour.parquet and telemetry_day.parquet, and return the number of rows of the first."""
    hours = _pool_hour(pl.scan_parquet(samples), owners.lazy(), per_hour).collect(engine="streaming")
    hours.sort(hours.columns).write_parquet(target / "pool_hour.parquet", compression="zstd")
    days = _telemetry_day(hours)
    days.sort(days.columns).write_parquet(target / "telemetry_day.parquet", compression="zstd")
    return len(hours)


def _pool_hour(samples: pl.LazyFrame, owners: pl.LazyFrame, per_hour: int) -> pl.LazyFrame:
    points = (pl.col("value") * 10000 + 0.5).floor().cast(pl.Int64)
    is_held = pl.col("workload").is_not_null()
    device_hours = (
        samples.filter(pl.col("value").is_between(0, 1))
        .group_by("device", "field", "known", pl.col("time").dt.truncate("1h").alias("hour"))
        .agg(
            pl.col("cluster").min(),
            pl.len().cast(pl.Int64).alias("n"),
            is_held.sum().cast(pl.Int64).alias("n_held"),
            points.sum().alias("points"),
            points.filter(is_held).sum().alias("points_held"),
        )
        .join(owners, on="cluster", how="left")
        .with_columns(
            (per_hour - pl.col("n")).clip(lower_bound=0).alias("lost"),
            (pl.col("n") >= ENOUGH * per_hour).alias("labelled"),
            (pl.col("n_held") * HOUR_MS // pl.col("n")).alias("held_ms"),
            ((pl.col("n") - pl.col("n_held")) * HOUR_MS // pl.col("n")).alias("free_ms"),
        )
    )
    parts = pl.concat([_part(device_hours, held=True), _part(device_hours, held=False), _rest(device_hours)])
    return (
        parts.filter(pl.col("gpu_ms") > 0)
        .group_by("known", "hour", "region", "accelerator", "pool", "field", "held", "bin", "high_bin")
        .agg(pl.col("gpu_ms", "sampled_gpu_ms").sum())
        .with_columns(pl.col("hour").dt.date().alias("day"))
    )


def _part(device_hours: pl.LazyFrame, *, held: bool) -> pl.LazyFrame:
    """Return the held, or the free, part of every labelled hour."""
    n = pl.col("n_held") if held else pl.col("n") - pl.col("n_held")
    points = pl.col("points_held") if held else pl.col("points") - pl.col("points_held")
    lost = pl.col("lost") if held else 0
    return device_hours.filter(pl.col("labelled") & (n > 0)).select(
        *("known", "hour", "region", "accelerator", "pool", "field"),
        pl.lit(held).alias("held"),
        (points // (n * 100)).alias("bin"),
        ((points + lost * 10000) // ((n + lost) * 100)).alias("high_bin"),
        pl.col("held_ms" if held else "free_ms").alias("gpu_ms"),
        (n * HOUR_MS // (pl.col("n") + pl.col("lost"))).alias("sampled_gpu_ms"),
    )


def _rest(device_hours: pl.LazyFrame) -> pl.LazyFrame:
    """Return what is left of every hour, and all of a thin one."""
    left = HOUR_MS - pl.col("held_ms") - pl.col("free_ms")
    return device_hours.select(
        *("known", "hour", "region", "accelerator", "pool", "field"),
        pl.lit(value=False).alias("held"),
        pl.lit(-1, pl.Int64).alias("bin"),
        pl.lit(-1, pl.Int64).alias("high_bin"),
        pl.when("labelled").then(left).otherwise(HOUR_MS).alias("gpu_ms"),
        pl.lit(0, pl.Int64).alias("sampled_gpu_ms"),
    )


def _telemetry_day(hours: pl.DataFrame) -> pl.DataFrame:
    level = 100 * ACTIVE_AT_LEAST
    active = pl.col("held") & (pl.col("bin") >= level)
    idle = (pl.col("bin") >= 0) & (~pl.col("held") | (pl.col("high_bin") < level))
    return hours.group_by("day", "known", "region", "accelerator", "pool", "field").agg(
        pl.col("gpu_ms").filter("held").sum().alias("held_gpu_ms"),
        pl.col("gpu_ms").filter(active).sum().alias("active_gpu_ms"),
        pl.col("sampled_gpu_ms").filter(idle).sum().alias("idle_gpu_ms"),
    )
