"""Make the rollups that are out of date, day by day: a new day of data costs that day, a restated day that day.

For each rollup every day's fingerprint (its batches, its versions, the SQL and its settings) is compared with the one
it was made from; only days that differ are made again. A build with nothing new reads no data. Everything is kept in
all versions, so that a past date reads what was known then: a row holds from `known` up to, not including, `known_to`.

Wrong when two lakes share one folder of rollups.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from hardgate.engine import Engine
from hardgate.engine.portable import bind_literals
from hardgate.lake import as_of
from hardgate.rollups.changes import digest, digest_of_inputs, digest_of_statics, last_known, versions_of
from hardgate.rollups.definition import Rollup, definition, names
from hardgate.rollups.inputs import Inputs, Lake, Relation
from hardgate.rollups.lasting import lasting
from hardgate.rollups.settings import Pool, RollupSettings
from hardgate.rollups.stored import Stored
from hardgate.rollups.versions import Versions

__all__ = ["Built", "Pool", "RollupSettings", "build"]

CHUNK_ROWS = 20_000_000
"""Days are made together until they have this many input rows: what bounds the memory of a build."""

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Built:
    """What a build did: the days made again by rollup, and pools whose region or accelerator nobody declared."""

    days: dict[str, tuple[date, ...]] = field(default_factory=dict)
    undeclared: tuple[str, ...] = ()

    @property
    def findings(self) -> tuple[str, ...]:
        """What somebody should look at, in words."""
        return tuple(
            f"pool {pool!r}: no region or accelerator type is declared; add [[pools]] to hardgate.toml or bring pools"
            for pool in self.undeclared
        )


def build(  # noqa: PLR0913  what a build needs, and one seam for tests
    lake: Lake,
    engine: Engine,
    settings: RollupSettings,
    root: Path,
    progress: Progress | None = None,
    *,
    through: date | None = None,
    only: Sequence[str] | None = None,
    relation: Relation = as_of.relation,
) -> Built:
    """Bring the rollups in a folder up to date with a lake.

    `through` is the last day on which live pools need a row (the review's as-of date); without it, the last date on
    which anything became known. `only` makes these rollups and those that they read.

    Raises:
        BadInput: a foreign key stands for two pools at once.

    """
    inputs = Inputs(lake, engine, settings, root, relation)
    wanted = names() if only is None else _needed(only)
    made: dict[str, tuple[date, ...]] = {}
    for at, name in enumerate(wanted):
        if progress:
            progress(name, at, len(wanted))
        stored = inputs.stored[name] = Stored.open(root, name)
        made[name] = _bring_up_to_date(definition(name), stored, inputs, through)
    if progress:
        progress("", len(wanted), len(wanted))
    undeclared = {pool for name in wanted for pool in inputs.stored[name].undeclared}
    return Built({name: days for name, days in made.items() if days}, tuple(sorted(undeclared)))


def _needed(only: Sequence[str]) -> tuple[str, ...]:
    needed = set(only)
    for name in reversed(names()):
        if name in needed:
            needed |= {one for one in definition(name).inputs if one in names()}
    return tuple(name for name in names() if name in needed)


def _bring_up_to_date(rollup: Rollup, stored: Stored, inputs: Inputs, through: date | None) -> tuple[date, ...]:
    static = digest_of_statics(rollup, inputs)
    last = max([stored.through, *([through] if through else last_known(rollup, inputs))])
    whole = digest([static, digest_of_inputs(rollup, inputs), str(last)])
    if whole == stored.digest:
        return ()
    versions = versions_of(rollup, inputs, last)
    fingerprints = versions.fingerprints(static)
    changed = [day for day, one in fingerprints.items() if stored.days.get(day, ("",))[0] != one]
    gone = [day for day in stored.days if day not in fingerprints]
    if changed or gone or not stored.columns:
        _make(rollup, stored, inputs, versions, changed, gone, fingerprints)
    stored.digest, stored.through = whole, last
    stored.save()
    return tuple(sorted([*changed, *gone]))


def _make(  # noqa: PLR0913  the parts of one rollup's build
    rollup: Rollup,
    stored: Stored,
    inputs: Inputs,
    versions: Versions,
    changed: Sequence[date],
    gone: Sequence[date],
    fingerprints: Mapping[date, str],
) -> None:
    """Make the changed days in runs, and take away those that nothing speaks of any more."""
    engine = inputs.engine
    inputs.undeclared.clear()
    # Out of date from here on, whatever becomes of this build: a run that writes half a month keeps nothing of before.
    stored.digest = ""
    for day in (*changed, *gone):
        stored.days.pop(day, None)
    for days in _chunks(rollup, inputs, versions, changed) or [[]]:
        engine.keep("made", _select(rollup, inputs, versions, days))
        stored.columns = _heads(engine, "made")
        if any(len(versions.known[day]) > 1 for day in days):
            engine.keep("made", lasting([name for name, _ in stored.columns], "made"))
        if days:
            stored.write(engine, "made", days)
        for day in days:
            stored.days[day] = (fingerprints[day], tuple(sorted(versions.known[day])))
        stored.save()
    if gone:
        engine.table("made", stored.columns, ())
        stored.write(engine, "made", gone)
    before = () if len(changed) == len(fingerprints) else stored.undeclared
    stored.undeclared = tuple(sorted({*inputs.undeclared, *before}))


def _select(rollup: Rollup, inputs: Inputs, versions: Versions, days: Sequence[date]) -> str:
    """Offer what a rollup reads, and return its SQL over the versions of some days, or over no rows for none."""
    for name in rollup.inputs:
        inputs.offer(rollup, name, days)
    _offer_since(rollup, inputs)
    columns = [("day", "date"), ("known", "date"), ("known_to", "date")]
    inputs.engine.table("periods", columns, versions.periods(days))
    bound = bind_literals(rollup.sql, {name: inputs.settings.parameter(name) for name in rollup.parameters})
    return f"select r.*, p.known_to from ({bound}) r join periods p on p.day = r.day and p.known = r.known"


def _heads(engine: Engine, name: str) -> tuple[tuple[str, str], ...]:
    """Return the columns of a relation, day, known and known_to first."""
    kinds = dict(engine.columns(f"select * from {name}"))
    first = ("day", "known", "known_to")
    return tuple((one, kinds[one]) for one in (*first, *(other for other in kinds if other not in first)))


def _offer_since(rollup: Rollup, inputs: Inputs) -> None:
    for name, columns in rollup.since:
        kinds = dict(inputs.engine.columns(f"select * from {inputs.versions_of(name)}"))
        typed = [(column, kinds[column]) for column in columns]
        inputs.engine.table(
            f"since_{name}", [*typed, ("known_from", "date"), ("first_day", "date")], inputs.since(name, columns)
        )
    for name in rollup.reach:
        dates = sorted({one.known for one in inputs.days(name)})
        inputs.engine.table(f"reach_of_{name}", [("known", "date")], [(one,) for one in dates])


def _chunks(rollup: Rollup, inputs: Inputs, versions: Versions, changed: Sequence[date]) -> list[list[date]]:
    """Cut the days to make into runs that are not too large for one query.

    Where a rollup reads all that came before the days made, every run would read it again: it is made in one, and
    what does not fit into the engine's memory goes to disk.
    """
    if any(f"{name}_before" in rollup.sql for name in rollup.prior):
        return [list(changed)] if changed else []
    rows: dict[date, int] = {}
    for name in rollup.inputs:
        if name in inputs.schemas and name not in rollup.spans:
            for one in inputs.days(name):
                period = versions.period(one.day)
                rows[period] = rows.get(period, 0) + one.rows
    chunks: list[list[date]] = []
    size = CHUNK_ROWS
    for day in changed:
        if size >= CHUNK_ROWS:
            chunks.append([])
            size = 0
        chunks[-1].append(day)
        size += rows.get(day, 0)
    return chunks
