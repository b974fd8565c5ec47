"""What is planted among the sample's accounts is found from the files, and is not found where it was not planted."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from hardgate.capacity.attach import gate as attach
from hardgate.core.days import Window, months_between
from hardgate.core.terms import EVERYTHING, Outcome, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.metrics.expansion import DETRENDED, RANDOMISED, effects, panel
from hardgate.metrics.expansion_effect import metric as expansion_effect
from hardgate.metrics.time_to_value import metric as time_to_value
from hardgate.metrics.value_times import waits
from hardgate.models.uplift import detrended_did, naive
from hardgate.review.evidence import WorkspaceEvidence
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample import PLANTS
from hardgate.sample.adopters import MONTHS, adopters, revenue_start
from hardgate.sample.adoption_files import write_adoption
from hardgate.sample.calendar import Span
from hardgate.sample.draft import Draft
from hardgate.sample.plants import strengths

AS_OF = date(2026, 9, 7)
WINDOW = Window(date(2026, 7, 13), AS_OF)
HALL = Scope.of(region="cn-east", accelerator="H20", pool="cn-east-h20", tranche="cn-east-hall-3")
EDGE = Scope.of(region="cn-north", accelerator="L20", pool="cn-north-l20", tranche="cn-north-edge-2")
TEMPLATE = Scope.of(architecture="rag-starter")


@contextmanager
def known(folder: Path) -> Iterator[WorkspaceEvidence]:
    workspace = Workspace.open(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        yield workspace.archive(engine, lake, AS_OF).at(AS_OF)


def test_the_effect_of_adopting_is_found_within_its_interval_by_both_designs(
    met: tuple[Path, Ingested, Review],
) -> None:
    truth = PLANTS["adoption_effect"].strength
    with known(met[0]) as evidence:
        found = panel(evidence, EVERYTHING, AS_OF)
        assert not isinstance(found, str)
        told = effects(evidence, found)
        assert not isinstance(told, str)
        reading = evidence.reading(expansion_effect, EVERYTHING, WINDOW)
    assert {one.method for one in told} == {RANDOMISED, DETRENDED}
    for one in told:
        assert one.causal, one.checks
        assert one.low <= truth <= one.high, one
    plain = next(one for one in told if one.method == DETRENDED)
    assert plain.high - plain.low < 0.04
    assert plain.naive is not None
    assert plain.naive > plain.high
    assert reading.value == round(told[0].value, 4)


def test_the_template_gets_there_in_about_half_the_time(met: tuple[Path, Ingested, Review]) -> None:
    with known(met[0]) as evidence:
        fast = evidence.reading(time_to_value, TEMPLATE, WINDOW)
        every = evidence.reading(time_to_value, EVERYTHING, WINDOW)
    assert fast.value is not None
    assert every.value is not None
    assert fast.high is not None
    assert fast.high < every.value
    assert fast.value < 0.75 * every.value


def test_the_region_that_takes_up_less_misses_its_case_and_the_other_holds_it(
    met: tuple[Path, Ingested, Review],
) -> None:
    with known(met[0]) as evidence:
        outcomes = [
            judge(attach, None, scope, evidence.archive.at, (AS_OF,), Rule(), attach.limits).outcome
            for scope in (HALL, EDGE)
        ]
    assert outcomes == [Outcome.FAIL, Outcome.PASS]


def test_the_release_passes_in_shadow_and_its_old_gates_stand(met: tuple[Path, Ingested, Review]) -> None:
    _, _, review = met
    [release] = [one for one in review.decisions if one.ask.id == "cn-north-edge-2"]
    said = {one.gate: (one.outcome, one.mode.value) for one in release.verdicts}
    assert said.pop("capacity.attach") == (Outcome.PASS, "shadow")
    assert set(said.values()) == {(Outcome.PASS, "block")}
    assert {"capacity.backlog", "capacity.tranche", "capacity.trigger"} <= set(said)


def test_campaigns_ask_and_are_told_where_the_hours_go(met: tuple[Path, Ingested, Review]) -> None:
    said = {one.ask.id: one.verdicts[0].outcome for one in met[2].decisions if one.ask.action == "CHASE"}
    assert set(said) == {"enterprise-logos", "startup-logos", "cn-west-growth"}
    assert said["enterprise-logos"] is Outcome.PASS
    assert said["startup-logos"] is not Outcome.PASS


def test_files_of_accounts_are_the_same_for_a_seed_and_others_for_another(tmp_path: Path) -> None:
    bytes_of = {}
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        draft = Draft(tmp_path / name, seed, Span(AS_OF))
        bytes_of[name] = [path.read_bytes() for path in write_adoption(draft, strengths())]
    assert bytes_of["a"] == bytes_of["b"]
    assert all(one != other for one, other in zip(bytes_of["a"], bytes_of["c"], strict=True))


def test_nothing_is_stated_before_it_was_known(tmp_path: Path) -> None:
    """An account's access stands only in the row of the day on which it was given."""
    draft = Draft(tmp_path, 7, Span(AS_OF))
    write_adoption(draft, strengths())
    lines = (draft.data / "crm_accounts.csv").read_text().splitlines()
    at = {name: i for i, name in enumerate(lines[0].split(","))}
    for line in lines[1:]:
        cells = line.split(",")
        for name in ("ai_enabled", "lot_drawn"):
            assert not cells[at[name]] or cells[at[name]] <= cells[at["changed_on"]]


# Twenty seeds and three strengths through the files are in test_plants_study.py; how often an interval covers takes more.


def course(seed: int, effect: float) -> dict[str, float]:
    """What the accounts of one seed show, straight as they were drawn."""
    draft = Draft(Path("nowhere"), seed, Span(AS_OF))
    found = adopters(draft, strengths({"adoption_effect": effect}))
    first = MONTHS - 31
    base = np.array([one.base for one in found])[:, first : MONTHS - 1]
    since = revenue_start(draft)
    when = [np.inf if one.begun is None else months_between(since, one.begun) - first for one in found]
    with np.errstate(divide="ignore"):
        logs = np.where(base > 0, np.log(np.where(base > 0, base, 1.0)), np.nan)
    told, plain = detrended_did(logs, when, draws=0), naive(logs, when)
    assert told is not None
    assert plain is not None
    return {
        "covers": float(told.effect.low <= np.log1p(effect) <= told.effect.high),
        "off": told.effect.value - np.log1p(effect),
        "naive": plain.value - np.log1p(effect),
    }


@pytest.mark.slow
def test_the_interval_of_nine_tenths_covers_in_nine_tenths_of_the_seeds() -> None:
    """Twenty seeds cannot tell 85 % from 90 %: with and without the effect, two hundred each."""
    for effect in (PLANTS["adoption_effect"].strength, 0.0):
        seeds = [course(seed, effect) for seed in range(200)]
        assert 0.88 <= mean(one["covers"] for one in seeds) <= 0.97
        assert mean(one["off"] for one in seeds) == pytest.approx(0.0, abs=0.002)
        assert mean(one["naive"] for one in seeds) > 0.04


def test_the_horizon_of_the_sample_holds_its_waits(met: tuple[Path, Ingested, Review]) -> None:
    with known(met[0]) as evidence:
        found = waits(evidence, TEMPLATE, AS_OF)
    assert not isinstance(found, str)
    assert found.reached > 40
