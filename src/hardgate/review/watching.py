"""What changed among the signals since they were last recorded: fired, cleared, or no longer known; never twice.

A signal fires where its gate passes and is cleared where it fails; between, while an interval straddles or a condition
has not held long enough, it is waiting. What was never known and is not known has not changed. The states are kept in
the ledger, one entry for each time that any changed. A look back at an earlier date is held against the record of then,
and records nothing.

>>> [STATES[one] for one in (Outcome.PASS, Outcome.FAIL, Outcome.HOLD, Outcome.UNKNOWN)]
['fired', 'cleared', 'waiting', 'unknown']
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from hardgate.core.terms import Outcome, Verdict
from hardgate.ledger.store import Ledger
from hardgate.review.workspace import Progress, Workspace

KIND = "watch.recorded"
STATES: Mapping[Outcome, str] = {
    Outcome.PASS: "fired",
    Outcome.FAIL: "cleared",
    Outcome.HOLD: "waiting",
    Outcome.UNKNOWN: "unknown",
}
NEVER = "not seen before"


@dataclass(frozen=True, slots=True)
class Change:
    """One signal that says something else than before."""

    gate: str
    scope: str
    before: str
    now: str
    because: str
    cited: tuple[str, ...] = ()

    @property
    def line(self) -> str:
        """The change in one line."""
        return f"{self.now:<8} {self.gate:<30} {self.scope}: {self.because} (before: {self.before})"


@dataclass(frozen=True, slots=True)
class Watched:
    """The signals of one date, what changed since the record that it is held against, and the date of that."""

    as_of: date
    signals: tuple[Verdict, ...]
    changes: tuple[Change, ...]
    since: str
    newest: bool

    def document(self) -> dict[str, Any]:
        """Return it as a plain document."""
        return {
            "as_of": str(self.as_of),
            "since": self.since,
            "changes": [
                {"gate": one.gate, "scope": one.scope, "before": one.before, "now": one.now, "because": one.because,
                 "cited": list(one.cited)}
                for one in self.changes
            ],
            "signals": [
                {"gate": one.gate, "scope": str(one.scope), "state": STATES[one.outcome], "because": one.because,
                 "cited": list(cited(one))}
                for one in self.signals
            ],
        }  # fmt: skip


def cited(one: Verdict) -> tuple[str, ...]:
    """Return where the figures of a signal stand, reading by reading."""
    return tuple(
        f"{found.metric} {found.because}" for found in one.readings if found.value is not None and found.because
    )


def watch(workspace: Workspace, as_of: date, progress: Progress | None = None) -> Watched:
    """Judge every signal as of a date, and hold it against what was last recorded by then."""
    signals = workspace.review(as_of, {}, progress=progress).signals
    with workspace.ledger() as ledger:
        before, newest = _recorded(ledger, as_of)
    return Watched(as_of, signals, changes(signals, before.get("states", {})), before.get("as_of", ""), newest)


def _recorded(ledger: Ledger, as_of: date) -> tuple[Mapping[str, Any], bool]:
    """Return the newest record of a date or of one before it, and whether no later one is there."""
    every = [entry.body for entry in ledger.entries(KIND)]
    by_then = [one for one in every if one["as_of"] <= str(as_of)]
    return (by_then[-1] if by_then else {}), len(by_then) == len(every)


def changes(signals: Sequence[Verdict], before: Mapping[str, str]) -> tuple[Change, ...]:
    """Return the signals that say something else than before, by gate and scope."""
    found = []
    for one in signals:
        was, now = before.get(_key(one), NEVER), STATES[one.outcome]
        if was != now and (was, now) != (NEVER, STATES[Outcome.UNKNOWN]):
            found.append(Change(one.gate, str(one.scope), was, now, one.because, cited(one)))
    return tuple(sorted(found, key=lambda one: (one.gate, one.scope)))


def record(
    workspace: Workspace, seen: Watched, *, at: datetime, actor: str, tell: Callable[[Watched], None] | None = None
) -> bool:
    """Tell of what changed and then record it; return whether anything was. What was not told is not recorded.

    A look back, and a date on which nothing changed, record nothing.
    """
    if not seen.changes or not seen.newest:
        return False
    if tell is not None:
        tell(seen)
    states = {_key(one): STATES[one.outcome] for one in seen.signals}
    with workspace.ledger() as ledger:
        ledger.append(KIND, {"as_of": str(seen.as_of), "states": states}, actor, at)
    return True


def _key(one: Verdict) -> str:
    return f"{one.gate} {one.scope}"
