"""What a build may see, and what it asks for: a metric, which is a formula over facts or a model's answer.

A metric is read of evidence and evidence reads metrics, so that both are described in one place.

>>> Rows({"pool": ["a", "b"]}, 2).records()
[{'pool': 'a'}, {'pool': 'b'}]
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any, Protocol, TypeVar

from hardgate.core.ask import Ask
from hardgate.core.days import Window
from hardgate.core.reading import Reading, Status
from hardgate.core.schema import Fact
from hardgate.core.scope import EVERYTHING, Scope
from hardgate.core.verdict import Verdict

T = TypeVar("T")


class Better(StrEnum):
    """Which direction of a metric is the good one."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


@dataclass(frozen=True, slots=True)
class Metric:
    """A formula over facts, or `compute(evidence, scope, window)` by a model.

    `formula` takes the sums of `facts` by position. `interval`: "ratio" (daily blocks, METHODS 12; the first two facts
    are numerator and denominator), "exact", or "model" (compute brings its own).
    `unlabelled`, where set, is the fact that may lie anywhere between none and all of the numerator.
    """

    name: str
    meaning: str
    unit: str
    better: Better
    denominator: str = ""
    digits: int = 4
    facts: tuple[Fact, ...] = ()
    formula: Callable[..., float] | None = None
    compute: Callable[["Evidence", Scope, Window], Reading] | None = None
    interval: str = "ratio"
    unlabelled: Fact | None = None
    at_most_one: bool = False
    status: Status = Status.MEASURED


@dataclass(frozen=True, slots=True)
class Assumption:
    """A number that policy states and nobody measured, with its source; its status is always assumed."""

    name: str
    value: float
    unit: str
    source: str = "policy.yaml"


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of one rollup as known on one date, column by column, in a fixed order; a column is a sequence or array."""

    columns: Mapping[str, Any] = field(default_factory=dict)
    count: int = 0

    def records(self) -> list[dict[str, Any]]:
        """Return the rows as dictionaries of plain cells, for the small tables."""
        return [{name: _plain(values[i]) for name, values in self.columns.items()} for i in range(self.count)]


def _plain(value: Any) -> Any:  # noqa: ANN401  a cell, or an array's scalar
    """Return a scalar of an array as the plain value that it is; a day becomes a date."""
    return value.item() if hasattr(value, "item") else value


class Evidence(Protocol):
    """All that a build may see, as of one date; immutable, made by `review`."""

    @property
    def as_of(self) -> date:
        """The date whose knowledge this is."""
        ...

    @property
    def currency(self) -> str:
        """The reporting currency."""
        ...

    @property
    def confidence(self) -> float:
        """The confidence of every interval, set in policy.yaml; 0.9 by default."""
        ...

    @property
    def cost_source(self) -> str:
        """The table that the ladder closes to: cost_and_usage, general_ledger or asset_register."""
        ...

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The asks of this review."""
        ...

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of this review; empty while they are being made."""
        ...

    def scopes(self, per: Sequence[str]) -> tuple[Scope, ...]:
        """Return the scopes that exist on these dimensions, sorted."""
        ...

    def reading(self, metric: Metric, scope: Scope, window: Window) -> Reading:
        """Read one metric; the same question gives the same object."""
        ...

    def rows(self, rollup: str, scope: Scope = EVERYTHING, window: Window | None = None) -> Rows:
        """Return the rows of a rollup in a scope and window (by `day`) as known on `as_of`."""
        ...

    def batches(self, rollup: str, window: Window | None = None) -> tuple[str, ...]:
        """Return the digests of the batches that a rollup's rows in a window came from."""
        ...

    def assumption(self, name: str, scope: Scope = EVERYTHING) -> Assumption | None:
        """Return what policy assumes under this name at this scope, or None."""
        ...

    def limits(self, gate: str, scope: Scope) -> Any:  # noqa: ANN401  each gate has its own Limits class
        """Return the gate's `Limits` with what policy sets for this scope."""
        ...

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives, asked once for each name: what several readings of this evidence are made of.

        `name` says all that the answer depends on beside the evidence itself.
        """
        ...

    def kept(self, name: str, inputs: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401  plain JSON
        """Return what a heavy model gives for these inputs; the same inputs are worked out once.

        `inputs` are all that the answer depends on, as plain JSON; so is the answer, and it comes back as JSON would
        bring it: lists for tuples.
        """
        ...

    def last_complete(self, rollup: str) -> date:
        """Return the last day that a rollup should know by `as_of`, given how late its tables become known."""
        ...
