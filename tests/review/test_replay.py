"""A past that is known by construction, replayed through the foreign files: who was right, and whether anyone peeked."""

import csv
from dataclasses import dataclass, replace
from datetime import date, datetime
from math import exp
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from hardgate.core.days import Window
from hardgate.core.terms import (
    CAPITAL,
    Action,
    Better,
    Condition,
    Evidence,
    Fact,
    Gate,
    Metric,
    Outcome,
    Reading,
    Scope,
)
from hardgate.report.backtest import document
from hardgate.review import look_ahead
from hardgate.review.backtests import Replayed, Span, backtest, opened
from hardgate.review.calibrate import by_condition, cheapest
from hardgate.review.evidence import Archive
from hardgate.review.replay import ALWAYS, DONE, NEVER, Past, Score, dates, replay
from hardgate.review.workspace import Workspace
from hardgate.sample.history import AS_OF, HISTORIES, make_history

SEEDS = range(20)
PRICE_OF_OWNING = 110_000 * (exp(0.12) - 1) * exp(0.48) / (exp(0.48) - 1) / 12 + 500
"""Of a GPU-month: the capital recovery factor at 12 % a year over four years, and the fixed cost."""


def workspace_of(folder: Path, **given: Any) -> Workspace:
    make_history(folder, **given)
    workspace = Workspace.open(folder)
    clock = datetime(2026, 11, 1)
    workspace.ingest((), source=None, table=None, clock=clock, known_at=None, dry_run=False, progress=None)
    return workspace


@pytest.fixture(name="workspace", scope="module")
def _workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    return workspace_of(tmp_path_factory.mktemp("history"))


@pytest.fixture(name="tested", scope="module")
def _tested(workspace: Workspace) -> Replayed:
    return backtest(workspace, AS_OF, Span(), calibrated=True, checked=True)


def past(tested: Replayed, name: str) -> Past:
    return next(one for one in tested.backtest.pasts if one.ask.id == name)


def rule(tested: Replayed, name: str) -> Score:
    return next(one for one in tested.backtest.scores if one.rule == name)


def test_waiting_was_right_where_demand_fell_and_wrong_where_it_rose(tested: Replayed) -> None:
    rising, fading = past(tested, "rising-2"), past(tested, "fading-2")
    assert max(fading.worth) < 0 < min(rising.worth[-1:])
    went, held = rule(tested, ALWAYS), rule(tested, NEVER)
    assert (held.wrong_holds, held.wrong_goes, went.wrong_goes) == (1, 0, 2)
    assert held.regret == pytest.approx(max(rising.worth))
    assert went.wrong_go == pytest.approx(-fading.worth[0] + max(rising.worth) - rising.worth[0])


def test_what_going_was_worth_is_what_the_files_say(workspace: Workspace, tested: Replayed) -> None:
    """Month by month from the two files: margin per used GPU-month on what demand had above the pool, less owning."""
    found = past(tested, "rising-2")
    with (workspace.root / "data" / "pools.csv").open() as file:
        usage = [row for row in csv.DictReader(file) if row["pool"] == "rising"]
    with (workspace.root / "data" / "sales.csv").open() as file:
        sold = {row["month"]: row for row in csv.DictReader(file) if row["pool"] == "rising"}
    first, worth = date(2024, 4, 1), 0.0
    for row in usage:
        month = date.fromisoformat(row["month"])
        away = (month.year - first.year) * 12 + month.month - first.month
        if away < 11 or month > date(2026, 7, 1):  # live in March 2025; the sales of August are not known yet
            continue
        days = ((month.replace(day=28) - month).days + 4 - (month.month in {4, 6, 9, 11})) if month.month != 2 else 28
        gpus = (float(row["allocated_gpu_hours"]) + float(row["queued_gpu_hours"])) / (24 * days)
        sale = sold[row["month"]]
        margin = (float(sale["net_revenue"]) - float(sale["variable_cost"])) / (float(sale["quantity"]) / 730)
        worth += (margin * min(max(gpus - 192, 0), 64) - PRICE_OF_OWNING * 64) * exp(-0.12 * away / 12)
    assert found.looks[-1].day == date(2024, 9, 1)
    assert found.worth[-1] == pytest.approx(worth, rel=2e-4)
    assert found.came.used(date(2024, 9, 1))[0] == 17


def test_every_rules_value_and_regret_add_up_to_the_best(tested: Replayed) -> None:
    for one in tested.backtest.scores:
        assert one.value + one.regret == pytest.approx(one.best)
        assert one.went + one.held == 2
    assert rule(tested, DONE).value == 0  # nobody built
    assert rule(tested, "capacity.backlog").unknown == 2


def test_a_replayed_verdict_is_that_of_the_ordinary_review_of_its_date(workspace: Workspace, tested: Replayed) -> None:
    days = {look.day for one in tested.backtest.pasts for look in one.looks}
    assert days == {date(2024, month, 1) for month in range(4, 10)}
    for day in (date(2024, 6, 1), date(2024, 9, 1)):
        review = workspace.review(day, {})
        capital = [one for one in review.decisions if one.ask.action in CAPITAL]
        said = {one.ask.id: {verdict.gate: verdict for verdict in one.verdicts} for one in capital}
        replayed = {
            one.ask.id: dict(look.verdicts) for one in tested.backtest.pasts for look in one.looks if look.day == day
        }
        assert replayed == said


def test_nobody_peeks(tested: Replayed) -> None:
    assert tested.peeking == ()


def test_a_metric_that_peeks_is_caught(workspace: Workspace) -> None:
    """It reads the last day that the archive holds, known or not: nothing in its verdict shows that."""
    with opened(workspace, AS_OF) as (archive, modes):
        gates = {**workspace.policy.all_gates, PEEKS.name: PEEKS}
        policy = replace(workspace.policy, all_gates=gates)
        found = replay(archive, policy, modes, as_of=AS_OF)
        said = {one.ask.id: one.looks[-1].outcome(PEEKS.name) for one in found.pasts}
        assert said == {"rising-2": Outcome.PASS, "fading-2": Outcome.FAIL}  # right every time: the sign of a peek
        assert look_ahead.peeking(archive, policy, modes, found) == (PEEKS.name,)


def test_an_archive_that_is_cut_off_holds_nothing_later(workspace: Workspace) -> None:
    day = date(2024, 6, 1)
    with opened(workspace, AS_OF) as (archive, _):
        whole, cut = archive.versions("pool_day"), look_ahead.cut_off(archive, day).versions("pool_day")
    assert whole.count > cut.count > 0
    assert max(cut.columns["known"]) <= np.datetime64(day)
    ends = np.asarray(cut.columns["known_to"])
    assert not ((ends > np.datetime64(day)) & (ends < np.datetime64("9999-12-31"))).any()


def test_two_runs_give_equal_documents(workspace: Workspace, tested: Replayed) -> None:
    again = backtest(workspace, AS_OF, Span(), calibrated=True, checked=True)
    assert document(again) == document(tested)


def test_calibration_prices_each_threshold_and_leaves_the_policy_as_it_is(
    workspace: Workspace, tested: Replayed
) -> None:
    before = (workspace.root / "policy.yaml").read_bytes()
    trigger = by_condition(tested.thresholds)["capacity.trigger", "demand_over_position"]
    computed, lowest, *_, highest = trigger
    assert (computed.limit, computed.score) == (
        None,
        replace(rule(tested, "capacity.trigger"), rule="capacity.trigger"),
    )
    readings = [
        look.verdicts["capacity.trigger"].judged[0].reading for one in tested.backtest.pasts for look in one.looks
    ]
    assert lowest.limit == round(min(one.value or 9.0 for one in readings), 2)
    assert highest.score.went == 0  # the interval of no reading clears its own greatest value
    assert lowest.score.went == 2
    best = cheapest(trigger)
    assert best is not None
    assert best.score.regret == min(one.score.regret for one in trigger)
    assert (workspace.root / "policy.yaml").read_bytes() == before


def test_a_moved_threshold_gives_what_a_policy_with_it_would_have_said(tmp_path: Path) -> None:
    """The activation of capacity.activation at 30 %, tried, and written into policy.yaml and replayed."""
    workspace = workspace_of(tmp_path)
    tried = backtest(workspace, AS_OF, Span(), gate="capacity.trigger", calibrated=True).thresholds
    moved = next(one for one in tried if one.limit == 0.92)
    text = (tmp_path / "policy.yaml").read_text()
    own = "own_gates:\n  - {name: own.fixed, metric: demand_over_position, at_least: 92%, opens: BUILD, window: 4w, per: [region, accelerator, pool, tranche]}\n"
    (tmp_path / "policy.yaml").write_text(text + own)
    written = backtest(Workspace.open(tmp_path), AS_OF, Span())
    assert replace(rule(written, "own.fixed"), rule="capacity.trigger") == moved.score
    assert moved.score.went == 2


def test_forecasts_are_scored_when_their_month_is_over(tested: Replayed) -> None:
    assert len(tested.backtest.forecasts) == 12
    for one in tested.backtest.forecasts:
        assert one.low < one.value < one.high
        assert one.inside == (one.low <= one.came <= one.high)
        assert one.score > 0
    rising = [one for one in tested.backtest.forecasts if one.scope["pool"] == "rising"]
    assert all(one.came > one.value for one in rising[1:])  # demand broke upwards


def test_only_asks_decided_between_two_days_are_replayed(workspace: Workspace) -> None:
    assert backtest(workspace, AS_OF, Span(start=date(2024, 9, 2))).backtest.pasts == ()
    assert backtest(workspace, AS_OF, Span(end=date(2024, 8, 31))).backtest.undecided == 2
    weekly = backtest(workspace, AS_OF, Span(every="1w")).backtest.pasts[0]
    assert len(weekly.looks) == 23  # 22 Mondays and the last day


def test_what_has_not_come_yet_is_not_valued(workspace: Workspace) -> None:
    """In January 2025 the tranches would not have been live."""
    found = backtest(workspace, date(2025, 1, 1), Span()).backtest
    assert [one.worth for one in found.pasts] == [(), ()]
    assert {one.came.missing for one in found.pasts} == {
        "it would be live in 2025-03, and demand of 2024-12 is not known"
    }


def test_review_dates_are_mondays_or_first_days_and_the_last() -> None:
    assert dates(date(2026, 1, 1), date(2026, 1, 20), "1w") == [date(2026, 1, day) for day in (5, 12, 19, 20)]
    assert dates(date(2026, 1, 1), date(2026, 3, 1), "1m") == [date(2026, month, 1) for month in (1, 2, 3)]


@pytest.mark.slow
def test_histories_are_told_apart_at_their_strength_and_not_without(tmp_path: Path) -> None:
    """Twenty seeds, three strengths: 95 % at the declared, at most one in ten where the truth is taken away."""
    weaker = {name: one.strength / 2 for name, one in HISTORIES.items()}
    found = {
        name: [told(tmp_path / f"{name}-{seed}", seed, strengths) for seed in SEEDS]
        for name, strengths in (("declared", {}), ("weaker", weaker), ("without", dict.fromkeys(HISTORIES, 0.0)))
    }
    for pool, one in HISTORIES.items():
        declared, weak, without = (sum(said[pool] == one.waiting for said in many) / 20 for many in found.values())
        assert declared >= 0.95
        assert weak <= declared
        assert without <= 0.10, f"waiting is said to have been {one.waiting} in {pool} without the plant"


def told(folder: Path, seed: int, strengths: dict[str, float]) -> dict[str, str]:
    """Whether waiting was right or wrong on the decision date, as the back-test says."""
    tested = backtest(workspace_of(folder, seed=seed, strengths=strengths), AS_OF, Span())
    return {one.ask.scope["pool"]: "wrong" if one.worth[-1] > 0 else "right" for one in tested.backtest.pasts}


# A metric that looks ahead.


@dataclass(frozen=True, slots=True)
class Limits:
    peek: float = 200.0


def _peek(evidence: Evidence, scope: Scope, window: Window) -> Reading:
    archive: Archive = evidence.archive  # type: ignore[attr-defined]
    columns = archive.versions("pool_day").columns
    mine = np.asarray(columns["pool"]) == scope["pool"]
    mine &= np.array([one is not None for one in columns["allocated_gpu_ms"]])
    last = np.flatnonzero(mine)[np.asarray(columns["day"])[mine].argmax()]
    gpus = float(columns["allocated_gpu_ms"][last] + columns["queued_gpu_ms"][last]) / 86_400_000
    return Reading("peek", scope, window, "GPUs", gpus, gpus, gpus, facts=(("gpus", gpus),))


PEEKS = Gate(
    name="own.peeks",
    question="Does it end well?",
    opens=Action.BUILD,
    per=("region", "accelerator", "pool", "tranche"),
    window="4w",
    conditions=(
        Condition(
            Metric(
                "peek",
                "demand at the end",
                "GPUs",
                Better.HIGHER,
                facts=(Fact("pool_day", "allocated_gpu_ms"),),
                compute=_peek,
            ),
            at_least="peek",
        ),
    ),
    limits=Limits(),
    owner="nobody",
)
