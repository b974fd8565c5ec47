"""Asks that people wrote, replayed from the day on which they were raised: as the plan's tranche, and nothing sooner."""

import csv
from datetime import date, datetime
from pathlib import Path

import pytest

from hardgate.report.backtest import document
from hardgate.review.backtests import Replayed, Span, backtest
from hardgate.review.raised import not_replayed, raised
from hardgate.review.workspace import ASKS, Workspace
from hardgate.sample.history import AS_OF, make_history

ASK = """\
id: rising-2
action: BUILD
pool: rising
gpus: 64
amount: 7040000
currency: RMB
by: planning
live_date: 2025-03-01
decide_by: 2024-09-01
"""
RAISED = "proposed_on: 2024-04-01\n"


@pytest.fixture(name="planned", scope="module")
def _planned(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    return backtest(opened(tmp_path_factory.mktemp("planned")), AS_OF, Span())


@pytest.fixture(name="written", scope="module")
def _written(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """The same operator, whose tranche at `rising` stands in asks/ and not in the plan; two asks have no day."""
    folder = tmp_path_factory.mktemp("written")
    asks = {
        "rising-2": ASK + RAISED,
        "undated": ASK.replace("rising-2", "undated"),
        "later": ASK.replace("rising-2", "later").replace("2024-09-01", "2026-12-01") + RAISED,
    }
    return backtest(opened(folder, asks), AS_OF, Span(), calibrated=True, gate="capacity.trigger", checked=True)


def opened(folder: Path, asks: dict[str, str] | None = None) -> Workspace:
    make_history(folder)
    if asks is not None:
        plan = folder / "data" / "plan.csv"
        rows = list(csv.reader(plan.read_text().splitlines()))
        plan.write_text("\n".join(",".join(row) for row in rows if row[0] != "rising-2") + "\n")
        (folder / ASKS).mkdir()
        for name, text in asks.items():
            (folder / ASKS / f"{name}.yaml").write_text(text)
    workspace = Workspace.open(folder)
    clock = datetime(2026, 11, 1)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return workspace


def test_a_written_ask_is_replayed_as_the_plans_tranche_is(planned: Replayed, written: Replayed) -> None:
    """Date for date the same verdicts of every gate but those that read the plan, and the same value of going."""
    one, other = (
        next(past for past in found.backtest.pasts if past.ask.id == "rising-2") for found in (planned, written)
    )
    assert (one.ask.derived, other.ask.derived) == (True, False)
    assert [look.day for look in other.looks] == [date(2024, month, 1) for month in range(4, 10)]
    assert [look.day for look in one.looks] == [look.day for look in other.looks]
    assert other.worth == one.worth
    for mine, ours in zip(one.looks, other.looks, strict=True):
        gates = ("capacity.trigger", "capacity.backlog", "capacity.utilization")
        assert [mine.outcome(gate) for gate in gates] == [ours.outcome(gate) for gate in gates]
        assert mine.verdicts["capacity.trigger"].judged[0].reading.value == (
            ours.verdicts["capacity.trigger"].judged[0].reading.value
        )


def test_nothing_is_said_of_an_ask_before_it_was_raised(tmp_path: Path) -> None:
    asks = {"rising-2": ASK + "proposed_on: 2024-06-10\n"}
    found = backtest(opened(tmp_path, asks), AS_OF, Span())
    (mine,) = (past for past in found.backtest.pasts if past.ask.id == "rising-2")
    assert [look.day for look in mine.looks] == [date(2024, month, 1) for month in (7, 8, 9)]
    (other,) = (past for past in found.backtest.pasts if past.ask.id == "fading-2")
    seen = {look.day: {ask.id for ask in look.asks} for look in other.looks}
    assert seen[date(2024, 6, 1)] == {"fading-2"}
    assert seen[date(2024, 7, 1)] == {"fading-2", "rising-2"}


def test_nobody_peeks_and_the_ask_without_a_day_is_named(written: Replayed) -> None:
    assert written.peeking == ()
    assert written.backtest.not_replayed == (
        "undated is not replayed: it says no proposed_on, and hardgate ask did not file it",
    )
    assert written.backtest.undecided == 1
    assert {one.ask.id for one in written.backtest.pasts} == {"fading-2", "rising-2"}
    notes = document(written)["tables"][0]["notes"]
    assert any("undated is not replayed" in note for note in notes)


def test_what_hardgate_ask_filed_is_dated_by_the_ledger_as_long_as_it_reads_the_same(tmp_path: Path) -> None:
    make_history(tmp_path)
    workspace = Workspace.open(tmp_path)
    path = workspace.file_ask("rising-2", ASK, at=datetime(2024, 5, 6, 9), actor="planning")
    with workspace.ledger() as ledger:
        (filed,) = raised(workspace.asks(), ledger, tmp_path / ASKS)
        path.write_text(ASK.replace("gpus: 64", "gpus: 8"))
        (edited,) = raised(workspace.asks(), ledger, tmp_path / ASKS)
        path.write_text(ASK + RAISED)
        (stated,) = raised(workspace.asks(), ledger, tmp_path / ASKS)
    assert (filed.on, edited.on, stated.on) == (date(2024, 5, 6), None, date(2024, 4, 1))
    assert edited.why == "it was filed on 2024-05-06 and reads otherwise since: state proposed_on"
    assert list(not_replayed([filed, stated], AS_OF)) == []
    assert list(not_replayed([edited], date(2024, 8, 31))) == []  # it is not past its decision date then


def test_an_ask_that_was_raised_too_late_or_says_no_gpus_is_named(tmp_path: Path) -> None:
    folder = tmp_path / ASKS
    folder.mkdir()
    (folder / "late.yaml").write_text(ASK.replace("rising-2", "late") + "proposed_on: 2024-10-01\n")
    (folder / "vague.yaml").write_text(ASK.replace("rising-2", "vague").replace("gpus: 64\n", "") + RAISED)
    make_history(tmp_path)
    workspace = Workspace.open(tmp_path)
    with workspace.ledger() as ledger:
        found = list(not_replayed(raised(workspace.asks(), ledger, folder), AS_OF))
    assert found == [
        "late is not replayed: it was raised on 2024-10-01, after 2024-09-01, by when it was to be decided",
        "vague is not replayed: it does not say how many gpus it asks for",
    ]
