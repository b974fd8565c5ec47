"""From exposures and orders to an experiment's sums, every day of its window: the rollup feature_day beside its floor.

Everybody is shown an arm in the first three of four weeks and orders in all four, some before being shown it. The floor
reads and hashes, once, the columns that the rollup reads; the rollup adds up anew, each day, all that came up to it.
"""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from bench.orders import PER_FILE, Work, write_workspace

MEMORY = "2GB"
FIRST, DAYS = date(2026, 1, 5), 28
LAKE = ".hardgate/lake"
READ = {
    "exposures": "feature, customer, arm, exposed_at, known",
    "orders": "customer, value, commission, delivery_fee, discount_platform, courier_cost, payment_cost, support_cost, "
    "refund, day, known",
}
"""The tables that the rollup reads, with the columns of each."""
_CHANCE = "(hash(i * 8 + {}) % 4294967296) / 4294967296.0"
_TIMES = f"timestamp '{FIRST}' + to_seconds(floor({{}} * {DAYS * 86400}))"
_EXPOSURES = f"""
select
    'f' as feature, concat('u', lpad(cast(i as varchar), 9, '0')) as customer,
    case when i % 2 = 0 then 'control' else 'treated' end as arm,
    {_TIMES.format(f"0.75 * {_CHANCE.format(0)}")} as exposed_at
from range({{first}}, {{last}}) made(i)
"""
_ORDERS = f"""
with bought as (
    select i, unnest(range(cast(floor(-2 * ln(1 - {_CHANCE.format(1)})) as bigint))) as n
    from range({{first}}, {{last}}) made(i)
),
drawn as (
    select *, (hash(i * 1024 + n * 2) % 4294967296) / 4294967296.0 as t, (hash(i * 1024 + n * 2 + 1) % 4294967296) / 4294967296.0 as v
    from bought
)
select
    concat(cast(i as varchar), '-', cast(n as varchar)) as order_id,
    concat('u', lpad(cast(i as varchar), 9, '0')) as customer,
    'a' as city, {_TIMES.format("t")} as placed_at, cast(20 + 80 * v as decimal(18,2)) as value,
    cast(3 + 16 * v as decimal(18,2)) as commission, cast(3 as decimal(18,2)) as delivery_fee,
    cast(floor(greatest(3 * v - 2, 0) * 10) as decimal(18,2)) as discount_platform,
    cast(6 as decimal(18,2)) as courier_cost, cast(0.5 as decimal(18,2)) as payment_cost,
    cast(0.5 as decimal(18,2)) as support_cost, cast(0 as decimal(18,2)) as refund, 'RMB' as currency
from drawn
"""
_REGISTERED = f"""
select
    'f' as feature, unnest(['basket_value', 'orders_per_customer']) as metric, unnest(['primary', 'guardrail']) as role,
    'customer' as unit, date '{FIRST}' as starts_on, date '{FIRST + timedelta(days=DAYS)}' as ends_on,
    0.03 as minimum_effect, 4 as looks, 0.5 as control_share, date '{FIRST - timedelta(days=2)}' as registered_on
"""


def feature_files(folder: str, rows: int) -> Work:
    """Make files of so many users' exposures and of their orders, and a workspace that reads them."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        root = Path(folder)
        (root / "data").mkdir(parents=True)
        with connect(memory=MEMORY, temp=root) as engine:
            for first in range(0, rows, PER_FILE):
                users = {"first": first, "last": min(rows, first + PER_FILE)}
                for name, sql in (("exposures", _EXPOSURES), ("orders", _ORDERS)):
                    engine.save(sql.format(**users), root / "data" / f"{name}-{first:010d}.parquet")
            engine.save(_REGISTERED, root / "data" / "experiments-0.parquet")
        write_workspace(root, {"experiments": 0, "exposures": 1, "orders": 1}, MEMORY)
        return {"rows": rows}

    return work


def feature_hashed(folder: str) -> Work:
    """Read and hash the columns that the rollup reads: the floor."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})

    def work() -> dict[str, Any]:
        rows = 0
        for name, columns in READ.items():
            sql = f"select count(*), bit_xor(hash({columns})) from read_parquet('{folder}/{LAKE}/{name}/*.parquet')"
            rows += connection.execute(sql).fetchall()[0][0]
        return {"rows": rows}

    return work
