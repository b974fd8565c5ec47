"""What ails a workspace: the state of its tables, rejected rows, joins, and per gate the evidence that would decide it.

The unlock list has one entry for each gate row that cannot be judged: what is missing, where it usually comes from, and
the money of the ask that waits for it.
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
from hardgate.review.exports import systems
from hardgate.review.homeless_orders import homeless
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
class Diagnosis:
    """What `hardgate doctor` prints."""

    as_of: date
    asks: int
    tables: tuple[Check, ...]
    rejects: tuple[str, ...]
    joins: tuple[Join, ...]
    homeless: str
    """Orders without a city, in words; empty where there are none."""
    unlocks: tuple[Unlock, ...]


def diagnose(lake: Lake, engine: Engine, settings: Settings, review: Review) -> Diagnosis:
    """Examine a workspace as of a review's date."""
    found = tuple(checks(lake, review.as_of, settings.known_after))
    bad = tuple(str(one) for check in found if check.rejected for one in rejects(lake, engine, check.table, SHOWN))
    return Diagnosis(
        as_of=review.as_of,
        asks=len(review.decisions),
        tables=found,
        rejects=bad,
        joins=joins(lake, engine, settings.rollups.rules),
        homeless=homeless(lake, engine),
        unlocks=unlocks(review),
    )


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
