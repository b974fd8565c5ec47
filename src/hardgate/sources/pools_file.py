"""One file about pools, a row a pool and month: enough for the first verdicts on utilization and on the trigger.

Columns: pool, gpus, live_date, month, allocated_gpu_hours, cost, revenue; region, accelerator, queued_gpu_hours and
currency where they are known. It fills pool_usage (months, so that its readings are wide), capacity (what a pool grew
by in a month is an asset of its own, live from that month), pools, the general ledger (account "pool cost") and sales
(one account for all customers). A column that is not there leaves its tables out. A pool that shrinks is cut into
stretches of constant size instead. Wrong when one pool has two rows for one month (give every hall its own pool), and
when every month comes as a file of its own: how a pool grew is seen within one file only.

>>> source.detect(["pool", "gpus", "live_date", "month", "allocated_gpu_hours", "cost", "revenue"])
True
"""

# ruff: noqa: S608  SQL over the columns of a file, which are quoted.
from collections.abc import Mapping, Sequence

from hardgate.core.errors import BadInput
from hardgate.core.terms import Column
from hardgate.engine.portable import literal
from hardgate.sources.source import COMMON_OPTIONS, LINE, Extract, Input, RawColumns, Source
from hardgate.sources.values import cleaned, typed

COST_ACCOUNT = "pool cost"
CUSTOMERS, PRODUCT = "all customers", "gpu-hours"

# The first day of the month, or what stands in its place, so that it is rejected as it is written.
_WRITTEN = "coalesce(cast(hardgate_month as varchar), cast(hardgate_written as varchar))"
_MONTH = ("month", "period")
_GPUS = ("gpus", "gpu_count", "accelerators")
_ALLOCATED = ("allocated_gpu_hours", "allocated", "gpu_hours")


def _detect(columns: Sequence[str]) -> bool:
    raw = RawColumns(tuple((name, "") for name in columns))
    return all(raw.first(*names) is not None for names in (("pool",), _GPUS, _MONTH, _ALLOCATED))


def _extract(raw: RawColumns, given: Input) -> Mapping[str, Extract]:
    names = {
        "pool": raw.require("the pool", "pool"),
        "month": raw.require("the month", *_MONTH),
        "gpus": raw.require("the GPUs", *_GPUS),
        "live": raw.first("live_date", "live"),
        "region": raw.first("region"),
        "accelerator": raw.first("accelerator", "model", "gpu_model"),
    }
    rows = _with_month(raw, given, names)
    usage = {
        "pool": str(names["pool"]),
        "start_at": _WRITTEN,
        "end_at": "hardgate_month + interval 1 month",
        "gpus": str(names["gpus"]),
        "allocated_gpu_hours": raw.require("the allocated GPU-hours", *_ALLOCATED),
        "queued_gpu_hours": raw.first("queued_gpu_hours", "queued") or "null",
    }
    found = {"pool_usage": Extract(usage, rows=rows)}
    if names["live"] is not None:
        found["capacity"] = _capacity(rows)
    if names["region"] is not None and names["accelerator"] is not None:
        found["pools"] = _pools(rows)
    return found | _money(raw, given, rows, str(names["pool"]))


def _money(raw: RawColumns, given: Input, rows: str, pool: str) -> dict[str, Extract]:
    cost, revenue = raw.first("cost"), raw.first("revenue", "net_revenue")
    if cost is None and revenue is None:
        return {}
    if raw.first("currency") is None and "currency" not in given.options:
        message = 'cost or revenue without a currency: add a column currency, or write currency = "RMB" in this input'
        raise BadInput(message)
    shared = {
        "pool": pool,
        "month": _WRITTEN,
        "currency": raw.first("currency") or literal(given.options.get("currency")),
    }
    found = {}
    if cost is not None:
        booked = {"account": literal(COST_ACCOUNT), "cost_centre": pool, "amount": cost}
        found["general_ledger"] = Extract(shared | booked, rows=rows)
    if revenue is not None:
        quantity = raw.require("the allocated GPU-hours", *_ALLOCATED)
        sold = {"account": literal(CUSTOMERS), "product": literal(PRODUCT), "quantity": quantity}
        found["sales"] = Extract(shared | sold | {"net_revenue": revenue}, rows=rows)
    return found


def _with_month(raw: RawColumns, given: Input, names: Mapping[str, str | None]) -> str:
    """Return the file's rows with the first day of their month and, typed, what capacity and pools are made of."""
    dates = given.options.get("dates", "mdy")
    kinds = {"month": "date", "gpus": "number", "live": "date"}
    cells, values = [], []
    for name, column in names.items():
        kind = raw.type_of(column)
        cells.append(f"{'null' if column is None else cleaned(column, kind)} as cell_{name}")
        read = typed(Column(name, kinds.get(name, "text"), ""), f"cell_{name}", kind, dates).value
        values.append(f"{read} as hardgate_{name}")
    month = "cast(date_trunc('month', hardgate_month) as date)"
    return (
        f"select * replace ({month} as hardgate_month) from (select *, {', '.join(values)} from"
        f" (select *, {names['month']} as hardgate_written, {', '.join(cells)} from {{raw}}))"
    )


def _capacity(rows: str) -> Extract:
    """Return what each pool grew by as assets; for a pool that ever shrinks its stretches of constant size."""
    usable = "hardgate_pool is not null and hardgate_gpus is not null and hardgate_month is not null"
    steps = (
        f"select *, lag(hardgate_gpus) over by_month as before from ({rows}) where {usable}"
        " window by_month as (partition by hardgate_pool order by hardgate_month)"
    )
    shrinking = (
        "select *, coalesce(bool_or(hardgate_gpus < before) over (partition by hardgate_pool), false) as shrinks"
        f" from ({steps})"
    )
    changes = (
        "select *, lead(hardgate_month) over (partition by hardgate_pool order by hardgate_month) as until"
        f" from ({shrinking}) where before is null or before <> hardgate_gpus"
    )
    named = "case when before is null then hardgate_pool else hardgate_pool || strftime(hardgate_month, ' %Y-%m') end"
    # A live date in the month of the growth is its own; any other is that of the pool's first GPUs.
    own = "before is null or date_trunc('month', hardgate_live) = hardgate_month"
    columns = {
        "asset": named,
        "pool": "hardgate_pool",
        "gpus": "case when shrinks then hardgate_gpus else hardgate_gpus - coalesce(before, 0) end",
        "live_date": f"case when {own} then hardgate_live else hardgate_month end",
        "retire_date": "case when shrinks then until end",
    }
    return Extract(columns, rows=changes)


def _pools(rows: str) -> Extract:
    """Return each pool once, with the region and accelerator of its last month."""
    last = (
        "select hardgate_pool, max_by(hardgate_region, hardgate_month) as region,"
        " max_by(hardgate_accelerator, hardgate_month) as accelerator,"
        f" least(min(hardgate_live), min(hardgate_month)) as since, min({LINE}) as {LINE}"
        f" from ({rows}) where hardgate_pool is not null group by hardgate_pool"
    )
    columns = {"pool": "hardgate_pool", "region": "region", "accelerator": "accelerator", "valid_from": "since"}
    return Extract(columns, rows=last)


source = Source(
    name="pools_file",
    meaning="one file about pools: GPUs, live date, month, allocated GPU-hours, cost, revenue",
    tables=("pool_usage", "capacity", "pools", "general_ledger", "sales"),
    detect=_detect,
    extract=_extract,
    options=COMMON_OPTIONS,
)
