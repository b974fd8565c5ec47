"""A user's own metric: one SELECT in metrics/NAME.sql over the rollups, with a numerator and a denominator a day.

Comment lines of the file say what it is: `-- unit:` (share by default), `-- better:` (higher, lower or neither),
`-- reads:` how a reading is said, such as "queued of demanded GPU-hours", and `-- sums:` what the two sums are called,
such as "queued_gpu_ms, demanded_gpu_ms": what ends in _gpu_ms is shown in GPU-hours. The SELECT gives columns of a
scope (region, accelerator, pool ...), `day`, `numerator` and `denominator`. It sees rollups as they were known on the
review's date, so that a back-test reads no future, and it runs confined: one SELECT, in a process of its own, with
limits.

Wrong when a day without rows is meant as zero: it is a gap, and is named.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np

from hardgate.core.days import Window
from hardgate.core.errors import BadInput, Misconfigured, Mistake, nearest
from hardgate.core.terms import Better, Evidence, Fact, Metric, Reading, Rows, Scope, Status
from hardgate.engine.confined import select
from hardgate.metrics.columns import HOUR_MS
from hardgate.models import intervals
from hardgate.rollups import kept
from hardgate.rollups.definition import names as rollup_names
from hardgate.rollups.read import inputs_of, known_on

PREFIX = "user."
SUMS = ("numerator", "denominator")
NEEDED = ("day", *SUMS)
_HEADER = re.compile(r"^--\s*(unit|better|reads|sums):\s*(.+?)\s*$", re.MULTILINE)
_WORD = re.compile(r"[a-z_]+")
_NAMES = re.compile(r"\w+")
_MS = "_gpu_ms"


@dataclass(frozen=True, slots=True)
class UserMetric:
    """One file of metrics/: its metric, its SELECT, and the rollups that the SELECT names."""

    metric: Metric
    sql: str
    rollups: tuple[str, ...]

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables of the lake behind the rollups."""
        return tuple(sorted({table for rollup in self.rollups for table in inputs_of(rollup)}))


def load(folder: Path, taken: Mapping[str, Metric]) -> dict[str, UserMetric]:
    """Read every metrics/*.sql.

    Raises:
        Misconfigured: with every mistake: a name that a metric of ours has, an unknown direction, no rollup named.

    """
    found, mistakes = {}, []
    for path in sorted(folder.glob("*.sql")):
        try:
            found[path.stem] = parse(path.stem, path.read_text("utf-8"), taken)
        except Misconfigured as error:
            mistakes += [
                Mistake(one.message, f"metrics/{path.name}", suggestion=one.suggestion) for one in error.mistakes
            ]
    if mistakes:
        raise Misconfigured(mistakes)
    return found


def parse(name: str, text: str, taken: Mapping[str, Metric]) -> UserMetric:
    """Read one file.

    Raises:
        Misconfigured: it is wrong.

    """
    said = {key.lower(): value for key, value in _HEADER.findall(text)}
    if name in taken:
        raise Misconfigured([Mistake(f"a metric called {name!r} is there already", suggestion="rename the file")])
    better = said.get("better", "higher")
    if better not in list(Better):
        raise Misconfigured([Mistake(f"better: {better!r} is unknown", suggestion=nearest(better, list(Better)))])
    sums = tuple(_NAMES.findall(said["sums"])) if "sums" in said else SUMS
    if len(sums) != len(SUMS) or len(set(sums)) != len(SUMS):
        hint = "name the numerator and the denominator, such as queued_gpu_ms, demanded_gpu_ms"
        raise Misconfigured([Mistake(f"sums: found {said['sums']!r}, expected two names", suggestion=hint)])
    body = re.sub(r"--[^\n]*", "", text).strip().rstrip(";")
    known = rollup_names()
    rollups = tuple(one for one in known if one in set(_WORD.findall(body.lower())))
    if not rollups:
        hint = f"read at least one of: {', '.join(known)}"
        raise Misconfigured([Mistake("the SELECT names no rollup", suggestion=hint)])
    rollup = PREFIX + name
    metric = Metric(
        name=name,
        meaning=said.get("reads", name.replace("_", " ")),
        unit=said.get("unit", "share"),
        better=Better(better),
        facts=(Fact(rollup, "numerator"), Fact(rollup, "denominator")),
        compute=reader(name, said.get("unit", "share"), sums),
        status=Status.DERIVED,
    )
    return UserMetric(metric, body, rollups)


def rows(one: UserMetric, folder: Path, as_of: date) -> Rows:
    """Run a metric's SELECT over the rollups in a folder as they were known on a date.

    Raises:
        BadInput: it fails, runs too long, or lacks a column.

    """
    relations = {name: known_on(as_of, folder / name) for name in one.rollups if any((folder / name).glob("*.parquet"))}
    if len(relations) < len(one.rollups):
        return Rows({}, 0)
    where = f"metrics/{one.metric.name}.sql"
    try:
        columns, found = kept.of_rollups(
            folder, one.metric.name, as_of, one.sql, one.rollups, lambda: select(one.sql, relations, folder)
        )
    except BadInput as error:
        raise BadInput(f"{where}: {error}") from error
    lacking = [name for name in NEEDED if name not in columns]
    if lacking:
        raise BadInput(f"{where}: the SELECT gives no {', '.join(lacking)}; it gives {', '.join(columns)}")
    cells = {name: [row[at] for row in found] for at, name in enumerate(columns)}
    cells["day"] = [date.fromisoformat(str(day)[:10]) for day in cells["day"]]
    return Rows({**cells, "day": np.asarray(cells["day"], dtype="datetime64[D]")}, len(found))


def reader(name: str, unit: str, called: Sequence[str] = SUMS) -> Callable[[Evidence, Scope, Window], Reading]:
    """Return how the metric of this name is read: the ratio of its sums, with an interval from its days."""

    def read(evidence: Evidence, scope: Scope, window: Window) -> Reading:
        found = evidence.rows(PREFIX + name, scope, window)
        sums: dict[date, tuple[float, float]] = {}
        broken: set[date] = set()
        for row in found.records():
            day = row["day"]
            if row["numerator"] is None or row["denominator"] is None:
                broken.add(day)
            else:
                top, bottom = sums.get(day, (0.0, 0.0))
                sums[day] = (top + float(row["numerator"]), bottom + float(row["denominator"]))
        days = sorted(set(sums) - broken)
        lost = tuple(day for day in window.each_day() if day not in days)
        tops, bottoms = [sums[day][0] for day in days], [sums[day][1] for day in days]
        whole = sum(bottoms)
        interval = intervals.ratio(tops, bottoms, evidence.confidence) if whole > 0 else None
        gaps = tuple(f"{name}: no row on {day}" for day in lost[:3])
        gaps += (f"{name}: and on {len(lost) - 3} days more",) if len(lost) > len(gaps) else ()
        few = "" if interval else f"fewer than 8 days with rows in {window}"
        return Reading(
            metric=name,
            scope=scope,
            window=window,
            unit=unit,
            value=round(interval.value, 4) if interval else None,
            low=round(max(interval.low, 0.0) if min(tops) >= 0 else interval.low, 4) if interval else None,
            high=round(interval.high, 4) if interval else None,
            facts=tuple(_fact(*one) for one in zip(called, (sum(tops), whole), strict=True)),
            missing=round(len(lost) / window.days, 4),
            gaps=gaps,
            whole_days_missing=lost,
            status=Status.DERIVED,
            sql=f"metrics/{name}.sql, its rows of {scope} from {window}",
            batches=evidence.batches(PREFIX + name, window),
            because=few,
        )

    return read


def _fact(name: str, value: float) -> tuple[str, float]:
    """Return a sum with its name: GPU-milliseconds in GPU-hours, as those of our own metrics."""
    if not name.endswith(_MS):
        return name, value
    return name.removesuffix(_MS) + "_gpu_hours", round(value / HOUR_MS, 3)
