"""Transitions of signals: told once, never repeated, and not lost when telling fails."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from hardgate.core.errors import Fault
from hardgate.core.terms import Mode, Outcome, Scope, Verdict
from hardgate.ledger.store import Ledger
from hardgate.review.watching import Watched, changes, record, watch

AT = datetime(2026, 9, 7, 12)
OWN = Scope.of(company="Own")


def says(**outcomes: Outcome) -> tuple[Verdict, ...]:
    return tuple(
        Verdict(f"watch.{name}", "", OWN, one, Mode.SHADOW, "strategy", "why") for name, one in outcomes.items()
    )


class Desk:
    """A workspace of which only signals and the ledger matter."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.said = folder, says()

    def review(self, _as_of: date, _exhibits: Any, progress: Any = None) -> Any:  # noqa: ARG002  as a workspace
        return type("Review", (), {"signals": self.said})()

    def ledger(self) -> Ledger:
        return Ledger(self.folder / "ledger.sqlite")

    def look(self, day: int, tell: Any = None, **outcomes: Outcome) -> list[tuple[str, str, str]]:
        """Watch on a day of September, record, and return the changes."""
        self.said = says(**outcomes)
        seen = watch(self, date(2026, 9, day))  # type: ignore[arg-type]
        record(self, seen, at=AT, actor="a", tell=tell)  # type: ignore[arg-type]
        return [(one.gate, one.before, one.now) for one in seen.changes]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_signal_is_told_when_it_changes_and_never_twice(desk: Desk) -> None:
    assert desk.look(1, ai_share=Outcome.FAIL, capex_cut=Outcome.UNKNOWN) == [
        ("watch.ai_share", "not seen before", "cleared")
    ]
    assert desk.look(2, ai_share=Outcome.FAIL, capex_cut=Outcome.UNKNOWN) == []
    assert desk.look(3, ai_share=Outcome.PASS, capex_cut=Outcome.UNKNOWN) == [("watch.ai_share", "cleared", "fired")]
    assert desk.look(4, ai_share=Outcome.PASS, capex_cut=Outcome.FAIL) == [("watch.capex_cut", "unknown", "cleared")]
    assert desk.look(5, ai_share=Outcome.UNKNOWN, capex_cut=Outcome.FAIL) == [("watch.ai_share", "fired", "unknown")]
    assert desk.look(6, ai_share=Outcome.UNKNOWN, capex_cut=Outcome.FAIL) == []


def test_a_look_back_is_held_against_the_record_of_then_and_records_nothing(desk: Desk) -> None:
    desk.look(3, ai_share=Outcome.FAIL)
    desk.look(5, ai_share=Outcome.PASS)
    assert desk.look(4, ai_share=Outcome.PASS) == [("watch.ai_share", "cleared", "fired")]
    with desk.ledger() as ledger:
        assert [one.body["as_of"] for one in ledger.entries("watch.recorded")] == ["2026-09-03", "2026-09-05"]


def test_what_could_not_be_told_is_told_again(desk: Desk) -> None:
    def fails(_seen: Watched) -> None:
        raise Fault("not delivered")

    told: list[Watched] = []
    with pytest.raises(Fault):
        desk.look(1, fails, ai_share=Outcome.PASS)
    assert desk.look(1, told.append, ai_share=Outcome.PASS) == [("watch.ai_share", "not seen before", "fired")]
    assert [one.document()["changes"][0]["now"] for one in told] == ["fired"]
    assert desk.look(2, told.append, ai_share=Outcome.PASS) == []
    assert len(told) == 1


def test_waiting_is_between_fired_and_cleared() -> None:
    (one,) = changes(says(ai_share=Outcome.HOLD), {"watch.ai_share Own": "fired"})
    assert (one.before, one.now) == ("fired", "waiting")
