"""The whole idea in one file: facts make readings, readings meet limits, verdicts and signatures make decisions.

Every value here is frozen and built from the standard library alone. Absence is a state: a reading without evidence
has no value, a verdict without evidence is `Outcome.UNKNOWN`, and neither is ever replaced by zero.

>>> pool = Scope.of(region="cn-north", accelerator="H20")
>>> str(pool), pool["region"]
('cn-north / H20', 'cn-north')
"""

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol, Self, TypeAlias, TypeVar

from hardgate.core.days import Window

T = TypeVar("T")
Cell: TypeAlias = str | int | float | Decimal | date | bool | None
"""What one cell of a table may hold."""


class Action(StrEnum):
    """What an operator may want to do. An action that no gate guards is an error, never allowed by default."""

    BUILD = "BUILD"
    RELEASE = "RELEASE"
    SELL = "SELL"
    GRANT = "GRANT"
    CHASE = "CHASE"
    SUBSIDIZE = "SUBSIDIZE"
    KEEP = "KEEP"
    SHIFT = "SHIFT"


CAPITAL = frozenset({Action.BUILD, Action.RELEASE})
"""The actions that bring capacity where they are released."""


class Outcome(StrEnum):
    """What a gate says. HOLD: the interval straddles the limit, or the condition has not held long enough."""

    PASS = "pass"  # noqa: S105  a verdict, no password
    HOLD = "hold"
    FAIL = "fail"
    UNKNOWN = "unknown"


class State(StrEnum):
    """What a decision is. AWAITING: only signatures are missing."""

    RELEASED = "RELEASED"
    AWAITING = "AWAITING"
    HELD = "HELD"
    REFUSED = "REFUSED"


class Mode(StrEnum):
    """What a gate does: computed and recorded only, shown as advice, or holding."""

    SHADOW = "shadow"
    ADVISE = "advise"
    BLOCK = "block"


class Status(StrEnum):
    """Where a number comes from, strongest first; a result is as good as its weakest input."""

    MEASURED = "measured"
    REPORTED = "reported"
    DERIVED = "derived"
    ASSUMED = "assumed"

    @classmethod
    def weakest(cls, statuses: Iterable["Status"]) -> "Status":
        """Return the weakest of some statuses; of none, `ASSUMED`."""
        order = list(cls)
        return max(statuses, key=order.index, default=cls.ASSUMED)


class Better(StrEnum):
    """Which direction of a metric is the good one."""

    HIGHER = "higher"
    LOWER = "lower"
    NEITHER = "neither"


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


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a schema. `type` is one of text, integer, number, money, date, timestamp, boolean.

    `least` is the least figure that makes sense: a row with less is rejected.
    """

    name: str
    type: str
    meaning: str
    unit: str = ""
    nullable: bool = False
    least: int | None = None


@dataclass(frozen=True, slots=True)
class Schema:
    """A table we understand.

    `key` says what a row states: rows known later with the same key replace the earlier ones. Where `lines` is true
    one key may have several rows (the lines of a bill for a day) and they are replaced together.
    `day` is the column that dates a row; `until` makes the row an interval [day, until).
    `every` ("day" or "month") makes a missing period a gap and not a small sum.
    `known` is the column that says when a row became known, where the table has one.
    `whole` is a column and the columns that add up to it: a row in which they do not is rejected.
    """

    name: str
    meaning: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    day: str
    until: str | None = None
    every: str | None = None
    known: str | None = None
    lines: bool = False
    whole: tuple[str, tuple[str, ...]] | None = None

    def column(self, name: str) -> Column:
        """Return the column of this name.

        Raises:
            KeyError: there is none.

        """
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(name)


@dataclass(frozen=True, slots=True)
class Fact:
    """One number that adds up over the rows of a rollup: its column `column`, reduced by `how` (sum, min, max)."""

    table: str
    column: str
    how: str = "sum"


@dataclass(frozen=True, slots=True)
class Reading:
    """One metric, one scope, one window, and all that is needed to recompute it.

    `value` None with bounds: only the bounds are known. Without bounds: nothing is. `missing` is the share of the
    window without evidence, `gaps` names what is missing. `facts` are the named sums the value came from.
    `bounds`, where something is missing, is the value with all of the missing part idle and with all of it busy.
    `says` stands beside the number wherever it is judged, whatever the verdict.
    """

    metric: str
    scope: Scope
    window: Window
    unit: str
    value: float | None
    low: float | None
    high: float | None
    facts: tuple[tuple[str, float], ...] = ()
    missing: float = 0.0
    gaps: tuple[str, ...] = ()
    whole_days_missing: tuple[date, ...] = ()
    status: Status = Status.MEASURED
    sql: str = ""
    batches: tuple[str, ...] = ()
    because: str = ""
    bounds: tuple[float, float] | None = None
    says: str = ""

    @property
    def known(self) -> bool:
        """Tell whether there are bounds to judge on."""
        return self.low is not None and self.high is not None

    @property
    def exact(self) -> bool:
        """Tell whether the reading has no uncertainty of its own."""
        return self.known and self.low == self.high


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
class Choice:
    """Metrics of which the gate's limit field `by` picks one by name: a rung, or which trigger is the limit."""

    by: str
    options: tuple[tuple[str, Metric], ...]

    def pick(self, name: str) -> Metric:
        """Return the metric called `name`.

        Raises:
            KeyError: it is not among the options.

        """
        return dict(self.options)[name]


@dataclass(frozen=True, slots=True)
class Condition:
    """One metric against one limit: a field of the gate's `Limits` by name, or a metric (a computed limit).

    `held_for` counts consecutive evaluations; `band` is the distance between entering PASS and leaving it. `leaves`
    names the limit at which it is left instead: between the two nothing is decided, and beyond it the condition fails.
    `looks` names the limit that says at how many looks, a week apart, the reading must say the same.
    """

    metric: Metric | Choice
    at_least: str | Metric | Choice | None = None
    at_most: str | Metric | Choice | None = None
    held_for: int = 1
    band: float = 0.0
    leaves: str = ""
    looks: str = ""


@dataclass(frozen=True, slots=True)
class Gate:
    """A question answered by conditions; guards one action. `opens=None` makes it a signal, never holding.

    `limits` is an instance of the gate's own frozen `Limits` dataclass with the defaults. `per` names the dimensions
    that it is judged on. `hears` names the area whose fired signals are evidence in its verdicts.
    """

    name: str
    question: str
    opens: Action | None
    per: tuple[str, ...]
    window: str
    conditions: tuple[Condition, ...]
    limits: Any
    owner: str
    cool_down: int = 0
    also_opens: tuple[Action, ...] = ()
    hears: str = ""

    def guards(self, action: Action) -> bool:
        """Tell whether the gate guards this action."""
        return self.opens is action or action in self.also_opens


@dataclass(frozen=True, slots=True)
class Ask:
    """Someone wants to do something somewhere. `terms` are the rest of what was asked, as name and value pairs."""

    id: str
    action: Action
    scope: Scope
    by: str
    amount: Decimal | None = None
    currency: str = ""
    decide_by: date | None = None
    terms: tuple[tuple[str, Cell], ...] = ()
    derived: bool = True

    def term(self, name: str) -> Cell:
        """Return one of the terms, or None."""
        return dict(self.terms).get(name)


@dataclass(frozen=True, slots=True)
class Judged:
    """One condition of a verdict: the reading, its limit (low and high where computed), and what came of it.

    `slack` is the signed distance to the limit in the metric's unit, positive when clear; `noise` is that distance in
    units of half the interval. `run` is how many evaluations in a row it has held.
    """

    reading: Reading
    sense: str
    limit: Reading
    outcome: Outcome
    slack: float | None
    noise: float | None
    run: int
    held_for: int
    band: float
    because: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one gate says of one ask. `parts` are the pools inside the scope that say something else.

    `heard` are the signals that had fired: evidence that a signer should see, and that never changes the outcome.
    """

    gate: str
    ask: str
    scope: Scope
    outcome: Outcome
    mode: Mode
    owner: str
    because: str
    judged: tuple[Judged, ...] = ()
    parts: tuple["Verdict", ...] = ()
    since: date | None = None
    heard: tuple["Verdict", ...] = ()

    @property
    def slack(self) -> float | None:
        """The distance to flipping: the smallest slack of the conditions that decide."""
        slacks = [one.slack for one in self.judged if one.slack is not None]
        return min(slacks, default=None)

    @property
    def readings(self) -> tuple[Reading, ...]:
        """The readings it was judged on."""
        return tuple(one.reading for one in self.judged)


@dataclass(frozen=True, slots=True)
class Waiver:
    """A named person lets a named gate fail, for a reason, with a compensating control, until a date.

    `category` is "Waiver" (accepted) or "Mitigated" (the intent is met by other means).
    """

    gate: str
    scope: Scope
    category: str
    by: str
    reason: str
    control: str
    expires: date
    exposure: Decimal | None = None
    currency: str = ""
    granted: bool = True


@dataclass(frozen=True, slots=True)
class Signature:
    """One signature on the digest of a packet; `valid` only with a key and a role that policy knows."""

    by: str
    role: str
    verdict: str
    packet: str
    at: str
    valid: bool
    because: str = ""


@dataclass(frozen=True, slots=True)
class Needed:
    """A signature that the sign-off matrix asks for."""

    role: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Decision:
    """What was released, held or refused, on which verdicts, under which waivers, and who must sign."""

    ask: Ask
    state: State
    because: str
    verdicts: tuple[Verdict, ...]
    waivers: tuple[Waiver, ...]
    signatures_needed: tuple[Needed, ...]
    as_of: date
    policy: str
    signatures: tuple[Signature, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. Its digest covers seq, at, actor, kind and body, and the previous digest."""

    seq: int
    at: str
    actor: str
    kind: str
    body: Mapping[str, Any]
    previous: str
    digest: str
    signature: str | None = None


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
