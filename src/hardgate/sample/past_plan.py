"""What planning asked for in the past: the tranches that became the younger halls, and some that nobody built.

A tranche that was committed to is stated again with its order, as released; one that was turned down stays as it was.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from hardgate.core.days import add_months
from hardgate.sample.books import PLAN
from hardgate.sample.draft import Draft
from hardgate.sample.files import write_csv
from hardgate.sample.operator import Pool, whole_servers

_ASKED_BEFORE = timedelta(weeks=16)
_BUILDS_MONTHS = 7
_ORDERED_AFTER = timedelta(weeks=1)
"""From the decision to the order, on which the inventory shows the hall."""
_SPONSOR = "zhou.min"


@dataclass(frozen=True, slots=True)
class Declined:
    """A tranche that was asked for and never built: whole months from its commit date to the end, and to its load."""

    name: str
    pool: str
    gpus: int
    months_ago: int
    lead_months: int


DECLINED = (
    Declined("cn-west-edge-2", "cn-west-l20", 48, 9, 3),
    Declined("cn-north-annex", "cn-north-h20", 64, 10, 4),
    Declined("ap-southeast-edge-2", "ap-southeast-l20", 16, 8, 3),
)


def write_past_plan(draft: Draft, pools: Mapping[str, Pool], scale: float) -> Path:
    """Write what was asked for before, whose commit date has passed."""
    rows = [row for pool in pools.values() for row in _built(draft, pool)]
    for one in DECLINED:
        pool, commit = pools[one.pool], draft.span.live_from(one.months_ago)
        live = add_months(commit, one.lead_months)
        rows.append(
            _row(draft, pool, one.name, whole_servers(one.gpus * scale), commit - _ASKED_BEFORE, commit, live, 0.0)
        )
    return write_csv(draft.data / "capacity_plan_past.csv", PLAN, rows)


def _built(draft: Draft, pool: Pool) -> Iterator[tuple[object, ...]]:
    for at, hall in enumerate(pool.halls[1:], start=2):
        live = draft.span.live_from(hall.months_live)
        commit = add_months(live, -_BUILDS_MONTHS) - _ORDERED_AFTER
        name = f"{pool.region}-hall-{at}"
        for submitted, released in ((commit - _ASKED_BEFORE, 0.0), (commit + _ORDERED_AFTER, 1.0)):
            yield _row(draft, pool, name, hall.gpus, submitted, commit, live, released)


def _row(  # noqa: PLR0913  a line of the plan
    draft: Draft, pool: Pool, name: str, gpus: int, submitted: date, commit: date, live: date, released: float
) -> tuple[object, ...]:
    budget = gpus * draft.terms.capex(pool)
    place = (pool.region.upper(), pool.accelerator.name)
    case = ""  # no tranche of the past rested on an attach rate
    return (name, *place, gpus, f"{budget:.2f}", pool.currency, submitted, commit, live, 2, _SPONSOR, released, case)
