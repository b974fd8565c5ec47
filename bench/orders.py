"""Orders to city P&L and cohorts: each rollup beside its floor, and beside the same by hand in polars.

The floor reads and hashes the columns that the rollup reads. Customers come all the time and order less and less; a few
cities have most of them. What polars gives is compared row by row, every column.

>>> READ["zone_day"]
'city, zone, day, known'
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

MEMORY = "4GB"
CITIES, DAYS, A_CUSTOMER = 50, 182, 8
FIRST = date(2026, 1, 5)
ENDED = FIRST + timedelta(days=DAYS)
"""The Monday after the last order."""
LAKE, ROLLUPS = ".hardgate/lake/orders", ".hardgate/rollups"
_MONEY = "value, commission, delivery_fee, discount_platform, courier_cost, payment_cost, support_cost, refund"
READ = {
    "city_day": f"city, customer, currency, delivered_at, discount_merchant, {_MONEY}, day, known",
    "city_month": "city, customer, discount_platform, day, known",
    "zone_day": "city, zone, day, known",
    "cohort_week": f"city, customer, segment, product, currency, {_MONEY}, day, known",
}
"""The rollups of orders, with the columns that each reads."""
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
_SPENT = f"""
select
    concat('city-', lpad(cast(city as varchar), 2, '0')) as city, 'all' as channel,
    cast(date '{FIRST}' + cast(7 * week as integer) as date) as day,
    cast((10 + 15 * (city % 5)) * {{customers}} / {DAYS // 7} * (sqrt((city + 1) / {CITIES}) - sqrt(city / {CITIES}))
        as decimal(18,2)) as amount,
    'RMB' as currency
from range({CITIES}) as cities(city), range({DAYS // 7}) as weeks(week)
"""
SPENT = "acquisition_spend-0.parquet"
PER_FILE = 10_000_000


def write_workspace(root: Path, tables: Mapping[str, int], memory: str) -> None:
    """Make a folder a workspace that reads `data/TABLE-*.parquet` of each table, known so many days after its day."""
    text = f'currency = "RMB"\n[engine]\nmemory = "{memory}"\n'
    for name, lag in tables.items():
        text += f'[tables.{name}]\nknown_after = "{lag} days"\n'
        text += f'[[inputs]]\nsource = "table"\ntable = "{name}"\nfiles = ["data/{name}-*.parquet"]\n'
    (root / "hardgate.toml").write_text(text, encoding="utf-8")
    (root / "policy.yaml").write_text("assumptions:\n  discount_rate: 12%\n", encoding="utf-8")


def order_files(folder: str, rows: int) -> Work:
    """Make files of orders in order of time, and a workspace that reads them."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        root = Path(folder)
        (root / "data").mkdir(parents=True)
        with connect(memory=MEMORY, temp=root) as engine:
            for first in range(0, rows, PER_FILE):
                sql = _SELECT.format(
                    customers=max(CITIES, rows // A_CUSTOMER), rows=rows, first=first, last=min(rows, first + PER_FILE)
                )
                engine.save(sql, root / "data" / f"orders-{first:010d}.parquet")
            engine.save(_SPENT.format(customers=max(CITIES, rows // A_CUSTOMER)), root / "data" / SPENT)
        write_workspace(root, {"orders": 1, "acquisition_spend": 1}, MEMORY)
        return {"rows": rows}

    return work


def orders_hashed(folder: str, name: str) -> Work:
    """Read and hash the columns that a rollup reads: the floor."""
    import duckdb

    connection = duckdb.connect(config={"memory_limit": MEMORY})

    def work() -> dict[str, Any]:
        sql = f"select count(*), bit_xor(hash({READ[name]})) from read_parquet('{folder}/{LAKE}/*.parquet')"
        return {"rows": connection.execute(sql).fetchall()[0][0]}

    return work


def orders_polars(folder: str, name: str, target: str) -> Work:
    """Make a rollup by hand in polars, streaming."""
    from bench.orders_in_polars import rollup

    files = sorted(Path(folder, LAKE).glob("*.parquet"))

    def work() -> dict[str, Any]:
        Path(target).mkdir(exist_ok=True)
        return {"rows": rollup(name, files, Path(target))}

    return work


def orders_equal(folder: str, target: str, names: Sequence[str]) -> Work:
    """Count, of each rollup that polars made, its rows, and those that only one of the two has."""
    from hardgate.engine.connect import connect

    def work() -> dict[str, Any]:
        found: dict[str, Any] = {}
        with connect(memory=MEMORY, temp=Path(folder)) as engine:
            ended = engine.rows(f"select max(known) - 7 from '{folder}/{LAKE}/*.parquet'")[0][0]
            for name in names:
                theirs = f"select * from '{target}/{name}.parquet'"
                if name == "cohort_week":  # a week is told once it has ended
                    theirs += f" where day <= date '{ended}'"
                columns = [column for column, _ in engine.columns(theirs)]
                chosen = ", ".join(f"v.{column}" if column in ("day", "known") else column for column in columns)
                every = f"(select distinct {'day, known' if 'known' in columns else 'day'} from ({theirs}))"
                holds = (
                    "v.known >= r.known and v.known < r.known_to" if "known" in columns else "r.known_to = '9999-12-31'"
                )
                made = f"read_parquet('{folder}/{ROLLUPS}/{name}/*.parquet')"
                ours = f"select {chosen} from {every} v join {made} r on r.day = v.day and {holds}"
                differ = f"(({ours}) except all ({theirs})) union all (({theirs}) except all ({ours}))"
                counts = [engine.rows(f"select count(*) from ({sql})")[0][0] for sql in (theirs, differ)]
                found[f"{name}_rows"], found[f"{name}_different"] = counts
        return found

    return work


def orders_paid_back(folder: str) -> Work:
    """Say of every city when its customers pay back, from rollups that are up to date and no answer kept."""
    from hardgate.markets.payback import exhibit
    from hardgate.review.workspace import Workspace

    opened = Workspace.open(Path(folder))

    def work() -> dict[str, Any]:
        told = opened.build(exhibit.build, ENDED)
        at = [one.name for one in told.headings].index("cohorts paid back by week 26")
        return {"rows": len(told.rows), "shares": {row[0]: row[at] for row in told.rows[:-1]}}

    return work


def orders_paid_back_polars(folder: str, target: str) -> Work:
    """Say of every city which share of its cohorts has paid back by week 26, from the cohorts that polars made."""
    from bench.orders_in_polars import paid_back

    def work() -> dict[str, Any]:
        return {"shares": paid_back(Path(target) / "cohort_week.parquet", Path(folder) / "data" / SPENT, ENDED)}

    return work
