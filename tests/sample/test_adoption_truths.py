"""What is planted among the sample's accounts is found from the files, and is not found where it was not planted."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path
from statistics import mean

import numpy as np
import pytest

from hardgate.capacity.attach import gate as attach
from hardgate.core.days import Window
from hardgate.core.terms import EVERYTHING, Outcome, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.metrics.expansion import DETRENDED, RANDOMISED, effects, panel
from hardgate.metrics.expansion_effect import metric as expansion_effect
from hardgate.metrics.time_to_value import metric as time_to_value
from hardgate.metrics.value_times import HORIZON, waits
from hardgate.models.kaplan_meier import curve
from hardgate.models.uplift import naive
from hardgate.review.evidence import WorkspaceEvidence
from hardgate.review.evidence_notes import Ingested
from hardgate.review.meeting import Review
from hardgate.review.workspace import Workspace
from hardgate.sample import PLANTS
from hardgate.sample.adopters import REGIONS, adopters
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


# Twenty seeds and three strengths, on the generator's own course: what the files say is tested above.


@pytest.fixture(scope="module")
def many() -> Callable[[Mapping[str, float]], list[dict[str, float]]]:
    return lambda plants: [course(seed, plants) for seed in range(20)]


def course(seed: int, plants: Mapping[str, float]) -> dict[str, float]:
    """What one seed's accounts show, straight from the drawn accounts."""
    from hardgate.core.days import months_between
    from hardgate.models.uplift import detrended_did
    from hardgate.sample.adopters import MONTHS, revenue_start

    draft = Draft(Path("nowhere"), seed, Span(AS_OF))
    found = adopters(draft, strengths(plants))
    base = np.array([one.base for one in found])[:, MONTHS - 31 : MONTHS - 1]
    when = [
        np.inf if one.begun is None else months_between(revenue_start(draft), one.begun) - (MONTHS - 31)
        for one in found
    ]
    with np.errstate(divide="ignore"):
        logs = np.where(base > 0, np.log(np.where(base > 0, base, 1.0)), np.nan)
    effect = detrended_did(logs, when)
    assert effect is not None
    plain = naive(logs, when)
    assert plain is not None
    ends = [float(np.expm1(one)) for one in (effect.effect.value, effect.effect.low, effect.effect.high)]

    def saved(architecture: str) -> tuple[float, float]:
        mine = [
            one
            for one in found
            if one.access is not None and one.architecture == architecture and one.access < AS_OF - timedelta(days=1)
        ]
        lasted = [((one.begun or AS_OF) - (one.access or AS_OF)).days for one in mine]
        mean_ = curve(lasted, [one.begun is not None for one in mine]).restricted_mean(HORIZON)
        assert mean_ is not None
        return mean_

    fast, none = saved("rag-starter"), saved("")
    region = [one for one in found if one.region == "cn-east"]
    attached = sum(one.begun is not None and one.stalled is None for one in region)
    from hardgate.models.intervals import wilson

    share = wilson(attached, len(region))
    assert share is not None
    return {
        "effect": ends[0], "covers": float(ends[1] <= plants.get("adoption_effect", 0.11) <= ends[2]),
        "finds": float(ends[1] > 0), "invents": float(not ends[1] <= 0 <= ends[2]), "holds": float(effect.holds),
        "naive": float(np.expm1(plain.value)),
        "faster": float(none[0] - fast[0] > 1.645 * np.hypot(none[1], fast[1])), "saved": none[0] - fast[0],
        "misses": float(share.high < 0.30), "regions": float(len({one.region for one in found}) == len(REGIONS)),
    }  # fmt: skip


@pytest.mark.slow
def test_truths_are_found_at_their_strength_and_not_invented_without(
    many: Callable[[Mapping[str, float]], list[dict[str, float]]],
) -> None:
    declared = many({})
    weaker = many({"adoption_effect": 0.05, "fast_template": 0.3, "weak_attach": 0.5})
    removed = many({"adoption_effect": 0.0, "fast_template": 0.0, "weak_attach": 0.0})
    of = {name: {one: mean(seed[one] for seed in seeds) for one in seeds[0]} for name, seeds in
          (("declared", declared), ("weaker", weaker), ("removed", removed))}  # fmt: skip
    assert of["declared"]["finds"] >= 0.95
    assert of["declared"]["covers"] >= 0.75
    assert of["declared"]["effect"] == pytest.approx(0.11, abs=0.01)
    assert of["declared"]["naive"] > 0.15
    assert of["removed"]["invents"] <= 0.20
    assert of["removed"]["effect"] == pytest.approx(0.0, abs=0.01)
    assert of["declared"]["faster"] >= 0.95
    assert of["declared"]["saved"] > of["weaker"]["saved"] > of["removed"]["saved"]
    assert of["removed"]["faster"] <= 0.10
    assert of["declared"]["misses"] >= 0.95
    assert of["removed"]["misses"] == 0.0
    assert of["declared"]["regions"] == 1.0


def test_the_horizon_of_the_sample_holds_its_waits(met: tuple[Path, Ingested, Review]) -> None:
    with known(met[0]) as evidence:
        found = waits(evidence, TEMPLATE, AS_OF)
    assert not isinstance(found, str)
    assert found.reached > 40
