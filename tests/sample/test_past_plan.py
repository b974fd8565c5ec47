"""The sample's past asks: what was built is known as built from its order on, and what was declined did not pay."""

from datetime import date
from pathlib import Path

import pytest

from hardgate.core.terms import CAPITAL
from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample.past_plan import DECLINED

AS_OF = date(2026, 9, 7)


@pytest.fixture(name="replayed", scope="module")
def _replayed(met: tuple[Path, Ingested, Review]) -> Replayed:
    return backtest(Workspace.open(met[0]), AS_OF, Span())


def test_five_halls_were_built_and_three_tranches_declined(replayed: Replayed) -> None:
    done = {one.ask.id: one.done for one in replayed.backtest.pasts}
    assert sorted(name for name, built in done.items() if not built) == sorted(one.name for one in DECLINED)
    assert sum(done.values()) == 5
    assert replayed.backtest.undecided == 5  # the tranches of the packet


def test_what_was_declined_would_not_have_paid(replayed: Replayed) -> None:
    declined = {one.name for one in DECLINED}
    worth = {one.ask.id: max(one.worth) for one in replayed.backtest.pasts if one.ask.id in declined}
    assert len(worth) == 3
    assert all(value < 0 for value in worth.values())


def test_a_hall_asks_to_build_on_every_review_up_to_its_decision(replayed: Replayed) -> None:
    actions = {look.ask.action.value for one in replayed.backtest.pasts for look in one.looks}
    assert actions == {"BUILD"}


def test_past_asks_are_not_in_the_packet_of_today(met: tuple[Path, Ingested, Review]) -> None:
    built = {one.ask.id for one in met[2].decisions if one.ask.action in CAPITAL}
    assert len(built) == 6
    assert not built & {one.name for one in DECLINED}
