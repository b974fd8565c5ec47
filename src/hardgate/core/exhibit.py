"""One question that a table answers, with one sentence, the line that shows that it closes, and at most one chart."""

from collections.abc import Callable
from dataclasses import dataclass

from hardgate.core.evidence import Evidence
from hardgate.core.schema import Cell


@dataclass(frozen=True, slots=True)
class Heading:
    """The head of one column of an exhibit. `digits` are the decimals printed; `unit` stands in the head."""

    name: str
    unit: str = ""
    digits: int = 1


@dataclass(frozen=True, slots=True)
class Chart:
    """What to draw of a table: kind is "bars", "lines" or "steps"; `limit` names the column with the threshold.

    Where the rows are those of several things one after the other, `by` names the column that says which: a line each.
    """

    kind: str
    x: str
    y: tuple[str, ...]
    limit: str | None = None
    by: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """The answer of an exhibit: one sentence, rows, and the line that shows that the total closes.

    `missing` is set where the exhibit cannot be built, and says what is missing; it is then printed instead. `chart` is
    drawn in place of the exhibit's where the names of columns come from the data.
    """

    sentence: str
    headings: tuple[Heading, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    closing: str = ""
    closes: bool | None = None
    notes: tuple[str, ...] = ()
    missing: str = ""
    batches: tuple[str, ...] = ()
    chart: Chart | None = None


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One question answered by a table, one sentence and at most one chart."""

    name: str
    question: str
    build: Callable[["Evidence"], Table]
    chart: Chart | None = None
