"""What the rollups take from hardgate.toml: which pools there are, which foreign keys are whose, and what is active.

Wrong when `samples_per_hour` is not the exporter's rate: a higher one makes every hour look thin.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any

from hardgate.core.terms import Cell
from hardgate.lake.identities import Rule

EVER = date(1, 1, 1)
NEVER = date(9999, 12, 31)


@dataclass(frozen=True, slots=True)
class Pool:
    """One entry of `[[pools]]`: a pool's region and accelerator type, on the days from `valid_from` to `valid_to`."""

    pool: str
    region: str
    accelerator: str
    valid_from: date = EVER
    valid_to: date = NEVER


@dataclass(frozen=True, slots=True)
class RollupSettings:
    """The part of hardgate.toml that rollups depend on. `rules` are those of `hardgate.lake.identities`."""

    pools: tuple[Pool, ...] = ()
    products: tuple[Any, ...] = ()
    rules: tuple[Rule, ...] = ()
    activity_field: int = 1002
    active_at_least: float = 0.5
    samples_per_hour: int = 60
    enough: float = 0.5

    def parameter(self, name: str) -> Cell:
        """Return the value that a rollup's SQL asks for as `:name`."""
        return {
            "activity_field": self.activity_field,
            "active_at_least": float(self.active_at_least),
            "samples_per_hour": self.samples_per_hour,
            "enough": float(self.enough),
        }[name]
