"""The evidence of a review: rollup rows as they were known on one date, readings made of them once, and assumptions.

One `Archive` holds the rollups of a workspace with all their versions; `Evidence` is its view as of a date. A past
date sees the rows known by then and no others, so that a back-test is the ordinary review with an earlier date.
"""

import json
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Ask, Assumption, Metric, Reading, Rows, Scope, Verdict
from hardgate.rollups.definition import is_money

T = TypeVar("T")
LARGE = ("_hour", "_run")
"""How the names of rollups end that are large: a row an hour, or a row a workload and day."""


@dataclass(frozen=True, slots=True)
class Spoilt:
    """A table of which rows could not be read: how many, beside those that could."""

    table: str
    rejected: int
    rows: int

    @property
    def gap(self) -> str:
        """What to say of it."""
        return f"{self.table}: {self.rejected:,} rows were rejected; `hardgate doctor` lists them"


@dataclass(slots=True)
class Made:
    """What was worked out once, with what it rests on: rows that could not be read, and whether it looked at asks."""

    value: Any = None
    spoilt: dict[tuple[str, str], Spoilt] = field(default_factory=dict)
    of_asks: tuple[tuple[Ask, ...], tuple[Verdict, ...]] | None = None
    """The asks and verdicts that it looked at; None: it holds for any."""

    def rests_on(self, other: "Made") -> None:
        """Take over what another one rests on."""
        self.spoilt.update(other.spoilt)
        self.of_asks = self.of_asks or other.of_asks


@dataclass(frozen=True, slots=True)
class Archive:
    """All versions of the rollups of a workspace, read once each.

    `load(name, window)` returns the columns of a rollup with every version, ordered by day and known; `digests(name,
    window, as_of)` the batches behind it; `lag(name)` how many days late its tables become known.
    """

    load: Callable[[str, Window | None], Rows]
    digests: Callable[[str, Window | None, date], tuple[str, ...]]
    lag: Callable[[str], int]
    currency: str
    assumption: Callable[[str, Scope], Assumption | None]
    limits: Callable[[str, Scope], Any]
    confidence: float = 0.9
    cost_source: str = "cost_and_usage"
    rejected: Callable[[str, Window, date], tuple[Spoilt, ...]] = lambda _name, _window, _as_of: ()
    """The tables behind a rollup of which rows were rejected, in a window and as known on a date."""
    own: Mapping[str, Callable[[date], Rows]] = field(default_factory=dict)
    """The user's own daily tables by name: a function of the date whose knowledge they are to have."""
    dimensions: tuple[str, ...] = ("pool_day", "inventory", "published")
    """The rollups that say which scopes exist; of those that have all of the dimensions asked for."""
    kept: Callable[[str, Any, Callable[[], Any]], Any] = lambda _name, _inputs, make: json.loads(json.dumps(make()))
    """What a model gave for the same inputs before, or what it gives now."""
    _cache: dict[str, Rows] = field(default_factory=dict)
    _assumed: dict[tuple[str, Scope], Assumption | None] = field(default_factory=dict)
    _used: dict[tuple[str, float], Assumption] = field(default_factory=dict)
    _views: dict[date, "WorkspaceEvidence"] = field(default_factory=dict)

    def versions(self, name: str, window: Window | None = None) -> Rows:
        """Return a rollup with all its versions; large ones only in the window asked for."""
        if name.endswith(LARGE):
            return _dated(self.load(name, window))
        if name not in self._cache:
            self._cache[name] = _dated(self.load(name, None))
        return self._cache[name]

    def assumed(self, name: str, scope: Scope) -> Assumption | None:
        """Return what policy assumes, and remember that it was used: the packet prints every assumption it rests on."""
        if (name, scope) not in self._assumed:
            found = self._assumed[name, scope] = self.assumption(name, scope)
            if found is not None:
                self._used[found.name, found.value] = found
        return self._assumed[name, scope]

    def used(self) -> list[Assumption]:
        """Return the assumptions used so far, by name and value."""
        return [self._used[key] for key in sorted(self._used)]

    def at(self, as_of: date) -> "WorkspaceEvidence":
        """Return the evidence as of a date; the same date gives the same object."""
        if as_of not in self._views:
            self._views[as_of] = WorkspaceEvidence(self, as_of)
        return self._views[as_of]


@dataclass(frozen=True, slots=True)
class WorkspaceEvidence:
    """`hardgate.core.terms.Evidence` over an archive."""

    archive: Archive
    as_of: date
    _asks: tuple[Ask, ...] = ()
    _verdicts: tuple[Verdict, ...] = ()
    _known: dict[str, Rows] = field(default_factory=dict)
    _once: dict[Any, list[Made]] = field(default_factory=dict)
    """What was worked out, by its name; what looked at asks or verdicts stands there once for each of them."""
    _open: list[Made] = field(default_factory=list)
    """What is being worked out now, innermost last."""

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The asks of the review; a reading that looks at them holds for these asks alone."""
        if self._open:
            self._open[-1].of_asks = (self._asks, self._verdicts)
        return self._asks

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts of the review, as far as they are made; they hold a reading to them as asks do."""
        if self._open:
            self._open[-1].of_asks = (self._asks, self._verdicts)
        return self._verdicts

    @property
    def currency(self) -> str:
        """The reporting currency."""
        return self.archive.currency

    @property
    def confidence(self) -> float:
        """The confidence of every interval."""
        return self.archive.confidence

    @property
    def cost_source(self) -> str:
        """The table that the ladder closes to."""
        return self.archive.cost_source

    def of(self, asks: Sequence[Ask], verdicts: Sequence[Verdict] = ()) -> "WorkspaceEvidence":
        """Return the same evidence with asks and verdicts, sharing what was read and does not depend on them."""
        return replace(self, _asks=tuple(asks), _verdicts=tuple(verdicts))

    def scopes(self, per: Sequence[str]) -> tuple[Scope, ...]:
        """Return the scopes that exist on these dimensions, sorted."""
        found: set[Scope] = set()
        for rollup in self.archive.dimensions:
            rows = self.rows(rollup)
            if all(name in rows.columns for name in per):
                columns = [rows.columns[name] for name in per]
                seen = set(zip(*columns, strict=True))
                found |= {Scope(tuple(zip(per, map(str, one), strict=True))) for one in seen if None not in one}
        return tuple(sorted(found))

    def reading(self, metric: Metric, scope: Scope, window: Window) -> Reading:
        """Read one metric; the same question gives the same object."""
        reading: Reading = self._made(
            (metric.name, scope, window), lambda made: self._read(metric, scope, window, made)
        )
        return reading

    def once(self, name: Hashable, make: Callable[[], T]) -> T:
        """Return what `make` gives; it is asked once for each name."""
        found: T = self._made(("once", name), lambda _: make())
        return found

    def _made(self, key: Hashable, make: Callable[[Made], Any]) -> Any:  # noqa: ANN401  what is made
        known = self._once.setdefault(key, [])
        made = next((one for one in known if one.of_asks is None or self._holds(one.of_asks)), None)
        if made is None:
            made = Made()
            self._open.append(made)
            try:
                made.value = make(made)
            finally:
                self._open.pop()
            known.append(made)
        if self._open:
            self._open[-1].rests_on(made)
        return made.value

    def _holds(self, of_asks: tuple[tuple[Ask, ...], tuple[Verdict, ...]]) -> bool:
        """Tell whether something was made for these very asks and verdicts; comparing them would take longer."""
        return of_asks[0] is self._asks and of_asks[1] is self._verdicts

    def _read(self, metric: Metric, scope: Scope, window: Window, made: Made) -> Reading:
        from hardgate.metrics.ratio import read

        found = (metric.compute or read(metric))(self, scope, window)
        used = Window(min(window.start, found.window.start), max(window.end, found.window.end))
        for name in dict.fromkeys(fact.table for fact in metric.facts):
            made.spoilt |= {(name, one.table): one for one in self.archive.rejected(name, used, self.as_of)}
        return _less(found, made.spoilt)

    def rows(self, rollup: str, scope: Scope = EVERYTHING, window: Window | None = None) -> Rows:
        """Return the rows of a rollup in a scope and window (by `day`) as known on `as_of`."""
        rows = self._as_known(rollup, window)
        keep = _inside(rows, scope, window)
        return rows if keep is None else _take(rows, keep)

    def _as_known(self, rollup: str, window: Window | None) -> Rows:
        if rollup.endswith(LARGE):
            return _as_known(self.archive.versions(rollup, window), self.as_of)
        if rollup not in self._known:
            own = self.archive.own.get(rollup)
            self._known[rollup] = own(self.as_of) if own else _as_known(self.archive.versions(rollup), self.as_of)
        return self._known[rollup]

    def batches(self, rollup: str, window: Window | None = None) -> tuple[str, ...]:
        """Return the digests of the batches that a rollup's rows in a window came from."""
        return self.archive.digests(rollup, window, self.as_of)

    def assumption(self, name: str, scope: Scope = EVERYTHING) -> Assumption | None:
        """Return what policy assumes under this name at this scope, or None."""
        return self.archive.assumed(name, scope)

    def limits(self, gate: str, scope: Scope) -> Any:  # noqa: ANN401  each gate has its own Limits class
        """Return the gate's `Limits` with what policy sets for this scope."""
        return self.archive.limits(gate, scope)

    def kept(self, name: str, inputs: Any, make: Callable[[], Any]) -> Any:  # noqa: ANN401  plain JSON
        """Return what a heavy model gives for these inputs; the same inputs are worked out once."""
        return self.archive.kept(name, inputs, make)

    def last_complete(self, rollup: str) -> date:
        """Return the last day that a rollup should know by `as_of`."""
        return date.fromordinal(self.as_of.toordinal() - max(1, self.archive.lag(rollup)))


def _less(reading: Reading, spoilt: Mapping[tuple[str, str], Spoilt]) -> Reading:
    """Return a reading for which rows were rejected: unknown where they are money, else with their share missing."""
    if not spoilt:
        return reading
    gaps = tuple(dict.fromkeys(one.gap for one in spoilt.values()))
    if any(is_money(rollup) for rollup, _ in spoilt):
        because = "; ".join(gaps)
        return replace(reading, value=None, low=None, high=None, bounds=None, missing=1.0, gaps=gaps, because=because)
    share = max(one.rejected / (one.rejected + one.rows) for one in spoilt.values())
    return replace(reading, missing=max(reading.missing, round(share, 6)), gaps=(*reading.gaps, *gaps))


def _take(rows: Rows, keep: NDArray[Any]) -> Rows:
    columns = {name: np.asarray(values)[keep] for name, values in rows.columns.items()}
    return Rows(columns, int(np.count_nonzero(keep)) if keep.dtype == bool else len(keep))


def _dated(rows: Rows) -> Rows:
    """Return rows with their dates as days of an array, so that they are compared once and fast."""
    dates = {name: _days(rows.columns[name]) for name in DATES if name in rows.columns}
    return Rows({**rows.columns, **dates}, rows.count)


DATES = ("day", "known", "known_to")
"""Columns that are compared with every question."""
_EPOCH = date(1970, 1, 1).toordinal()


def _days(dates: Any) -> NDArray[np.datetime64]:  # noqa: ANN401  a sequence of dates, or an array of days
    """Return dates as an array of days; numpy itself would look at each of them anew for its type."""
    if isinstance(dates, np.ndarray) and dates.dtype != object:
        return dates.astype("datetime64[D]")
    ordinals = np.fromiter((one.toordinal() for one in dates), dtype=np.int64, count=len(dates))
    return (ordinals - _EPOCH).astype("datetime64[D]")


def _as_known(versions: Rows, as_of: date) -> Rows:
    """Keep the rows that were what was known on a date: from `known` up to but not including `known_to`."""
    if versions.count == 0:
        return versions
    when = np.datetime64(as_of)
    columns = versions.columns
    return _take(versions, (np.asarray(columns["known"]) <= when) & (when < np.asarray(columns["known_to"])))


def _inside(rows: Rows, scope: Scope, window: Window | None) -> NDArray[np.bool_] | None:
    """Return which rows lie in a scope and window; None is all. A dimension that the rollup lacks does not narrow."""
    if rows.count == 0:
        return None
    masks = [np.asarray(rows.columns[name]) == value for name, value in scope.parts if name in rows.columns]
    if window is not None:
        day = np.asarray(rows.columns["day"])
        masks.append((day >= np.datetime64(window.start)) & (day < np.datetime64(window.end)))
    return np.logical_and.reduce(masks) if masks else None
