"""Where a number holds: a scope names dimensions, coarse to fine, and one value of each.

Wrong where one name stands for two places: a scope knows names alone.

>>> pool = Scope.of(region="cn-north", accelerator="H20")
>>> str(pool), pool["region"]
('cn-north / H20', 'cn-north')
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Self


@dataclass(frozen=True, slots=True, order=True)
class Scope:
    """Where a number holds: dimension and value pairs, coarse to fine. The empty scope is everything."""

    parts: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, **parts: str) -> Self:
        """Build a scope from keywords, in the order given."""
        return cls(tuple(parts.items()))

    def __str__(self) -> str:
        return " / ".join(value for _, value in self.parts) or "everything"

    def __getitem__(self, dimension: str) -> str:
        return dict(self.parts)[dimension]

    def __contains__(self, dimension: object) -> bool:
        return any(name == dimension for name, _ in self.parts)

    def narrowed(self, per: Iterable[str]) -> "Scope":
        """Keep only the dimensions named, in the order named; those the scope does not have are left out."""
        have = dict(self.parts)
        return Scope(tuple((name, have[name]) for name in per if name in have))

    def covers(self, other: "Scope") -> bool:
        """Tell whether every part of this scope is a part of the other."""
        return set(self.parts) <= set(other.parts)

    def as_mapping(self) -> dict[str, str]:
        """Return the parts as a plain mapping, for JSON."""
        return dict(self.parts)


EVERYTHING = Scope()
