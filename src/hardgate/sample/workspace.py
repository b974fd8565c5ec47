"""Make the whole workspace of the sample operator: settings, policy, asks, a metric, demo keys and foreign files."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from hardgate.sample.adoption_files import write_adoption
from hardgate.sample.ai_products import write_ai_products
from hardgate.sample.books import write_general_ledger, write_inventory, write_plan, write_rates
from hardgate.sample.calendar import STEPS_A_DAY, Span
from hardgate.sample.commitments import write_contracts
from hardgate.sample.dcgm_samples import Gaps, write_samples
from hardgate.sample.delivery import write_delivery
from hardgate.sample.demand import Course, wanted
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_text
from hardgate.sample.focus_bills import Load, write_bills
from hardgate.sample.holding import Pods, available_at, held_by
from hardgate.sample.kubernetes_pods import write_pods
from hardgate.sample.operator import Pool, Tranche, pools, tranches
from hardgate.sample.past_plan import write_past_plan
from hardgate.sample.plants import PLANTS, strengths
from hardgate.sample.policy import write_ask, write_metric, write_policy
from hardgate.sample.programme import write_programme
from hardgate.sample.releases import write_releases
from hardgate.sample.sales_ledger import write_sales
from hardgate.sample.settings import write_settings
from hardgate.sample.workload_requests import write_requests

Progress = Callable[[str, int, int], None]

SAMPLE_AS_OF = date(2026, 9, 7)

_HALF = 0.5


def make(  # noqa: PLR0913  what a sample depends on
    folder: Path,
    *,
    seed: int = 7,
    scale: float = 1.0,
    plants: Mapping[str, float] | None = None,
    as_of: date = SAMPLE_AS_OF,
    progress: Progress | None = None,
) -> list[Path]:
    """Write the workspace of the sample operator into a folder and return the files, in the order they were written.

    `scale` multiplies GPUs and amounts; `plants` sets the strength of planted truths, 0 removes one; the data end on
    the day before `as_of`. Equal arguments give equal bytes.

    Raises:
        NotFound: `plants` names one that does not exist.

    """
    strength, draft = strengths(plants), Draft(folder, seed, Span(as_of))
    tell = progress or _silent
    every = {pool.name: pool for pool in pools(scale)}
    asked = tranches(scale)
    held, loads = _demanded(draft, every, strength)
    gaps = {name: _gaps(pool, draft.span, strength) for name, pool in every.items()}
    largest = {pool.name: strength["single_customer"] for pool in every.values() if _in(pool, "single_customer")}
    early = next(pool for pool in every.values() if _in(pool, "too_early"))
    steps: tuple[tuple[str, Callable[[], list[Path]]], ...] = (
        ("pods", lambda: write_pods(draft, held)),
        ("telemetry", lambda: write_samples(draft, held, gaps)),
        ("bills", lambda: write_bills(draft, loads)),
        ("sales and contracts", lambda: [write_sales(draft, held), write_contracts(draft, every, asked, largest)]),
        ("adoption", lambda: write_adoption(draft, strength)),
        ("books", lambda: _books(draft, every, asked, loads)),
        ("AI products", lambda: write_ai_products(draft, scale, strength)),
        ("delivery", lambda: write_delivery(draft, strength, scale)),
        ("programme", lambda: write_programme(draft, every, asked, strength["price_erosion"])),
        ("past plan", lambda: [write_past_plan(draft, every, scale)]),
        ("releases", lambda: [write_releases(draft, strength["rising_peer"])]),
        ("requests", lambda: [write_requests(draft, every, strength)]),
        ("settings", lambda: _settings(draft, every, early)),
    )
    written: list[Path] = []
    for at, (name, write) in enumerate(steps):
        tell(name, at, len(steps))
        written += write()
    tell("sample", len(steps), len(steps))
    return written


def _silent(step: str, done: int, total: int) -> None:
    """Say nothing of progress."""
    del step, done, total


def _books(
    draft: Draft, every: Mapping[str, Pool], asked: tuple[Tranche, ...], loads: Mapping[str, Load]
) -> list[Path]:
    planned = [write_inventory(draft, every), *write_plan(draft, every, asked)]
    return [*planned, write_rates(draft), write_general_ledger(draft, loads)]


def _settings(draft: Draft, every: Mapping[str, Pool], early: Pool) -> list[Path]:
    settings = [write_settings(draft, every), *write_policy(draft)]
    return [*settings, write_ask(draft, early), write_metric(draft), _note(draft.folder)]


def _demanded(
    draft: Draft, every: Mapping[str, Pool], strength: Mapping[str, float]
) -> tuple[dict[str, tuple[Pool, Pods]], dict[str, Load]]:
    """Return the pods of every pool and how full each day was."""
    held, loads = {}, {}
    for name, pool in every.items():
        end = pool.gpus * _level(pool, strength)
        course = Course(end, strength["growth"], strength["volatility"], pool.accelerator.swing)
        path = wanted(draft, name, course)
        held[name] = (pool, held_by(draft, pool, path))
        served = np.minimum(path, available_at(pool, draft.span)) / pool.gpus
        loads[name] = Load(pool, served.reshape(-1, STEPS_A_DAY).mean(axis=1))
    return held, loads


def _level(pool: Pool, strength: Mapping[str, float]) -> float:
    """Return demand over installed GPUs at the end."""
    if _in(pool, "cleared"):
        return strength["cleared"] or _HALF
    full = PLANTS["cleared"].strength
    return full * (1 - strength["too_early"]) if _in(pool, "too_early") else full


def _gaps(pool: Pool, span: Span, strength: Mapping[str, float]) -> Gaps:
    """Return what is planted in a pool's telemetry."""
    first = span.step_of(span.lost_from)
    lost = (
        span.step_of(span.lost_from + timedelta(days=round(strength["lost_week"]))) if _in(pool, "lost_week") else first
    )
    return Gaps((first, lost), strength["idle_allocation"] if _in(pool, "idle_allocation") else 0.0)


def _in(pool: Pool, plant: str) -> bool:
    """Tell whether a pool lies in the scope of a plant."""
    scope = PLANTS[plant].scope.as_mapping()
    place = {"region": pool.region, "accelerator": pool.accelerator.name}
    return all(place[name] == value for name, value in scope.items())


def _note(folder: Path) -> Path:
    lines = [
        "# The sample operator",
        "",
        "Every figure here is invented. What is planted, and which gate has to find it:",
        "",
    ]
    lines += [f"- {plant.scope}: {plant.meaning} ({plant.gate or 'all gates'})" for plant in PLANTS.values()]
    lines += ["", "The keys in keys/ are for showing how to sign. They protect nothing.", ""]
    return write_text(folder / "README.md", "\n".join(lines))
