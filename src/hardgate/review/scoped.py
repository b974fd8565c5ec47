"""What a settings file sets for everything and for parts of it: the most specific row that covers a scope wins.

Each setting is looked up by itself: a row for a pool that sets the mode alone leaves the limits of its region. A pool
lies in one region with one accelerator, and a tranche adds to one pool, so a row that names one is within a row that
does not. Two rows that could both cover one scope, neither within the other, must agree or be decided by a third row.

>>> base = Row(EVERYTHING, {"limit": 0.75}, {"limit": 3}, 3)
>>> north = Row(Scope.of(region="cn-north"), {"limit": 0.70}, {"limit": 5}, 5)
>>> setting((base, north), "limit", Scope.of(region="cn-north", accelerator="H20"))
Found(value=0.7, line=5)
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

from hardgate.core.terms import EVERYTHING, Scope

DIMENSIONS = (
    "region",
    "accelerator",
    "pool",
    "tranche",
    "segment",
    "architecture",
    "account",
    "customer",
    "product",
    "provider",
    "city",
    "feature",
)
"""What a scope may name, coarse to fine, in the order of its parts."""
PLACES = frozenset({"region", "accelerator", "pool", "tranche"})


@dataclass(frozen=True, slots=True)
class Row:
    """What one part of a file sets at one scope, with the line of each setting and of the row itself."""

    scope: Scope
    settings: Mapping[str, Any]
    lines: Mapping[str, int]
    line: int


@dataclass(frozen=True, slots=True)
class Found:
    """A setting and the line that it stands in."""

    value: Any
    line: int


@dataclass(frozen=True, slots=True)
class Clash:
    """Two rows that set one name differently for a scope that both cover."""

    first: int
    second: int
    name: str
    scope: Scope


def setting(rows: Sequence[Row], name: str, scope: Scope = EVERYTHING) -> Found | None:
    """Return what the most specific row that covers a scope sets under a name, or None."""
    covering = [row for row in rows if name in row.settings and row.scope.covers(scope)]
    best = max(covering, key=lambda row: specificity(row.scope), default=None)
    return None if best is None else Found(best.settings[name], best.lines[name])


def specificity(scope: Scope) -> tuple[int, int]:
    """Return how narrow a scope is, for comparing: a tranche before a pool, then the number of dimensions."""
    return (_level(scope), len(scope.parts))


def _level(scope: Scope) -> int:
    return 2 if "tranche" in scope else 1 if "pool" in scope else 0


def within(inner: Scope, outer: Scope) -> bool:
    """Tell whether a scope is narrower than another wherever both cover."""
    places = all(name in PLACES for name, _ in outer.parts)
    return inner != outer and (outer.covers(inner) or (places and _level(inner) > _level(outer)))


def clashes(rows: Sequence[Row]) -> Iterator[Clash]:
    """Yield each pair of rows, by position, that leaves open which of them holds."""
    for (i, first), (j, second) in combinations(enumerate(rows), 2):
        both = _union(first.scope, second.scope)
        if both is None or within(first.scope, second.scope) or within(second.scope, first.scope):
            continue
        for name in first.settings:
            if name in second.settings and not _decided(rows, (i, j), name, both):
                yield Clash(i, j, name, both)


def _union(first: Scope, second: Scope) -> Scope | None:
    """Return the scope that both cover, or None where they cannot cover the same."""
    one, other = dict(first.parts), dict(second.parts)
    if any(one[name] != other[name] for name in one.keys() & other.keys()):
        return None
    both = {**one, **other}
    return Scope(tuple((name, both[name]) for name in DIMENSIONS if name in both))


def _decided(rows: Sequence[Row], pair: tuple[int, int], name: str, both: Scope) -> bool:
    """Rows that agree need no third one; rows of one scope do, since one of them is a slip."""
    first, second = (rows[i] for i in pair)
    if first.scope.covers(second.scope):  # the same scope twice
        return False
    if first.settings[name] == second.settings[name]:
        return True
    return any(
        name in row.settings and set(row.scope.parts) == set(both.parts) for i, row in enumerate(rows) if i not in pair
    )
