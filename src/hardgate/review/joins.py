"""How much of each table is matched to a pool: the share of rows and of money, and the largest keys that are not.

What is unmatched stays in the unallocated row of every total, so that nothing is lost; here it is named, with the line
of hardgate.toml that would match it. Telemetry is counted by its batches' rows, which for a hundred million takes some
seconds. Wrong as a measure of what is allocated rightly: a rule may match the wrong pool.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from hardgate.engine.connect import Engine
from hardgate.lake.as_of import relation
from hardgate.lake.batches import Lake
from hardgate.lake.identities import Rule, resolve
from hardgate.sources.source import tables

MONEY = {"cost_and_usage": "effective_cost", "general_ledger": "amount", "sales": "net_revenue"}
"""Which column is the money of a table."""
SUGGESTED: Mapping[str, tuple[str, ...]] = {
    "cost_and_usage": ("sub_account", "service_name"),
    "general_ledger": ("cost_centre",),
    "accelerator_samples": ("cluster",),
    "workload_allocations": ("cluster",),
}
"""Which columns to look at where no rule says."""
LARGEST = 10


@dataclass(frozen=True, slots=True)
class Unmatched:
    """One foreign key without an owner: its cells by column, its rows, and its money where the table has any."""

    key: tuple[str, ...]
    rows: int
    money: Decimal | None


@dataclass(frozen=True, slots=True)
class Join:
    """How a table meets the pools. `line` is what to add to hardgate.toml for the largest unmatched key."""

    table: str
    columns: tuple[str, ...]
    rows: int
    matched_rows: int
    money: Decimal | None
    matched_money: Decimal | None
    largest: tuple[Unmatched, ...]
    line: str


def joins(lake: Lake, engine: Engine, rules: Sequence[Rule]) -> tuple[Join, ...]:
    """Return the join of every table that has rows and belongs to pools by a column or by rules."""
    have = set(lake.tables())
    return tuple(_join(lake, engine, rules, name) for name in sorted(have) if _belongs(name))


def _belongs(table: str) -> bool:
    named = any(column.name == "pool" for column in tables()[table].columns)
    return table in SUGGESTED or (named and table in MONEY)


def _join(lake: Lake, engine: Engine, rules: Sequence[Rule], table: str) -> Join:
    columns = tuple(sorted({one.column for one in rules if one.table == table and one.kind == "pool"}))
    columns = columns or SUGGESTED.get(table, ())
    named = any(column.name == "pool" for column in tables()[table].columns)
    money = MONEY.get(table)
    relation(lake, engine, table)
    cells = [f"coalesce(cast({one} as varchar), '')" for one in columns]
    heads = [*cells, "pool is not null" if named else "false"]
    groups = ", ".join(str(at) for at in range(1, len(heads) + 1))
    amount = f"coalesce(sum({money}), 0)" if money else "0"
    found = engine.rows(
        f"select {', '.join(heads)}, count(*), {amount} from {table} "  # noqa: S608  our own columns
        f"where known_to = date '9999-12-31' group by {groups} order by {groups}"
    )
    keys = sorted({row[: len(columns)] for row in found if not row[len(columns)]})
    owned = {one.foreign_key for one in resolve(rules, table, columns, keys)} if columns else set()
    loose = [
        Unmatched(row[: len(columns)], int(row[-2]), Decimal(row[-1]) if money else None)
        for row in found
        if not row[len(columns)] and "|".join(row[: len(columns)]) not in owned
    ]
    rows = sum(int(row[-2]) for row in found)
    total = sum((Decimal(row[-1]) for row in found), Decimal(0)) if money else None
    loose.sort(key=lambda one: (-abs(one.money or Decimal(0)), -one.rows, one.key))
    unmatched_money = sum((one.money or Decimal(0) for one in loose), Decimal(0))
    return Join(
        table=table,
        columns=columns,
        rows=rows,
        matched_rows=rows - sum(one.rows for one in loose),
        money=total,
        matched_money=None if total is None else total - unmatched_money,
        largest=tuple(loose[:LARGEST]),
        line=_line(table, columns, loose),
    )


def _line(table: str, columns: Sequence[str], loose: Sequence[Unmatched]) -> str:
    """Return the rule that would match the largest key by its first cell that says something."""
    for one in loose:
        for column, cell in zip(columns, one.key, strict=True):
            if cell:
                rule, match = ("tag", cell.splitlines()[0]) if column == "tags" else ("exact", cell)
                quoted = match.replace("\\", "\\\\").replace('"', '\\"')
                return (
                    f'[[identities]] table = "{table}"  column = "{column}"  rule = "{rule}"  '
                    f'match = "{quoted}"  pool = "..."'
                )
    return ""
