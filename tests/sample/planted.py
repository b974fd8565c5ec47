"""Plants over seeds, one area at a time: whole reviews, and areas of which only their own files are written and judged.

Every stream of the sample is drawn apart, so that these files are, byte for byte, those of the whole sample of that seed,
and what a plant's gate or figure says of them is what a review of the whole sample would say.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from shutil import copytree, rmtree
from statistics import mean
from typing import Any

from hardgate.adoption.time_to_value import LUCK, among_all
from hardgate.adoption.time_to_value import exhibit as time_to_value
from hardgate.capacity.attach import gate as attach
from hardgate.core.terms import EVERYTHING, Outcome, Scope
from hardgate.gates.judge import Rule, judge
from hardgate.metrics.allotment import Allotment, allotment
from hardgate.metrics.expansion import DETRENDED, effects, panel
from hardgate.metrics.expansion_effect import metric as expansion_effect
from hardgate.metrics.programme_outcome import outcome
from hardgate.metrics.subsidy_return import metric as subsidy_return
from hardgate.review.asks import derived
from hardgate.review.evidence import WorkspaceEvidence
from hardgate.review.workspace import Workspace
from hardgate.sample import PLANTS, make
from hardgate.sample.adoption_files import write_adoption
from hardgate.sample.books import write_inventory, write_plan, write_rates
from hardgate.sample.calendar import Span
from hardgate.sample.delivery import write_delivery
from hardgate.sample.draft import Draft
from hardgate.sample.operator import pools, tranches
from hardgate.sample.plants import strengths
from hardgate.sample.policy import write_metric, write_policy
from hardgate.sample.programme import PROGRAMME, write_programme
from hardgate.sample.settings import write_settings
from hardgate.sample.workload_requests import WAITS, write_requests
from tests.sample.planted_reviews import REMOVED, WEAKER, reviews
from tests.sample.plants_seen import AS_OF, SMALL, WINDOW, Area, Seen, figure, ingested

WEAK_HALL = Scope.of(region="cn-east", accelerator="H20", pool="cn-east-h20", tranche="cn-east-hall-3")
NEEDLESS = (
    "orders", "courier_hours", "acquisition", "subscriptions", "product_analytics", "crm_*", "genai_spans", "seats",
    "geo_test", "exposures", "experiments", "city_books", "requests",
)  # fmt: skip
"""Files of the sample that no programme reads."""
PROGRAMMES = ("programme", "drivers", "other_segments", "asset_register")
"""What says of a programme what it is. It comes in once it is written: said again by its file, it would be news of that day."""


CHEAP = "ap-southeast"
LITTLE = 0.5
"""What one GPU more earns an hour, in the currency, where a pool is called full of work worth little."""


@contextmanager
def known(folder: Path, draft: Draft) -> Iterator[tuple[WorkspaceEvidence, Workspace]]:
    """Ingest what was written and open what is known of it; the folder goes afterwards."""
    write_settings(draft, {pool.name: pool for pool in pools(1.0)})
    write_policy(draft)
    write_metric(draft)
    workspace = ingested(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        yield workspace.archive(engine, lake, AS_OF).at(AS_OF), workspace
    rmtree(folder)


def said(evidence: WorkspaceEvidence, workspace: Workspace, name: str) -> Seen:
    """Tell whether a plant's gate says what was planted of every ask in its scope that the data hold; else, that it fails."""
    plant = PLANTS[name]
    gate = workspace.gates[plant.gate]
    asked = [
        ask.scope.narrowed(gate.per)
        for ask in derived(evidence, workspace.gates, "26w")
        if plant.scope.covers(ask.scope)
    ]
    told = [
        judge(
            gate, None, scope, evidence.archive.at, [AS_OF], Rule(), workspace.policy.limits(gate.name, scope)
        ).outcome
        for scope in asked
    ]
    return Seen(bool(told) and all(one is (plant.outcome or Outcome.FAIL) for one in told))


def cities(folder: Path, seed: int, plants: Mapping[str, float]) -> dict[str, Seen]:
    """Judge the subsidies and features of one seed's cities."""
    draft, truth = Draft(folder, seed, Span(AS_OF)), strengths(plants)
    write_delivery(draft, truth, 1.0)
    for name in ("courier_hours", "zones", "city_books", "cost_stack"):  # which no gate of these plants reads
        (draft.data / f"{name}.csv").unlink()
    with known(folder, draft) as (evidence, workspace):
        gated = ("never_pays_back", "moves_basket", "moves_nothing", "harms_basket")
        found = {name: said(evidence, workspace, name) for name in gated}
        reading = evidence.reading(subsidy_return, EVERYTHING, WINDOW)
        found["subsidy_return"] = figure(reading.low, reading.value, reading.high, truth["subsidy_return"])
    return found


def accounts(folder: Path, seed: int, plants: Mapping[str, float]) -> dict[str, Seen]:
    """Judge what one seed's accounts adopted, how fast, and where sales should spend its hours."""
    draft, every, truth = Draft(folder, seed, Span(AS_OF)), {pool.name: pool for pool in pools(1.0)}, strengths(plants)
    write_adoption(draft, truth)
    write_inventory(draft, every)
    write_plan(draft, every, tranches(1.0))
    write_rates(draft)
    with known(folder, draft) as (evidence, workspace):
        found = {"poor_logos": said(evidence, workspace, "poor_logos")}
        reading = evidence.reading(expansion_effect, EVERYTHING, WINDOW)
        found["adoption_effect"] = figure(reading.low, reading.value, reading.high, truth["adoption_effect"])
        whole = panel(evidence, EVERYTHING, AS_OF)
        told = "" if isinstance(whole, str) else effects(evidence, whole)
        plain = next(one for one in told if not isinstance(one, str) and one.method == DETRENDED)
        found["adoption_effect, detrended"] = figure(plain.low, plain.value, plain.high, truth["adoption_effect"])
        rows = {str(row[0]): row for row in time_to_value.build(evidence).rows}
        both = ("rag-starter", "batch-scoring")
        counts = among_all({name: luck for name in both if isinstance(luck := rows[name][7], float)})
        found["fast_template"], found["no template"] = (faster(rows[name], counts[name]) for name in both)
        verdict = judge(attach, None, WEAK_HALL, evidence.archive.at, (AS_OF,), Rule(), attach.limits)
        found["weak_attach"] = Seen(verdict.outcome is Outcome.FAIL)
    return found


def faster(row: tuple[Any, ...], luck: float) -> Seen:
    """Tell whether an architecture saves days, and not by luck, as one of those that are looked at."""
    days = float(str(row[6]).split(" ", maxsplit=1)[0])
    return Seen(days > 0 and luck < LUCK, days)


def programme(folder: Path, seed: int, plants: Mapping[str, float]) -> dict[str, Seen]:
    """Tell whether one seed's programme does not pay back, at the erosion given; halls and sales are ingested once."""
    halls = folder.with_name(f"halls-{seed}")
    if not halls.exists():
        make(halls, seed=seed, scale=SMALL)
        for pattern in (*NEEDLESS, *PROGRAMMES):
            for path in (halls / "data").glob(f"{pattern}.csv"):
                path.unlink()
        ingested(halls)
    copytree(halls, folder)
    every = {pool.name: pool for pool in pools(SMALL)}
    write_programme(Draft(folder, seed, Span(AS_OF)), every, tranches(SMALL), strengths(plants)["price_erosion"])
    workspace = ingested(folder)
    with workspace.engine() as engine, workspace.lake() as lake:
        _, came = outcome(workspace.archive(engine, lake, AS_OF).at(AS_OF), PROGRAMME)
    assert came is not None
    rmtree(folder)
    return {"price_erosion": Seen(came.npv.value < 0 and came.p_hurdle.value < 0.5, round(came.p_hurdle.value, 3))}


def planned(folder: Path, seed: int, plants: Mapping[str, float]) -> Allotment:
    """Return the plan for what one seed's workloads request."""
    draft, every = Draft(folder, seed, Span(AS_OF)), {pool.name: pool for pool in pools(1.0)}
    write_inventory(draft, every)
    write_rates(draft)
    write_requests(draft, every, strengths(plants))
    with known(folder, draft) as (evidence, _):
        plan = allotment(evidence)
    assert plan is not None
    return plan


def requests(folder: Path, seed: int, plants: Mapping[str, float]) -> dict[str, Seen]:
    """Tell whether the plan serves the workload that waits, and finds the cheap region full of work worth little."""
    plan = planned(folder, seed, plants)
    names = [one.workload for one in plan.wishes.requests]
    at = names.index(WAITS) if WAITS in names else None
    served = at is not None and plan.gpus(at) == plan.wishes.requests[at].gpus
    return {"cheap_work": Seen(full_of_little(plan)), "lasting_wait": Seen(served)}


def full_of_little(plan: Allotment) -> bool:
    """Tell whether every pool of the cheap region is full, and one GPU more would earn little in each."""
    return all(
        sum(row.get(at, 0.0) for row in plan.given.values()) == pool.gpus and plan.more[at] < LITTLE
        for at, pool in enumerate(plan.wishes.pools)
        if pool.region == CHEAP
    )


AREAS: Mapping[str, Area] = {
    "reviews": reviews,
    "requests": requests,
    "cities": cities,
    "accounts": accounts,
    "programme": programme,
}
STRENGTHS: Mapping[str, Mapping[str, Mapping[str, float]]] = {
    "reviews": {"declared": {}, "weaker": WEAKER, "removed": REMOVED},
    "requests": {
        "declared": {},
        "weaker": {"cheap_work": 0.15, "lasting_wait": 0.35},
        "removed": {"cheap_work": 0.0, "lasting_wait": 0.0},
    },
    "cities": {
        "declared": {},
        "weaker": {"never_pays_back": 0.07, "moves_basket": 0.1, "moves_nothing": 0.9, "harms_basket": 0.8,
                   "subsidy_return": 0.3},
        "removed": dict.fromkeys(
            ("never_pays_back", "moves_basket", "moves_nothing", "harms_basket", "subsidy_return"), 0.0),
    },
    "accounts": {
        "declared": {},
        "weaker": {"adoption_effect": 0.05, "fast_template": 0.3, "weak_attach": 0.5, "poor_logos": 0.4},
        "removed": dict.fromkeys(("adoption_effect", "fast_template", "weak_attach", "poor_logos"), 0.0),
    },
    "programme": {
        "three times": {"price_erosion": 0.18},
        "twice": {"price_erosion": 0.12},
        "declared": {},
        "removed": {"price_erosion": 0.0},
    },
}  # fmt: skip
"""At which strengths the plants of an area are tried."""


def study(folder: Path, area: str, seeds: range) -> dict[str, dict[str, dict[str, float]]]:
    """Return by plant and strength how many seeds found it, and of a figure how many covered it and its mean."""
    many: dict[str, list[dict[str, Seen]]] = {name: [] for name in STRENGTHS[area]}
    for seed in seeds:
        for name, plants in STRENGTHS[area].items():
            many[name].append(AREAS[area](folder / "sample", seed, plants))
        rmtree(folder / f"halls-{seed}", ignore_errors=True)
    names = many["removed"][0]
    return {plant: {name: counted([one[plant] for one in rows]) for name, rows in many.items()} for plant in names}


def counted(seen: list[Seen]) -> dict[str, float]:
    told: dict[str, float] = {"found": sum(one.found for one in seen), "of": len(seen)}
    if any(one.covers is not None for one in seen):
        told["covered"] = sum(bool(one.covers) for one in seen)
    reads = [one.reads for one in seen if one.reads is not None]
    return told | ({"mean": round(mean(reads), 4)} if reads else {})
