"""On which day an ask of asks/*.yaml was raised, so that it is replayed with only what was known from then on.

The day is the ask's own `proposed_on`. Without it, it is the day on which `hardgate ask` filed it, as long as the file
still reads as it did then: the ledger keeps its digest. An ask for capacity whose decision date has passed and that has
neither day is not replayed, and is named. Wrong when a file that states its `proposed_on` was edited after the
decision: nobody can see that it asked for something else.

Source: METHODS 14; DESIGN 1, law 5.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from hardgate.core.terms import CAPITAL, Ask, Cell, Evidence, Gate
from hardgate.ledger.store import Ledger
from hardgate.metrics.planned import Planned, meant
from hardgate.review.asks import derived, located, merged
from hardgate.review.evidence import WorkspaceEvidence
from hardgate.review.recording import FILED


@dataclass(frozen=True, slots=True)
class Raised:
    """An ask for capacity that a person wrote, and the day on which it was raised; `why` says why none is known."""

    ask: Ask
    on: date | None
    why: str = ""


def raised(asks: Iterable[Ask], ledger: Ledger, folder: Path) -> tuple[Raised, ...]:
    """Return the asks for capacity of a folder of asks, each with the day on which it was raised."""
    filed: dict[str, tuple[date, str]] = {}
    for entry in ledger.entries(FILED):
        filed[entry.body["ask"]] = (date.fromisoformat(entry.at[:10]), entry.body["file"])
    return tuple(_raised(ask, filed.get(ask.id), folder) for ask in asks if ask.action in CAPITAL)


def _raised(ask: Ask, filed: tuple[date, str] | None, folder: Path) -> Raised:
    stated = _day(ask.term("proposed_on"))
    if stated is not None:
        return Raised(ask, stated)
    if filed is None:
        return Raised(ask, None, "it says no proposed_on, and hardgate ask did not file it")
    day, digest = filed
    path = folder / f"{ask.id}.yaml"
    if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != digest:
        return Raised(ask, None, f"it was filed on {day} and reads otherwise since: state proposed_on")
    return Raised(ask, day)


def asked(evidence: Evidence, gates: Mapping[str, Gate], horizon: str, many: Sequence[Raised]) -> tuple[Ask, ...]:
    """Return the asks for capacity of the date of some evidence: those of the data, and those raised by then."""
    known = [one.ask for one in many if one.on is not None and one.on <= evidence.as_of]
    written = located(known, evidence.rows("inventory"), evidence.rows("pool_day")) if known else ()
    return merged(derived(evidence, gates, horizon, CAPITAL), written)


def wanted(evidence: WorkspaceEvidence, asks: Iterable[Ask]) -> dict[str, Planned]:
    """Return what each ask of a person wants, by its id; one that does not say how many GPUs, or when, is left out."""
    found = {ask.id: (ask, meant(evidence.of([ask]), ask.scope)) for ask in asks if not ask.derived and ask.decide_by}
    return {
        name: replace(planned, released_share=_share(ask.term("released_share")))
        for name, (ask, planned) in found.items()
        if planned is not None and planned.tranche == name
    }


def not_replayed(many: Iterable[Raised], last: date) -> Iterator[str]:
    """Yield the asks that should have been decided by a day and cannot be replayed, each with its reason."""
    for one in many:
        by = one.ask.decide_by
        if by is None or by > last:
            continue
        if one.on is None:
            yield f"{one.ask.id} is not replayed: {one.why}"
        elif one.on > by:
            yield f"{one.ask.id} is not replayed: it was raised on {one.on}, after {by}, by when it was to be decided"
        elif one.ask.term("gpus") is None:
            yield f"{one.ask.id} is not replayed: it does not say how many gpus it asks for"


def _day(value: Cell) -> date | None:
    return value if isinstance(value, date) else None


def _share(value: Cell) -> float:
    return 0.0 if value is None or isinstance(value, str | date) else float(value)
