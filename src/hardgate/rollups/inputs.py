"""What a rollup reads, offered to the engine: tables of the lake and other rollups, with what was known when.

Every input `x` becomes a relation `x` with `day`, `known_from`, `known_to` and, for a table of the lake, `foreign_key`;
`owner_of_x` says whose a foreign key is. Inputs that count on their day alone are cut to the days that are made.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Protocol

import hardgate.schemas
from hardgate.core.days import Window, add_months
from hardgate.core.discover import discover
from hardgate.core.terms import Schema
from hardgate.engine import Engine
from hardgate.engine.portable import literal, values
from hardgate.lake.identities import resolve
from hardgate.rollups.definition import Rollup
from hardgate.rollups.owners import COLUMNS, KEYS, OWN, Declared, Identity, Pools, own, single
from hardgate.rollups.settings import NEVER, RollupSettings
from hardgate.rollups.stored import Stored


class LakeDay(Protocol):
    """What one batch says of one day, known from one day on."""

    @property
    def day(self) -> date:
        """The day."""
        ...

    @property
    def known(self) -> date:
        """The date on which it became known."""
        ...

    @property
    def batch(self) -> str:
        """The batch's name: of its bytes and of how they were read."""
        ...

    @property
    def rows(self) -> int:
        """How many rows it has on the day."""
        ...


class Lake(Protocol):
    """What rollups ask of the lake."""

    def days(self, table: str) -> Sequence[LakeDay]:
        """Return what each batch of a table says of each day."""
        ...


class Relation(Protocol):
    """`hardgate.lake.as_of.relation`: makes `name` a view of a table with `day`, `known_from` and `known_to`."""

    def __call__(
        self,
        lake: Any,  # noqa: ANN401  of its own kind
        engine: Engine,
        table: str,
        *,
        name: str | None = None,
        window: Window | None = None,
    ) -> str:
        """Register the view, and return its SQL."""
        ...


@dataclass(slots=True)
class Inputs:
    """The inputs of one build; what is asked for is registered with the engine once, or once for each set of days."""

    lake: Lake
    engine: Engine
    settings: RollupSettings
    root: Path
    relation: Relation
    schemas: Mapping[str, Schema] = field(default_factory=lambda: discover(hardgate.schemas, "schema"))
    stored: dict[str, Stored] = field(default_factory=dict)
    undeclared: set[str] = field(default_factory=set)
    _days: dict[str, Sequence[LakeDay]] = field(default_factory=dict)
    _registered: set[str] = field(default_factory=set)
    _pools: Pools | None = None

    def days(self, table: str) -> Sequence[LakeDay]:
        """Return what the lake says of each day of a table."""
        if table not in self._days:
            self._days[table] = self.lake.days(table)
        return self._days[table]

    def batches(self, table: str) -> list[str]:
        """Return the names of a table's batches."""
        return sorted({one.batch for one in self.days(table)})

    @property
    def pools(self) -> Pools:
        """What is declared of pools."""
        if self._pools is None:
            found = self.engine.rows(
                "select pool, region, accelerator, cast(valid_from as date), "
                f"coalesce(cast(valid_to as date), {literal(NEVER)}), known_from, known_to "
                f"from {self.versions_of('pools')} order by 1, 4, 6"
            )
            self._pools = Pools(self.settings.pools, [Declared(*row) for row in found])
        return self._pools

    def versions_of(self, name: str) -> str:
        """Return the relation of all rows of an input, whatever their day; registers it the first time."""
        relation = f"all_{name}"
        if relation not in self._registered:
            self._registered.add(relation)
            if name not in self.schemas:
                self._register_stored(relation, self.stored[name].paths())
            else:
                self._register_table(relation, name)
        return relation

    def _register_table(self, relation: str, table: str, window: Window | None = None) -> None:
        own_columns = [(one.name, one.type) for one in self.schemas[table].columns]
        keyed = any(name == "foreign_key" for name, _ in own_columns)
        if self.days(table):
            self.relation(self.lake, self.engine, table, name=f"lake_{relation}", window=window)
            key = "" if keyed else f", {self._foreign_key(table)}"
            self.engine.view(relation, f"select *{key} from lake_{relation}")
        else:
            added = [("day", "date"), ("known_from", "date"), ("known_to", "date"), ("foreign_key", "text")]
            self.engine.table(relation, list(dict([*own_columns, *added]).items()), ())

    def _register_stored(self, relation: str, paths: Sequence[Path]) -> None:
        if paths:
            self.engine.files(f"{relation}_files", paths)
            self.engine.view(relation, f"select *, known as known_from from {relation}_files")
        else:
            columns = self.stored[relation.removeprefix("all_")].columns
            self.engine.table(relation, [*columns, ("known_from", "date")], ())

    def key_columns(self, table: str) -> tuple[str, ...]:
        """Return the columns of a table that are its foreign key: those that identity rules look at."""
        ruled = {rule.column for rule in self.settings.rules if rule.table == table and rule.kind == "pool"}
        return tuple(sorted(ruled)) or tuple(column for column in [KEYS.get(table)] if column)

    def _foreign_key(self, table: str) -> str:
        columns = self.key_columns(table)
        parts = [f"coalesce(cast({column} as string), '')" for column in columns]
        key = f"concat_ws('|', {', '.join(parts)})" if len(parts) > 1 else "cast(null as string)"
        if len(columns) == 1:
            key = f"cast({columns[0]} as string)"
        if self._names_pool(table):
            key = f"case when pool is not null then concat({literal(OWN)}, pool) else {key} end"
        return f"{key} as foreign_key"

    def _names_pool(self, table: str) -> bool:
        return any(column.name == "pool" for column in self.schemas[table].columns)

    def offer(self, rollup: Rollup, name: str, days: Sequence[date]) -> None:
        """Register an input of a rollup under its own name, cut to the days made unless it counts on others too."""
        if name in rollup.prior:
            where = f" where day < {literal(after(max(days), rollup.grain))}" if days else " where false"
            self.engine.view(name, f"select * from {self.versions_of(name)}{where}")
            self._offer_parts(rollup, name, days)
            return
        where = "" if name in rollup.spans else f" where {during(days, rollup.grain)}"
        source = self._some(name, days, rollup.grain) if where and days else self.versions_of(name)
        self.engine.view(name, f"select * from {source}{where}")
        if f"owner_of_{name}" in rollup.sql:
            self._offer_owners(name)

    def _offer_parts(self, rollup: Rollup, name: str, days: Sequence[date]) -> None:
        """Register apart, for a rollup that asks for them, the rows of the days made and all rows before them."""
        if f"{name}_since" in rollup.sql:
            source = self._some(name, days, rollup.grain) if days else self.versions_of(name)
            self.engine.view(f"{name}_since", f"select * from {source} where {during(days, rollup.grain)}")
        if f"{name}_before" in rollup.sql:
            earlier = days and any(one.day < min(days) for one in self.days(name))
            before = f"day < {literal(min(days))}" if earlier else "false"
            self.engine.view(f"{name}_before", f"select * from {self.versions_of(name)} where {before}")

    def _some(self, name: str, days: Sequence[date], grain: str) -> str:
        """Return the relation of an input with the files of some periods."""
        relation = f"some_{name}"
        if name in self.schemas:
            self._register_table(relation, name, Window(min(days), after(max(days), grain)))
            return relation
        paths = self.stored[name].paths(f"{day:%Y-%m}" for day in days)
        if not paths:
            return self.versions_of(name)
        self._register_stored(relation, paths)
        return relation

    def _offer_owners(self, table: str) -> None:
        """Register whose the foreign keys are that the table has as it is offered."""
        identities = self._own(table) + self._by_rule(table) + self._by_table(table)
        found = single(identities, table)
        self.undeclared |= {one.entity for one in found if not self.pools.declares(one.entity)}
        self.engine.table(f"owner_of_{table}", COLUMNS, self.pools.rows(found))

    def _own(self, table: str) -> list[Identity]:
        if not self._names_pool(table):
            return []
        found = self.engine.rows(f"select distinct pool from {table} where pool is not null order by pool")
        return own(pool for (pool,) in found)

    def _by_rule(self, table: str) -> list[Identity]:
        columns = self.key_columns(table)
        if not any(rule.table == table for rule in self.settings.rules):
            return []
        chosen = ", ".join(f"coalesce(cast({column} as string), '')" for column in columns)
        unnamed = " where pool is null" if self._names_pool(table) else ""
        keys = sorted(self.engine.rows(f"select distinct {chosen} from {table}{unnamed}"))
        return [Identity(*found) for found in resolve(self.settings.rules, table, columns, keys)]

    def _by_table(self, table: str) -> list[Identity]:
        found = self.engine.rows(
            "select foreign_key, entity, cast(valid_from as date), "
            f"coalesce(cast(valid_to as date), {literal(NEVER)}), known_from, known_to "
            f"from {self.versions_of('identities')} where system = {literal(table)} and entity_kind = 'pool' "
            "order by 1, 3, 5, 2"
        )
        return [Identity(*row) for row in found]

    def span_bounds(self, table: str, bound: str) -> list[tuple[date, date, date]]:
        """Return first day, greatest last day, and date, for every first day and `known_from` or `known_to`."""
        until = self.schemas[table].until
        last = literal(NEVER) if until is None else f"coalesce(cast({until} as date), {literal(NEVER)})"
        return self.engine.rows(
            f"select day, max({last}), {bound} from {self.versions_of(table)} "
            f"where day is not null and {bound} < {literal(NEVER)} group by day, {bound} order by 1, 3"
        )

    def since(self, name: str, columns: Sequence[str]) -> list[tuple[Any, ...]]:
        """Return the first day of each value of some columns, and from when each earlier day was known."""
        keys = ", ".join(columns)
        found = self.engine.rows(
            f"select {keys}, known_from, min(day) from {self.versions_of(name)} where day is not null "
            f"group by {keys}, known_from"
        )
        first: dict[tuple[Any, ...], date] = {}
        kept = []
        for row in sorted(found, key=lambda one: (one[-2], one[-1], tuple(map(str, one[:-2])))):
            if row[-1] < first.get(row[:-2], NEVER):
                first[row[:-2]] = row[-1]
                kept.append(row)
        return kept


def after(day: date, grain: str) -> date:
    """Return the first day after the period that begins on a day."""
    return add_months(day, 1) if grain == "month" else day + timedelta(days=7 if grain == "week" else 1)


def during(days: Sequence[date], grain: str) -> str:
    """Return the condition that `day` lies in one of some periods; ranges where they serve, since files know ranges."""
    if not days:
        return "false"
    first, last = min(days), max(days)
    if grain != "day":
        return f"day >= {literal(first)} and day < {literal(after(last, grain))}"
    whole = (last - first).days + 1 == len(days)
    listed = "" if whole else f" and day in {values(days)}"
    return f"day >= {literal(first)} and day <= {literal(last)}{listed}"
