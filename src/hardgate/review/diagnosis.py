"""What ails a workspace: the state of its tables, rejected rows, joins, and per gate the evidence that would decide it.

The unlock list has one entry for each gate row that cannot be judged: what is missing, where it usually comes from, and
the money of the ask that waits for it. An input of hardgate.toml of which no row has come in is awaited: from which
system, and what it would decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from hardgate.core.terms import Outcome
from hardgate.engine.connect import Engine
from hardgate.lake.batches import Lake
from hardgate.lake.checks import Check, checks
from hardgate.lake.rejects import rejects
from hardgate.review import areas
from hardgate.review.deciding import decides, kinds
from hardgate.review.exports import exports, systems
from hardgate.review.homeless_orders import homeless
from hardgate.review.in_force import Superseded, in_force
from hardgate.review.joins import Join, joins
from hardgate.review.meeting import Review
from hardgate.review.settings import Settings

SYSTEMS = systems()
"""Which system a table usually comes from."""
SHOWN = 5


@dataclass(frozen=True, slots=True)
class Unlock:
    """One gate row that cannot be judged, what it lacks, and the money that waits for it."""

    gate: str
    ask: str
    lacks: tuple[str, ...]
    amount: Decimal
    currency: str


@dataclass(frozen=True, slots=True)
class Awaited:
    """An input that brought nothing yet, the system it usually comes from, and what it would decide."""

    name: str
    files: tuple[str, ...]
    system: str
    decides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """What `hardgate doctor` prints. `asked_of` are the tables whose rows become asks, by action.

    `tables` count what is in force on the date, and `superseded` what was before.
    """

    as_of: date
    asks: int
    asked_of: tuple[tuple[str, tuple[str, ...]], ...]
    awaited: tuple[Awaited, ...]
    tables: tuple[Check, ...]
    superseded: tuple[Superseded, ...]
    rejects: tuple[str, ...]
    joins: tuple[Join, ...]
    homeless: str
    """Orders without a city, in words; empty where there are none."""
    unlocks: tuple[Unlock, ...]


def diagnose(lake: Lake, engine: Engine, settings: Settings, review: Review) -> Diagnosis:
    """Examine a workspace as of a review's date."""
    found, superseded = in_force(lake, engine, checks(lake, review.as_of, settings.known_after), review.as_of)
    bad = tuple(str(one) for check in found if check.rejected for one in rejects(lake, engine, check.table, SHOWN))
    return Diagnosis(
        review.as_of,
        len(review.decisions),
        _asked_of(settings),
        _awaited(lake, settings),
        found,
        superseded,
        bad,
        joins(lake, engine, settings.rollups.rules),
        homeless(lake, engine),
        unlocks(review),
    )


def _awaited(lake: Lake, settings: Settings) -> tuple[Awaited, ...]:
    """Return the inputs that a workspace names and of which no row has come in."""
    came = {(one.source, one.table) for one in lake.batches()}
    gates, asked = areas.gates(), kinds()
    found = []
    for one in settings.inputs:
        known = [name for name, export in exports().items() if export.source == one.source]
        name = one.table or next(iter(known), "")
        if name in exports() and not any(one.source == source and one.table in {None, table} for source, table in came):
            found.append(Awaited(name, one.files, exports()[name].system, decides(name, gates, asked)))
    return tuple(found)


def _asked_of(settings: Settings) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Return which tables bring which asks: those that the workspace's inputs name, or all where none does."""
    named = {one.table for one in settings.inputs}
    made: dict[tuple[str, ...], list[str]] = {}
    for one in kinds():
        made.setdefault(one.made_of, []).extend(str(action) for action in one.actions if action in areas.guarded())
    every = [(" or ".join(sorted(actions)), tables) for tables, actions in sorted(made.items()) if actions]
    return tuple([one for one in every if named & set(one[1])] or every)


def unlocks(review: Review) -> tuple[Unlock, ...]:
    """Return every gate row that is unknown, the one with most money first."""
    found = []
    for decision in review.decisions:
        for verdict in decision.verdicts:
            if verdict.outcome is Outcome.UNKNOWN:
                readings = [one for judged in verdict.judged for one in (judged.reading, judged.limit)]
                lacks = [gap for one in readings for gap in (one.gaps or ((one.because,) if not one.known else ()))]
                amount = review.amounts.get(decision.ask.id) or Decimal(0)
                said = tuple(_with_system(dict.fromkeys(lacks or [verdict.because])))
                found.append(Unlock(verdict.gate, decision.ask.id, said, amount, review.currency))
    return tuple(sorted(found, key=lambda one: (-one.amount, one.ask, one.gate)))


def _with_system(lacks: Sequence[str] | dict[str, None]) -> list[str]:
    """Add to each lack the system that the table it names usually comes from."""
    return [lack + _system(lack) for lack in lacks]


def _system(lack: str) -> str:
    named = [f"{table} from {system}" for table, system in SYSTEMS.items() if table in lack]
    return f" ({'; '.join(named)})" if named else ""
