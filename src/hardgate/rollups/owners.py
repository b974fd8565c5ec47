"""Whose a row is: from a foreign key to the pool, its region and accelerator type, by day and by what was known.

A row that names its pool belongs to it. Otherwise the identity rules of hardgate.toml and the table `identities` say
what its key stands for; a key that none of them matches has no owner and stays unallocated. Region and accelerator come
from `[[pools]]`, then from the table `pools`; where neither says, they are "unknown" and the pool is reported.
Wrong when a pool changes its name: then it is two.

>>> [cell[4:] for cell in Pools((Pool("a", "north", "H20"),), ()).cells("a")]
[('north', 'H20')]
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import NamedTuple

from hardgate.core.errors import BadInput
from hardgate.rollups.settings import EVER, NEVER, Pool

UNKNOWN = "unknown"
COLUMNS = (
    ("foreign_key", "text"),
    ("valid_from", "date"),
    ("valid_to", "date"),
    ("known_from", "date"),
    ("known_to", "date"),
    ("pool", "text"),
    ("region", "text"),
    ("accelerator", "text"),
)
KEYS: Mapping[str, str] = {
    "accelerator_samples": "cluster",
    "asset_register": "asset",
    "contracts": "contract",
    "cost_and_usage": "sub_account",
    "general_ledger": "cost_centre",
    "sales": "product",
    "workload_allocations": "cluster",
}
"""The column that is a table's foreign key where no rule of hardgate.toml names one."""
OWN = "pool "
"""What a foreign key starts with where the row names its pool itself."""

Cell = tuple[date, date, date, date, str, str]
Row = tuple[str, date, date, date, date, str, str, str]


class Identity(NamedTuple):
    """A foreign key and the pool that it stands for, on some days, as known on some dates."""

    foreign_key: str
    entity: str
    valid_from: date = EVER
    valid_to: date = NEVER
    known_from: date = EVER
    known_to: date = NEVER


class Declared(NamedTuple):
    """A pool's region and accelerator type, on some days, as known on some dates."""

    pool: str
    region: str
    accelerator: str
    valid_from: date
    valid_to: date
    known_from: date
    known_to: date


@dataclass(slots=True)
class Pools:
    """What is declared of pools: settings first, then the table `pools`."""

    settings: Sequence[Pool]
    table: Sequence[Declared]
    _cells: dict[str, list[Cell]] = field(default_factory=dict)

    def cells(self, pool: str) -> list[Cell]:
        """Return a pool's region and accelerator on each stretch of days and of knowledge; together they cover all."""
        if pool not in self._cells:
            own = [
                Declared(one.pool, one.region, one.accelerator, one.valid_from, one.valid_to, EVER, NEVER)
                for one in self.settings
                if one.pool == pool
            ]
            own += [one for one in self.table if one.pool == pool]
            self._cells[pool] = [
                (valid[0], valid[1], known[0], known[1], *_first(own, valid[0], known[0]))
                for valid in _stretches([(one.valid_from, one.valid_to) for one in own])
                for known in _stretches([(one.known_from, one.known_to) for one in own])
            ]
        return self._cells[pool]

    def declares(self, pool: str) -> bool:
        """Tell whether anybody says what a pool is."""
        return any(one.pool == pool for one in self.settings) or any(one.pool == pool for one in self.table)

    def rows(self, identities: Iterable[Identity]) -> list[Row]:
        """Return one row for each identity and stretch of its pool."""
        return [
            (
                one.foreign_key,
                max(one.valid_from, valid_from),
                min(one.valid_to, valid_to),
                max(one.known_from, known_from),
                min(one.known_to, known_to),
                one.entity,
                region,
                accelerator,
            )
            for one in identities
            for valid_from, valid_to, known_from, known_to, region, accelerator in self.cells(one.entity)
            if max(one.valid_from, valid_from) < min(one.valid_to, valid_to)
            and max(one.known_from, known_from) < min(one.known_to, known_to)
        ]


def own(pools: Iterable[str]) -> list[Identity]:
    """Return the identities of rows that name their pool."""
    return [Identity(OWN + pool, pool) for pool in pools]


def single(identities: Sequence[Identity], table: str) -> list[Identity]:
    """Return the identities without repetitions.

    Raises:
        BadInput: a key stands for two pools on the same day.

    """
    found: dict[str, list[Identity]] = {}
    for one in identities:
        same = found.setdefault(one.foreign_key, [])
        for other in same:
            if other.entity != one.entity and _overlap(one, other):
                message = (
                    f"table {table}, key {one.foreign_key!r}: stands for pool {other.entity!r} and for pool "
                    f"{one.entity!r} on {max(one.valid_from, other.valid_from)}; give each its days, or take one away"
                )
                raise BadInput(message)
        if not any(other.entity == one.entity and _covers(other, one) for other in same):
            same.append(one)
    return [one for same in found.values() for one in same]


def _overlap(one: Identity, other: Identity) -> bool:
    return (
        max(one.valid_from, other.valid_from) < min(one.valid_to, other.valid_to)
        and max(one.known_from, other.known_from) < min(one.known_to, other.known_to)
    )  # fmt: skip


def _covers(one: Identity, other: Identity) -> bool:
    return (
        one.valid_from <= other.valid_from
        and other.valid_to <= one.valid_to
        and one.known_from <= other.known_from
        and other.known_to <= one.known_to
    )


def _stretches(bounds: Iterable[tuple[date, date]]) -> list[tuple[date, date]]:
    cuts = {EVER, NEVER} | {cut for pair in bounds for cut in pair}
    return list(pairwise(sorted(cuts)))


def _first(declared: Sequence[Declared], day: date, known: date) -> tuple[str, str]:
    for one in declared:
        if one.valid_from <= day < one.valid_to and one.known_from <= known < one.known_to:
            return one.region, one.accelerator
    return UNKNOWN, UNKNOWN
